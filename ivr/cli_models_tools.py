"""The commands that make and measure speech models. Commands only, no logic."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ivr.cli_groups import AsJson, models, settings_of
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
        console().print(screen.extension(done))
    raise typer.Exit(0 if done.passed else FOUND)
