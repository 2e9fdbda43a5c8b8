"""The commands that come in groups: flows, calls, wakeups. Commands only, no logic."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ivr.exits import FOUND
from ivr.records import Language

if TYPE_CHECKING:
    from ivr.config import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout and nothing else.")]
Limit = Annotated[int, typer.Option(min=1, help="At most so many.")]
Since = Annotated[
    datetime | None, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="From this day on, by the house's clock.")
]
Until = Annotated[datetime | None, typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="This day and before.")]
OfOutcome = Annotated[
    Literal["open", "finished", "caller_hung_up", "line_broke", "failed"] | None,
    typer.Option(help="Of this outcome only."),
]
OfCaller = Annotated[str | None, typer.Option("--caller", metavar="NUMBER", help="From this number only.")]
InLanguage = Annotated[Language | None, typer.Option(help="In this language only.")]


class Format(StrEnum):
    """How a drawing is written."""

    MERMAID = "mermaid"
    DOT = "dot"


def group(about: str) -> typer.Typer:
    return typer.Typer(help=about, no_args_is_help=True, rich_markup_mode=None)


flows = group("The dialogues: check them, draw them.")
calls = group("The calls that were taken.")
wakeups = group("The wake-up calls that were booked.")


def settings_of(context: typer.Context) -> Settings:
    """The site's settings; SettingsError when they cannot be used."""
    loaded: Settings = context.obj()
    return loaded


