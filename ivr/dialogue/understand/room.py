"""Room numbers: digit by digit in Chinese (一 or 幺), digit by digit or in pairs in English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

from ivr.dialogue.normalise import EN_DIGITS, EN_TEENS, EN_TENS, ZH_DIGITS, en_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, exact
from ivr.records import Language

_ZH_READINGS = {**{digit: str(value) for value, digit in enumerate(ZH_DIGITS)}, "幺": "1", "两": "2"}
_ZH_SPOKEN = "零一二三四五六七八九幺"
_ZH_TAILS = ("号", "房", "房间", "号房", "号房间")
_EN_PAIRS = tuple(en_number(value) for value in range(10, 60))
_EN_LEAD = re.compile(r"(?:room )?(?:number )?")


def _phrases(language: Language, context: Context) -> tuple[str, ...]:
    """English in pairs: Vosk makes a bigram of a grammar, so pairs of digits span every number."""
    if language == "zh":
        lengths = {part for length in context.room_lengths for part in ((3, 4) if length > 4 else (length,))}
        return tuple(phrase for length in sorted(lengths) for phrase in _zh_rooms(length))
    digits = (*EN_DIGITS, "oh")
    singles = [f"{first} {second}" for first in digits for second in digits]
    pairs = [f"{first} {second}" for first in (*digits[1:], *_EN_PAIRS) for second in _EN_PAIRS]
    hundreds = [f"{first} oh {digit}" for first in _EN_PAIRS[:11] for digit in EN_DIGITS[1:]]
    return tuple(singles + pairs + hundreds)


def _zh_rooms(length: int) -> Iterator[str]:
    """All of up to four digits, two a word, since no digit is lost of a word. Three and four span longer ones."""
    pairs = tuple(first + second for first, second in product(_ZH_SPOKEN, repeat=2))
    parts = [pairs] * (length // 2) + [tuple(_ZH_SPOKEN)] * (length % 2)
    yield from (" ".join(chosen) for chosen in product(*parts))


def _from_words(text: str, language: Language, context: Context) -> Answer:
    said = exact(text, language)
    if not said:
        return NOT_UNDERSTOOD
    digits = _zh_digits(said) if language == "zh" else _en_digits(said)
    return _room(digits, context)


def _from_keys(keys: str, context: Context) -> Answer:
    return _room(keys if keys.isdigit() else None, context)


def _room(digits: str | None, context: Context) -> Answer:
    if digits is None or len(digits) not in context.room_lengths:
        return NOT_UNDERSTOOD
    return Answer("understood", digits)


def _zh_digits(said: str) -> str | None:
    for tail in sorted(_ZH_TAILS, key=len, reverse=True):
        said = said.removesuffix(tail)
    if not all(character in _ZH_READINGS for character in said):
        return None
    return "".join(_ZH_READINGS[character] for character in said)


def _en_digits(said: str) -> str | None:
    before, hundred, after = _EN_LEAD.sub("", said, count=1).partition(" hundred")
    digits, rest = _en_joined(before), _en_joined(after.removeprefix(" and"))
    if digits is None or rest is None:
        return None
    if not hundred:
        return digits
    # three hundred one is 301, twelve hundred is 1200
    return digits + rest.zfill(2) if digits and len(rest) <= 2 else None


def _en_joined(words: str) -> str | None:
    parts = [part or "" for part in _en_parts(words.split())]
    # “twelve eight” is most likely “twelve oh eight” that lost its “oh” on the line: better no number than 128
    lost = len(parts) > 1 and len(parts[-2]) == 2 and len(parts[-1]) == 1
    return None if lost or "" in parts else "".join(parts)


def _en_parts(words: list[str]) -> Iterator[str | None]:
    """Each word or tens-and-ones pair as digits; None for a word that is no number."""
    index = 0
    while index < len(words):
        word = words[index]
        following = words[index + 1] if index + 1 < len(words) else ""
        index += 1
        if word in EN_DIGITS:
            yield str(EN_DIGITS.index(word))
        elif word == "oh":
            yield "0"
        elif word in EN_TEENS:
            yield str(EN_TEENS.index(word) + 10)
        elif word in EN_TENS:
            tens = (EN_TENS.index(word) + 2) * 10
            if following in EN_DIGITS[1:]:
                index += 1
                tens += EN_DIGITS.index(following)
            yield str(tens)
        else:
            yield None


ROOM_NUMBER = Slot(
    name="room_number",
    kind=QuestionKind.DIGITS,
    outcomes=("understood",),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda context: max(context.room_lengths),
)
