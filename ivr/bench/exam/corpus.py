"""Speech to learn from, with what is said in it: append-only shards that survive being killed at any moment."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import RATE, Samples
from ivr.errors import ModelError
from ivr.records import Language

Split = Literal["train", "tune", "test"]

HOP = RATE // 100
"""samples of the 10 ms in which durations are counted"""

PARTING = 4
"""steps of 10 ms of silence that part two equal units: one row of scores, which is 30 ms, at least"""

BYTES = 2
"""a sample"""


@dataclass(frozen=True)
class Clip:
    """One utterance."""

    name: str
    """unique in its corpus: engine, language, number"""
    text: str
    language: Language
    units: tuple[int, ...]
    """without silence"""
    voice: str
    engine: str
    split: Split
    """`tune` is for constants that are chosen after training: never trained on"""
    seconds: float
    durations: tuple[int, ...] | None = None
    """10 ms steps of each unit, 0 where it was swallowed; None where the engine does not tell"""
    pauses: tuple[int, ...] | None = None
    """10 ms steps of silence before each unit and after the last; None like `durations`"""


class Shard:
    """Writes one engine's clips; opening it again goes on after the last whole clip."""

    def __init__(self, folder: Path, engine: str) -> None:
        """Make the folder if need be, and cut off what a killed process left half written.

        ModelError for a shard that another process writes, or that is damaged.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self._sound = folder / f"{engine}.pcm"
        self._index = folder / f"{engine}.jsonl"
        written = self._index.open("ab")
        try:
            fcntl.flock(written, fcntl.LOCK_EX | fcntl.LOCK_NB)
            rows = list(_rows(self._index))
        except BlockingIOError:
            written.close()
            raise ModelError(
                "another process writes here: wait for it, or name another folder", where=self._index
            ) from None
        except OSError as error:
            written.close()
            raise ModelError(f"this disk knows no locks ({error.strerror or error})", where=self._index) from error
        except ModelError:
            written.close()
            raise
        self.count = len(rows)
        self.last = str(rows[-1]["name"]) if rows else ""
        self.texts = tuple(str(row["text"]) for row in rows)
        """what the clips say that were there when it was opened"""
        self.seconds = sum(float(row["seconds"]) for row in rows)
        self._end = max((row["start"] + row["count"] for row in rows), default=0)
        _cut(self._index, sum(len(_line(row)) for row in rows))
        _cut(self._sound, self._end * BYTES)
        self._files = (self._sound.open("ab"), written)

    def add(self, clip: Clip, samples: Samples) -> None:
        """Sound first, index second: a clip counts only once its line is whole."""
        sound, index = self._files
        sound.write(samples.astype("<i2").tobytes())
        sound.flush()
        index.write(_line({"start": self._end, "count": len(samples), **asdict(clip)}))
        index.flush()
        self._end += len(samples)
        self.count += 1
        self.last = clip.name
        self.seconds += clip.seconds

    def close(self) -> None:
        for file in self._files:
            file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Corpus:
    """All shards of a folder as they are now; what is added later is seen by opening it again."""

    def __init__(self, folder: Path) -> None:
        """ModelError, naming the folder, if it holds no clips."""
        self._clips: list[Clip] = []
        self._places: dict[str, tuple[str, int, int]] = {}
        self._sounds: dict[str, npt.NDArray[np.int16]] = {}
        for index in sorted(folder.glob("*.jsonl")):
            sound = index.with_suffix(".pcm")
            # rows first: what is added meanwhile lies beyond them
            rows = list(_rows(index))
            whole = sound.stat().st_size // BYTES if sound.is_file() else 0
            if not whole:
                continue
            self._sounds[index.stem] = np.memmap(sound, dtype="<i2", mode="r", shape=(whole,))
            for row in rows:
                self._take(index.stem, row)
        if not self._clips:
            raise ModelError("no speech here: generate some first (python -m models.train run)", where=folder)

    def _take(self, shard: str, row: dict[str, Any]) -> None:
        start, count = int(row.pop("start")), int(row.pop("count"))
        if start + count > len(self._sounds[shard]):
            return
        for name in ("units", "durations", "pauses"):
            row[name] = None if row[name] is None else tuple(row[name])
        clip = Clip(**row)
        self._clips.append(clip)
        self._places[clip.name] = (shard, start, count)

    def __len__(self) -> int:
        return len(self._clips)

    def clips(self, split: Split | None = None) -> list[Clip]:
        """In the order in which they were made, engine by engine."""
        return [clip for clip in self._clips if split in (None, clip.split)]

    def samples(self, clip: Clip) -> Samples:
        """int16 at 8 kHz, a copy."""
        shard, start, count = self._places[clip.name]
        return np.array(self._sounds[shard][start : start + count], dtype=np.int16)

    def labels(self, clip: Clip) -> npt.NDArray[np.int16] | None:
        """The unit of every 10 ms, 0 for silence; None where the engine does not tell durations."""
        if clip.durations is None or clip.pauses is None:
            return None
        units = [0, *(each for unit in clip.units for each in (unit, 0))]
        steps = [clip.pauses[0], *(each for pair in zip(clip.durations, clip.pauses[1:], strict=True) for each in pair)]
        return parted(np.array(units, dtype=np.int16), np.array(steps))

    def minutes(self) -> dict[tuple[str, Language], float]:
        """How much there is of each engine and language."""
        total: dict[tuple[str, Language], float] = {}
        for clip in self._clips:
            key = (clip.engine, clip.language)
            total[key] = total.get(key, 0.0) + clip.seconds / 60
        return total


def parted(units: npt.NDArray[np.int16], steps: npt.NDArray[np.int64]) -> npt.NDArray[np.int16]:
    """The label of every step. Between two equal units in a row silence is put in: nothing else parts 五五 from 五."""
    labels = np.repeat(units, steps)
    ends = np.cumsum(steps)
    # silence stands at the even places, a unit on either side of it
    for place in range(2, len(units) - 2, 2):
        if units[place - 1] == units[place + 1] and steps[place] < PARTING:
            around = slice(max(int(ends[place]) - PARTING // 2 - 1, 0), int(ends[place]) + PARTING // 2)
            labels[around] = 0
    return labels


def _rows(index: Path) -> Iterator[dict[str, Any]]:
    """Whole lines only: the last one may be half written, by a dead process or by one still at work."""
    if not index.is_file():
        return
    with index.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ModelError(
                    f"expected one JSON object a line ({error}): remove this shard", where=f"{index}:{number}"
                ) from error


def _line(row: dict[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=False) + "\n").encode()


def _cut(file: Path, size: int) -> None:
    if file.is_file() and file.stat().st_size > size:
        with file.open("r+b") as out:
            out.truncate(size)
