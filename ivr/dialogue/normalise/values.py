"""The typed values of prompts, as they are spoken."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from types import MappingProxyType

from ivr.dialogue.normalise.english import en_clock, en_date, en_digits, en_weekday
from ivr.dialogue.normalise.holidays import GREETINGS, holiday
from ivr.dialogue.normalise.mandarin import zh_clock, zh_date, zh_digits, zh_weekday
from ivr.records import Language


def _room(value: str, language: Language) -> str:
    """Digit by digit, 一 as 幺, 0 as oh: what an operator says."""
    return zh_digits(value) if language == "zh" else en_digits(value)


def _clock(value: str, language: Language) -> str:
    moment = time.fromisoformat(value)
    return zh_clock(moment) if language == "zh" else en_clock(moment)


def _date(value: str, language: Language) -> str:
    """Weekday and date, always both: “tomorrow” means two things after midnight (design.md)."""
    day = date.fromisoformat(value)
    return f"{zh_date(day)}，{zh_weekday(day)}，" if language == "zh" else f"{en_weekday(day)} {en_date(day)}"


def _hello(value: str, language: Language) -> str:
    """The greeting of the holiday, else of the time of day (S2)."""
    day, moment = _day_and_time(value)
    found = holiday(day) if day else None
    if found:
        return GREETINGS[found][language]
    hour = moment.hour
    if language == "zh":
        return (
            "早上好" if 5 <= hour < 11 else "中午好" if 11 <= hour < 13 else "下午好" if 13 <= hour < 18 else "晚上好"
        )
    return "Good morning" if 5 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _wish(value: str, language: Language) -> str:
    """The wish at the end of a call: a good night when it is one (W1)."""
    night = not 5 <= _day_and_time(value)[1].hour < 20
    if language == "zh":
        return "祝您晚安" if night else "祝您愉快"
    return "We wish you a good night" if night else "Have a pleasant day"


def _day_and_time(value: str) -> tuple[date | None, time]:
    """`2027-02-06T09:00`, or a time of any day, `09:00`."""
    day, sign, moment = value.rpartition("T")
    return (date.fromisoformat(day) if sign else None), time.fromisoformat(moment)


def _text(value: str, _language: Language) -> str:
    return value


SPEAKERS: Mapping[str, Callable[[str, Language], str]] = MappingProxyType(
    {"room": _room, "clock": _clock, "date": _date, "hello": _hello, "wish": _wish, "text": _text}
)
"""type of a prompt's variable → how its value is spoken"""


def speak(kind: str, value: str, language: Language) -> str:
    """The spoken form of a value of one of the types in SPEAKERS."""
    return SPEAKERS[kind](value, language)
