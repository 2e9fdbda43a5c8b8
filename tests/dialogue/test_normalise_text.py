"""How text is spoken: a table of cases for each language, in normalise_<language>.yaml."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.document import load
from ivr.dialogue.normalise import speakable
from ivr.records import LANGUAGES, Language

CASES: dict[Language, dict[str, str]] = {
    language: load(Path(__file__).parent / f"normalise_{language}.yaml").data for language in LANGUAGES
}
TABLE = [(language, text, spoken) for language, cases in CASES.items() for text, spoken in cases.items()]

SIGNS = "0123456789０９①二十零.:：,，-–~～/年月日点周¥￥$%℃+() \n\u3000#*@abkmBNF第号房间层层元时分转按"


def test_the_tables_are_long_enough() -> None:
    assert all(len(cases) >= 150 for cases in CASES.values())


@pytest.mark.parametrize(("language", "text", "spoken"), TABLE)
def test_text_is_spoken_as_an_operator_says_it(language: Language, text: str, spoken: str) -> None:
    assert speakable(text, language) == spoken


def test_what_is_spelt_out_already_stays_as_it_is() -> None:
    assert [spoken for language, _, spoken in TABLE if speakable(spoken, language) != spoken] == []


@given(st.text(max_size=60) | st.text(SIGNS, max_size=40), st.sampled_from(LANGUAGES))
def test_whatever_is_written_can_be_spoken(text: str, language: Language) -> None:
    assert not any(unicodedata.digit(character, None) is not None for character in speakable(text, language))
