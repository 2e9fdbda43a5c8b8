from __future__ import annotations

from itertools import product
from typing import get_args

from ivr.bench.exam.questions import Part, Question, asked, fixed_texts, plain, questions, trial_texts
from ivr.records import LANGUAGES, Language

PARTS: tuple[Part, ...] = get_args(Part)


def _question(language: Language, name: str) -> Question:
    return next(each for each in questions(language) if each.name == name)


def test_every_trial_is_an_answer_or_other_speech() -> None:
    for language, part in product(LANGUAGES, PARTS):
        for text in trial_texts(language, part):
            kinds = questions(language)
            assert any(each.takes(text) for each in kinds) or all(each.foreign(text) for each in kinds), text


def test_trials_are_the_same_every_time() -> None:
    assert list(trial_texts("zh")) == list(trial_texts("zh"))


def test_a_room_is_three_or_four_digits() -> None:
    room = _question("zh", "room_number")
    assert room.takes("幺二零八")
    assert room.takes("三 零 一")
    assert not room.takes("三零")
    assert not room.takes("三零点")
    assert _question("en", "room_number").takes("one two oh eight")


def test_speech_that_shares_a_word_with_the_grammar_is_not_counted_as_foreign() -> None:
    assert not _question("en", "agreement").foreign("is it right here")
    assert _question("en", "agreement").foreign("grandpa sleeps")


def test_the_product_asks_with_its_universals() -> None:
    assert asked("agreement", "zh").takes("救命")


def test_blanks_do_not_matter_in_chinese_and_do_in_english() -> None:
    assert plain("七 点 半", "zh") == "七点半"
    assert plain("Half  past six", "en") == "half past six"


def test_constants_are_chosen_on_other_rooms_times_and_other_speech_than_are_reported() -> None:
    for language in ("zh", "en"):
        reported, tuned = (set(trial_texts(language, part)) for part in ("test", "tune"))
        assert reported & tuned == set(fixed_texts(language))
        assert len(tuned) > 150
