from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.errors import ModelError
from ivr.speech.graph import vocabulary
from ivr.speech.lexicon import Lexicon, spoken
from ivr.speech.models import BUNDLED

WORDS = (
    "一",
    "二",
    "零",
    "八",
    "七",
    "点",
    "半",
    "七点",
    "七点半",
    "点半",
    "早上",
    "我要",
    "叫醒",
    "叫醒服务",
    "服务",
    "half",
    "past",
)


@pytest.fixture(scope="module")
def bundled() -> Lexicon:
    return Lexicon(vocabulary(BUNDLED / "front-desk-zh-en"))


def test_chinese_is_cut_into_the_fewest_words() -> None:
    assert Lexicon(WORDS).segment("早上七点半", "zh") == ("早上", "七点半")
    assert Lexicon(WORDS).segment("我要叫醒服务", "zh") == ("我要", "叫醒服务")
    assert Lexicon(WORDS).segment("一二零八", "zh") == ("一", "二", "零", "八")


def test_a_longer_word_comes_first_when_two_cuts_are_equally_short() -> None:
    assert Lexicon(("七点", "半", "七", "点半")).segment("七点半", "zh") == ("七点", "半")


def test_a_blank_in_a_chinese_phrase_stays_a_boundary() -> None:
    assert Lexicon(WORDS).segment("七点 半", "zh") == ("七点", "半")


def test_english_is_split_at_blanks_whatever_its_case() -> None:
    assert Lexicon(WORDS).segment(" Half  past", "en") == ("half", "past")


def test_english_phrases_that_the_model_has_as_one_word_are_cut_so() -> None:
    lexicon = Lexicon((*WORDS, "half_past", "in_the_morning", "in", "the", "six"))
    assert lexicon.segment("half past six in the morning", "en") == ("half_past", "six", "in_the_morning")
    assert lexicon.segment("half six", "en") == ("half", "six")
    assert lexicon.missing("in the evening", "en") == ("evening",)


def test_what_was_heard_as_one_word_is_told_as_a_phrase() -> None:
    assert spoken("half_past six in_the_morning") == "half past six in the morning"


def test_missing_words_are_named_with_right_ones_beside_them() -> None:
    with pytest.raises(ModelError, match=r"“haft” .it knows half.* of “haft past”"):
        Lexicon(WORDS).segment("haft past", "en")
    assert Lexicon(WORDS).missing("haft past", "en") == ("haft",)
    assert Lexicon(WORDS).missing("七点三刻", "zh") == ("三", "刻")
    assert Lexicon(WORDS).missing("七点半", "zh") == ()


def test_nearest_chinese_words_share_characters() -> None:
    assert Lexicon(WORDS).nearest("叫醒我", "zh") == ("叫醒", "叫醒服务", "我要")
    assert Lexicon(WORDS).nearest("龘", "zh") == ()


def test_the_unknown_word_is_no_word_for_a_phrase() -> None:
    assert Lexicon(["[unk]", "yes"]).missing("yes [unk]", "en") == ("[unk]",)


def test_a_word_that_the_model_writes_in_capitals_is_asked_for_in_capitals() -> None:
    """Vosk takes only its own spelling and drops another from the grammar in silence."""
    lexicon = Lexicon(("看", "KTV", "TV", "tv", "ok", "Monday"))
    assert lexicon.segment("看ktv", "zh") == ("看", "KTV")
    assert lexicon.segment("Ok TV monday", "en") == ("ok", "tv", "Monday")


def test_an_empty_phrase_has_no_words() -> None:
    assert Lexicon(WORDS).segment("  ", "zh") == ()


def test_the_bundled_model_knows_what_guests_say(bundled: Lexicon) -> None:
    for phrase in ("明天早上七点半", "一二零八", "转人工", "再说一遍", "着火了", "救命"):
        assert bundled.missing(phrase, "zh") == ()
    for phrase in ("half past six", "one two oh eight", "say that again", "there is a fire"):
        assert bundled.missing(phrase, "en") == ()


@given(st.text(alphabet="一二零八七点半早上我要叫醒服务 三刻", max_size=12))
def test_pieces_and_missing_characters_add_up_to_the_phrase(phrase: str) -> None:
    lexicon = Lexicon(WORDS)
    missing = lexicon.missing(phrase, "zh")
    if missing:
        assert set("".join(missing)) <= set("三刻上我要叫醒服务早")
    else:
        assert "".join(lexicon.segment(phrase, "zh")) == "".join(phrase.split())
