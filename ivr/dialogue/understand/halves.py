"""Halves of the day: what a 12-hour time becomes in each of them (W4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from types import MappingProxyType

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, frozen

HALVES = frozen(
    {
        "zh": {
            "night": ("凌晨",),
            "morning": ("早上", "早晨", "清晨"),
            "forenoon": ("上午",),
            "noon": ("中午", "正午"),
            "afternoon": ("下午",),
            "evening": ("傍晚",),
            "late": ("晚上",),
            "deep": ("半夜", "夜里"),
            "midnight": ("午夜",),
        },
        "en": {
            "morning": ("in the morning", "morning", "a m", "am"),
            "noon": ("noon", "midday"),
            "afternoon": ("in the afternoon", "afternoon", "p m", "pm"),
            "evening": ("in the evening", "evening"),
            "late": ("at night", "night"),
            "midnight": ("midnight",),
        },
    }
)

_MORNING = tuple(range(12))
_AFTERNOON = tuple(range(12, 24))
_HOURS: Mapping[str, tuple[int | None, ...]] = MappingProxyType(
    {
        "night": _MORNING,
        "morning": _MORNING,
        "forenoon": (12, *_MORNING[1:]),
        "noon": (12, 13, 14, *[None] * 8, 11),
        "afternoon": _AFTERNOON,
        "evening": (0, *_AFTERNOON[1:]),
        "late": (0, 1, 2, 3, 4, *_AFTERNOON[5:]),
        "deep": (*_MORNING[:6], *[None] * 3, *_AFTERNOON[9:]),
        "midnight": (0, *[None] * 11),
    }
)
"""hour on the 24-hour clock of twelve, one … eleven o'clock: 晚上三点, three at night are 03:00, 晚上八点 is 20:00"""


_BEFORE_THE_DAY_ENDS = ("late", "evening", "deep", "midnight")
_NIGHT_ENDS = 5
"""o'clock: 晚上四点 is said of the night, 五点 of the afternoon before"""


_AFTER = {"tomorrow": "after_tomorrow", "after_tomorrow": "in_three_days"}


def next_day(day: str) -> str:
    """The value of the day after another, but of `today`: until when that lasts is for the desk to say."""
    return day if day == "today" else _AFTER.get(day, f"{day}+1")


def hour_in(half: str, hour: int) -> int | None:
    """The 24-hour hour of 1…12 o'clock in a half of the day; None where nobody says so (中午七点)."""
    return _HOURS[half][hour % 12]


def moment(hour: int, minute: int, half: str, day: str = "", *, whole: bool = False) -> Answer:
    """The answer that a spoken time is: `needs_half` where it may be two times, `unclear` where it is none.

    `hour` 0…24, `half` a key of HALVES or empty, `day` a value of the day slot or empty; `whole` says that the hour was
    spoken as one of 24 (“oh six hundred”).
    """
    if hour > 24 or minute > 59 or (hour == 24 and minute):
        return NOT_UNDERSTOOD
    also = {"day": day} if day else {}
    hour %= 24
    if 1 <= hour <= 12 and not (whole and not half):
        if not half:
            return Answer("needs_half", time(hour, minute).isoformat("minutes"), also)
        found = hour_in(half, hour)
    else:
        found = hour if not half or hour in _HOURS[half] else None
    if found is None:
        return NOT_UNDERSTOOD
    if day and half in _BEFORE_THE_DAY_ENDS and found < _NIGHT_ENDS:
        # 明晚一点 lies in the night that begins tomorrow: on the calendar, the day after
        also = {"day": next_day(day)}
    return Answer("understood", time(found, minute).isoformat("minutes"), also)
