"""What an answer is: an outcome of a closed set, a value as text, and the slot that makes it from words or keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from ivr.records import Language

UNCLEAR = "unclear"
UNKNOWN = "[unk]"
"""Vosk's word for speech outside the grammar"""

LOST_WORDS = frozenset({"to", "at", "the", "there", "in", "it"})
"""short English words that the bundled model often drops (heard on tests/audio/callers)"""


class QuestionKind(StrEnum):
    """How patiently an answer is listened to: digits come in groups, a yes does not (facts/speech.md)."""

    AGREEMENT = "agreement"
    MENU = "menu"
    CLOCK = "clock_time"
    DIGITS = "room"


@dataclass(frozen=True)
class Answer:
    """One answer. `also` holds values of other slots that were said in the same breath (明天早上七点)."""

    outcome: str
    value: str = ""
    also: Mapping[str, str] = field(default_factory=dict)


NOT_UNDERSTOOD = Answer(UNCLEAR)


@dataclass(frozen=True)
class Context:
    """What a slot may look at besides the words themselves."""

    saved: str = ""
    """value that the step's own slot already has"""
    day: str = ""
    """value of the slot `day` that was said before"""
    choices: Mapping[str, str] = field(default_factory=dict)
    """menu choice → key"""
    words: Mapping[Language, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """menu choice → the words that mean it"""
    departments: Mapping[Language, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """department → its names"""
    room_lengths: tuple[int, ...] = (3, 4)
    """how many digits the house's room numbers have"""


@dataclass(frozen=True)
class Slot:
    """A kind of answer. Words and keys of the same value give the same Answer (design.md, rule 2)."""

    name: str
    kind: QuestionKind
    outcomes: tuple[str, ...]
    phrases: Callable[[Language, Context], tuple[str, ...]]
    """everything that a caller may say, for the recogniser's grammar"""
    from_words: Callable[[str, Language, Context], Answer]
    from_keys: Callable[[str, Context], Answer]
    longest_keys: Callable[[Context], int]
    chooses: bool = False
    """whether the step's own `choices` are outcomes, too"""


def plain(text: str, language: Language) -> str:
    """Words without `[unk]`, Chinese without blanks."""
    words = [word for word in text.split() if word != UNKNOWN]
    return ("" if language == "zh" else " ").join(words)


def exact(text: str, language: Language) -> str | None:
    """As `plain`, but None when something unknown stands between the words: half a number is no number."""
    words = text.split()
    while words and words[0] == UNKNOWN:
        del words[0]
    while words and words[-1] == UNKNOWN:
        del words[-1]
    return None if UNKNOWN in words else plain(" ".join(words), language)


def frozen(table: dict[Language, dict[str, tuple[str, ...]]]) -> Mapping[Language, Mapping[str, tuple[str, ...]]]:
    return MappingProxyType({language: MappingProxyType(rows) for language, rows in table.items()})


def find(text: str, rows: Mapping[str, tuple[str, ...]]) -> str | None:
    """The meaning whose phrase is `text`, or is but for short words that the recogniser loses."""
    for form in (str, without_lost):
        said = form(text)
        meanings = {meaning for meaning, phrases in rows.items() if said and said in map(form, phrases)}
        if len(meanings) == 1:
            return meanings.pop()
    return None


def without_lost(text: str) -> str:
    """English without the words that are heard or not, as it comes; Chinese is left alone."""
    return " ".join(word for word in text.split() if word not in LOST_WORDS)
