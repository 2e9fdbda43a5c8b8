from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.bench.exam.evaluate import OTHER_SPEECH, RIGHT, Result
from ivr.records import Language
from models.train.meaning import turned_down, understood


def _heard(question: str, language: Language, said: str, heard: str) -> Result:
    return Result(RIGHT, "joe", "joe", language, question, "clean", rejects=True, said=said, heard=heard)


@pytest.mark.parametrize(
    ("question", "language", "said", "heard"),
    [
        ("agreement", "zh", "不用", "不要"),
        ("room_number", "zh", "幺零七二", "一零七二"),
        ("room_number", "en", "two oh oh two", "two zero zero two"),
        ("clock_time", "en", "tomorrow at six ten a m", "tomorrow six ten a m"),
    ],
)
def test_other_words_that_mean_the_same_are_understood(
    question: str, language: Language, said: str, heard: str
) -> None:
    result = _heard(question, language, said, heard)
    assert understood(result)
    assert not result.right


@pytest.mark.parametrize(
    ("question", "language", "said", "heard"),
    [
        ("agreement", "zh", "不用", "好的"),
        ("agreement", "en", "yes", "[unk]"),
        ("room_number", "zh", "五五三三", "五三"),
        ("clock_time", "en", "half past ten in the evening", "half past seven in the evening"),
        ("menu", "en", "repeat", "repair"),
        ("room_number", "en", "one two oh eight", "one two [unk] oh eight"),
        ("room_number", "zh", "幺二零八", "幺二[unk]零八"),
    ],
)
def test_another_answer_or_none_is_not_understood(question: str, language: Language, said: str, heard: str) -> None:
    assert not understood(_heard(question, language, said, heard))


def test_what_no_slot_understands_is_never_right() -> None:
    assert not understood(_heard("clock_time", "en", "banana", "banana"))


@pytest.mark.parametrize(
    ("question", "nothing", "something"),
    [
        ("clock_time", "[unk]", "seven in the morning"),
        ("clock_time", "the to two", "six"),
        ("agreement", "", "yes"),
        ("menu", "[unk]", "repeat"),
    ],
)
def test_other_speech_is_turned_down_unless_it_makes_an_answer(question: str, nothing: str, something: str) -> None:
    heard = {
        words: replace(_heard(question, "en", "it rained", words), kind=OTHER_SPEECH) for words in (nothing, something)
    }
    assert turned_down(heard[nothing])
    assert not turned_down(heard[something])
