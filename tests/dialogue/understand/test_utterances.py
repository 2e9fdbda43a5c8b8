"""Hand-written utterances, also wrong, hesitant and partial ones, and what each must mean."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand.answer import Answer, Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import LANGUAGES, Language

SAVED: dict[str, dict[Language, str]] = {
    "half_of_day": {"zh": "06:30", "en": "06:30"},
    "title": {"zh": "王", "en": "smith"},
}
WANTED = 400


def rows(language: Language) -> list[tuple[str, str, str, str]]:
    """(text, slot, outcome, value); every scalar is text."""
    path = Path(__file__).with_name(f"utterances_{language}.yaml")
    found = yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - the loader that makes only text
    return [(text, slot, outcome, "".join(value)) for text, slot, outcome, *value in found]


def show(answer: Answer) -> str:
    return " ".join(filter(None, (answer.value, *answer.also.values())))


@pytest.fixture
def context(catalogue: Catalogue) -> Context:
    return Context(choices={"wake_up": "1", "goodbye": "3"}, words=catalogue.choices, departments=catalogue.departments)


ROWS = [(language, *row) for language in LANGUAGES for row in rows(language)]


@pytest.mark.parametrize(("language", "text", "slot", "outcome", "value"), ROWS)
def test_an_utterance_means_what_a_person_would_understand(
    context: Context, language: Language, text: str, slot: str, outcome: str, value: str
) -> None:
    saved = SAVED.get(slot, {}).get(language, "")
    given = Context(saved, context.choices, context.words, context.departments)
    answer = SLOTS[slot].from_words(text, language, given)
    assert (answer.outcome, show(answer)) == (outcome, value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_table_is_long_names_every_slot_and_says_nothing_twice(language: Language) -> None:
    table = rows(language)
    assert len(table) >= WANTED
    assert {slot for _, slot, _, _ in table} == set(SLOTS)
    assert len({(text, slot) for text, slot, _, _ in table}) == len(table)
