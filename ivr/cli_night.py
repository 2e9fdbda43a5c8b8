"""The commands of the records: messages, exports, keys, purge, audit. Commands only, no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ivr.cli_groups import AsJson, InLanguage, Limit, OfCaller, OfOutcome, Since, Until, calls, group, settings_of
from ivr.records import MessageKind, MessageStatus

messages = group("The messages that callers left.")
keys = group("The keys that personal columns are sealed with.")

PURGE_EXAMPLE = "Example: ivr purge --dry-run"
AUDIT_EXAMPLE = "Example: ivr audit --limit 10"

MessageId = Annotated[str, typer.Argument(metavar="ID", help="As `ivr messages list` shows it.")]
For = Annotated[
    str | None, typer.Option("--for", metavar="ADDRESSEE", help="For this room, extension or department only.")
]
Kind = Annotated[MessageKind | None, typer.Option(help="For a room, an extension, a department; or a call back.")]
Status = Annotated[MessageStatus | None, typer.Option(help="Of this status only; deleted ones need it.")]
Table = Annotated[Path, typer.Option(metavar="FILE", help="The table, .csv or .xlsx.")]


@messages.command("list", epilog="Example: ivr messages list --for 1208 --status new")
def messages_list(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    addressee: For = None,
    kind: Kind = None,
    status: Status = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    """List the messages, the last one first."""
    from ivr import record_tables, screen
    from ivr.archive import archive, span
    from ivr.terminal import console

    settings = settings_of(context)
    days = span(since, until, settings)
    with archive(settings) as kept:
        found = kept.messages.latest(
            limit, addressee=addressee, kind=kind, status=status, since=days.since, until=days.until
        )
    if as_json:
        typer.echo(screen.as_json({"messages": screen.records(found)}))
    else:
        console().print(record_tables.messages(found, settings.zone) if found else "no such messages")


@messages.command("show", epilog="Example: ivr messages show message-6f1c09e2ab34cd56")
def messages_show(context: typer.Context, message_id: MessageId, *, as_json: AsJson = False) -> None:
    """Show one message, and where its sound is."""
    from ivr import record_tables, screen
    from ivr.archive import archive
    from ivr.terminal import console

    settings = settings_of(context)
    with archive(settings) as kept:
        message, file = kept.message(message_id)
    if as_json:
        (data,) = screen.records((message,))
        typer.echo(screen.as_json({**data, "file": None if file is None else str(file)}))
    else:
        console().print(record_tables.message(message, file, settings.zone))


@messages.command("play", epilog="Example: ivr messages play message-6f1c09e2ab34cd56 --out message.wav")
def messages_play(
    context: typer.Context,
    message_id: MessageId,
    *,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Copy the WAV instead of playing it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Play a message on this machine's loudspeaker, or copy it."""
    from ivr import screen
    from ivr.archive import archive
    from ivr.audio.wav import read_wav
    from ivr.channels.portaudio import play
    from ivr.clock import SystemClock
    from ivr.export import write_private

    settings = settings_of(context)
    with archive(settings) as kept:
        message, file = kept.sound_of(message_id)
        sound = read_wav(file)
        if out:
            kept.audit.add("export", f"sound of {message.id}", 1, SystemClock().now())
            write_private(out, file.read_bytes())
    if not out:
        play(sound.samples, sound.rate)
    data = {"message": message.id, "seconds": message.seconds, "file": str(out or file)}
    typer.echo(screen.as_json(data) if as_json else f"{message.id}, {message.seconds:.1f} s: {out or 'played'}")


