"""Models into and out of the site's folder: a model is there whole or not at all, and two commands never collide."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.errors import IvrError, ModelError
from ivr.speech.conf import sample_rate
from ivr.speech.download import mark_of
from ivr.speech.graph import check_graph, vocabulary
from ivr.speech.models import SUMS, check_files, takes_phrases
from ivr.speech.unpack import unpack, unpacked_size

Free = Callable[[Path], int]
"""bytes that are free where a folder lies"""

SWELL = 2
"""an official model takes 1.4 to 1.8 times its zip, for the look at the disk before a download"""

UNPACKING, REMOVED = ".unpacking-", ".removed-"
"""folders that no model is in yet, or any more"""

_NAME = re.compile(r"\w[\w.-]{0,99}")


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def check_name(name: str) -> None:
    """Raise IvrError unless a model's folder may be called so."""
    if not _NAME.fullmatch(name):
        raise IvrError(f"“{name}” cannot be a model's name: expected letters, digits, dots and dashes")


def part_of(folder: Path, name: str) -> Path:
    """Where half a download lies."""
    return folder / f".{name}.zip.part"


def check_space(folder: Path, needed: int, free: Free = free_bytes) -> None:
    """Raise ModelError unless so many bytes fit."""
    there = free(folder)
    if there < needed:
        raise ModelError(f"too little space: needs {needed / 1e6:.0f} MB, free are {there / 1e6:.0f} MB", where=folder)


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Alone at work in the folder, which is made when it is missing; ModelError when another command is at it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("w")
    except OSError as error:
        raise ModelError(
            f"models cannot be kept here ({error.strerror or error}): IVR_MODELS names another folder", where=folder
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ModelError(
                "another `ivr models get`, `remove` or `extend` is at work here: wait for it", where=folder
            ) from None
        except OSError as error:
            raise ModelError(
                f"this disk knows no locks ({error.strerror or error}): IVR_MODELS names a folder on another",
                where=folder,
            ) from error
        # what a power cut left of one
        for rest in (*folder.glob(f"{UNPACKING}*"), *folder.glob(f"{REMOVED}*")):
            shutil.rmtree(rest, ignore_errors=True)
        yield


def install(file: Path, name: str, folder: Path, *, any_graph: bool = False, free: Free = free_bytes) -> Path:
    """Unpack the zip as model `name`; gives its folder, which appears at once, whole, with the sums of its files.

    Raises ModelError for a zip that is no model, for one whose graph is fixed unless `any_graph`, and from the disk.
    """
    target = folder / name
    check_space(folder, unpacked_size(file), free)
    try:
        part = Path(tempfile.mkdtemp(prefix=UNPACKING, dir=folder))
        try:
            sums = unpack(file, part)
            _check(part, any_graph=any_graph)
            _keep_sums(part, sums)
            part.chmod(0o755)  # mkdtemp's folder is for its maker only, the desk may be another user
            for place in (part, *(each for each in part.rglob("*") if each.is_dir())):
                _sync(place)
            part.rename(target)
            _sync(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise ModelError(f"cannot be written: {error.strerror or error}", where=target) from error
    return target


def discard(path: Path) -> None:
    """Remove a model's folder, or the link to one: gone at once, its files after that. OSError from the disk."""
    if path.is_symlink():
        path.unlink()
        return
    gone = Path(tempfile.mkdtemp(prefix=REMOVED, dir=path.parent))
    path.rename(gone / path.name)
    _sync(path.parent)
    shutil.rmtree(gone)


def discard_part(folder: Path, name: str) -> bool:
    """Remove half a download; whether there was one."""
    part = part_of(folder, name)
    there = part.exists()
    for file in (part, mark_of(part)):
        file.unlink(missing_ok=True)
    return there


def discard_copies(cache: Path, name: str) -> None:
    """Remove the corrected copies of a model that is gone: folders of links into it (models.py, `prepared`)."""
    pattern = re.compile(rf"{re.escape(name)}-[0-9a-f]{{12}}")
    for entry in cache.iterdir() if cache.is_dir() else ():
        if pattern.fullmatch(entry.name):
            shutil.rmtree(entry)


def _check(path: Path, *, any_graph: bool) -> None:
    if any_graph and not takes_phrases(path):
        return
    try:
        check_files(path)
        check_graph(path)
        vocabulary(path)
        sample_rate(path)
    except ModelError as error:
        # the folder that it names is gone when this is read
        told = str(error).replace(f"{path}: ", "").replace(f"{path}/", "")
        raise ModelError(f"no model was installed, the zip's is not one that the desk can use: {told}") from error


def _keep_sums(path: Path, sums: dict[str, str]) -> None:
    lines = [f"{total}  {name}\n" for name, total in sorted(sums.items()) if name != SUMS]
    with (path / SUMS).open("w", encoding="utf-8") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    """What was made and renamed in a folder stays so after a power cut."""
    place = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(place)
    finally:
        os.close(place)
