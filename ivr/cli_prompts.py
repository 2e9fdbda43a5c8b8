"""The commands about the words that the desk says: check, render, say, record, import. Commands only, no logic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.cli_groups import AsJson, group, settings_of
from ivr.exits import FOUND
from ivr.records import Language

if TYPE_CHECKING:
    from ivr.prompt_import import Taken

Force = Annotated[bool, typer.Option("--force", help="Take it in spite of its faults.")]

prompts = group("The words that the desk says: check, render, record them.")


@prompts.command("check", epilog="Example: ivr prompts check --text")
def prompts_check(
    context: typer.Context,
    *,
    text: Annotated[bool, typer.Option("--text", help="The words only; nothing is made to sound.")] = False,
    as_json: AsJson = False,
) -> None:
    """Check every prompt's words and sound in every profile; print file:line."""
    from ivr import app, prompt_review, screen
    from ivr.dialogue.prompt_check import check_prompts
    from ivr.errors import FlowError
    from ivr.overlay import shown
    from ivr.prompt_tables import paces
    from ivr.terminal import console, progress

    settings = settings_of(context)
    found = check_prompts(settings.flow_folders, settings.prompt_folders, settings.profile, settings.names)
    measured: tuple[prompt_review.Measured, ...] = ()
    if not text:
        try:
            total = len(prompt_review.lines(settings))
        except FlowError:
            # told above, with its line; a file that cannot be read cannot be said
            total = 0
        if total:
            with app.speakers(settings) as speaker_at, progress() as bar:
                task = bar.add_task("listening", total=total)
                measured, heard = prompt_review.review(settings, speaker_at, lambda: bar.advance(task))
            found = (*found, *heard)
    if as_json:
        data = {"problems": screen.records(found), "prompts": [each.as_data() for each in measured]}
        typer.echo(screen.as_json(data))
    else:
        for problem in found:
            typer.echo(f"{problem.where}: {problem.message}")
        if measured:
            console().print(paces(measured))
        if not found:
            typer.echo(f"{shown(settings.prompt_folders)}: no problems")
    raise typer.Exit(FOUND if found else 0)


@prompts.command("render", epilog="Example: ivr prompts render --out build/prompts")
def prompts_render(
    context: typer.Context,
    *,
    out: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Also write each as a WAV there.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make every prompt sound once, so that no caller waits for the voice."""
    from ivr import app, prompt_review, screen
    from ivr.audio.wav import write_wav
    from ivr.terminal import progress

    settings = settings_of(context)
    number, length = 0, 0.0
    with app.speakers(settings) as speaker_at, progress() as bar:
        task = bar.add_task("rendering", total=len(prompt_review.lines(settings)))
        for line, said in prompt_review.render(settings, speaker_at, lambda: bar.advance(task)):
            number, length = number + 1, length + said.seconds
            if out:
                folder = out / line.profile / line.words.language
                folder.mkdir(parents=True, exist_ok=True)
                write_wav(folder / f"{line.prompt.key}.wav", said.samples)
    data = {"prompts": number, "seconds": round(length, 1), "folder": str(out or settings.data / "voice")}
    typer.echo(screen.as_json(data) if as_json else f"{number} prompts, {length:.0f} s, in {data['folder']}")


@prompts.command("say", epilog="Example: ivr prompts say wakeup.no_such_room --set room=1208 --out room.wav")
def prompts_say(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    what: Annotated[str, typer.Argument(metavar="KEY|TEXT", help="A key of the catalogue, or any text.")],
    *,
    language: Annotated[Language | None, typer.Option(help="The site's first one, or the text's, without it.")] = None,
    values: Annotated[
        list[str] | None, typer.Option("--set", metavar="SLOT=VALUE", help="A value of the prompt, such as room=1208.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The WAV; prompt.wav in this folder without it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Render a prompt to a WAV; tell how long, loud and fast it is."""
    from ivr import app, sample, screen
    from ivr.audio.wav import write_wav
    from ivr.dialogue.prompts import read_catalogue
    from ivr.speech.speaker import Speaker

    settings, file = settings_of(context), out or Path("prompt.wav")
    catalogue = read_catalogue(settings.prompt_folders, settings.profile)
    words = sample.words_of(settings, catalogue, what, language, sample.read_values(tuple(values or ())))
    with app.voice(settings) as voice:
        spoken = sample.sample(Speaker(voice, settings.prompt_folders), words)
    write_wav(file, spoken.samples)
    data = {**spoken.as_data(), "file": str(file)}
    if as_json:
        typer.echo(screen.as_json(data))
    else:
        typer.echo("\n".join(f"{name:10} {value}" for name, value in data.items()))


@prompts.command("record", epilog="Example: ivr prompts record goodbye.bad_line --language zh")
def prompts_record(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    key: Annotated[str, typer.Argument(metavar="KEY", help="A prompt without variables.")],
    *,
    language: Annotated[Language | None, typer.Option(help="The site's first one without it.")] = None,
    input_: Annotated[
        str | None, typer.Option("--input", metavar="DEVICE", help="Microphone: a number, or part of a name.")
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Record a prompt by microphone; silence, Enter or Ctrl-C ends it."""
    from ivr.channels.portaudio import open_device
    from ivr.prompt_import import Recording, known, take
    from ivr.prompt_recording import record
    from ivr.terminal import console, entered

    settings = settings_of(context)
    spoken = language or settings.languages[0]
    # before anybody speaks in vain
    _ = settings.own_prompts
    words, device = known(settings, key, spoken), open_device(input_, None)
    screen = console(errors=True)
    screen.print(f"Please say, then be silent for a moment:\n\n  {words}\n")
    made = Recording(input_ or "microphone", key, spoken, record(device, entered), device.rate)
    _tell((take(settings, made, force=force),), as_json=as_json)


@prompts.command("import", epilog="Example: ivr prompts import recordings --language zh")
def prompts_import(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="KEY.wav, or zh/KEY.wav and en/KEY.wav.")],
    *,
    language: Annotated[Language | None, typer.Option(help="Of all files; by subfolder without it.")] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Check a folder of recordings and take those that are in order."""
    from ivr.prompt_import import take_folder

    settings = settings_of(context)
    _tell(tuple(take_folder(settings, folder, language, force=force)), as_json=as_json)


def _tell(found: tuple[Taken, ...], *, as_json: bool) -> None:
    """Say what came of each; exit 1 if one was refused."""
    from ivr import screen

    if as_json:
        typer.echo(screen.as_json({"recordings": [each.as_data() for each in found]}))
    else:
        for each in found:
            ending = f"taken: {each.path}" if each.taken else "refused"
            typer.echo(f"{each.source}: {'; '.join((*each.faults, ending))}")
    raise typer.Exit(0 if all(each.taken for each in found) else FOUND)
