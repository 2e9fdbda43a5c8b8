"""A choice from a menu, by its words or by its key; the step says which choices there are."""

from __future__ import annotations

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, find, plain
from ivr.dialogue.understand.manner import forms
from ivr.records import Language


def _offered(language: Language, context: Context) -> dict[str, tuple[str, ...]]:
    """The choices' words in the form in which they are heard."""
    words = context.words.get(language, {})
    return {
        choice: tuple(plain(each.lower(), language) for each in words.get(choice, ())) for choice in context.choices
    }


def _phrases(language: Language, context: Context) -> tuple[str, ...]:
    """As the catalogue writes them: a blank in Chinese parts words for the recogniser."""
    words = context.words.get(language, {})
    return tuple(phrase for choice in context.choices for phrase in words.get(choice, ()))


def _from_words(text: str, language: Language, context: Context) -> Answer:
    said = (plain(text, language), *forms(text, language))
    choice = next(filter(None, (find(each, _offered(language, context)) for each in said)), None)
    return Answer(choice, choice) if choice else NOT_UNDERSTOOD


def _from_keys(keys: str, context: Context) -> Answer:
    choice = next((choice for choice, key in context.choices.items() if key == keys), None)
    return Answer(choice, choice) if choice else NOT_UNDERSTOOD


MENU_CHOICE = Slot(
    name="menu_choice",
    kind=QuestionKind.MENU,
    outcomes=(),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 1,
    chooses=True,
)
"""its outcomes are the step's own `choices`"""
