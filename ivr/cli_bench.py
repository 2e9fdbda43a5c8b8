"""`ivr bench`: what is measured here, each by one command that anyone can run."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress, TaskID

from ivr.cli_groups import AsJson, settings_of
from ivr.exits import EPILOG

bench = typer.Typer(
    invoke_without_command=True,
    rich_markup_mode=None,
    help="Measure: speed and the share understood (two minutes), or one of the commands below.",
    epilog=EPILOG,
)


@bench.callback()
def speed(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Measure speed, memory and the share understood; takes two minutes."""
    if context.invoked_subcommand is not None:
        return
    from ivr import figure_tables, screen
    from ivr.figures import measure
    from ivr.terminal import console, progress

    with progress() as bar:
        task = bar.add_task("measuring", total=4)

        def tell(what: str) -> None:
            bar.update(task, description=what, advance=1)

        found = measure(settings_of(context), tell)
    if as_json:
        typer.echo(screen.as_json(figure_tables.measured(found)))
    else:
        console().print(figure_tables.figures(found))


class Detector(StrEnum):
    """Whose word on voice the line check gets."""

    WEBRTC = "webrtc"
    SILERO = "silero"
    BOTH = "both"


@bench.command("line", epilog="Example: ivr bench line --cases 60 --seed 7")
def line(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    *,
    cases: Annotated[int, typer.Option(min=3, help="Of each kind of line; a point of a curve gets a sixth.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other cases.")] = 0,
    detector: Annotated[Detector, typer.Option(help="Voice detector; silero needs its package.")] = Detector.WEBRTC,
    wavs: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write the cases here, and measure nothing.")
    ] = None,
    pictures: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Draw both curves here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well kinds of line are told apart: silent, too quiet, noisy, choppy, a tone; and keys."""
    from ivr import line_tables, screen
    from ivr.bench import line_pictures
    from ivr.bench import lines as lines_bench
    from ivr.bench.exam import pictures as drawing
    from ivr.bench.line_cases import cases as seeded
    from ivr.bench.voices import caller_voices
    from ivr.demo import RECORDINGS
    from ivr.terminal import console, progress

    if pictures:
        drawing.check()
    with caller_voices(settings_of(context).data / "callers", RECORDINGS) as voices:
        spoken = lines_bench.spoken(voices, RECORDINGS)
    if wavs:
        typer.echo(lines_bench.write_cases(wavs, seeded(spoken, cases, seed)))
        return
    names = [each.value for each in Detector if each is not Detector.BOTH and detector in {each, Detector.BOTH}]
    found = []
    with progress() as bar:
        for name in names:
            tell = partial(_advance, bar, bar.add_task(name, total=None))
            found.append(lines_bench.measure(name, spoken, cases, seed, tell))
    keys = lines_bench.press(cases, seed)
    drawn = line_pictures.draw(found, pictures / "line.png") if pictures else None
    if as_json:
        typer.echo(
            screen.as_json({"detectors": [line_tables.as_data(each) for each in found], "keys": screen.records(keys)})
        )
        return
    console().print(line_tables.figures(found, keys))
    if drawn:
        typer.echo(drawn)


def _advance(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


@bench.command("barge-in", epilog="Example: ivr bench barge-in --cases 20 --seed 7")
def barge_in(
    context: typer.Context,
    *,
    cases: Annotated[int, typer.Option(min=1, help="So many of each kind at each echo.")] = 100,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other cases.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure who stops a prompt: callers, and what should not."""
    from ivr import app, barge_in_tables, screen
    from ivr.bench.barge_in import measure, plan
    from ivr.bench.barge_in_cases import gather
    from ivr.bench.voices import caller_voices, known_recordings
    from ivr.demo import RECORDINGS
    from ivr.dialogue.prompts import read_catalogue
    from ivr.speech.speaker import Speaker
    from ivr.speech.voice_cache import CachedVoice, VoiceCache
    from ivr.terminal import console, progress

    settings = settings_of(context)
    with app.voice(settings) as voice, caller_voices(settings.data / "callers", RECORDINGS) as callers:
        speaker = Speaker(CachedVoice(voice, VoiceCache(settings.data / "voice")), settings.prompt_folders)
        sounds = gather(speaker, read_catalogue(settings.prompt_folders), callers, known_recordings(RECORDINGS))
    with progress() as bar:
        task = bar.add_task("prompts", total=len(list(plan(cases))))
        found = measure(sounds, cases, seed, lambda: bar.advance(task))
    if as_json:
        typer.echo(screen.as_json(barge_in_tables.as_data(found)))
    else:
        console().print(barge_in_tables.tables(found))


