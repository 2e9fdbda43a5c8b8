"""Clock times in English: the sentences that the recogniser listens for, and what they mean.

The recogniser loses short words (to, at, the, in); a time is taken without them where it is still one time only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import cycle

from ivr.dialogue.normalise import EN_DIGITS, en_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer
from ivr.dialogue.understand.day_words import VAGUE_WORDS, WEEKDAYS, dated, named
from ivr.dialogue.understand.halves import moment

_TAILS = ("", "in the morning", "in the afternoon", "in the evening", "at night", "a m", "p m")
_LEADS = ("", "tomorrow at", "today at", "at")
_HALF_LEADS = ("tomorrow morning at", "tonight at")
_MINUTES = tuple(en_number(five) for five in range(10, 60, 5))
_ODD_MINUTES = tuple(en_number(minute) for minute in range(11, 60) if minute % 5)
"""of which each is heard as seldom as all others: a caller who says them must not be taken for the five beside them"""

_HALF_OF = {
    **dict.fromkeys(("a m", "am"), "morning"),
    **dict.fromkeys(("p m", "pm"), "afternoon"),
    "night": "late",
    "midday": "noon",
    **{half: half for half in ("morning", "noon", "afternoon", "evening", "midnight")},
}
_PARTS = "morning|afternoon|evening|night"
_SOON = rf"(?P<tonight>tonight|this (?:{_PARTS}))"
_LEAD = re.compile(rf"(?:{_SOON}|(?:in )?(?:the )?(?P<half>{_PARTS})) (?:at )?|(?:at|on) ")
_TAIL = re.compile(rf" (?:{_SOON}|(?:at |in )?(?:the )?(?P<half>{_PARTS}|noon|midday|midnight|a m|p m|am|pm))$")
_LONGEST_DAY = 6
"""words: the twenty third of next month"""
_NUMBERS = {en_number(value): value for value in range(60)}
_PAST = ("five", "ten", "twenty", "twenty five")
"""minutes that are mostly said past or to an hour, besides quarter and half"""
_SIDES = {"past": 1, "after": 1, "to": -1, "till": -1, "before": -1}


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
    for hour in map(en_number, range(1, 13)):
        yield from (f"{minutes} {side} {hour}" for minutes in _PAST for side in ("past", "to"))
    yield from (f"{en_number(hour)} hundred" for hour in range(13, 24))
    yield from (
        f"oh {en_number(hour)} {rest}" for hour in range(1, 10) for rest in ("hundred", "hundred hours", "thirty")
    )
    # each time as seldom as any other: many days “at seven” would make seven the likeliest
    moments = cycle(times)
    for day in _rarer_days():
        yield from (f"{day} at {next(moments)}{half}" for half in ("", " a m", " p m"))
        yield from (f"{day} morning at {next(moments)}", f"{next(moments)} on {day}")
    tails = cycle(_TAILS)
    yield from (f"{day} at {next(moments)} {next(tails)}".strip() for day in dated("en"))
    hours = cycle(en_number(hour) for hour in range(1, 13))
    yield from (f"{next(hours)} {minute}" for minute in _ODD_MINUTES for _ in range(2))


def _rarer_days() -> Iterator[str]:
    yield "the day after tomorrow"
    for day in WEEKDAYS:
        yield from (f"{lead}{day}" for lead in ("", "next ", "this ", "a week on "))
        yield from (f"{day} next week", f"{day} the week after next")


def understand(said: str) -> Answer:
    """`said` is a whole utterance, words separated by one blank."""
    rest, days, halves = _parts(said.removeprefix("at "))
    if len(days) > 1 or len(halves) > 1:
        return NOT_UNDERSTOOD
    day, half = next(iter(days), ""), next(iter(halves), "")
    if rest in {"noon", "midday", "midnight"}:
        fits = halves <= ({"late"} if rest == "midnight" else set())
        return moment(12, 0, _HALF_OF[rest], day) if fits else NOT_UNDERSTOOD
    words = rest.split()
    whole = _whole(words)
    if whole is not None:
        return moment(*whole, half, day, whole=True)
    found = _time(words)
    return NOT_UNDERSTOOD if found is None else moment(*found, half, day)


def _parts(said: str) -> tuple[str, set[str], set[str]]:
    """What is left without days and halves at both ends, and these: two of a kind contradict each other."""
    days: set[str] = set()
    halves: set[str] = set()
    while True:
        match = _LEAD.match(said)
        dated = None if match else _dated(said, front=True)
        match = match or (None if dated else _TAIL.search(said))
        dated = dated or (None if match else _dated(said, front=False))
        if match:
            said = said[: match.start()] + said[match.end() :]
            days |= {"today"} if match["tonight"] else set()
            part = match["half"] or (match["tonight"] or "").removeprefix("this ").replace("tonight", "night")
            halves |= {_HALF_OF[part]} if part else set()
        elif dated:
            said, day = dated
            days |= {day} - {""}
        else:
            return said, days, halves


def _dated(said: str, *, front: bool) -> tuple[str, str] | None:
    """(the rest, the day with which an utterance begins or ends), longest first; the day is empty for “next week”."""
    words = said.split()
    for length in range(min(_LONGEST_DAY, len(words) - 1), 0, -1):
        name, rest = (words[:length], words[length:]) if front else (words[-length:], words[:-length])
        phrase = " ".join(name)
        if phrase in named("en") or phrase in VAGUE_WORDS["en"]:
            return " ".join(rest).removesuffix(" on"), named("en").get(phrase, "")
    return None


def _whole(words: Sequence[str]) -> tuple[int, int] | None:
    """(hour, minute) of the 24-hour clock spoken as such: twenty hundred, oh six hundred hours, oh six thirty."""
    match words:
        case [*hour, "hundred"] | [*hour, "hundred", "hours"]:
            shown = hour[1:] if hour[:1] in (["oh"], ["o"], ["zero"]) else hour
            value = _NUMBERS.get(" ".join(shown))
            return None if value is None or value > 24 else (value, 0)
        case ["oh" | "o" | "zero", hour, *minutes] if hour in EN_DIGITS[1:] and minutes:
            minute = _minutes(minutes)
            return None if minute is None or minutes == ["o'clock"] else (EN_DIGITS.index(hour), minute)
    return None


def _time(words: Sequence[str]) -> tuple[int, int] | None:
    """(hour, minute); None for what is no time, or only a part of one, such as “quarter seven” or “fifteen”."""
    match words[1:] if words[:1] == ["a"] else words:
        case ["half", "past", *hour] | ["half", *hour]:
            return _of_hour(hour, 30)
        case ["quarter", side, *hour] if side in _SIDES:
            return _of_hour(hour, 15 * _SIDES[side])
        case [*minutes, "minutes" | "minute", side, hour] | [*minutes, side, hour] if side in _SIDES:
            return _beside(minutes, side, hour)
        case [hour]:
            return _of_hour([hour], 0)
    return _figures(words)


def _beside(minutes: Sequence[str], side: str, hour: str) -> tuple[int, int] | None:
    """Up to 29 minutes past or to an hour."""
    minute = _NUMBERS.get(" ".join(minutes), 0)
    return _of_hour([hour], minute * _SIDES[side]) if 1 <= minute < 30 else None


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
        case ["oh" | "o" | "zero", digit] if digit in EN_DIGITS[1:]:
            return EN_DIGITS.index(digit)
    minute = _NUMBERS.get(" ".join(words), 0)
    return minute if minute >= 10 else None