@messages.command("mark", epilog="Example: ivr messages mark message-6f1c09e2ab34cd56 delivered")
def messages_mark(
    context: typer.Context,
    message_id: MessageId,
    status: Annotated[MessageStatus, typer.Argument(metavar="STATUS", help="new, heard, delivered or deleted.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Say what became of a message; a deleted one is erased by the next purge."""
    from ivr import screen
    from ivr.archive import archive
    from ivr.clock import SystemClock

    with archive(settings_of(context)) as kept:
        kept.mark(message_id, status, SystemClock().now())
        message, _ = kept.message(message_id)
    (data,) = screen.records((message,))
    typer.echo(screen.as_json(data) if as_json else f"{message.id}: {message.status}")


@messages.command("export", epilog="Example: ivr messages export --out messages.xlsx --since 2026-11-01")
def messages_export(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    out: Table,
    addressee: For = None,
    kind: Kind = None,
    status: Status = None,
    since: Since = None,
    until: Until = None,
    as_json: AsJson = False,
) -> None:
    """Write the messages as a table for another program; who did so is kept."""
    from ivr.archive import archive, span
    from ivr.export import MESSAGE_COLUMNS, export, message_row

    settings = settings_of(context)
    days = span(since, until, settings)
    with archive(settings) as kept:
        found = kept.messages.latest(
            None, addressee=addressee, kind=kind, status=status, since=days.since, until=days.until
        )
        rows = tuple(message_row(each, settings.zone) for each in found)
        export(kept.audit, "messages", out, MESSAGE_COLUMNS, rows)
    _exported(out, len(rows), as_json=as_json)


@calls.command("export", epilog="Example: ivr calls export --out calls.csv --since 2026-11-01 --until 2026-11-30")
def calls_export(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    out: Table,
    since: Since = None,
    until: Until = None,
    outcome: OfOutcome = None,
    language: InLanguage = None,
    caller: OfCaller = None,
    as_json: AsJson = False,
) -> None:
    """Write the calls as a table for another program; who did so is kept."""
    from ivr.archive import archive, span
    from ivr.export import CALL_COLUMNS, call_row, export

    settings = settings_of(context)
    days = span(since, until, settings)
    with archive(settings) as kept:
        found = kept.calls.latest(
            None, since=days.since, until=days.until, outcome=outcome, language=language, caller=caller
        )
        rows = tuple(call_row(each, settings.zone) for each in found)
        export(kept.audit, "calls", out, CALL_COLUMNS, rows)
    _exported(out, len(rows), as_json=as_json)


@keys.command("rotate", epilog="Example: ivr keys rotate")
def keys_rotate(
    context: typer.Context,
    *,
    forget: Annotated[
        bool, typer.Option("--forget", help="Remove the old keys from the key file: older backups can't be read then.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Seal all personal columns with a new key; stopped, it goes on when run again."""
    from ivr import screen
    from ivr.archive import archive, rotate
    from ivr.clock import SystemClock
    from ivr.terminal import progress

    with archive(settings_of(context)) as kept, progress() as bar:
        task = bar.add_task("sealing anew", total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, total=total, completed=done)

        done = rotate(kept, SystemClock().now(), advance, forget=forget)
    (data,) = screen.records((done,))
    typer.echo(screen.as_json(data) if as_json else done.told(forgotten=forget))


def purge(
    context: typer.Context,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only tell what would be erased.")] = False,
    trust_clock: Annotated[
        bool, typer.Option("--trust-clock", help="The clock is right, however long ago the latest record is.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Erase what was kept for long enough, rows and sound."""
    from ivr import archive, record_tables, screen
    from ivr.clock import SystemClock
    from ivr.terminal import console

    settings = settings_of(context)
    with archive.archive(settings) as kept:
        found = archive.purge(kept, settings, SystemClock().now(), dry_run=dry_run, trust_clock=trust_clock)
    (data,) = screen.records((found,))
    if as_json:
        typer.echo(screen.as_json({**data, "dry_run": dry_run}))
    else:
        console().print(record_tables.purged(found, dry_run=dry_run), soft_wrap=True)


def audit(context: typer.Context, *, limit: Limit = 20, as_json: AsJson = False) -> None:
    """Show who took records out, erased them, or changed the keys; the last first."""
    from ivr import record_tables, screen
    from ivr.archive import archive
    from ivr.terminal import console

    settings = settings_of(context)
    with archive(settings) as kept:
        found = kept.audit.latest(limit)
    if as_json:
        typer.echo(screen.as_json({"audit": screen.records(found)}))
    else:
        console().print(record_tables.audit(found, settings.zone) if found else "nothing yet")


def _exported(out: Path, rows: int, *, as_json: bool) -> None:
    from ivr import screen

    typer.echo(screen.as_json({"file": str(out), "rows": rows}) if as_json else f"{out}: {rows} rows")
