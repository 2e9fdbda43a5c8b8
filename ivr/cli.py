"""The command line `ivr`. Commands only, no logic; heavy rooms are imported where they are used: help is quick."""

from __future__ import annotations

import codecs
import io
import os
import random
import shlex
import sys
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from ivr import __version__, cli_bench, cli_groups, cli_models_tools, cli_night, cli_prompts, cli_talk
from ivr.cli_groups import AsJson, settings_of
from ivr.exits import EPILOG, FOUND, failed, wrong_usage
from ivr.records import Language

if TYPE_CHECKING:
    from ivr.bench.report import Report
    from ivr.bench.runner import Watch
    from ivr.config import Settings


class Side(StrEnum):
    """Where the caller is in a stereo file."""

    LEFT = "left"
    RIGHT = "right"
    MIX = "mix"


SIDES = {Side.LEFT: 0, Side.RIGHT: 1, Side.MIX: None}
"""channel, counted from 0; both together without one"""

app = typer.Typer(
    add_completion=False, no_args_is_help=True, rich_markup_mode=None, pretty_exceptions_enable=False, epilog=EPILOG
)
app.add_typer(cli_groups.flows, name="flows")
app.add_typer(cli_prompts.prompts, name="prompts")
app.add_typer(cli_models_tools.models, name="models")
app.add_typer(cli_bench.bench, name="bench")
app.add_typer(cli_groups.calls, name="calls")
app.add_typer(cli_groups.wakeups, name="wakeups")
app.add_typer(cli_night.messages, name="messages")
app.add_typer(cli_night.keys, name="keys")


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and end the process with its exit code; an error is one line on stderr, never a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        # a name that is no UTF-8 must not end a command; ASCII means that no locale was set: Chinese stays readable
        if isinstance(stream, io.TextIOWrapper):
            ascii_only = codecs.lookup(stream.encoding).name == "ascii"
            stream.reconfigure(encoding="utf-8" if ascii_only else None, errors="replace")
    try:
        code = app(args=words, prog_name="ivr", standalone_mode=False)
    except typer.TyperException as error:
        code = wrong_usage(error, as_json="--json" in words)
    except Exception as error:  # noqa: BLE001 - the last net: whatever it was, a person gets a sentence
        code = failed(error, as_json="--json" in words, verbose="--verbose" in words)
    sys.exit(code)


def _version(wanted: bool) -> None:  # noqa: FBT001 - typer calls it with the option's value
    if wanted:
        typer.echo(f"ivr {__version__}")
        raise typer.Exit


