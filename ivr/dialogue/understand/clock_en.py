"""Clock times in English: the sentences that the recogniser listens for, and what they mean.

The recogniser loses short words (to, at, the, in); a time is taken without them where it is still one time only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ivr.dialogue.normalise import EN_DIGITS, en_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer
from ivr.dialogue.understand.day import PHRASES as DAYS
from ivr.dialogue.understand.halves import moment

_TAILS = ("", "in the morning", "in the afternoon", "in the evening", "at night", "a m", "p m")
_LEADS = ("", "tomorrow at", "today at", "at")
_HALF_LEADS = ("tomorrow morning at", "tonight at")
_MINUTES = tuple(en_number(five) for five in range(10, 60, 5))

_HALF_OF = {
    "a m": "morning",
    "p m": "afternoon",
    "night": "late",
    **{half: half for half in ("morning", "noon", "afternoon", "evening", "midnight")},
}
_DAY_OF = {phrase: day for day, phrases in DAYS["en"].items() for phrase in phrases}
_DAY = "|".join(_DAY_OF)
_LEAD = re.compile(rf"(?:(?P<day>{_DAY})|(?P<half>morning|afternoon|evening|night)|(?P<tonight>tonight)) (?:at )?")
_TAIL = re.compile(
    rf" (?:at )?(?:(?P<day>{_DAY})|(?:in )?(?:the )?(?P<half>morning|afternoon|evening|night|noon|midnight|a m|p m)"
    r"|(?P<tonight>tonight))$"
)
_NUMBERS = {en_number(value): value for value in range(60)}
_PAST = (5, 10, 20, 25)
"""minutes that are said past or to an hour, besides quarter and half"""


def sentences() -> Iterator[str]:
    """Whole sentences: they hear best (facts/models.md, trap 0)."""
    times: list[str] = []
    for hour in map(en_number, range(1, 13)):
        times += [hour, f"{hour} o'clock", f"half past {hour}", f"quarter past {hour}", f"quarter to {hour}"]
        times += [f"{hour} oh five", *(f"{hour} {minutes}" for minutes in _MINUTES)]
    for lead in _LEADS:
        for tail in _TAILS:
            yield from (" ".join(filter(None, (lead, each, tail))) for each in times)
        yield from (f"{lead} {each}".strip() for each in ("noon", "midnight", "twelve noon", "twelve midnight"))
    yield from (f"{lead} {each}" for lead in _HALF_LEADS for each in times)


def understand(said: str) -> Answer:
    """`said` is a whole utterance, words separated by one blank."""
    rest, days, halves = _parts(said.removeprefix("at "))
    if len(days) > 1 or len(halves) > 1:
        return NOT_UNDERSTOOD
    day = next(iter(days), "")
    if rest in {"noon", "midnight"}:
        fits = halves <= ({"late"} if rest == "midnight" else set())
        return moment(12, 0, rest, day) if fits else NOT_UNDERSTOOD
    found = _time(rest.split())
    return NOT_UNDERSTOOD if found is None else moment(*found, next(iter(halves), ""), day)


def _parts(said: str) -> tuple[str, set[str], set[str]]:
    """What is left without days and halves at both ends, and these: two of a kind contradict each other."""
    days: set[str] = set()
    halves: set[str] = set()
    for pattern in (_LEAD, _TAIL):
        while match := (pattern.match(said) if pattern is _LEAD else pattern.search(said)):
            said = said[: match.start()] + said[match.end() :]
            if match["day"] or match["tonight"]:
                days.add(_DAY_OF[match["day"] or "today"])
            if match["half"] or match["tonight"]:
                halves.add(_HALF_OF[match["half"] or "night"])
    return said, days, halves


def _time(words: Sequence[str]) -> tuple[int, int] | None:
    """(hour, minute); None for what is no time, or only a part of one, such as “quarter seven” or “fifteen”."""
    match words:
        case ["half", "past", *hour] | ["half", *hour]:
            return _of_hour(hour, 30)
        case ["quarter", "past", *hour]:
            return _of_hour(hour, 15)
        case ["quarter", "to", *hour]:
            return _of_hour(hour, -15)
        case [*minutes, "past" | "to" as side, hour]:
            minute = _NUMBERS.get(" ".join(minutes))
            return _of_hour([hour], minute if side == "past" else -minute) if minute in _PAST else None
        case [hour]:
            return _of_hour([hour], 0)
    return _figures(words)


def _of_hour(words: Sequence[str], minute: int) -> tuple[int, int] | None:
    """Minutes after, or before, an hour of the 12-hour clock."""
    hour = _NUMBERS.get(" ".join(words), 0)
    if not 1 <= hour <= 12:
        return None
    return (hour, minute) if minute >= 0 else ((hour - 1) or 12, 60 + minute)


def _figures(words: Sequence[str]) -> tuple[int, int] | None:
    """Hour and minutes in figures: seven o'clock, seven oh five, fifteen thirty, twenty two fifteen."""
    for cut in (1, 2):
        hour = _NUMBERS.get(" ".join(words[:cut]))
        minute = _minutes(words[cut:])
        if hour is not None and hour <= 23 and minute is not None:
            return hour, minute
    return None


def _minutes(words: Sequence[str]) -> int | None:
    match words:
        case ["o'clock"]:
            return 0
        case ["oh" | "zero", digit] if digit in EN_DIGITS[1:]:
            return EN_DIGITS.index(digit)
    minute = _NUMBERS.get(" ".join(words), 0)
    return minute if minute >= 10 else None
