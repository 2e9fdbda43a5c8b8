"""For whom a message is: one of the step's own choices, or at once the name of a department."""

from __future__ import annotations

from ivr.dialogue.understand.answer import UNCLEAR, Answer, Context, QuestionKind, Slot
from ivr.dialogue.understand.department import DEPARTMENT
from ivr.dialogue.understand.menu import MENU_CHOICE
from ivr.records import Language


def _phrases(language: Language, context: Context) -> tuple[str, ...]:
    # the front desk is both
    return tuple(dict.fromkeys([*MENU_CHOICE.phrases(language, context), *DEPARTMENT.phrases(language, context)]))


def _from_words(text: str, language: Language, context: Context) -> Answer:
    chosen = MENU_CHOICE.from_words(text, language, context)
    if chosen.outcome != UNCLEAR:
        # the choice is the outcome; what is saved is a department
        return Answer(chosen.outcome)
    return DEPARTMENT.from_words(text, language, context)


def _from_keys(keys: str, context: Context) -> Answer:
    return Answer(MENU_CHOICE.from_keys(keys, context).outcome)


ADDRESSEE = Slot(
    name="addressee",
    kind=QuestionKind.MENU,
    outcomes=("understood",),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 1,
    chooses=True,
)
"""its value is a department's name in departments.yaml"""
