"""Whether the product would act rightly on what was heard: other words may mean the same (不用 and 不要)."""

from __future__ import annotations

from ivr.bench.exam.evaluate import Result
from ivr.bench.exam.questions import tokens
from ivr.dialogue.understand.answer import UNCLEAR, UNKNOWN, Answer, Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

SAVED = Context(saved="06:30")
"""a question for half of the day needs a time before it"""


def understood(result: Result) -> bool:
    """The right answer of the product's own slot; for menus, digits and syllables, which have none here, the words."""
    if result.question not in SLOTS:
        return result.right
    said = _answer(result.question, result.said, result.language)
    return said.outcome != UNCLEAR and said == _answer(result.question, result.heard, result.language)


def turned_down(result: Result) -> bool:
    """Whether the question's slot takes other speech for no answer, also where it has words (“the to two”)."""
    if result.question not in SLOTS:
        return result.rejected
    return _answer(result.question, result.heard, result.language).outcome == UNCLEAR


def _answer(slot: str, text: str, language: Language) -> Answer:
    # the slots refuse half a number: what was not understood stays in its place
    words = f" {UNKNOWN} ".join(" ".join(tokens(part, language)) for part in text.split(UNKNOWN)).strip()
    return SLOTS[slot].from_words(words, language, SAVED)
