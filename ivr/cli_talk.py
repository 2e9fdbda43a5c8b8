"""`ivr talk`: a call by this machine's own microphone and loudspeaker."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ivr.cli_groups import AsJson, settings_of
from ivr.exits import FOUND
from ivr.records import Language

EXAMPLE = "Example: ivr talk --language en --save both.wav"


def talk(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    input_: Annotated[
        str | None, typer.Option("--input", metavar="DEVICE", help="Microphone: a number, or part of a name.")
    ] = None,
    output: Annotated[str | None, typer.Option(metavar="DEVICE", help="Loudspeaker, likewise.")] = None,
    list_devices: Annotated[
        bool, typer.Option("--list-devices", help="List the sound devices, and call nobody.")
    ] = False,
    language: Annotated[Language | None, typer.Option(help="The language to greet in first.")] = None,
    save: Annotated[Path | None, typer.Option(metavar="OUT.wav", help="Keep both sides as a stereo WAV.")] = None,
    store: Annotated[bool, typer.Option("--store", help="Store call and bookings in the site's database.")] = False,
    as_json: AsJson = False,
) -> None:
    """Call the desk by microphone; type 0-9 * # as keys, Ctrl-C to hang up."""
    import asyncio
    import tempfile

    from ivr import meter, screen, summary
    from ivr.app import equipment
    from ivr.channels.microphone import MicrophoneChannel
    from ivr.channels.portaudio import devices, open_device
    from ivr.channels.terminal_keys import TerminalKeys
    from ivr.recording import StereoRecording
    from ivr.replay import with_language
    from ivr.talk import talk as take
    from ivr.terminal import console
    from ivr.transcript import Transcript

    if list_devices:
        found = screen.records(devices())
        typer.echo(screen.as_json({"devices": found})) if as_json else console().print(_listed(found))
        return
    device, shown = open_device(input_, output), console(errors=as_json)
    chosen = with_language(settings_of(context), language)
    recording = StereoRecording()
    with (
        equipment(chosen) as gear,
        tempfile.TemporaryDirectory(prefix="ivr-talk-") as own,
        TerminalKeys() as keys,
        meter.below(shown) as levels,
    ):
        channel = MicrophoneChannel(device, input_ or "microphone", keys)
        where = chosen.database_url if store else f"sqlite:///{own}/ivr.db"
        observers = () if as_json else (Transcript(shown, channel.line),)
        taps = (levels.tap, recording.tap) if save else (levels.tap,)
        done = asyncio.run(take(gear, where, channel, observers, taps))
    if save:
        recording.write(save)
    if as_json:
        (data,) = screen.records((done,))
        typer.echo(screen.as_json(data))
    else:
        summary.show_replay(done, chosen.zone, stored=store)
    raise typer.Exit(FOUND if done.call.outcome in {"failed", "line_broke"} else 0)


def _listed(found: list[dict[str, Any]]) -> RenderableType:
    from ivr import screen

    rows = ({name: str(value) for name, value in row.items()} for row in found)
    return screen.columns(rows) if found else "no sound devices here"
