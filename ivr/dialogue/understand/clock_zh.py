"""Clock times in Chinese: the sentences that the recogniser listens for, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle

from ivr.dialogue.normalise import ZH_DIGITS, zh_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, UNCLEAR, Answer
from ivr.dialogue.understand.day import ZH_SHORT, split
from ivr.dialogue.understand.day_words import VAGUE_WORDS, dated
from ivr.dialogue.understand.halves import HALVES, hour_in, moment

_HALF_OF = {phrase: half for half, phrases in HALVES["zh"].items() for phrase in phrases}
_BRIEF = {"早": "morning", "晚": "late"}
"""早七点, 晚八点"""
_SAID_HALVES = ("", "凌晨", "早上", "上午", "早晨", "中午", "下午", "晚上")
_MINUTES = ("", "整", "钟", "半", "一刻", "三刻", "零五分", *(f"{zh_number(five)}分" for five in range(10, 60, 5)))
_ODD_MINUTES = tuple(f"{'零' if minute < 10 else ''}{zh_number(minute)}分" for minute in range(1, 60) if minute % 5)
"""of which each is heard as seldom as all others: a caller who says them must not be taken for the five beside them"""
_SHORT_MINUTES = tuple(zh_number(five) for five in (10, 15, 20, 25, 35, 40, 45, 50, 55))
_NUMBERS = {
    **{f"零{digit}": value for value, digit in enumerate(ZH_DIGITS)},
    **{zh_number(value): value for value in range(100)},
    "两": 2,
}

_NUMBER = "[零一二两三四五六七八九十]{1,3}"
_HALF = rf"的?(?P<part>{'|'.join((*_HALF_OF, *_BRIEF))})?的?"
_FOR_HALF = "八月$"
"""what the bundled model hears for 半 at the end (three of a caller's three 七点半); after 点 no month can follow"""
_TIME = re.compile(
    rf"{_HALF}(?P<hour>{_NUMBER})[点时]"
    rf"(?:(?P<half>半|{_FOR_HALF})钟?|过?(?P<quarter>[一三])刻|[钟整]|过?(?P<minutes>{_NUMBER})(?P<unit>分)?)?"
)
_BEFORE = tuple(
    re.compile(_HALF + pattern)
    for pattern in (
        rf"差(?:(?P<quarter>一)刻|(?P<minutes>{_NUMBER})分?)钟?(?:到|就)?(?P<hour>{_NUMBER})[点时]整?",
        rf"(?P<hour>{_NUMBER})[点时]差(?:(?P<quarter>一)刻|(?P<minutes>{_NUMBER})分?)",
    )
)
_ALONE = {"正午": "noon", "午夜": "midnight"}


def sentences() -> Iterator[str]:
    """Whole sentences: they hear best (facts/models.md, trap 0). Rarer days have a few: bigrams span the rest."""
    spoken = {hour: "两" if hour == 2 else zh_number(hour) for hour in range(1, 13)}
    times = {hour: [f"{name}点{end}" for end in (*_MINUTES, *_SHORT_MINUTES)] for hour, name in spoken.items()}
    for day in ("", "今天", "明天"):
        for half in _SAID_HALVES:
            for hour, moments in times.items():
                if not half or hour_in(_HALF_OF[half], hour) is not None:
                    yield from (" ".join(filter(None, (day, half, each))) for each in moments)
    yield from (f"{name}点 {minutes}" for name in spoken.values() for minutes in _ODD_MINUTES)
    yield from (f"{zh_number(hour)}点{minutes}" for hour in (0, *range(13, 24)) for minutes in _MINUTES)
    for short in ("明早", "今晚"):
        yield from (f"{short} {each}" for moments in times.values() for each in moments)
    for name in spoken.values():
        yield from (f"差{minutes} {name}点" for minutes in ("五分", "十分", "一刻"))
        yield from (f"{name}点过五分", f"{name}点过十分")
    yield from (
        f"{half} {time}" for half in ("半夜", "夜里", "今天 半夜") for time in ("十二点", "一点", "两点", "三点")
    )
    # each time as seldom as any other: 40 days “at seven” would make seven the likeliest (measured on the callers)
    mornings = cycle(each for hour in (6, 7, 8, 9, 10) for each in times[hour])
    afternoons = cycle(each for hour in (12, 1, 2) for each in times[hour])
    for day in _rarer_days():
        yield from (f"{day} {next(mornings)}" for _ in range(2))
        yield from (f"{day} {half} {next(mornings)}" for half in ("早上", "上午", "晚上"))
        yield from (f"{day} {half} {next(afternoons)}" for half in ("中午", "下午"))
    anytime = cycle(f"{half} {each}" for hour in range(1, 13) for half in _halves_of(hour) for each in times[hour])
    yield from (f"{day} {next(anytime)}" for day in dated("zh"))
    yield from ("正午", "午夜", "今天 午夜")


def _halves_of(hour: int) -> Iterator[str]:
    yield from (half for half in ("早上", "下午", "晚上") if hour_in(_HALF_OF[half], hour) is not None)


def _rarer_days() -> Iterator[str]:
    yield from ("后天", "大后天")
    for lead in ("周", "星期", "下周", "下星期", "这周", "这星期", "下 下周", "再 下星期"):
        yield from (f"{lead}{day}" for day in "一二三四五六日")


def understand(said: str) -> Answer:
    """`said` is a whole utterance without blanks."""
    short, half = ZH_SHORT.get(said[:2], (said[:2], ""))
    said = short + half + said[2:]
    for day, rest in (*split(said, "zh"), *_after_vague(said), ("", said)):
        answer = _time(rest, day)
        if answer.outcome != UNCLEAR:
            return answer
    return NOT_UNDERSTOOD


def _after_vague(said: str) -> Iterator[tuple[str, str]]:
    """周末早上七点: the time is understood, the day is asked for."""
    yield from (("", said.removeprefix(phrase)) for phrase in VAGUE_WORDS["zh"] if said.startswith(phrase))


def _time(said: str, day: str) -> Answer:
    if said in _ALONE:
        return moment(12, 0, _ALONE[said], day)
    match = _TIME.fullmatch(said) or next(filter(None, (each.fullmatch(said) for each in _BEFORE)), None)
    if match is None:
        return NOT_UNDERSTOOD
    hour, minute = _NUMBERS.get(match["hour"]), _minute(match)
    if hour is None or minute is None:
        return NOT_UNDERSTOOD
    if match.re is not _TIME:
        if not 1 <= hour <= 24 or not 1 <= minute < 30:
            return NOT_UNDERSTOOD
        # one o'clock of the 12-hour clock comes after twelve
        hour, minute = (hour - 1 or 12), 60 - minute
    part = match["part"] or ""
    return moment(hour, minute, _HALF_OF.get(part) or _BRIEF.get(part, ""), day)


def _minute(match: re.Match[str]) -> int | None:
    """None for no number, and for a single digit without 分: 七点五 is half of 七点五十 or of 七点零五."""
    groups = match.groupdict()
    if groups.get("half"):
        return 30
    if match["quarter"]:
        return {"一": 15, "三": 45}[match["quarter"]]
    spoken = match["minutes"]
    if spoken is None:
        return 0
    return None if spoken in ZH_DIGITS and "unit" in groups and not match["unit"] else _NUMBERS.get(spoken)
