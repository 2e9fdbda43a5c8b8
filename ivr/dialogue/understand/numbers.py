"""Numbers in words, as they are counted: 0 to 9999, from the normaliser's own names of them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from ivr.dialogue.normalise import en_number, zh_number
from ivr.records import Language

NUMBERS = range(10_000)


def from_zh(said: str) -> int | None:
    """The number that `said`, without blanks, counts; None for digits in a row, or for 三百五, which lacks a unit."""
    return _names("zh").get(said.replace("两", "二"))


def from_en(said: str) -> int | None:
    """The number that `said` counts: also “twelve hundred and eight”, “a hundred”."""
    words = ["one" if word == "a" else word for word in said.split() if word != "and"]
    return _names("en").get(" ".join(words))


@cache
def _names(language: Language) -> Mapping[str, int]:
    return MappingProxyType(_zh_names() if language == "zh" else _en_names())


def _zh_names() -> dict[str, int]:
    names = {zh_number(number).replace("两", "二"): number for number in NUMBERS}
    # 一十二, 一百十二 are said, too
    names |= {f"一{zh_number(number)}": number for number in range(10, 20)}
    return names | {name.replace("百一十", "百十"): number for name, number in names.items() if "百一十" in name}


def _en_names() -> dict[str, int]:
    names = {en_number(number).replace(" and ", " "): number for number in NUMBERS}
    for number in NUMBERS[1100:]:
        hundreds, rest = divmod(number, 100)
        if hundreds % 10:
            names[f"{en_number(hundreds)} hundred{f' {en_number(rest)}' if rest else ''}"] = number
    return names
