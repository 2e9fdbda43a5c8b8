"""Days, as people name them. Which date that is, the desk decides by the site's day boundary (ivr.desk.days)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, find
from ivr.dialogue.understand.day_words import VAGUE, VAGUE_WORDS, WEEKDAYS, WEEKS, heard, named
from ivr.dialogue.understand.halves import HALVES
from ivr.dialogue.understand.manner import forms
from ivr.records import Language

NEEDS_DAY = "needs_day"
ZH_SHORT = {
    short + half: (day, half)
    for short, day in (("今", "今天"), ("明", "明天"), ("后", "后天"))
    for half in ("早", "晚", "晨")
}
"""今早, 明晚: a day and a half of it in two characters"""

_HALVES_ZH = (*(phrase for phrases in HALVES["zh"].values() for phrase in phrases), "早", "晚")
_HALVES_EN = tuple(phrase for phrases in HALVES["en"].values() for phrase in phrases)
_VAGUE = {
    language: {value: tuple(phrase for phrase, each in rows.items() if each == value) for value in VAGUE}
    for language, rows in VAGUE_WORDS.items()
}


def split(said: str, language: Language) -> Iterator[tuple[str, str]]:
    """(value of the day with which `said` begins, what is left), the longest first."""
    days, parts = named(language), said if language == "zh" else said.split()
    blank = "" if language == "zh" else " "
    for length in range(min(len(parts), 8), 0, -1):
        day = days.get(blank.join(parts[:length]))
        if day:
            yield day, blank.join(parts[length:])


def _phrases(language: Language, _context: Context) -> tuple[str, ...]:
    halves = ("今晚", "今天早上", "明早", "明天早上") if language == "zh" else ("tonight", "tomorrow morning")
    return tuple(dict.fromkeys([*heard(language), *halves]))


def _from_words(text: str, language: Language, context: Context) -> Answer:
    for said in forms(text, language):
        day = _one(said, language)
        if day:
            return Answer("understood", _within(context.saved, day))
        vague = find(said, _VAGUE[language])
        if vague:
            return Answer(NEEDS_DAY, vague)
    return NOT_UNDERSTOOD


def _one(said: str, language: Language) -> str | None:
    """The value of a whole utterance that is one day, with a half of it or without."""
    if language == "zh":
        short, half = ZH_SHORT.get(said[:2], (said[:2], ""))
        said = short + half + said[2:]
        return next((day for day, rest in split(said, language) if rest in {"", *_HALVES_ZH}), None)
    if said in {"tonight", "this evening", "this morning", "this afternoon"}:
        return "today"
    said = said.removeprefix("on ").removeprefix("for ")
    return next((day for day, rest in split(said, language) if rest in {"", *_HALVES_EN, "in"}), None)


def _within(saved: str, day: str) -> str:
    """Friday, said after “next week”, is next week's."""
    return WEEKS.get(saved, "") + day if day in WEEKDAYS else day


def _from_keys(keys: str, _context: Context) -> Answer:
    day = {"1": "today", "2": "tomorrow"}.get(keys)
    return Answer("understood", day) if day else NOT_UNDERSTOOD


def _date_from_keys(keys: str, _context: Context) -> Answer:
    """Month and day in four keys: 0103 is the third of January."""
    if len(keys) != 4 or not keys.isdigit():
        return NOT_UNDERSTOOD
    try:
        # any leap year: the 29th of February is a date, too
        day = date(2024, int(keys[:2]), int(keys[2:]))
    except ValueError:
        return NOT_UNDERSTOOD
    return Answer("understood", f"--{day:%m-%d}")


DAY = Slot(
    name="day",
    kind=QuestionKind.MENU,
    outcomes=("understood", NEEDS_DAY),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 1,
)

DATE = Slot(
    name="date",
    kind=QuestionKind.CLOCK,
    outcomes=("understood", NEEDS_DAY),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_date_from_keys,
    longest_keys=lambda _context: 4,
)
"""the same words, asked for by their date: its keys are month and day"""
