"""Clock times in Chinese: the sentences that the recogniser listens for, and what they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.dialogue.normalise import ZH_DIGITS, zh_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer
from ivr.dialogue.understand.day import PHRASES as DAYS
from ivr.dialogue.understand.halves import HALVES, hour_in, moment

_HALF_OF = {phrase: half for half, phrases in HALVES["zh"].items() for phrase in phrases}
_DAY_OF = {phrase: day for day, phrases in DAYS["zh"].items() for phrase in phrases}
_SHORT = {"今早": "今天早上", "明早": "明天早上", "今晚": "今天晚上", "明晚": "明天晚上"}
_SAID_HALVES = ("", "凌晨", "早上", "上午", "早晨", "中午", "下午", "晚上")
_MINUTES = ("", "整", "钟", "半", "一刻", "三刻", "零五分", *(f"{zh_number(five)}分" for five in range(10, 60, 5)))
_SHORT_MINUTES = tuple(zh_number(five) for five in (10, 15, 20, 25, 35, 40, 45, 50, 55))
_NUMBERS = {
    **{f"零{digit}": value for value, digit in enumerate(ZH_DIGITS)},
    **{zh_number(value): value for value in range(100)},
    "两": 2,
}

_TIME = re.compile(
    rf"(?P<day>{'|'.join(_DAY_OF)})?(?P<part>{'|'.join(_HALF_OF)})?(?P<hour>[零一二两三四五六七八九十]{{1,3}})点"
    r"(?:(?P<half>半)|(?P<quarter>[一三])刻|[钟整]|(?P<minutes>[零一二三四五六七八九十]{1,3})(?P<unit>分)?)?"
)


def sentences() -> Iterator[str]:
    """Whole sentences: they hear best (facts/models.md, trap 0)."""
    spoken = {hour: "两" if hour == 2 else zh_number(hour) for hour in range(1, 13)}
    times = {hour: [f"{name}点{end}" for end in (*_MINUTES, *_SHORT_MINUTES)] for hour, name in spoken.items()}
    for day in ("", *_DAY_OF):
        for half in _SAID_HALVES:
            for hour, moments in times.items():
                if not half or hour_in(_HALF_OF[half], hour) is not None:
                    yield from (" ".join(filter(None, (day, half, each))) for each in moments)
    yield from (f"{zh_number(hour)}点{minutes}" for hour in (0, *range(13, 24)) for minutes in _MINUTES)
    for short in ("明早", "今晚"):
        yield from (f"{short} {each}" for moments in times.values() for each in moments)


def understand(said: str) -> Answer:
    """`said` is a whole utterance without blanks."""
    match = _TIME.fullmatch(_SHORT.get(said[:2], said[:2]) + said[2:])
    if match is None:
        return NOT_UNDERSTOOD
    hour, minute = _NUMBERS.get(match["hour"]), _minute(match)
    if hour is None or minute is None:
        return NOT_UNDERSTOOD
    return moment(hour, minute, _HALF_OF.get(match["part"], ""), _DAY_OF.get(match["day"], ""))


def _minute(match: re.Match[str]) -> int | None:
    """None for no number, and for a single digit without 分: 七点五 is half of 七点五十 or of 七点零五."""
    if match["half"]:
        return 30
    if match["quarter"]:
        return {"一": 15, "三": 45}[match["quarter"]]
    spoken = match["minutes"]
    if spoken is None:
        return 0
    return None if spoken in ZH_DIGITS and not match["unit"] else _NUMBERS.get(spoken)
