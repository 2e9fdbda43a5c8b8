"""Clock times and halves of the day. 12-hour ambiguity is an outcome, never a guess (W4)."""

from __future__ import annotations

from datetime import time

from ivr.dialogue.understand import clock_en, clock_zh
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, UNCLEAR, Answer, Context, QuestionKind, Slot, find, plain
from ivr.dialogue.understand.halves import HALVES, moment
from ivr.dialogue.understand.manner import forms
from ivr.records import Language


def _clock_phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return tuple(dict.fromkeys(clock_zh.sentences() if language == "zh" else clock_en.sentences()))


def _clock_from_words(text: str, language: Language, _context: Context) -> Answer:
    understand = clock_zh.understand if language == "zh" else clock_en.understand
    answers = (understand(said) for said in forms(text, language))
    return next((answer for answer in answers if answer.outcome != UNCLEAR), NOT_UNDERSTOOD)


def _clock_from_keys(keys: str, _context: Context) -> Answer:
    """Four keys are the 24-hour clock: 0630 is in the morning; three keys leave the half open.

    Three keys with a zero in front are four with one lost: 063 is no time.
    """
    if not keys.isdigit() or len(keys) not in {3, 4} or (len(keys) == 3 and keys[0] == "0"):
        return NOT_UNDERSTOOD
    hour, minute = int(keys[:-2]), int(keys[-2:])
    if len(keys) == 3 or hour == 24:
        return moment(hour, minute, "")
    if hour > 23 or minute > 59:
        return NOT_UNDERSTOOD
    return Answer("understood", f"{hour:02d}:{minute:02d}")


def _half_phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return tuple(phrase for phrases in HALVES[language].values() for phrase in phrases)


def _half_from_words(text: str, language: Language, context: Context) -> Answer:
    halves = (find(said, HALVES[language]) for said in (plain(text, language), *forms(text, language)))
    return _completed(next(filter(None, halves), None), context)


def _half_from_keys(keys: str, context: Context) -> Answer:
    """1 for the morning, 2 for the afternoon or evening: as a m and p m, so that 12:15 is 00:15 or 12:15."""
    return _completed({"1": "morning", "2": "afternoon"}.get(keys), context)


def _completed(half: str | None, context: Context) -> Answer:
    """The time that was said before, now with its half."""
    if half is None or not context.saved:
        return NOT_UNDERSTOOD
    saved = time.fromisoformat(context.saved)
    return moment(saved.hour, saved.minute, half)


CLOCK_TIME = Slot(
    name="clock_time",
    kind=QuestionKind.CLOCK,
    outcomes=("understood", "needs_half"),
    phrases=_clock_phrases,
    from_words=_clock_from_words,
    from_keys=_clock_from_keys,
    longest_keys=lambda _context: 4,
)

HALF_OF_DAY = Slot(
    name="half_of_day",
    kind=QuestionKind.MENU,
    outcomes=("understood",),
    phrases=_half_phrases,
    from_words=_half_from_words,
    from_keys=_half_from_keys,
    longest_keys=lambda _context: 1,
)
