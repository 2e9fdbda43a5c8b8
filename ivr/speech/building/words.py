"""A site's own words, and how they are said where no dictionary knows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import IvrError, ModelError
from ivr.speech.building.units import UNIT, pinyin_units

_WORD = re.compile(r"[a-z][a-z'-]*|[\u3400-\u9fff]+")

HOW_TO_SAY = "such as 行=hang2 or hyatt='HH AY AH T'"


@dataclass(frozen=True)
class SiteWord:
    """A word in small letters or Han characters."""

    text: str
    said: str = ""
    """pinyin in small letters (hang2) or ARPAbet in capitals (HH AY AH T); empty: the dictionaries know"""


def read_entry(entry: str, where: str | None = None) -> tuple[SiteWord, ...]:
    """`WORD=SOUNDS`, or a phrase whose words are wanted; IvrError, with `where` it stands, for anything else."""
    phrase, given, sounds = (part.strip() for part in entry.partition("="))
    words = phrase.lower().replace("’", "'").split()
    for word in words:
        if not _WORD.fullmatch(word):
            raise IvrError(f"“{word}” is no word: expected Han characters or English letters", where=where)
    if not given:
        return tuple(SiteWord(word) for word in words)
    if len(words) != 1 or not sounds:
        raise IvrError(f"“{entry.strip()}”: expected one word, = and its sounds, {HOW_TO_SAY}", where=where)
    try:
        sound_units(sounds)
    except ModelError as error:
        raise IvrError(f"“{entry.strip()}”: {error}", where=where) from error
    return (SiteWord(words[0], " ".join(sounds.split())),)


def read_words(entries: Iterable[str], file: Path | None = None) -> tuple[SiteWord, ...]:
    """The words of a command line, and of a file with an entry a line, # for people; IvrError names file and line."""
    found = [word for entry in entries for word in read_entry(entry)]
    if file is not None:
        found += [word for number, line in _lines(file) for word in read_entry(line, f"{file}:{number}")]
    return tuple(dict.fromkeys(found))


def sound_units(said: str) -> list[int]:
    """Units of pinyin or ARPAbet, stress marks left out; ModelError names what is neither."""
    sounds = said.split()
    if not said.isupper():
        return pinyin_units(sounds)
    names = [f"e_{sound.rstrip('012')}" for sound in sounds]
    for name, sound in zip(names, sounds, strict=True):
        if name not in UNIT:
            raise ModelError(f"{sound} is no sound of ARPAbet, and pinyin is written in small letters")
    return [UNIT[name] for name in names]


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise IvrError(f"cannot be read ({error}): expected a text file with a word a line", where=file) from error
    for number, line in enumerate(lines, 1):
        entry = line.partition("#")[0].strip()
        if entry:
            yield number, entry
