"""The commands that make and measure speech models. Commands only, no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ivr.cli_groups import AsJson, settings_of
from ivr.cli_models import models
from ivr.exits import FOUND

__all__ = ["models"]


@models.command("extend", epilog="Example: ivr models extend 前台酒吧 spa 'hyatt=HH AY AH T'")
def models_extend(
    context: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORD…", help="Words, or WORD=SOUNDS in pinyin or ARPAbet; those that the flows lack without it."
        ),
    ] = None,
    *,
    file: Annotated[Path | None, typer.Option(metavar="WORDS.txt", help="A file of such words, one a line.")] = None,
    model: Annotated[
        Path | None, typer.Option(exists=True, file_okay=False, help="The model to extend; the one in use without it.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a model with more words beside the one in use; no training."""
    from ivr import model_extend, screen
    from ivr.extension_table import extension
    from ivr.speech.building.words import read_words
    from ivr.terminal import console, progress

    settings = settings_of(context)
    given = read_words(words or (), file) if words or file else model_extend.lacking(settings)
    with progress() as bar:
        task = bar.add_task("looking the words up", total=model_extend.STEPS)
        done = model_extend.extended(settings, given, model, lambda what: bar.update(task, description=what, advance=1))
    if as_json:
        (data,) = screen.records((done,))
        typer.echo(screen.as_json({**data, "passed": done.passed}))
    else:
        console().print(extension(done))
    raise typer.Exit(0 if done.passed else FOUND)


@models.command("eval", epilog="Example: ivr models eval --every 5 --pictures build/pictures")
def models_eval(  # noqa: PLR0913 - each is an option
    context: typer.Context,
    model: Annotated[str | None, typer.Argument(help="A folder or a name; the models in use without it.")] = None,
    *,
    recordings: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Callers' recordings, listed in its manifest.csv.")
    ] = None,
    digits: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="English digits, such as 7_ann_0.wav: digit, speaker, number.")
    ] = None,
    corpus: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Speech of the training pipeline: its test voices.")
    ] = None,
    own_voice: Annotated[bool, typer.Option("--own-voice", help="The desk's own voice beside these.")] = False,
    conditions: Annotated[
        str | None, typer.Option(metavar="LINE,LINE", help="Lines, such as clean,snr10,alaw; no curves then.")
    ] = None,
    every: Annotated[int, typer.Option(min=1, help="Only every n-th trial and sound.")] = 1,
    compare: Annotated[str | None, typer.Option(metavar="MODEL", help="Another model beside it.")] = None,
    pictures: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Draw curves, bars and digits here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how well a model hears: by set, voice, noise and level."""
    from ivr import measure_tables, model_measure, screen
    from ivr.bench.exam import pictures as drawing
    from ivr.bench.exam.exam import Lines, Sets, read_conditions
    from ivr.bench.exam.summary import as_data
    from ivr.bench.exam.tables import show
    from ivr.terminal import console, progress

    settings = settings_of(context)
    if pictures:
        drawing.check()
    lines = Lines(read_conditions(conditions), curves=False, every=every) if conditions else Lines(every=every)
    chosen = [model_measure.chosen(settings, each) for each in dict.fromkeys((model, compare or model))]
    languages = tuple(dict.fromkeys(language for each in chosen for language in each))
    with progress() as bar:
        task = bar.add_task("reading what is played", total=None)
        with model_measure.sets(settings, Sets(recordings, digits, corpus), own_voice=own_voice) as played:
            trials = played.trials(languages, every)
        found = [
            model_measure.measure(
                settings,
                each,
                trials,
                lines,
                lambda done, total: bar.update(task, description="listening", completed=done, total=total),
            )
            for each in chosen
        ]
    drawn = drawing.draw(found, pictures) if pictures else ()
    if as_json:
        typer.echo(screen.as_json({"models": [as_data(each) for each in found], "pictures": drawn}))
        return
    for each in found:
        console().print(measure_tables.overview(each))
        show(each.results, console())
    if len(found) > 1:
        console().print(measure_tables.comparison(found))
    for file in drawn:
        typer.echo(file)
