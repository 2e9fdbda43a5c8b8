"""The commands about speech models. Commands only, no logic."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ivr.cli_groups import AsJson, group, settings_of
from ivr.exits import FOUND, LACKING

models = group("The speech models that the desk listens with.")


@models.command("list", epilog="Example: ivr models list")
def models_list(
    context: typer.Context,
    *,
    official: Annotated[bool, typer.Option("--official", help="What the publisher of Vosk offers.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the speech models that are here, or the official ones."""
    from ivr import model_check, model_tables, official_models, screen
    from ivr.terminal import console

    settings = settings_of(context)
    if official:
        offers = official_models.offers(settings)
        if as_json:
            typer.echo(screen.as_json({"official": screen.records(offers)}))
        else:
            console().print(model_tables.offers(offers))
        return
    found, used = model_check.descriptions(settings), model_check.used(settings)
    if as_json:
        typer.echo(screen.as_json({"models": screen.records(found), "used": used}))
    else:
        console().print(screen.models(found, used))


@models.command("path", epilog="Example: ivr models path")
def models_path(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Print the folder of the model that each language uses."""
    from ivr import model_check, screen

    used = model_check.used(settings_of(context))
    if as_json:
        typer.echo(screen.as_json(used))
    else:
        typer.echo("\n".join(f"{language}  {path}" for language, path in used.items()))


@models.command("check", epilog="Example: ivr models check")
def models_check(context: typer.Context, *, as_json: AsJson = False) -> None:
    """Check the models, and every phrase of every flow in them."""
    from ivr import model_check, screen
    from ivr.terminal import console

    found = model_check.check_models(settings_of(context))
    if as_json:
        typer.echo(screen.as_json({"models": screen.records(found)}))
    else:
        console().print(screen.model_checks(found))
        for line in (each.fault for each in found if each.fault):
            typer.echo(line)
        for each in found:
            typer.echo("".join(f"{each.language} cannot hear {line}\n" for line in each.missing), nl=False)
    if any(each.fault for each in found):
        raise typer.Exit(LACKING)
    raise typer.Exit(0 if all(each.passed for each in found) else FOUND)


@models.command("get", epilog="Example: ivr models get vosk-model-small-cn-0.22")
def models_get(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="As `ivr models list --official` shows it.")
    ] = None,
    *,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.zip", help="A zip that is here already; no network is used.")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Also a model that can be given no phrases; the desk will not use it.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Download an official model, or install one from a zip."""
    from ivr import model_tables, official_models, screen
    from ivr.terminal import transfer

    with transfer() as bar:
        task = bar.add_task(name or "installing", total=None)
        got = official_models.get(
            settings_of(context),
            name,
            file=file,
            force=force,
            watch=lambda done, total: bar.update(task, completed=done, total=total),
        )
    typer.echo(screen.as_json(screen.records((got,))[0]) if as_json else "\n".join(model_tables.got(got)))


@models.command("remove", epilog="Example: ivr models remove vosk-model-small-cn-0.22")
def models_remove(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="As `ivr models list` shows it.")],
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove a model that was installed, and half a download of it."""
    from ivr import official_models, screen

    settings = settings_of(context)
    path = official_models.removable(settings, name)
    if not yes and not sys.stdin.isatty():
        raise typer.BadParameter("nobody is here to be asked: say --yes", param_hint="--yes")
    if not yes and not typer.confirm(f"Remove {path}?", err=True):
        raise typer.Exit(FOUND)
    official_models.remove(settings, name)
    typer.echo(screen.as_json({"removed": path}) if as_json else f"{path}: removed")
