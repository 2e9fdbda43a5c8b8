"""What a prompt tells callers to say, between “ and ”, is understood at the question that they then answer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ivr.dialogue.check_words import context_of
from ivr.dialogue.flow import NO_WORDS, QUESTION, Ask, FlowBook
from ivr.dialogue.prompts import Catalogue, base_key, said_in
from ivr.dialogue.understand.answer import UNCLEAR
from ivr.dialogue.understand.slots import SLOTS, reading
from ivr.records import LANGUAGES, Heard, Language

_OFFERED = re.compile(r"“([^”]+)”")
COMMON_HELP = "common.help"


def offered(step: Ask, catalogue: Catalogue, language: Language) -> Iterator[tuple[str, str, Language]]:
    """(prompt, what it says may be said, in which language) of a question, its help and its rungs."""
    rungs = [key for failure in ("silent", "unclear", NO_WORDS) for rung in step.ladder.rungs[failure] for key in rung]
    for key in dict.fromkeys((*step.ask, step.help or COMMON_HELP, COMMON_HELP, *rungs)):
        if key == QUESTION or ":" in key:
            continue
        spoken = said_in(key, language)
        for prompt in catalogue.variants(base_key(key), spoken):
            yield from ((prompt.key, words, spoken) for words in _OFFERED.findall(prompt.text))


def outcome(step: Ask, catalogue: Catalogue, words: str, language: Language) -> str:
    # a half of the day completes a time that was said before
    context = replace(context_of(step, catalogue), saved="07:00")
    return reading(Heard(language, words.lower(), 1.0), SLOTS[step.listen_for], context).answer.outcome


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_callers_are_told_to_say_is_understood(flows: FlowBook, catalogue: Catalogue, language: Language) -> None:
    misses = {
        (f"{flow.name}/{name}", prompt, words)
        for flow in flows.values()
        for name, step in flow.steps.items()
        if isinstance(step, Ask)
        for prompt, words, spoken in offered(step, catalogue, language)
        if outcome(step, catalogue, words, spoken) == UNCLEAR
    }
    assert misses == set()
