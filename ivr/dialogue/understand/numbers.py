"""Numbers in words, as they are counted: 0 to 9999, from tables of what each number is called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ivr.dialogue.normalise import EN_DIGITS, EN_TEENS, ZH_DIGITS

EN_ALL_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def zh_count(number: int) -> str:
    """0…9999: 十二, 三百零一, 一千零八, 一千二百一十."""
    if number < 20:
        return ZH_DIGITS[number] if number < 10 else "十" + (ZH_DIGITS[number - 10] if number > 10 else "")
    said, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            said += ("零" if gap and said else "") + ZH_DIGITS[digit] + name
        gap = digit == 0
    return said


def en_count(number: int) -> str:
    """0…9999 without “and”: three hundred one, one thousand two hundred eight."""
    if number < 20:
        return EN_DIGITS[number] if number < 10 else EN_TEENS[number - 10]
    parts = []
    for unit, name in ((1000, "thousand"), (100, "hundred")):
        if number >= unit:
            parts += [EN_DIGITS[number // unit], name]
            number %= unit
    if number >= 20:
        parts.append(EN_ALL_TENS[number // 10 - 2])
        number %= 10
    return " ".join([*parts, *([en_count(number)] if number else [])])


def from_zh(said: str) -> int | None:
    """The number that `said`, without blanks, counts; None for digits in a row, and for 三百五, which leaves a unit out."""
    return _zh_names().get(said.replace("两", "二"))


def from_en(said: str) -> int | None:
    """The number that `said` counts: also “twelve hundred and eight”, “a hundred”."""
    words = ["one" if word == "a" else word for word in said.split() if word != "and"]
    return _en_names().get(" ".join(words))


@cache
def _zh_names() -> Mapping[str, int]:
    names = {zh_count(number): number for number in range(10_000)}
    # 一十二, 一百十二 are said, too
    names |= {f"一{zh_count(number)}": number for number in range(10, 20)}
    names |= {name.replace("百一十", "百十"): number for name, number in names.items() if "百一十" in name}
    return MappingProxyType(names)


@cache
def _en_names() -> Mapping[str, int]:
    names = {en_count(number): number for number in range(10_000)}
    for number in range(1100, 10_000):
        hundreds, rest = divmod(number, 100)
        if hundreds % 10:
            names[f"{en_count(hundreds)} hundred{f' {en_count(rest)}' if rest else ''}"] = number
    return MappingProxyType(names)
