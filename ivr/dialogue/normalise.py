"""Values and stray figures to speakable text: espeak reads 1208 as a thousand and some (facts/speech.md, S9)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, time
from types import MappingProxyType

from ivr.records import Language

ZH_DIGITS = "零一二三四五六七八九"
EN_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EN_TEENS = (
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
EN_TENS = ("twenty", "thirty", "forty", "fifty")
_EN_ORDINALS = {1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth"}
_EN_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_EN_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZH_WEEKDAYS = "一二三四五六日"
_ZH_HALVES = ((5, "凌晨"), (9, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))
_EN_HALVES = ((12, "in the morning"), (18, "in the afternoon"), (22, "in the evening"), (24, "at night"))


def zh_number(number: int) -> str:
    """0…99 the way they are counted: 十二, 二十, 四十五."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return ZH_DIGITS[ones]
    return ("" if tens == 1 else ZH_DIGITS[tens]) + "十" + (ZH_DIGITS[ones] if ones else "")


def en_number(number: int) -> str:
    """0…59 in words, without hyphens: the recogniser's spelling."""
    if number < 10:
        return EN_DIGITS[number]
    if number < 20:
        return EN_TEENS[number - 10]
    tens, ones = divmod(number, 10)
    return EN_TENS[tens - 2] + (f" {EN_DIGITS[ones]}" if ones else "")


def _room(value: str, language: Language) -> str:
    """Digit by digit, 一 as 幺, 0 as oh: what an operator says."""
    if language == "zh":
        return "".join("幺" if digit == "1" else ZH_DIGITS[int(digit)] for digit in value)
    return " ".join("oh" if digit == "0" else EN_DIGITS[int(digit)] for digit in value)


def _clock(value: str, language: Language) -> str:
    moment = time.fromisoformat(value)
    return _zh_clock(moment) if language == "zh" else _en_clock(moment)


def _zh_clock(moment: time) -> str:
    half = next(name for limit, name in _ZH_HALVES if moment.hour < limit)
    hour = moment.hour if moment.hour <= 12 else moment.hour - 12
    spoken = "两" if hour == 2 else zh_number(hour)
    minutes = {0: "", 15: "一刻", 30: "半", 45: "三刻"}.get(moment.minute)
    if minutes is None:
        minutes = ("零" if moment.minute < 10 else "") + zh_number(moment.minute) + "分"
    return f"{half}{spoken}点{minutes}"


def _en_clock(moment: time) -> str:
    if (moment.hour, moment.minute) in {(0, 0), (12, 0)}:
        return "midnight" if moment.hour == 0 else "twelve noon"
    half = next(name for limit, name in _EN_HALVES if moment.hour < limit)
    hour = en_number((moment.hour - 1) % 12 + 1)
    if moment.minute == 0:
        return f"{hour} o'clock {half}"
    minutes = f"oh {EN_DIGITS[moment.minute]}" if moment.minute < 10 else en_number(moment.minute)
    return f"{hour} {minutes} {half}"


def _date(value: str, language: Language) -> str:
    """Weekday and date, always both: “tomorrow” means two things after midnight (design.md)."""
    day = date.fromisoformat(value)
    if language == "zh":
        return f"{zh_number(day.month)}月{zh_number(day.day)}日，星期{_ZH_WEEKDAYS[day.weekday()]}，"
    return f"{_EN_WEEKDAYS[day.weekday()]} the {en_ordinal(day.day)} of {_EN_MONTHS[day.month - 1]}"


def en_ordinal(number: int) -> str:
    """1…31 as first … thirty-first."""
    if number in _EN_ORDINALS:
        return _EN_ORDINALS[number]
    if number < 20:
        return en_number(number) + "th"
    tens, ones = divmod(number, 10)
    if ones == 0:
        return EN_TENS[tens - 2][:-1] + "ieth"
    return f"{EN_TENS[tens - 2]}-{en_ordinal(ones)}"


def _hello(value: str, language: Language) -> str:
    """The greeting of the time of day (S2)."""
    hour = time.fromisoformat(value).hour
    if language == "zh":
        return (
            "早上好" if 5 <= hour < 11 else "中午好" if 11 <= hour < 13 else "下午好" if 13 <= hour < 18 else "晚上好"
        )
    return "Good morning" if 5 <= hour < 12 else "Good afternoon" if 12 <= hour < 18 else "Good evening"


def _wish(value: str, language: Language) -> str:
    """The wish at the end of a call: a good night when it is one (W1)."""
    night = not 5 <= time.fromisoformat(value).hour < 20
    if language == "zh":
        return "祝您晚安" if night else "祝您愉快"
    return "We wish you a good night" if night else "Have a pleasant day"


def _text(value: str, _language: Language) -> str:
    return value


SPEAKERS: Mapping[str, Callable[[str, Language], str]] = MappingProxyType(
    {"room": _room, "clock": _clock, "date": _date, "hello": _hello, "wish": _wish, "text": _text}
)
"""type of a prompt's variable → how its value is spoken"""


def speak(kind: str, value: str, language: Language) -> str:
    """The spoken form of a value of one of the types in SPEAKERS."""
    return SPEAKERS[kind](value, language)


_CLOCK_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3]):([0-5]\d)(?!\d)")
_FIGURES = re.compile(r"\d+")


def speakable(text: str, language: Language) -> str:
    """Prompt text as the voice must get it: no figure is left to the engine's own reading.

    Times become times, every other figure is read digit by digit, which is right for rooms, extensions and keys.
    """
    text = unicodedata.normalize("NFKC", text) if language == "en" else _half_width_figures(text)
    text = _CLOCK_TIME.sub(lambda match: _clock(f"{int(match[1]):02d}:{match[2]}", language), text)

    def figures(match: re.Match[str]) -> str:
        digits = match[0]
        if len(digits) == 1:
            return ZH_DIGITS[int(digits)] if language == "zh" else EN_DIGITS[int(digits)]
        return _room(digits, language)

    return _FIGURES.sub(figures, text)


def _half_width_figures(text: str) -> str:
    """Full-width digits, and the colon of a time: Chinese punctuation must stay, its pauses are wanted."""
    return re.sub(r"(?<=\d)：(?=\d)", ":", text.translate({0xFF10 + digit: str(digit) for digit in range(10)}))