@flows.command("check", epilog="Example: ivr flows check")
def flows_check(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Check every flow, prompt and word; print file:line."""
    from ivr import app, screen
    from ivr.overlay import shown

    settings = settings_of(context)
    found = app.problems(settings, app.models(settings))
    if as_json:
        typer.echo(screen.as_json({"problems": screen.records(found)}))
    else:
        for problem in found:
            typer.echo(f"{problem.where}: {problem.message}")
        if not found:
            typer.echo(f"{shown(settings.flow_folders)} and {shown(settings.prompt_folders)}: no problems")
    raise typer.Exit(FOUND if found else 0)


@flows.command("copy", epilog="Example: ivr flows copy no_luck")
def flows_copy(
    context: typer.Context,
    flow: Annotated[str, typer.Argument(help="Its name, as `ivr flows draw` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Copy a flow of the program into the site's folder, to be changed there."""
    from ivr import screen
    from ivr.site_folder import copy_flow

    path = copy_flow(settings_of(context), flow)
    typer.echo(screen.as_json({"path": str(path)}) if as_json else f"copied: {path} is used from now on")


@flows.command("draw", epilog="Example: ivr flows draw wake_up_booking --format dot | dot -Tsvg > booking.svg")
def flows_draw(
    context: typer.Context,
    flow: Annotated[str | None, typer.Argument(help="One flow; all of them without it.")] = None,
    *,
    format_: Annotated[Format, typer.Option("--format", help="Mermaid or Graphviz.")] = Format.MERMAID,
    everything: Annotated[bool, typer.Option("--all", help="Also what every question can do besides.")] = False,
    as_json: AsJson = False,
) -> None:
    """Print the state machine of the flows as a drawing."""
    from ivr import drawing, screen
    from ivr.dialogue.flow import read_flows
    from ivr.dialogue.machine import START

    settings = settings_of(context)
    book = read_flows(settings.flow_folders, settings.profile)
    lines = drawing.drawn(book, flow, everything=everything)
    first = flow or START
    start = f"{first}/{book[first].start}"
    if as_json:
        typer.echo(screen.as_json({"start": start, "edges": screen.records(lines)}))
    else:
        typer.echo((drawing.mermaid if format_ is Format.MERMAID else drawing.dot)(lines, start))


@flows.command("coverage", epilog="Example: ivr flows coverage tests/calls tests/calls/night --detours")
def flows_coverage(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    scenarios: Annotated[
        list[Path] | None, typer.Argument(metavar="[SCENARIO…]", help="Scenario files or folders; all of ours without.")
    ] = None,
    *,
    detours: Annotated[
        bool, typer.Option("--detours", help="Also fail at every question in every way that a caller can.")
    ] = False,
    every: Annotated[int, typer.Option(min=1, metavar="N", help="Every n-th detour only.")] = 1,
    reasons: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Why some are never taken; the scenarios' own without it.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show every transition, and who takes it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run scenarios; tell which transitions none takes from audio."""
    import asyncio

    from ivr import coverage, coverage_tables, screen
    from ivr.terminal import console, progress

    with progress() as bar:
        task = bar.add_task("calling", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        wish = coverage.Wish(tuple(scenarios or coverage.FOLDERS), reasons or coverage.REASONS, every if detours else 0)
        found = asyncio.run(coverage.examine(settings_of(context), wish, advance))
    if as_json:
        typer.echo(screen.as_json(found.as_data()))
    else:
        console().print(coverage_tables.covered(found.transitions, found.missed, found.failed, everything=everything))
    raise typer.Exit(0 if found.passed else FOUND)


@calls.command("list", epilog="Example: ivr calls list --limit 5")
def calls_list(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    since: Since = None,
    until: Until = None,
    outcome: OfOutcome = None,
    language: InLanguage = None,
    caller: OfCaller = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """List the latest calls, the last one first."""
    from ivr import screen
    from ivr.archive import archive, span
    from ivr.terminal import console

    settings = settings_of(context)
    days = span(since, until, settings)
    with archive(settings) as kept:
        found = kept.calls.latest(
            limit, since=days.since, until=days.until, outcome=outcome, language=language, caller=caller
        )
    if as_json:
        typer.echo(screen.as_json({"calls": screen.records(found)}))
    else:
        console().print(screen.calls(found, settings.zone) if found else "no calls yet")


@calls.command("show", epilog="Example: ivr calls show call-6f1c09e2ab34cd56")
def calls_show(
    context: typer.Context,
    call_id: Annotated[str, typer.Argument(metavar="ID", help="As `ivr calls list` shows it.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Show one call turn by turn: times, levels, words."""
    from ivr import screen
    from ivr.archive import archive
    from ivr.terminal import console

    settings = settings_of(context)
    with archive(settings) as kept:
        call, turns, booked = kept.call(call_id)
    if as_json:
        (data,) = screen.records((call,))
        typer.echo(screen.as_json({**data, "turns": screen.records(turns), "bookings": screen.records(booked)}))
    else:
        console().print(screen.timeline(call, turns, booked, settings.zone))


@wakeups.command("list", epilog="Example: ivr wakeups list --room 1208 --all")
def wakeups_list(
    context: typer.Context,
    *,
    room: Annotated[str | None, typer.Option(help="Of this room only.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those whose time has passed.")] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List the wake-up calls that are booked, the next one first."""
    from ivr import screen
    from ivr.archive import archive
    from ivr.clock import SystemClock
    from ivr.terminal import console

    settings = settings_of(context)
    with archive(settings) as kept:
        found = kept.wakeups(room, None if everything else SystemClock().now(), limit)
    if as_json:
        typer.echo(screen.as_json({"wakeups": screen.records(found)}))
    else:
        console().print(screen.bookings(found, settings.zone) if found else "no wake-up calls booked")


@wakeups.command("add", epilog="Example: ivr wakeups add 06:30 1208 1209 --on 2026-11-30")
def wakeups_add(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    at: Annotated[datetime, typer.Argument(metavar="TIME", formats=["%H:%M"], help="By the house's clock.")],
    rooms: Annotated[list[str], typer.Argument(metavar="ROOM...", help="One room, or a group.")],
    *,
    day: Annotated[
        datetime | None,
        typer.Option("--on", metavar="DATE", formats=["%Y-%m-%d"], help="The day; the next such time without it."),
    ] = None,
    language: Annotated[Language | None, typer.Option(help="To wake in; the site's first one without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Book a wake-up call for one room or several."""
    from ivr import screen, wakeup_orders
    from ivr.archive import archive
    from ivr.calls.equipment import wakeup_rules
    from ivr.clock import RandomIds, SystemClock
    from ivr.terminal import console

    settings = settings_of(context)
    order = wakeup_orders.Order(rooms, at.time(), day.date() if day else None, language or settings.languages[0])
    with archive(settings) as kept:
        added = wakeup_orders.add(kept, wakeup_rules(settings), order, RandomIds(), SystemClock().now())
    booked = tuple(each.booking for each in added)
    if as_json:
        new = [each.booking.id for each in added if each.new]
        typer.echo(screen.as_json({"wakeups": screen.records(booked), "new": new}))
    else:
        console().print(screen.bookings(booked, settings.zone))
        for each in (each.booking for each in added if not each.new):
            typer.echo(f"{each.room} had this wake-up call already")


@wakeups.command("cancel", epilog="Example: ivr wakeups cancel booking-6f1c09e2ab34cd56")
def wakeups_cancel(
    context: typer.Context,
    booking_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="As `ivr wakeups list` shows them.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Cancel wake-up calls that are booked."""
    from ivr import screen, wakeup_orders
    from ivr.archive import archive

    settings = settings_of(context)
    with archive(settings) as kept:
        cancelled = wakeup_orders.cancel(kept, booking_ids)
    if as_json:
        typer.echo(screen.as_json({"cancelled": [each.id for each in cancelled]}))
    else:
        for each in cancelled:
            typer.echo(f"cancelled: room {each.room}, {each.day:%a} {each.day} {each.local_time:%H:%M}")
