"""Digits in a row, one by one, doubled or in pairs: rooms, telephone numbers and codes are made of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ivr.dialogue.normalise import EN_DIGITS, EN_TEENS, EN_TENS, ZH_DIGITS
from ivr.records import Language

ZH_READINGS = {
    **{digit: str(value) for value, digit in enumerate(ZH_DIGITS)},
    "幺": "1",
    "两": "2",
    "〇": "0",
    "洞": "0",
}
ZH_SPOKEN = "零一二三四五六七八九幺"
_ZH_ROW = re.compile(rf"(?:(?P<times>[两二三四五六])个(?P<of>[{ZH_SPOKEN}])|(?P<one>[{''.join(ZH_READINGS)}]))")
_REPEATS = {"double": 2, "triple": 3, "treble": 3}
_EN_ZEROS = ("oh", "o", "nought")


def digits(said: str, language: Language) -> str | None:
    """The digits of a whole utterance; None when it holds anything else.

    `said` has no blanks in Chinese. 三个八, triple eight are 888.
    """
    return _zh_digits(said) if language == "zh" else _en_digits(said)


def _zh_digits(said: str) -> str | None:
    found, place = "", 0
    while place < len(said):
        match = _ZH_ROW.match(said, place)
        if match is None:
            return None
        found += (
            ZH_READINGS[match["one"]] if match["one"] else ZH_READINGS[match["of"]] * int(ZH_READINGS[match["times"]])
        )
        place = match.end()
    return found


def _en_digits(said: str) -> str | None:
    parts = list(_en_parts(said.split()))
    # “twelve eight” is most likely “twelve oh eight” that lost its “oh” on the line: better no number than 128
    lost = len(parts) > 1 and parts[-2][1] and len(parts[-1][0]) == 1
    return None if lost or any(not part for part, _ in parts) else "".join(part for part, _ in parts)


def _en_parts(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Each digit, doubled digit or counted number up to 99 as digits, with whether it was counted; "" for none."""
    index = 0
    while index < len(words):
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else ""
        index += 1
        if word in _REPEATS:
            index += 1
            yield _digit(following) * _REPEATS[word], False
        elif word in EN_TEENS:
            yield str(EN_TEENS.index(word) + 10), True
        elif word in EN_TENS:
            tens = (EN_TENS.index(word) + 2) * 10
            if following in EN_DIGITS[1:]:
                index += 1
                tens += EN_DIGITS.index(following)
            yield str(tens), True
        else:
            yield _digit(word), False


def _digit(word: str) -> str:
    if word in _EN_ZEROS:
        return "0"
    return str(EN_DIGITS.index(word)) if word in EN_DIGITS else ""
