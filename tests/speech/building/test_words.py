"""What a site may write to name its own words."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import IvrError
from ivr.speech.building.units import UNITS
from ivr.speech.building.words import SiteWord, read_words, sound_units


def test_words_are_taken_from_phrases_in_small_letters_and_once() -> None:
    found = read_words(["Grand Hyatt", "前台酒吧 spa", "SPA", "o’clock"])
    assert [word.text for word in found] == ["grand", "hyatt", "前台酒吧", "spa", "o'clock"]


def test_a_word_may_come_with_its_sounds() -> None:
    assert read_words(["hyatt=HH AY1 AH0 T", "行 = hang2"]) == (
        SiteWord("hyatt", "HH AY1 AH0 T"),
        SiteWord("行", "hang2"),
    )


def test_sounds_are_arpabet_in_capitals_without_stress_or_pinyin_in_small_letters() -> None:
    assert [UNITS[unit] for unit in sound_units("HH AY1 AH0 T")] == ["e_HH", "e_AY", "e_AH", "e_T"]
    assert [UNITS[unit] for unit in sound_units("hang2")] == ["z_h", "z_ang2"]


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ("room 12", "“12” is no word"),
        ("spa!", "“spa!” is no word"),
        ("前台bar", "is no word"),
        ("hyatt=", "expected one word, = and its sounds"),
        ("=HH AY", "expected one word, = and its sounds"),
        ("grand hyatt=HH AY", "expected one word, = and its sounds"),
        ("hyatt=HH QQ", "QQ is no sound of ARPAbet"),
        ("行=xx9", "xx9"),
    ],
)
def test_what_is_no_word_or_no_sound_is_told(entry: str, told: str) -> None:
    with pytest.raises(IvrError, match=told):
        read_words([entry])


def test_a_file_holds_a_word_a_line_and_remarks(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("# our bars\n前台酒吧\n\nhyatt=HH AY AH T  # the neighbour\n", encoding="utf-8-sig")
    assert read_words(["spa"], file) == (SiteWord("spa"), SiteWord("前台酒吧"), SiteWord("hyatt", "HH AY AH T"))


def test_a_bad_line_of_a_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "words.txt"
    file.write_text("spa\n12\n", encoding="utf-8")
    with pytest.raises(IvrError, match=r"words\.txt:2: “12” is no word"):
        read_words([], file)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "gbk.txt").write_bytes("酒吧".encode("gbk"))
    for name in ("nothing.txt", "gbk.txt"):
        with pytest.raises(IvrError, match=rf"{name}: cannot be read"):
            read_words([], tmp_path / name)