@bench.command("endpoint", epilog="Example: ivr bench endpoint --digits recordings/digits --seed 7")
def endpoint(
    context: typer.Context,
    *,
    digits: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Human digits besides: 7_ann_0.wav is digit, speaker, number.")
    ] = None,
    cases: Annotated[int, typer.Option(min=1, help="Answers of each kind.")] = 40,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other cases.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Measure cut-offs and latency of the endpointer, beside plain webrtcvad; three minutes."""
    from ivr import endpoint_tables, screen
    from ivr.bench import endpointing
    from ivr.bench.voices import caller_voices, known_recordings
    from ivr.demo import RECORDINGS
    from ivr.terminal import console, progress

    known = known_recordings(RECORDINGS)
    with progress() as bar:
        task = bar.add_task("rendering what is said", total=None)
        with caller_voices(settings_of(context).data / "callers", RECORDINGS) as voices:
            given = tuple(endpointing.answers(voices, known, digits, cases, seed))
        bar.update(task, description="listening", total=len(given) * len(endpointing.CONDITIONS))
        found = endpointing.figures(endpointing.trials(given, known, seed, lambda: bar.advance(task)))
    if as_json:
        typer.echo(screen.as_json({"cases": cases, "seed": seed, "figures": screen.records(found)}))
    else:
        console().print(endpoint_tables.table(found))


@bench.command("values", epilog="Example: ivr bench values --per-kind 20 --seed 7")
def values(
    context: typer.Context,
    *,
    per_kind: Annotated[
        int, typer.Option(min=1, help="Values of each kind and language; closed lists are shorter.")
    ] = 80,
    seed: Annotated[int, typer.Option(min=0, help="Another seed, other values.")] = 0,
    voice: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="A caller's voice, as often as you like; two a language.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how many of the values that we say come back as themselves; ten minutes."""
    from ivr import app, screen, values_tables
    from ivr.bench import value_cases
    from ivr.bench import values as values_bench
    from ivr.bench.voices import caller_voices
    from ivr.calls.equipment import read_house
    from ivr.demo import RECORDINGS
    from ivr.records import LANGUAGES
    from ivr.speech.vosk_asr import VoskRecogniser
    from ivr.terminal import console, progress

    settings = settings_of(context)
    chosen = values_bench.speakers(voice)
    house = value_cases.House(*read_house(settings), settings.room_lengths)
    found: list[values_bench.ValueTrial] = []
    with (
        VoskRecogniser(app.models(settings)) as recogniser,
        caller_voices(settings.data / "callers", RECORDINGS) as callers,
        progress() as bar,
    ):
        for language in LANGUAGES:
            cases = tuple(value_cases.cases(house, language, per_kind, seed))
            speaking = {name: callers[name] for name in chosen[language]}
            task = bar.add_task(f"values, {language}", total=len(cases) * len(speaking))
            found += values_bench.run(cases, speaking, recogniser, partial(bar.advance, task))
    if as_json:
        typer.echo(screen.as_json({"per_kind": per_kind, "seed": seed, **values_tables.as_data(found)}))
    else:
        console().print(values_tables.figures(found))
