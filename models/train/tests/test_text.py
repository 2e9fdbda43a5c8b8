"""Sentences made up for training."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from ivr.dialogue.understand import agreement
from ivr.speech.building.units import chinese_units, english_units
from models.train.numbers import chinese_number, english_digits, english_room
from models.train.text import phrases, sentence, sentences

LANGUAGES = ("zh", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_seed_always_says_the_same(language):
    assert sentence(language, "7") == sentence(language, "7")
    assert len({each.text for each in islice(sentences(language, "7"), 100)}) > 70


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_can_be_spelled_in_units(language):
    spell = chinese_units if language == "zh" else english_units
    for each in islice(sentences(language, "all"), 500):
        assert spell(each.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_of_the_lists_can_be_spelled(language):
    spell = chinese_units if language == "zh" else english_units
    for kind, said in phrases(language).items():
        for phrase in said:
            assert spell(phrase), (kind, phrase)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answers_that_flows_understand_are_all_said(language):
    said = phrases(language)
    assert set(agreement.PHRASES[language][agreement.AGREED]) <= set(said["agree"])
    assert set(agreement.PHRASES[language][agreement.REFUSED]) <= set(said["refuse"])


def test_hard_rooms_come_by_themselves():
    chinese = {each.text for each in islice(sentences("zh", "1"), 4000)}
    english = {each.text for each in islice(sentences("en", "1"), 4000)}
    assert any("幺幺" in text for text in chinese)
    assert any("oh oh" in text or "double oh" in text for text in english)
    assert any(text.startswith("eleven oh") for text in english)


@pytest.mark.parametrize(
    ("number", "said"),
    [(10, "十"), (21, "二十一"), (110, "一百一十"), (305, "三百零五"), (2008, "两千零八"), (9999, "九千九百九十九")],
)
def test_chinese_numbers(number, said):
    assert chinese_number(number, Random(1)) == said


def test_digits_are_doubled_only_in_pairs():
    for seed in range(200):
        said = english_digits("2288", Random(seed))
        assert said in ("two two eight eight", "double two double eight")


def test_rooms_are_read_in_several_ways():
    said = {english_room("1208", Random(seed)) for seed in range(200)}
    assert {"twelve oh eight", "one two oh eight", "one two zero eight"} <= said
