"""A new site's folder: commented examples of its files, empty folders for its own flows, prompts and recordings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.config import CALENDAR_FILE, REGISTER_FILE, ROOMS_FILE, SITE_FILE, Settings
from ivr.dialogue.house import near
from ivr.errors import FlowError, SettingsError

TEMPLATE = Path(__file__).with_name("template")

FILES = (SITE_FILE, ROOMS_FILE, REGISTER_FILE, CALENDAR_FILE)
FOLDERS = ("flows", "prompts/zh/recordings", "prompts/en/recordings")


@dataclass(frozen=True)
class Made:
    """One thing of a site's folder."""

    path: Path
    new: bool
    """False: it was there already, and stays as it is"""


def make_site(folder: Path) -> tuple[Made, ...]:
    """Write what the folder has not got yet; nothing is ever overwritten. SettingsError when it cannot be written."""
    try:
        return tuple(_make(folder))
    except OSError as error:
        raise SettingsError(f"cannot be written: {error.strerror or error}", where=error.filename or folder) from error


def _make(folder: Path) -> Iterator[Made]:
    for name in FOLDERS:
        path = folder / name
        new = not path.is_dir()
        path.mkdir(parents=True, exist_ok=True)
        yield Made(path, new)
    for name in FILES:
        path = folder / name
        text = (TEMPLATE / name).read_text(encoding="utf-8")
        # Excel takes a table without the mark for GBK
        encoding = "utf-8-sig" if path.suffix == ".csv" else "utf-8"
        try:
            with path.open("x", encoding=encoding) as file:
                file.write(text)
        except FileExistsError:
            yield Made(path, new=False)
        else:
            yield Made(path, new=True)


def copy_flow(settings: Settings, name: str) -> Path:
    """Copy a flow of the program's into the site's folder. FlowError when there is none, or the site has it already."""
    if settings.site is None:
        raise SettingsError("no site's folder: `ivr init FOLDER` makes one, `--settings FOLDER` names it")
    source, target = settings.flows / f"{name}.yaml", settings.site / "flows" / f"{name}.yaml"
    if not source.is_file():
        known = (path.stem for path in settings.flows.glob("*.yaml"))
        raise FlowError(f"the program has no flow “{name}”{near(name, known)}", where=settings.flows)
    if source == target:
        raise FlowError("this flow is the site's own already", where=target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as file:
            file.write(source.read_text(encoding="utf-8"))
    except FileExistsError as error:
        raise FlowError("is there already, and stays as it is", where=target) from error
    except OSError as error:
        raise SettingsError(f"cannot be written: {error.strerror or error}", where=target) from error
    return target
