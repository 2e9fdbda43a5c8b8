"""Grammars: in words that the bundled model knows, of one language, of bounded size, with one meaning a phrase."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from ivr.config import HOME
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.spoken_values import speak
from ivr.dialogue.understand import universal
from ivr.dialogue.understand.agreement_words import PHRASES
from ivr.dialogue.understand.answer import Context, plain
from ivr.dialogue.understand.day_words import VAGUE_WORDS, rows
from ivr.dialogue.understand.halves import HALVES
from ivr.dialogue.understand.person import SURNAMES, TITLES
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import LANGUAGES, Language

LARGEST = 20_000
"""phrases: rooms of four digits, two digits a word, are 14,641 alone; Vosk takes them in a tenth of a second"""
OTHERS = 10_000


@pytest.fixture
def context(catalogue: Catalogue) -> Context:
    return Context(
        saved="11:00",
        choices={"wake_up": "1", "goodbye": "3"},
        words=catalogue.choices,
        departments=catalogue.departments,
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SLOTS)
def test_the_bundled_model_has_every_word_of_every_grammar(
    context: Context, words: Any, name: str, language: Language
) -> None:
    phrases = SLOTS[name].phrases(language, context)
    parts = {part for phrase in phrases for part in (phrase.split() if language == "en" else [phrase])}
    assert {part: words.missing(part, language) for part in parts if words.missing(part, language)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SLOTS)
def test_a_grammar_is_of_one_language_and_bounded(context: Context, name: str, language: Language) -> None:
    phrases = SLOTS[name].phrases(language, context)
    assert {phrase for phrase in phrases if phrase.isascii() != (language == "en")} == set()
    digits = name in {"room_number", "digits", "phone_number", "call_back_number"}
    assert 0 < len(phrases) <= (LARGEST if digits else OTHERS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SLOTS)
def test_no_phrase_of_a_question_means_something_at_every_question(
    context: Context, name: str, language: Language
) -> None:
    taken = [phrase for phrase in SLOTS[name].phrases(language, context) if universal.from_words(phrase, language)]
    assert taken == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_phrase_has_one_meaning_in_every_table(catalogue: Catalogue, language: Language) -> None:
    days = [*rows(language), *VAGUE_WORDS[language].items()]
    tables = {
        "days": days,
        "agreement": _flat(PHRASES[language]),
        "halves": _flat(HALVES[language]),
        "titles": _flat(TITLES[language]),
        "departments": _flat(catalogue.departments[language]),
    }
    for name, table in tables.items():
        meanings = defaultdict(set)
        for phrase, meaning in table:
            meanings[plain(phrase, language)].add(meaning)
        assert {phrase: found for phrase, found in meanings.items() if len(found) > 1} == {}, name


def test_the_documented_sizes_are_the_grammars_own(context: Context) -> None:
    page = (HOME / "docs" / "flows.md").read_text(encoding="utf-8")
    told = re.findall(r"\| ([a-z_]+) \| ([\d,]+) \| ([\d,]+) ", page)
    sizes = {name: [f"{len(slot.phrases(each, context)):,}" for each in LANGUAGES] for name, slot in SLOTS.items()}
    # a menu's size is the site's own
    assert {name: [zh, en] for name, zh, en in told} == {n: size for n, size in sizes.items() if n != "menu_choice"}
    surnames = re.search(r"a closed list, (\d+) Chinese and (\d+) English", page)
    assert surnames
    assert [int(each) for each in surnames.groups()] == [len(SURNAMES[language]) for language in LANGUAGES]


def _flat(table: Any) -> list[tuple[str, str]]:
    return [(phrase, meaning) for meaning, phrases in table.items() for phrase in phrases]


SAID = {
    "clock_time": [("clock", f"{hour:02d}:{minute:02d}") for hour in range(24) for minute in range(0, 60, 5)],
    "day": [("day", value) for value in ("today", "tomorrow", "after_tomorrow", "friday", "---03", "--12-31")],
    "date": [("day", value) for value in ("---31", "--02-29", "next_week_monday")],
    "digits": [("digits", "0123456789")],
    "duration": [("duration", f"PT{minutes}M") for minutes in range(1, 60)] + [("duration", "PT2H")],
    "phone_number": [("phone", "13800138000"), ("phone", "02165880001")],
    "room_number": [("room", "1208"), ("room", "301")],
    "surname": [("name", "mr {}"), ("name", "miss {}")],
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SAID)
def test_what_we_say_of_a_value_can_be_heard(context: Context, name: str, language: Language) -> None:
    """In characters and words: which pairs of them are likely, the recogniser's bigrams say."""
    listened = {unit for phrase in SLOTS[name].phrases(language, context) for unit in _units(phrase, language)}
    for kind, value in SAID[name]:
        text = speak(kind, value.format("王" if language == "zh" else "smith"), language)
        assert set(_units(text, language)) <= listened, text


def _units(text: str, language: Language) -> list[str]:
    text = text.lower().replace("-", " ").replace(",", " ").replace("，", "")
    return text.split() if language == "en" else list(text.replace(" ", ""))