@app.callback()
def site(
    context: typer.Context,
    *,
    settings: Annotated[
        Path | None, typer.Option(metavar="FOLDER|FILE", help="The site's folder, or its site.toml.")
    ] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Tell on stderr what goes on inside.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """An offline voice front desk: it answers in Chinese and English, books wake-up calls, keeps records."""

    def load() -> Settings:
        from ivr.config import load_settings

        return load_settings(os.environ, settings)

    from ivr import log

    log.configure(verbose=verbose)
    context.obj = load


@app.command(epilog="Example: ivr demo --out calls")
def demo(
    context: typer.Context,
    *,
    out: Annotated[Path | None, typer.Option(help="Folder of the recordings; build/demo without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play a few calls with real sound and keep them as WAVs."""
    import asyncio

    from ivr import demo as show
    from ivr import screen, summary
    from ivr.app import equipment
    from ivr.bench.runner import Bench
    from ivr.bench.voices import caller_voices
    from ivr.terminal import progress

    paths, chosen = show.demo_scenarios(), show.demo_settings(settings_of(context))
    with equipment(chosen) as gear, caller_voices(chosen.data / "callers", show.RECORDINGS) as voices:
        lines = show.known_lines(gear)
        with progress() as bar:
            task = bar.add_task("preparing the voice", total=len(lines))
            show.warm(gear, lines, lambda: bar.advance(task))
        bench = Bench(gear, voices, show.RECORDINGS)
        shown = asyncio.run(show.show(bench, paths, out or show.OUT, None if as_json else _watch(live=True)))
    if as_json:
        data = {**_reported(shown.reports), "recordings": shown.recordings, "times_real_time": shown.times_real_time}
        typer.echo(screen.as_json(data))
    else:
        summary.show_demo(shown, chosen.zone)
    raise typer.Exit(0 if shown.passed else FOUND)


@app.command(epilog="Example: ivr replay call.wav --keys 1@12.5 --at '2026-11-21 22:00' --save both.wav")
def replay(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    call: Annotated[
        Path,
        typer.Argument(metavar="CALL.wav", help="The caller's side, WAV of 8 to 48 kHz."),
    ],
    *,
    channel: Annotated[Side, typer.Option(help="Where the caller is in a stereo file.")] = Side.LEFT,
    keys: Annotated[
        list[str] | None, typer.Option(metavar="KEYS@SECONDS", help="Keys pressed so far into the call; repeatable.")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(metavar="LOCALTIME", formats=["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"], help="When the call comes in."),
    ] = None,
    caller: Annotated[
        str | None, typer.Option(metavar="NUMBER", help="The number that calls; a room's is its own telephone.")
    ] = None,
    language: Annotated[Language | None, typer.Option(help="The language to greet in first.")] = None,
    save: Annotated[Path | None, typer.Option(metavar="OUT.wav", help="Keep both sides as a stereo WAV.")] = None,
    store: Annotated[bool, typer.Option("--store", help="Store call and bookings in the site's database.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take a WAV as a call, in a database of its own: a replay must not wake a guest."""
    import asyncio
    import tempfile

    from ivr import replay as again
    from ivr import screen, summary
    from ivr.app import equipment
    from ivr.recording import StereoRecording
    from ivr.terminal import console
    from ivr.transcript import Transcript

    chosen = again.with_language(settings_of(context), language)
    presses = tuple(again.read_presses(text) for text in keys or ())
    who = again.read_number(caller, chosen)
    line = again.channel_of(again.read_caller(call, SIDES[channel]), call.name, presses, who)
    observers = () if as_json else (Transcript(console(), call.name),)
    recording = StereoRecording()
    with equipment(chosen) as gear, tempfile.TemporaryDirectory(prefix="ivr-replay-") as own:
        where = chosen.database_url if store else f"sqlite:///{own}/ivr.db"
        clock = again.clock_at(chosen, at)
        done = asyncio.run(again.replay(gear, where, line, clock, observers, recording.tap if save else None))
    if save:
        recording.write(save)
    if as_json:
        (data,) = screen.records((done,))
        typer.echo(screen.as_json(data))
    else:
        summary.show_replay(done, chosen.zone, stored=store)
    raise typer.Exit(FOUND if done.call.outcome in {"failed", "line_broke"} else 0)


app.command(epilog=cli_talk.EXAMPLE)(cli_talk.talk)


@app.command(epilog="Example: ivr run tests/calls --at-a-time 2 --report report.json")
def run(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    scenarios: Annotated[list[Path], typer.Argument(metavar="SCENARIO…", help="Scenario files, or folders of them.")],
    *,
    at_a_time: Annotated[int, typer.Option(min=1, max=64, help="Calls at the same time.")] = 1,
    shuffle: Annotated[int | None, typer.Option(metavar="SEED", help="Run them in another order.")] = None,
    report: Annotated[Path | None, typer.Option(metavar="FILE", help="Write what came of them as JSON.")] = None,
    recordings: Annotated[
        Path | None, typer.Option(help="Folder of the callers' WAVs; tests/audio without it.")
    ] = None,
    transcript: Annotated[bool, typer.Option("--transcript/--quiet", help="Show the calls.")] = False,
    as_json: AsJson = False,
) -> None:
    """Run scripted calls; tell which ended otherwise than stated."""
    import asyncio

    from ivr import demo as show
    from ivr import screen, summary
    from ivr.app import equipment
    from ivr.bench.runner import Bench, run_all
    from ivr.bench.scenario import find_scenarios
    from ivr.bench.voices import caller_voices
    from ivr.clock import SystemClock

    chosen, clock, folder = settings_of(context), SystemClock(), recordings or show.RECORDINGS
    paths = list(find_scenarios(tuple(scenarios)))
    if shuffle is not None:
        random.Random(shuffle).shuffle(paths)  # noqa: S311 - an order, no secret
    watch = _watch(live=at_a_time == 1) if transcript and not as_json else None
    with equipment(chosen) as gear, caller_voices(chosen.data / "callers", folder) as voices:
        bench = Bench(gear, voices, folder)
        began = clock.monotonic()
        found = asyncio.run(run_all(bench, tuple(paths), at_a_time=at_a_time, watch=watch))
        wall = clock.monotonic() - began
    found = tuple(sorted(found, key=lambda each: each.scenario))
    if report:
        screen.write(report, screen.as_json(_reported(found)) + "\n")
    if as_json:
        typer.echo(screen.as_json(_reported(found)))
    else:
        summary.show_run(found, show.times_real_time(found, wall))
    raise typer.Exit(0 if all(each.passed for each in found) else FOUND)


@app.command(epilog="Example: ivr init hotel")
def init(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Made when it is not there.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Write a new site's files, each a commented example; nothing is overwritten."""
    from ivr import screen
    from ivr.site_folder import make_site

    found = make_site(folder)
    if as_json:
        typer.echo(screen.as_json({"files": screen.records(found)}))
    else:
        for each in found:
            typer.echo(f"{'made' if each.new else 'there already, left as it is'}: {each.path}")
        typer.echo(f"next: ivr --settings {shlex.quote(str(folder))} doctor")


@app.command(epilog="Example: ivr doctor")
def doctor(
    context: typer.Context,
    *,
    trust_clock: Annotated[
        bool, typer.Option("--trust-clock", help="The clock is right, though calls seem to be later than now.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say what is wrong here, and how to mend it."""
    from ivr import screen
    from ivr.doctor import examine, trust
    from ivr.terminal import console

    if trust_clock:
        trust(settings_of(context))
    found = examine(lambda: settings_of(context))
    if as_json:
        typer.echo(screen.as_json({"checks": screen.records(found)}))
    else:
        console().print(screen.checks(found))
    raise typer.Exit(FOUND if any(each.state == "wrong" for each in found) else 0)


app.command(epilog=cli_night.PURGE_EXAMPLE)(cli_night.purge)
app.command(epilog=cli_night.AUDIT_EXAMPLE)(cli_night.audit)


def _watch(*, live: bool) -> Watch:
    from ivr.terminal import console
    from ivr.transcript import Transcript

    return lambda scenario: (Transcript(console(), scenario.scenario, scenario.about, live=live),)


def _reported(reports: tuple[Report, ...]) -> dict[str, object]:
    from ivr import screen

    return {"first_try": screen.shares(reports), "reports": [report.as_data() for report in reports]}


if __name__ == "__main__":
    main()
