"""A yes answers one question: where two are asked, a polite yes to the first is taken for the second."""

from __future__ import annotations

import re

import pytest

from ivr.dialogue.check_words import prompts_of
from ivr.dialogue.flow import Ask, FlowBook
from ivr.dialogue.prompts import Catalogue, base_key
from ivr.records import LANGUAGES, Language

_MORE = re.compile(r"[？?].*(?:[？?]|或者|\bor we\b)", re.IGNORECASE)
"""after one question another, or what else there is to choose"""


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_prompt_that_yes_or_no_answers_asks_one_thing(
    flows: FlowBook, catalogue: Catalogue, language: Language
) -> None:
    asked = {
        base_key(key)
        for flow in flows.values()
        for step in flow.steps.values()
        if isinstance(step, Ask) and step.listen_for == "agreement"
        for key in prompts_of(step)
    }
    words = {prompt.key: prompt.text for key in asked for prompt in catalogue.variants(key, language)}
    assert {key: text for key, text in words.items() if _MORE.search(text)} == {}
