"""Fill a corpus with one engine's speech; stopped at any moment it goes on where it was.

nice -n 15 python -m models.train.generate kokoro --folder F --minutes 60 --seed 1
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from ivr.bench.exam.corpus import Clip, Shard, Split
from ivr.errors import IvrError, VoiceError
from ivr.records import LANGUAGES, Language
from models.train.spoken import Engine, Spoken
from models.train.text import Sentence, sentence

TUNED_ON = 40
"""one batch in so many is kept for tuning: other sentences in other draws of a voice"""

PATIENCE = 200
"""batches in a row without one clip: then the engine is broken"""

SPOKEN_BY: Mapping[str, tuple[Language, ...]] = {
    "kokoro": LANGUAGES,
    "espeak": LANGUAGES,
    "flite": ("en",),
    "gcin": ("zh",),
}
ENGINES = tuple(SPOKEN_BY)


@dataclass(frozen=True)
class Order:
    """What to make."""

    engine: str
    language: Language
    minutes: float
    seed: int


def engine_named(name: str, cache: Path) -> Engine:
    """A ready engine; VoiceError where its package or program is missing."""
    if name == "kokoro":
        from models.train.engine_kokoro import Kokoro  # noqa: PLC0415 - an engine's packages may be missing

        return Kokoro(cache)
    if name == "espeak":
        from models.train.engine_espeak import EspeakEngine  # noqa: PLC0415 - likewise

        return EspeakEngine()
    if name == "flite":
        from models.train.engine_flite import Flite  # noqa: PLC0415 - likewise

        return Flite()
    if name == "gcin":
        from models.train.engine_gcin import Gcin  # noqa: PLC0415 - likewise

        return Gcin()
    raise VoiceError(f"there is no engine {name!r}: choose from {', '.join(ENGINES)}")


def generate(order: Order, folder: Path, cache: Path, tell: Callable[[float], None] = lambda _minutes: None) -> float:
    """Go on until the shard holds `order.minutes`; its minutes in the end. `tell` hears them after every batch.

    Raises VoiceError when the engine yields nothing any more, and ModelError for a damaged shard.
    """
    with Shard(folder, f"{order.engine}-{order.language}") as shard:
        if shard.seconds >= order.minutes * 60:
            return shard.seconds / 60
        engine = engine_named(order.engine, cache)
        # names carry the batch, so that a resumed run draws nothing twice
        batch = int(shard.last.rsplit("-", 2)[1]) + 1 if shard.last else 0
        idle = 0
        while shard.seconds < order.minutes * 60:
            made = _batch(engine, order, batch)
            for place, each in enumerate(made):
                shard.add(_clip(each, order, batch, place), each.samples)
            idle = 0 if made else idle + 1
            if idle >= PATIENCE:
                raise VoiceError(f"{order.engine} has said nothing usable {PATIENCE} times in a row")
            batch += 1
            tell(shard.seconds / 60)
        return shard.seconds / 60


def _batch(engine: Engine, order: Order, batch: int) -> list[Spoken]:
    seed = f"{order.seed}/{order.engine}/{order.language}/{batch}"
    wanted: list[Sentence] = [sentence(order.language, f"{seed}/{place}") for place in range(engine.at_once)]
    return engine.speak(wanted, seed)


def split_of(order: Order, batch: int) -> Split:
    """Drawn from the batch's number, whatever the machine."""
    return (
        "tune" if crc32(f"{order.seed}/{order.engine}/{order.language}/{batch}".encode()) % TUNED_ON == 0 else "train"
    )


def _clip(each: Spoken, order: Order, batch: int, place: int) -> Clip:
    return Clip(
        name=f"{order.engine}-{order.language}-{order.seed}-{batch:06d}-{place}",
        text=each.sentence.text,
        language=order.language,
        units=each.units,
        voice=f"{order.engine}:{each.voice}",
        engine=order.engine,
        split=split_of(order, batch),
        seconds=round(each.seconds, 4),
        durations=each.durations,
        pauses=each.pauses,
    )


class _Teller:
    """Shows how far one order is: a bar on a terminal, a line a minute in a log."""

    def __init__(self, order: Order, progress: Progress) -> None:
        self._name = f"{order.engine} {order.language}"
        self._progress = progress
        self._task = progress.add_task(self._name, total=order.minutes)
        self._told = 0.0

    def __call__(self, minutes: float) -> None:
        self._progress.update(self._task, completed=minutes)
        if self._progress.disable and minutes - self._told >= 1:
            self._told = minutes
            sys.stdout.write(f"{self._name} {minutes:.1f} min after {os.times().user:.0f} s of processor\n")
            sys.stdout.flush()


def main(arguments: list[str] | None = None) -> int:
    """Command line; 1 for whatever a person must mend."""
    parser = argparse.ArgumentParser(prog="python -m models.train.generate", description=str(__doc__).splitlines()[0])
    parser.add_argument("engine", choices=ENGINES)
    parser.add_argument("--folder", type=Path, required=True, help="the corpus")
    parser.add_argument("--cache", type=Path, help="where joined models are kept; default: folder/cache")
    parser.add_argument("--minutes", type=float, required=True, help="of each language together with what is there")
    parser.add_argument("--language", choices=LANGUAGES, help="default: all that the engine speaks")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(arguments)
    languages = (given.language,) if given.language else SPOKEN_BY[given.engine]
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.1f} of {task.total:.0f} min"),
    )
    bars = Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), disable=not sys.stderr.isatty())
    try:
        with bars as progress:
            for language in languages:
                order = Order(given.engine, language, given.minutes, given.seed)
                minutes = generate(order, given.folder, given.cache or given.folder / "cache", _Teller(order, progress))
                sys.stdout.write(f"{given.engine} {language}: {minutes:.1f} minutes\n")
                sys.stdout.flush()
    except IvrError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
