"""Sound that is kept: a file grows second by second, survives a power cut, and is a WAV only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import sqlalchemy as sa

from ivr.audio.frame import RATE
from ivr.errors import StoreError
from ivr.log import logger

SAMPLE_BYTES = 2

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""RIFF, fmt and data of a plain PCM WAV: 44 bytes"""

INTERRUPTED = ".interrupted.wav"
"""end of the name of a recording whose program died, or whose disk failed, while it grew"""

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,199}")

_FULL = "the disk is full: free some space"
_READ_ONLY = "the folder cannot be written: check who owns it, and its mount"
_ADVICE = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: _FULL,
    errno.EROFS: _READ_ONLY,
    errno.EACCES: _READ_ONLY,
    errno.EPERM: _READ_ONLY,
    errno.EIO: "the disk failed: check its health",
    errno.EEXIST: "there is a recording of this name already",
}

# macOS has none; fsync does more
_sync_data = getattr(os, "fdatasync", os.fsync)


@dataclass(frozen=True)
class Recovered:
    """What a dead program left, made playable."""

    name: str
    """as it was created: the id of the call or of the message"""
    file: str
    """its place in the folder now, `2026-11-22/call-1.interrupted.wav`"""
    seconds: float


class RecordingFile:
    """One growing WAV of 8 kHz PCM16. Blocks; of one thread at a time. Raises StoreError when the disk refuses."""

    def __init__(self, path: Path, channels: int) -> None:
        """Create `path` with the end `.part`, its folder made (0700, the file 0600); it must not be there yet."""
        self.path = path
        self._part = path.with_name(f"{path.stem}.part")
        self._frame = SAMPLE_BYTES * channels
        self._length = 0
        self._synced = 0
        with _faults(path):
            _make_folder(path.parent)
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
            self._file = _create_locked(self._part)
        try:
            with _faults(path):
                _write(self._file, _header(channels, 0))
                _sync_folder(path.parent)
        except BaseException:
            with contextlib.suppress(StoreError):
                self.discard()
            raise

    @property
    def seconds(self) -> float:
        """Length of what was appended."""
        return self._length / self._frame / RATE

    def append(self, sound: bytes) -> None:
        """Add little-endian PCM16, both channels of a sample side by side; on the disk within a second of audio.

        What the disk does not take whole is cut off again: the file keeps all that was appended before. The rhythm is
        that of facts/durability.md.
        """
        with _faults(self.path):
            try:
                _write(self._file, sound)
            except OSError:
                with contextlib.suppress(OSError):
                    os.ftruncate(self._file, HEADER.size + self._length)
                    os.lseek(self._file, 0, os.SEEK_END)
                raise
            self._length += len(sound)
            if self._length - self._synced >= RATE * self._frame:
                _sync_data(self._file)
                self._synced = self._length

    def shorten(self, samples: int) -> None:
        """Keep no more than the first `samples`."""
        length = min(self._length, samples * self._frame)
        with _faults(self.path):
            os.ftruncate(self._file, HEADER.size + length)
            os.lseek(self._file, 0, os.SEEK_END)
        self._length = self._synced = length

    def finish(self, *, interrupted: bool = False) -> Path:
        """Make it a WAV that is on the disk when this returns; `interrupted` says so in its name. Gives its path.

        When the disk refuses, what was appended stays as it is, for the next start to mend.
        """
        path = self.path.with_name(self.path.stem + INTERRUPTED) if interrupted else self.path
        try:
            with _faults(self.path):
                _complete(self._file, self._part, path)
        finally:
            self._close()
        return path

    def discard(self) -> None:
        """Leave nothing behind. May be called again, also after `finish`, which it does not undo.

        StoreError when the disk keeps both the name and the sound; a name without sound is removed at the next start.
        """
        if self._file < 0:
            return
        try:
            with _faults(self.path):
                try:
                    self._part.unlink(missing_ok=True)
                    # a power cut must not bring it back
                    _sync_folder(self._part.parent)
                except OSError:
                    os.ftruncate(self._file, 0)
                    os.fsync(self._file)
        finally:
            self._close()

    def _close(self) -> None:
        file, self._file = self._file, -1
        if file >= 0:
            with contextlib.suppress(OSError):
                os.close(file)


