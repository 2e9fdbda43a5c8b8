"""A department or outlet of the house by any of its names: prompts/<language>/departments.yaml, a site may add some."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot, find
from ivr.dialogue.understand.manner import forms
from ivr.records import Language

_BY_KEY = 8
"""the first eight have the keys 1 to 8; 9 and 0 mean something at every question"""

_LEADS = {
    "zh": ("请转", "转接", "转", "帮我转", "帮我接", "接", "找", "我要找", "请帮我转", "给我转"),
    "en": ("put me through to", "connect me to", "transfer me to", "i want to speak to"),
}


def _names(language: Language, context: Context) -> Mapping[str, tuple[str, ...]]:
    return context.departments.get(language, {})


def _phrases(language: Language, context: Context) -> tuple[str, ...]:
    """As the table writes them, and the plain name after what is said first."""
    names = _names(language, context)
    lead = "请转" if language == "zh" else "connect me to"
    asked = (f"{lead} {phrases[0]}" for phrases in names.values())
    return tuple(dict.fromkeys([*(phrase for phrases in names.values() for phrase in phrases), *asked]))


def _from_words(text: str, language: Language, context: Context) -> Answer:
    blank = "" if language == "zh" else " "
    names = _names(language, context)
    rows = {name: tuple(_heard(phrase, language) for phrase in phrases) for name, phrases in names.items()}
    for said in forms(text, language):
        leads = (lead for lead in sorted(_LEADS[language], key=len, reverse=True) if said.startswith(lead + blank))
        rest = said.removeprefix(next(leads, "")).strip().removeprefix("the ")
        found = find(said, rows) or find(rest, rows)
        if found:
            return Answer("understood", found)
    return NOT_UNDERSTOOD


def _heard(phrase: str, language: Language) -> str:
    """The form in which words are understood: Chinese without blanks, English without the article."""
    words = phrase.lower().split()
    return "".join(words) if language == "zh" else " ".join(words).removeprefix("the ")


def _from_keys(keys: str, context: Context) -> Answer:
    names = list(_names("zh", context))[:_BY_KEY]
    place = int(keys) if keys.isdigit() and len(keys) == 1 else 0
    return Answer("understood", names[place - 1]) if 1 <= place <= len(names) else NOT_UNDERSTOOD


DEPARTMENT = Slot(
    name="department",
    kind=QuestionKind.MENU,
    outcomes=("understood",),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 1,
)
