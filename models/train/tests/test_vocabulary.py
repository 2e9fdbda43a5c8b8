from __future__ import annotations

import pytest

from ivr.dialogue.normalise import zh_number
from ivr.errors import ModelError
from ivr.speech.building.units import language_of, pronunciations
from ivr.speech.lexicon import Lexicon
from models.train.vocabulary import house_phrases, listed_words, vocabulary


@pytest.fixture(scope="module")
def words() -> tuple[str, ...]:
    return vocabulary()


@pytest.fixture(scope="module")
def lexicon(words: tuple[str, ...]) -> Lexicon:
    return Lexicon(words)


def test_every_word_can_be_said(words: tuple[str, ...]) -> None:
    for word in words:
        assert pronunciations(word, language_of(word)), word


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_phrase_that_a_question_listens_for_is_there(lexicon: Lexicon, language: str) -> None:
    assert [each for each in house_phrases(language) if lexicon.missing(each, language)] == []


@pytest.mark.parametrize(
    "word",
    [
        "七点半",
        "两点",
        "十二点整",
        "六点钟",
        "三点一刻",
        "五点三刻",
        "七点二十五分",
        "救命",
        "着火",
        "着火了",
        "不用了",
        "幺幺",
    ],
)
def test_what_is_heard_best_as_one_word_is_one(lexicon: Lexicon, word: str) -> None:
    assert lexicon.segment(word, "zh") == (word,)


def test_whole_times_are_cut_into_day_half_and_time(lexicon: Lexicon) -> None:
    assert lexicon.segment("明天 早上 七点半", "zh") == ("明天", "早上", "七点半")


def test_numbers_to_9999_take_four_words_at_most(lexicon: Lexicon) -> None:
    for text in ("三千二百零五", "一千一百一十一", "两千零二十", "九千九百九十九", *map(zh_number, range(100))):
        assert len(lexicon.segment(text, "zh")) <= 4, text
    for text in ("nine thousand nine hundred and ninety nine", "twenty two hundred", "one hundred oh five"):
        assert lexicon.segment(text, "en")


def test_a_site_may_use_any_common_character(words: tuple[str, ...]) -> None:
    single = [word for word in words if len(word) == 1 and language_of(word) == "zh"]
    assert len(single) > 3700
    assert {"龙", "虹", "淮", "鑫"} & set(single) >= {"龙", "虹", "淮"}


def test_there_are_some_hundred_english_words_beyond_our_own_phrases(words: tuple[str, ...]) -> None:
    ours = {word for phrase in house_phrases("en") for word in phrase.split()}
    assert len({word for word in words if language_of(word) == "en"} - ours) > 500


@pytest.mark.parametrize(
    "word",
    ["王先生", "欧阳女士", "工程部", "值班经理", "三月", "星期五", "二十一号", "救护车", "ambulance", "february"],
)
def test_names_departments_dates_and_emergencies_are_there(words: tuple[str, ...], word: str) -> None:
    assert word in words


def test_a_site_adds_words_of_its_own() -> None:
    assert "虹桥路" in vocabulary(["虹桥路"])


@pytest.mark.parametrize("word", ["Yes", "room 12", "七点 半", "七-半", ""])
def test_what_is_no_word_is_refused(word: str) -> None:
    with pytest.raises(ModelError, match="is no word"):
        vocabulary([word])


def test_our_lists_name_each_surname_once() -> None:
    surnames = listed_words("surnames.txt")
    assert len(surnames) == len(set(surnames)) > 100
