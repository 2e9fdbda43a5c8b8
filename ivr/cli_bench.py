"""`ivr bench`: what is measured here, each by one command that anyone can run."""

from __future__ import annotations

from pathlib import Path
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
    from ivr.bench.voices import caller_voices, recordings
    from ivr.demo import RECORDINGS
    from ivr.terminal import console, progress

    known = recordings(RECORDINGS)
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
