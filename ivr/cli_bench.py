"""`ivr bench`: what is measured here, each by one command that anyone can run."""

from __future__ import annotations

from typing import Annotated

import typer

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
    from ivr.bench.voices import caller_voices, recordings
    from ivr.demo import RECORDINGS
    from ivr.dialogue.prompts import read_catalogue
    from ivr.speech.speaker import Speaker
    from ivr.speech.voice_cache import CachedVoice, VoiceCache
    from ivr.terminal import console, progress

    settings = settings_of(context)
    with app.voice(settings) as voice, caller_voices(settings.data / "callers", RECORDINGS) as callers:
        speaker = Speaker(CachedVoice(voice, VoiceCache(settings.data / "voice")), settings.prompts)
        sounds = gather(speaker, read_catalogue(settings.prompts), callers, recordings(RECORDINGS))
    with progress() as bar:
        task = bar.add_task("prompts", total=len(list(plan(cases))))
        found = measure(sounds, cases, seed, lambda: bar.advance(task))
    if as_json:
        typer.echo(screen.as_json(barge_in_tables.as_data(found)))
    else:
        console().print(barge_in_tables.tables(found))
