"""Telephone numbers and other rows of digits, with what is said before and between their parts."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ivr.dialogue.normalise import EN_DIGITS
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot
from ivr.dialogue.understand.digits import ZH_SPOKEN, digits
from ivr.dialogue.understand.manner import forms
from ivr.records import Language

SHORTEST, LONGEST = 5, 15
"""digits: service numbers such as 10086, and the longest of ITU-T E.164"""

ANY_LENGTH = 20
"""digits of the longest code that is taken"""

_AROUND = {
    "zh": re.compile(r"我?的?(?:手机号码?|手机|电话号码?|电话|座机|区号|国家代码|号码)是?|^是|转"),
    "en": re.compile(
        r"\b(?:my |the )?(?:(?:(?:mobile|cell|phone|telephone|home|office) )?number|(?:area|country) code|phone"
        r"|telephone)(?: is)?\b|^(?:is|it's) "
    ),
}
_LEADS: Mapping[Language, tuple[str, ...]] = {
    "zh": ("加 八 六 幺 三 八", "区号 零 幺 零 八 八", "电话 幺 三 八 零 零"),
    "en": ("area code oh", "my number is one"),
}
"""what is said before a number, with a beginning of one; the bundled model lacks “plus”"""
_NEAR_MISS = re.compile(r"1[3-9](?:\d{8}|\d{10})|0(?:10|2\d)(?:\d{7}|\d{9})")
"""a mobile number of China, or one behind an area code of three digits, with a digit lost or one too many: all have
eleven, and of two equal digits one is often lost (`ivr bench values`). Who has such a number abroad says its country's
code, or keys it"""
_BETWEEN = re.compile(rf"\b(?:{'|'.join(EN_DIGITS)}|oh) .*\b(?:number|phone)\b")
"""“nine number eight” is a digit that was heard as a word: no number; but “area code oh one oh number …”"""
_PLUS = {"zh": re.compile(r"^加号?"), "en": re.compile(r"^plus ")}


def _rows(language: Language, _context: Context) -> tuple[str, ...]:
    """Digit by digit: in rows longer than a room's, words of two digits share one (二四 四二 for 二四二).

    Of 15 telephone numbers by `ivr bench values` single digits hear 11, pairs 5; of human rows of seven digits 6 of 18
    and none; of rows of four as many.
    """
    if language == "zh":
        return (*ZH_SPOKEN, *(f"三个 {digit}" for digit in ZH_SPOKEN))
    names = (*EN_DIGITS, "oh")
    return (*names, *(f"{times} {name}" for times in ("double", "triple") for name in names))


def _numbers(language: Language, context: Context) -> tuple[str, ...]:
    return (*_rows(language, context), *_LEADS[language])


def _digits_from_words(text: str, language: Language, _context: Context) -> Answer:
    found = (_row(said, language) for said in forms(text, language))
    return next((Answer("understood", each) for each in found if each and len(each) <= ANY_LENGTH), NOT_UNDERSTOOD)


def _row(said: str, language: Language) -> str | None:
    lead, row = _taken_apart(said, language)
    return None if lead else row


def _taken_apart(said: str, language: Language) -> tuple[str, str | None]:
    """(“+” or nothing, the digits) of an utterance without the words around them."""
    if language == "en" and "code" not in said and _BETWEEN.search(said):
        return "", None
    blank = "" if language == "zh" else " "
    said = blank.join(_AROUND[language].sub(" ", said).split())
    bare = _PLUS[language].sub("", said)
    return ("+" if bare != said else ""), digits(bare, language)


def _number_from_words(text: str, language: Language, _context: Context) -> Answer:
    for said in forms(text, language):
        lead, row = _taken_apart(said, language)
        if row and SHORTEST <= len(row) <= LONGEST and not (_NEAR_MISS.fullmatch(row) and not lead):
            return Answer("understood", lead + row)
    return NOT_UNDERSTOOD


def _digits_from_keys(keys: str, _context: Context) -> Answer:
    return Answer("understood", keys) if keys.isdigit() and len(keys) <= ANY_LENGTH else NOT_UNDERSTOOD


def _number_from_keys(keys: str, _context: Context) -> Answer:
    return Answer("understood", keys) if keys.isdigit() and SHORTEST <= len(keys) <= LONGEST else NOT_UNDERSTOOD


DIGITS = Slot(
    name="digits",
    kind=QuestionKind.DIGITS,
    outcomes=("understood",),
    phrases=_rows,
    from_words=_digits_from_words,
    from_keys=_digits_from_keys,
    longest_keys=lambda _context: ANY_LENGTH,
)

PHONE_NUMBER = Slot(
    name="phone_number",
    kind=QuestionKind.DIGITS,
    outcomes=("understood",),
    phrases=_numbers,
    from_words=_number_from_words,
    from_keys=_number_from_keys,
    longest_keys=lambda _context: LONGEST,
)
"""its value is the digits as they were given, with `+` before a country's code that was said with a plus"""
