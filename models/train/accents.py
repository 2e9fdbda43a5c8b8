"""English as people from elsewhere say it: sounds of the American dictionary replaced by those of another accent.

What is said is what is labelled, so the network learns sounds, not spelling; the graph knows the same habits at a cost
(ivr/speech/building/accents.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from ivr.speech.building.accents import VOWELS
from ivr.speech.building.units import UNIT, UNITS
from models.train.english_ipa import Sound

STRESS = "ˈˌ"


@dataclass(frozen=True)
class Habit:
    """What one sound (or two, said as one) becomes, and how often."""

    share: float
    units: str
    """ARPAbet, with blanks between; none for a sound that is dropped"""
    symbols: str
    """Kokoro's"""
    last_only: bool = False
    """only at the end of a word"""
    coda_only: bool = False
    """only where no vowel follows"""


@dataclass(frozen=True)
class Accent:
    """Its habits, and the first letters of the voices that have it by themselves."""

    voices: str
    habits: Mapping[str, Habit]
    """ARPAbet → what becomes of it"""


_DROPPED_R: Mapping[str, Habit] = {
    "AO R": Habit(0.9, "AO", "ɔː", coda_only=True),
    "AA R": Habit(0.9, "AA", "ɑː", coda_only=True),
    "EH R": Habit(0.9, "EH", "ɛː", coda_only=True),
    "IH R": Habit(0.9, "IH AH", "ɪə", coda_only=True),
    "UH R": Habit(0.9, "UH AH", "ʊə", coda_only=True),
    "R": Habit(0.9, "AH", "ə", coda_only=True),
}

_DEVOICED: Mapping[str, Habit] = {
    "Z": Habit(0.7, "S", "s", last_only=True),
    "D": Habit(0.6, "T", "t", last_only=True),
    "G": Habit(0.6, "K", "k", last_only=True),
    "B": Habit(0.6, "P", "p", last_only=True),
}

ACCENTS: Mapping[str, Accent] = {
    "british": Accent(
        "b",
        {
            **_DROPPED_R,
            "ER": Habit(0.9, "ER", "ɜː", coda_only=True),
            "OW": Habit(0.8, "OW", "Q"),
            "AA": Habit(0.7, "AA", "ɒ"),
            "AE": Habit(0.8, "AE", "a"),
        },
    ),
    "chinese": Accent(
        "z",
        {
            **_DROPPED_R,
            "TH": Habit(0.8, "S", "s"),
            "DH": Habit(0.7, "D", "d"),
            "V": Habit(0.5, "W", "w"),
            "IH": Habit(0.5, "IY", "i"),
            "AE": Habit(0.5, "EH", "ɛ"),
            "Z": Habit(0.5, "S", "s", last_only=True),
        },
    ),
    "french": Accent(
        "f",
        {
            **_DROPPED_R,
            "TH": Habit(0.8, "S", "s"),
            "DH": Habit(0.8, "Z", "z"),
            "IH": Habit(0.8, "IY", "i"),
            "HH": Habit(0.4, "", ""),
            "AO R": Habit(0.4, "AO", "ɔ", coda_only=True),
        },
    ),
    "german": Accent(
        "abf",
        {
            **_DROPPED_R,
            **_DEVOICED,
            "W": Habit(0.6, "V", "v"),
            "TH": Habit(0.7, "S", "s"),
            "DH": Habit(0.7, "Z", "z"),
            "AE": Habit(0.6, "EH", "ɛ"),
            "V": Habit(0.6, "F", "f", last_only=True),
        },
    ),
    "romance": Accent(
        "eip",
        {
            "IH": Habit(0.7, "IY", "i"),
            "TH": Habit(0.7, "T", "t"),
            "DH": Habit(0.7, "D", "d"),
            "AE": Habit(0.5, "AA", "a"),
            "Z": Habit(0.5, "S", "s", last_only=True),
        },
    ),
    "indian": Accent("h", {"TH": Habit(0.8, "T", "t"), "DH": Habit(0.8, "D", "d"), "W": Habit(0.5, "V", "v")}),
    "japanese": Accent(
        "j",
        {
            **_DROPPED_R,
            "TH": Habit(0.8, "S", "s"),
            "DH": Habit(0.8, "Z", "z"),
            "V": Habit(0.5, "B", "b"),
            "IH": Habit(0.5, "IY", "i"),
        },
    ),
}


def accented(sounds: Sequence[Sound], accent: Accent, rng: Random) -> list[Sound]:
    """The same words in this accent; each habit shows by chance, once and for all in a sentence."""
    shown = {name: habit for name, habit in accent.habits.items() if rng.random() < habit.share}
    said: list[Sound] = []
    for sound, following in zip(sounds, [*sounds[1:], Sound((), " ")], strict=True):
        habit = shown.get(" ".join(UNITS[unit].removeprefix("e_") for unit in sound.units))
        said += [sound] if habit is None or not _applies(habit, following) else _replaced(sound, habit)
    return said


def _applies(habit: Habit, following: Sound) -> bool:
    if habit.last_only:
        return not following.units
    return not (habit.coda_only and _begins_with_vowel(following))


def _begins_with_vowel(sound: Sound) -> bool:
    return bool(sound.units) and UNITS[sound.units[0]].removeprefix("e_") in VOWELS


def _replaced(sound: Sound, habit: Habit) -> list[Sound]:
    if not habit.units:
        return []
    stress = sound.symbols[0] if sound.symbols[0] in STRESS else ""
    return [Sound(tuple(UNIT[f"e_{name}"] for name in habit.units.split()), stress + habit.symbols)]
