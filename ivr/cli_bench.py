"""`ivr bench`: what is measured here, each by one command that anyone can run."""

from __future__ import annotations

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
