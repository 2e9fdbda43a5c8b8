"""What the model tells apart, and how words are spelled in it."""

from __future__ import annotations

import pytest

from ivr.errors import ModelError
from ivr.speech.building.units import (
    UNIT,
    UNITS,
    chinese_pinyin,
    chinese_units,
    english_units,
    pronunciations,
    syllable_units,
)


def names(units: list[int]) -> list[str]:
    return [UNITS[unit][2:] for unit in units]


def test_there_are_251_units_and_silence_is_the_first() -> None:
    assert len(UNITS) == len(set(UNITS)) == 251
    assert UNITS[0] == "<blk>"
    assert UNITS[1] == "e_AA"
    assert UNITS[40] == "z_b"
    assert UNITS[61] == "z_a1"


@pytest.mark.parametrize(
    ("syllable", "units"),
    [
        ("zhuang1", ["z_zh", "z_uang1"]),
        ("zi4", ["z_z", "z_ii4"]),
        ("shi4", ["z_sh", "z_iii4"]),
        ("ju1", ["z_j", "z_v1"]),
        ("liu4", ["z_l", "z_iou4"]),
        ("yao1", ["z_iao1"]),
        ("er4", ["z_er4"]),
        ("lve4", ["z_l", "z_ve4"]),
        ("le", ["z_l", "z_e5"]),
    ],
)
def test_a_syllable_is_an_initial_and_a_toned_final(syllable: str, units: list[str]) -> None:
    assert syllable_units(syllable) == units


def test_what_is_no_syllable_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="xx9"):
        syllable_units("xx9")


def test_digits_keep_their_tones_while_words_act_on_each_other() -> None:
    assert chinese_pinyin("九五") == ["jiu3", "wu3"]
    assert chinese_pinyin("不对") == ["bu2", "dui4"]
    assert chinese_pinyin("幺幺零二") == ["yao1", "yao1", "ling2", "er4"]


def test_chinese_without_characters_is_refused() -> None:
    with pytest.raises(ModelError):
        chinese_units("abc1")


def test_the_letters_of_a_m_are_no_article() -> None:
    assert names(english_units("seven a m"))[-3:] == ["EY", "EH", "M"]
    assert names(english_units("a room"))[0] == "AH"


def test_a_phrase_that_is_one_word_is_said_as_its_words_are() -> None:
    assert [names(way) for way in pronunciations("at_night", "en")] == [["AE", "T", "N", "AY", "T"]]
    assert len(pronunciations("in_the_evening", "en")) > 1
    assert [names(way) for way in pronunciations("a_m", "en")] == [["EY", "EH", "M"]]
    with pytest.raises(ModelError, match="qwrtz"):
        pronunciations("at_qwrtz", "en")


def test_an_unknown_english_word_is_named() -> None:
    with pytest.raises(ModelError, match="qwrtz"):
        english_units("room qwrtz")


def test_a_character_has_all_its_readings_the_usual_one_first() -> None:
    ways = [names(way) for way in pronunciations("了", "zh")]
    assert ways[0] == ["l", "e5"]
    assert ["l", "iao3"] in ways


def test_units_have_numbers() -> None:
    assert all(UNITS[number] == name for name, number in UNIT.items())
