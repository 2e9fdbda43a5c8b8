"""The number to call back, or that none is wanted (M1)."""

from __future__ import annotations

from ivr.dialogue.understand.agreement import AGREEMENT, PHRASES, REFUSED
from ivr.dialogue.understand.answer import Answer, Context, QuestionKind, Slot
from ivr.dialogue.understand.phone import LONGEST, PHONE_NUMBER
from ivr.records import Language

DECLINED = "declined"


def _phrases(language: Language, context: Context) -> tuple[str, ...]:
    return (*PHONE_NUMBER.phrases(language, context), *PHRASES[language][REFUSED])


def _from_words(text: str, language: Language, context: Context) -> Answer:
    if AGREEMENT.from_words(text, language, context).outcome == REFUSED:
        return Answer(DECLINED)
    return PHONE_NUMBER.from_words(text, language, context)


def _from_keys(keys: str, context: Context) -> Answer:
    # the no of every question; no telephone number is so short
    if AGREEMENT.from_keys(keys, context).outcome == REFUSED:
        return Answer(DECLINED)
    return PHONE_NUMBER.from_keys(keys, context)


CALL_BACK_NUMBER = Slot(
    name="call_back_number",
    kind=QuestionKind.DIGITS,
    outcomes=("understood", DECLINED),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: LONGEST,
)
"""its value is as that of `phone_number`"""
