"""The slots by name, and the one way from a hearing to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ivr.dialogue.understand import universal
from ivr.dialogue.understand.addressee import ADDRESSEE
from ivr.dialogue.understand.agreement import AGREEMENT
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, UNCLEAR, Answer, Context, QuestionKind, Slot
from ivr.dialogue.understand.call_back_number import CALL_BACK_NUMBER
from ivr.dialogue.understand.clock import CLOCK_TIME, HALF_OF_DAY
from ivr.dialogue.understand.day import DATE, DAY
from ivr.dialogue.understand.department import DEPARTMENT
from ivr.dialogue.understand.duration import DURATION
from ivr.dialogue.understand.menu import MENU_CHOICE
from ivr.dialogue.understand.person import SURNAME, TITLE
from ivr.dialogue.understand.phone import DIGITS, PHONE_NUMBER
from ivr.dialogue.understand.room import ROOM_NUMBER
from ivr.records import LANGUAGES, Heard, Language

_ALL = (
    *(
        ADDRESSEE,
        AGREEMENT,
        CALL_BACK_NUMBER,
        CLOCK_TIME,
        DATE,
        DAY,
        DEPARTMENT,
        DIGITS,
        DURATION,
        HALF_OF_DAY,
        MENU_CHOICE,
    ),
    *(PHONE_NUMBER, ROOM_NUMBER, SURNAME, TITLE),
)
SLOTS: Mapping[str, Slot] = MappingProxyType({slot.name: slot for slot in _ALL})


@dataclass(frozen=True)
class Understood:
    """An answer and the language it was given in; `heard` is what the record shows."""

    answer: Answer
    language: Language
    heard: str = ""


def declared(slot: Slot, choices: Mapping[str, str]) -> tuple[str, ...]:
    """The outcomes that a step's `then` must name."""
    return (*slot.outcomes, *choices) if slot.chooses else slot.outcomes


def grammar(slot: Slot, context: Context, language: Language, *, known: bool) -> Mapping[Language, tuple[str, ...]]:
    """What each recogniser listens for: everything in both languages until the caller's is known.

    Then only the words that switch in the other one (design.md, “Language”).
    """
    phrases: dict[Language, tuple[str, ...]] = {}
    for each in sorted(LANGUAGES, key=lambda name: name != language):
        switch = universal.switch_phrases(each)
        if each == language or not known:
            phrases[each] = (
                *slot.phrases(each, context),
                *universal.phrases(each, context.words),
                *(() if known else switch),
            )
        else:
            phrases[each] = switch
    return phrases


def from_speech(heard: tuple[Heard, ...], slot: Slot, context: Context, language: Language) -> Understood:
    """The best reading of what the recognisers made of one utterance.

    A reading that means something beats one that does not; of two that do, the surer recogniser wins, and at equal
    sureness the language spoken so far.
    """
    readings = [(reading(each, slot, context), each) for each in heard]
    clear = [(each, words) for each, words in readings if each.answer.outcome != UNCLEAR]
    if not clear:
        # what the other language's recogniser made of it would only puzzle who reads the record
        return Understood(NOT_UNDERSTOOD, language, heard[0].text if heard else "")
    best, _ = max(clear, key=lambda pair: (pair[1].confidence, pair[1].language == language))
    return best


def reading(heard: Heard, slot: Slot, context: Context) -> Understood:
    """What one recogniser's words mean: asking for its language, a universal, or an answer to the question."""
    if universal.asks_for(heard.text, heard.language):
        return Understood(Answer(universal.LANGUAGE, heard.language), heard.language, heard.text)
    said = universal.from_words(heard.text, heard.language, context.words)
    if said == universal.LANGUAGE:
        other = next(language for language in LANGUAGES if language != heard.language)
        return Understood(Answer(said, other), heard.language, heard.text)
    answer = Answer(said) if said else slot.from_words(heard.text, heard.language, context)
    return Understood(answer, heard.language, heard.text)


def from_keys(keys: str, slot: Slot, context: Context, language: Language) -> Understood:
    """The same answers by keys; `#` only ends the entry."""
    digits = keys.rstrip("#")
    own = slot.from_keys(digits, context) if digits else NOT_UNDERSTOOD
    if own.outcome != UNCLEAR:
        return Understood(own, language)
    takes_number = slot.kind in {QuestionKind.DIGITS, QuestionKind.CLOCK} and keys != "0#"
    said = universal.from_keys(digits, takes_number=takes_number)
    if said == universal.LANGUAGE:
        other = next(each for each in LANGUAGES if each != language)
        return Understood(Answer(said, other), language)
    return Understood(Answer(said) if said else NOT_UNDERSTOOD, language)
