"""Human Mandarin, one syllable at a time: each is told from some fifty others, as a character that is read so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from zlib import crc32

from ivr.bench.exam.questions import Question
from ivr.bench.exam.trials import Trial, read_sound, trial
from ivr.errors import ModelError
from ivr.speech.building.units import pinyin_units, pronunciations
from models.train.vocabulary import common_characters

GROUP = "human syllables"

LIST = 50
"""syllables in a question, about"""

Units = tuple[int, ...]


def syllable_trials(folder: Path) -> Iterator[Trial]:
    """`{pinyin}{tone}.wav`, ü written uu; those that no unambiguous character has are left out. ModelError if none."""
    characters = unambiguous()
    files = {characters[units]: file for file in _files(folder) if (units := _units(file)) in characters}
    if not files:
        raise ModelError("expected files such as zhuang1.wav", where=folder)
    # a mixed order, the same on every machine: neighbours in pinyin sound alike
    order = sorted(files, key=lambda character: crc32(character.encode()))
    count = -(-len(order) // LIST)
    for start in range(count):
        listed = tuple(order[start::count])
        question = Question("syllable", "zh", listed)
        for character in listed:
            file = files[character]
            yield trial((GROUP, file.stem, "human"), "zh", character, read_sound(file), question)


@lru_cache(maxsize=1)
def unambiguous() -> Mapping[Units, str]:
    """Units of a syllable → a common character that is read in no other way."""
    found: dict[Units, str] = {}
    for character in common_characters():
        ways = pronunciations(character, "zh")
        if len(ways) == 1:
            found.setdefault(tuple(ways[0]), character)
    return found


def _files(folder: Path) -> list[Path]:
    return [file for file in sorted(folder.glob("*.wav")) if re.fullmatch(r"[a-z]+[1-5]", file.stem)]


def _units(file: Path) -> Units:
    try:
        return tuple(pinyin_units([file.stem.replace("uu", "v")]))
    except ModelError:
        return ()