class Recordings:
    """A folder of recordings, a folder a day in it. Files are named by `2026-11-22/call-1.wav`. Raises StoreError."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def create(self, name: str, day: date, channels: int = 1) -> RecordingFile:
        """Begin the recording `name` of `day`, the house's date."""
        if not _NAME.fullmatch(name):
            raise StoreError(f"“{name}” is no name for a recording", where=self.folder)
        return RecordingFile(self.folder / day.isoformat() / f"{name}.wav", channels)

    def name_of(self, path: Path) -> str:
        """A recording's name as records hold it."""
        return path.relative_to(self.folder).as_posix()

    def path(self, file: str) -> Path:
        """Where the recording of a record is; StoreError for a name that leads out of the folder."""
        day, _, name = file.partition("/")
        if not _NAME.fullmatch(day) or not _NAME.fullmatch(name):
            raise StoreError(f"“{file}” is no recording", where=self.folder)
        return self.folder / day / name

    def recover(self) -> tuple[Recovered, ...]:
        """Mend what dead programs left unfinished, remove what holds no sound; to be called at every start.

        A file in use is locked by its program and left alone. One that the disk will not mend stays for the next start.
        """
        with _faults(self.folder):
            parts = sorted(self.folder.glob("*/*.part"))
        found: list[Recovered] = []
        for part in parts:
            try:
                mended = self._mended(part)
            except OSError as error:
                # one file must not keep the desk from starting
                logger().error("recording_not_mended", file=str(part), reason=str(error))
            else:
                found += [mended] if mended else []
        return tuple(found)

    def before(self, day: date) -> tuple[str, ...]:
        """The recordings of the days before `day`, the oldest first; unfinished ones are not among them."""
        with _faults(self.folder):
            files = sorted(self.folder.glob("*/*.wav"))
        return tuple(self.name_of(file) for file in files if (_day(file.parent.name) or day) < day)

    def remove(self, file: str) -> bool:
        """Erase a recording, and its day's folder with the last one; False where there was none."""
        path = self.path(file)
        with _faults(path):
            there = path.exists()
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.parent.rmdir()
        return there

    def _mended(self, part: Path) -> Recovered | None:
        try:
            file = os.open(part, os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if not _is(file, part):
                return None
            frame = _frame_of(file)
            length = (os.fstat(file).st_size - HEADER.size) // frame if frame else 0
            if length <= 0:
                part.unlink()
                return None
            whole = part.with_name(part.stem + INTERRUPTED)
            _complete(file, part, whole)
            return Recovered(part.stem, self.name_of(whole), length / RATE)
        except BlockingIOError:
            return None
        finally:
            os.close(file)


def messages_of(engine: sa.Engine) -> Recordings:
    """The sound of the messages of a database: a folder beside it, so that the two are moved and backed up together."""
    return _beside(engine, "messages")


def recordings_of(engine: sa.Engine) -> Recordings:
    """Likewise the recordings of its calls."""
    return _beside(engine, "recordings")


def _beside(engine: sa.Engine, name: str) -> Recordings:
    return Recordings(Path(str(engine.url.database)).with_name(name))


def _create_locked(part: Path) -> int:
    """A new file that is locked as long as our process lives: so the next start knows whether it is still in use."""
    while True:
        file = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        fcntl.flock(file, fcntl.LOCK_EX)
        # a program that starts up may have found it empty, and removed it, before it was locked
        if _is(file, part):
            return file
        os.close(file)


def _is(file: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _complete(file: int, part: Path, whole: Path) -> None:
    """Header, disk, name, disk again (facts/durability.md)."""
    frame = _frame_of(file)
    length = (os.fstat(file).st_size - HEADER.size) // frame * frame
    os.ftruncate(file, HEADER.size + length)
    os.pwrite(file, _header(frame // SAMPLE_BYTES, length), 0)
    os.fsync(file)
    part.rename(whole)
    _sync_folder(whole.parent)


def _header(channels: int, length: int) -> bytes:
    """`length` in bytes of sound."""
    frame = SAMPLE_BYTES * channels
    return HEADER.pack(
        *(b"RIFF", HEADER.size - 8 + length, b"WAVE"),
        *(b"fmt ", 16, 1, channels, RATE, RATE * frame, frame, 8 * SAMPLE_BYTES),
        *(b"data", length),
    )


def _frame_of(file: int) -> int:
    """Bytes of one sample of all channels; 0 for a file whose header was never written."""
    head = os.pread(file, HEADER.size, 0)
    if len(head) < HEADER.size or head[:4] != b"RIFF":
        return 0
    frame: int = HEADER.unpack(head)[9]
    return frame


def _write(file: int, sound: bytes) -> None:
    view = memoryview(sound)
    while view:
        view = view[os.write(file, view) :]


def _make_folder(folder: Path) -> None:
    """For our eyes only (K4), and on the disk before anything in it is."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        each.mkdir(mode=0o700, exist_ok=True)
        _sync_folder(each.parent)


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


@contextlib.contextmanager
def _faults(path: Path) -> Iterator[None]:
    """What the disk says, in words that tell a person what to do."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "the recording cannot be kept: check the disk")
        raise StoreError(f"{advice} ({error.strerror or error})", where=path) from error
