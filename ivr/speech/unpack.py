"""A model's zip to a folder: nothing leaves the folder, nothing swells without end, and every file is summed."""

from __future__ import annotations

import hashlib
import os
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from ivr.errors import ModelError

SWELL = 8
"""how many times its zip's size a model may take: weights hardly shrink, a zip bomb's zeros do"""

SHOWN = 5
"""entries named in an error"""

BLOCK = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""what zipfile raises on a damaged, encrypted or foreign zip"""


def unpacked_size(file: Path) -> int:
    """Bytes that the zip says it will take; ModelError for no zip, or one that would take far too much."""
    with _Opened(file) as archive:
        return sum(entry.file_size for entry in _entries(archive, file))


def top_folder(file: Path) -> str:
    """The one folder that holds everything in the zip; ModelError when there is none, or another entry beside it."""
    with _Opened(file) as archive:
        return _top(_entries(archive, file), file)


def unpack(file: Path, into: Path) -> dict[str, str]:
    """Unpack what the zip's top folder holds into the folder `into`; gives the SHA-256 of every file by its path.

    Each file is on the disk when this returns. Raises ModelError for a zip that is no model's, OSError from the disk.
    """
    sums: dict[str, str] = {}
    with _Opened(file) as archive:
        entries = _entries(archive, file)
        top = _top(entries, file)
        for entry in sorted(entries, key=lambda each: each.filename):
            name = PurePosixPath(entry.filename).relative_to(top)
            target = into / name
            if entry.is_dir():
                target.mkdir(parents=True, exist_ok=True)
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            sums[str(name)] = _write(archive, entry, target)
    return sums


def _write(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> str:
    total = hashlib.sha256()
    # zipfile reads no further than the size that the entry announced, and compares its CRC
    with archive.open(entry) as source, target.open("xb") as file:
        while block := source.read(BLOCK):
            total.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return total.hexdigest()


def _entries(archive: zipfile.ZipFile, file: Path) -> list[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not _of_a_mac(entry.filename)]
    for entry in entries:
        _check_name(entry, file)
    size, limit = sum(entry.file_size for entry in entries), SWELL * file.stat().st_size
    if size > limit:
        raise ModelError(f"would take {size} bytes, more than {SWELL} times its own size: no speech model", where=file)
    if len({entry.filename for entry in entries}) < len(entries):
        raise ModelError("holds a file twice: no speech model", where=file)
    return entries


def _of_a_mac(name: str) -> bool:
    """What a Mac adds to every zip."""
    return name.startswith("__MACOSX/") or PurePosixPath(name).name == ".DS_Store"


def _check_name(entry: zipfile.ZipInfo, file: Path) -> None:
    name, mode = entry.filename, entry.external_attr >> 16
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or not path.parts
    if outside or stat.S_ISLNK(mode):
        raise ModelError(f"holds “{name}”, which would lie outside the model's folder: not unpacked", where=file)


def _top(entries: list[zipfile.ZipInfo], file: Path) -> str:
    tops = sorted({PurePosixPath(entry.filename).parts[0] for entry in entries})
    if len(tops) != 1 or any("/" not in entry.filename for entry in entries):
        held = ", ".join(tops[:SHOWN]) or "nothing"
        raise ModelError(f"expected one folder with a speech model in it and nothing else, got {held}", where=file)
    return tops[0]


class _Opened:
    """A zip, whose faults become ModelError."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def __enter__(self) -> zipfile.ZipFile:
        try:
            self._archive = zipfile.ZipFile(self._file)
        except _BROKEN as error:
            raise self._fault(error) from error
        except OSError as error:
            raise ModelError(f"cannot be read: {error.strerror or error}", where=self._file) from error
        return self._archive

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: object) -> None:
        self._archive.close()
        if isinstance(error, _BROKEN):
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> ModelError:
        return ModelError(f"is no zip, or a damaged one ({error}): bring it here again", where=self._file)
