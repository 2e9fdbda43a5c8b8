"""What no prompt may say, and what every prompt that asks must (S15, banned-phrases of the house standard)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.config import HOME
from ivr.dialogue.house_words import FILE, Wording, read_house_words
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompts import Catalogue, read_catalogue
from ivr.errors import FlowError

WORDS = read_house_words(HOME / "prompts")

LENGTHS = {"zh": 47, "en": 16}
"""of the house's lists of forbidden phrases, at least"""

CLOSINGS = (
    "goodbye.farewell",
    "goodbye.no_sound",
    "goodbye.nobody_there",
    "goodbye.too_quiet",
    "goodbye.bad_line",
    "goodbye.no_luck",
    "common.fault",
)


@pytest.fixture(scope="module", params=profiles(HOME / "flows"))
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    return read_catalogue(HOME / "prompts", request.param)


def test_the_lists_are_the_whole_ones() -> None:
    for language, words in WORDS.items():
        assert len(set(words.forbidden)) == len(words.forbidden) >= LENGTHS[language]


@pytest.mark.parametrize("key", CLOSINGS)
def test_every_call_closes_with_thanks(catalogue: Catalogue, key: str) -> None:
    assert "谢" in catalogue.prompt(key, "zh").text
    assert "再见" in catalogue.prompt(key, "zh").text
    assert "hank you" in catalogue.prompt(key, "en").text
    assert "oodbye" in catalogue.prompt(key, "en").text


def test_a_refusal_always_has_a_way_on(catalogue: Catalogue) -> None:
    for key in ("operator.nobody_now", "goodbye.no_luck", "wakeup.not_stored", "common.fault"):
        assert "前台" in catalogue.prompt(key, "zh").text or "总机" in catalogue.prompt(key, "zh").text


def test_phrases_are_found_whatever_stands_between_their_characters() -> None:
    assert Wording("请 您，声音 大一点！", "zh").said(("声音大一点",)) == ["声音大一点"]
    assert Wording("Please hurry, up.", "en").said(("hurry up",)) == ["hurry up"]
    assert Wording("I don’t know.", "en").said(("i don't know",)) == ["i don't know"]
    assert Wording("They will know what to do.", "en").said(("hey", "know")) == ["know"]


def test_a_word_that_may_not_stand_alone_may_stand_in_a_sentence() -> None:
    assert Wording("Sorry, what?", "en").alone(("what",)) == ["what"]
    assert not Wording("What time, please?", "en").alone(("what",))
    assert Wording("哦，好的。", "zh").alone(("哦",)) == ["哦"]


def test_what_callers_are_told_to_say_is_not_said_by_us() -> None:
    assert not Wording("请说“再说一遍”。", "zh").told(("再说一遍",))
    assert Wording("请您再说一遍。", "zh").told(("再说一遍",))


def test_a_site_adds_its_own_words(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("zh:\n  forbidden: [亲]\n  instead: {咱: 我们}\n", encoding="utf-8")
    words = read_house_words(tmp_path)
    assert words["zh"].forbidden == (*WORDS["zh"].forbidden, "亲")
    assert words["zh"].instead == {"你": "您", "咱": "我们"}
    assert words["en"] == WORDS["en"]


def test_a_misspelt_list_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("zh:\n  forbiden: [亲]\n", encoding="utf-8")
    with pytest.raises(FlowError, match="did you mean “forbidden”") as refused:
        read_house_words(tmp_path)
    assert refused.value.where == f"{tmp_path / FILE}:2"
