from __future__ import annotations

import pytest

from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand.answer import Answer, Context
from ivr.dialogue.understand.slots import SLOTS, Understood, declared, from_keys, from_speech, grammar, reading
from ivr.dialogue.understand.universal import switch_phrases
from ivr.records import Heard, Language

AGREEMENT, CLOCK, DAY, ROOM = SLOTS["agreement"], SLOTS["clock_time"], SLOTS["day"], SLOTS["room_number"]
MENU, HALF = SLOTS["menu_choice"], SLOTS["half_of_day"]


@pytest.fixture
def context(catalogue: Catalogue) -> Context:
    return Context(saved="07:00", choices={"wake_up": "1", "goodbye": "3"}, words=catalogue.choices)


def zh(text: str, confidence: float = 0.9) -> Heard:
    return Heard("zh", text, confidence)


def en(text: str, confidence: float = 0.9) -> Heard:
    return Heard("en", text, confidence)


def test_a_reading_that_means_something_beats_a_surer_one_that_does_not(context: Context) -> None:
    found = from_speech((zh("明 天", 0.2), en("five", 1.0)), DAY, context, "en")
    assert found == Understood(Answer("understood", "tomorrow"), "zh", "明 天")


def test_of_two_meanings_the_surer_one_is_taken(context: Context) -> None:
    both = zh("是的", 0.4), en("no", 0.8)
    assert from_speech(both, AGREEMENT, context, "zh") == Understood(Answer("refused"), "en", "no")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_of_two_equally_sure_ones_the_language_spoken_so_far_is_taken(context: Context, language: Language) -> None:
    found = from_speech((zh("是的"), en("no")), AGREEMENT, context, language)
    assert found.language == language


def test_what_means_nothing_is_unclear_and_kept_for_the_record(context: Context) -> None:
    assert from_speech((zh("五 六"), en("five six")), AGREEMENT, context, "zh") == Understood(
        Answer("unclear"), "zh", "五 六"
    )
    assert from_speech((), AGREEMENT, context, "en") == Understood(Answer("unclear"), "en", "")


@pytest.mark.parametrize(
    ("heard", "to"),
    [(zh("英文"), "en"), (zh("中文"), "zh"), (en("chinese please"), "zh"), (en("speak english"), "en")],
)
def test_a_caller_may_switch_the_language_both_ways(context: Context, heard: Heard, to: str) -> None:
    assert reading(heard, CLOCK, context).answer == Answer("language", to)


@pytest.mark.parametrize("slot", SLOTS.values(), ids=list(SLOTS))
def test_a_universal_goes_before_the_question(context: Context, slot: object) -> None:
    for heard, name in ((zh("取消"), "cancel"), (en("there is a fire"), "emergency"), (zh("救命"), "emergency")):
        assert reading(heard, slot, context).answer == Answer(name)  # type: ignore[arg-type] # a slot of SLOTS


@pytest.mark.parametrize(
    ("keys", "slot", "outcome", "value"),
    [
        ("1#", AGREEMENT, "agreed", ""),
        ("0", AGREEMENT, "operator", ""),
        ("9", AGREEMENT, "language", "en"),
        ("*", AGREEMENT, "repeat", ""),
        ("1", MENU, "wake_up", "wake_up"),
        ("0", MENU, "operator", ""),
        ("2", MENU, "unclear", ""),
        ("0", DAY, "operator", ""),
        ("0", HALF, "operator", ""),
        ("2", HALF, "understood", "19:00"),
        ("1208#", ROOM, "understood", "1208"),
        ("900", ROOM, "understood", "900"),
        ("*", ROOM, "repeat", ""),
        ("0", ROOM, "unclear", ""),
        ("9", ROOM, "unclear", ""),
        ("0#", ROOM, "operator", ""),
        ("9#", ROOM, "unclear", ""),
        ("0630", CLOCK, "understood", "06:30"),
        ("630#", CLOCK, "needs_half", "06:30"),
        ("0", CLOCK, "unclear", ""),
        ("0#", CLOCK, "operator", ""),
        ("*", CLOCK, "repeat", ""),
        ("#", CLOCK, "unclear", ""),
        ("", CLOCK, "unclear", ""),
    ],
)
def test_keys_are_answers_or_universals(context: Context, keys: str, slot: object, outcome: str, value: str) -> None:
    found = from_keys(keys, slot, context, "zh")  # type: ignore[arg-type] # a slot of SLOTS
    assert (found.answer.outcome, found.answer.value, found.language) == (outcome, value, "zh")


def test_key_9_switches_to_the_other_language(context: Context) -> None:
    assert from_keys("9", AGREEMENT, context, "en").answer == Answer("language", "zh")


def test_both_languages_are_listened_for_until_the_callers_is_known(context: Context) -> None:
    first = grammar(AGREEMENT, context, "zh", known=False)
    assert list(first) == ["zh", "en"]
    assert {"是的", "英文", "中文", "救命"} <= set(first["zh"])
    assert {"yes", "chinese", "english", "help"} <= set(first["en"])
    later = grammar(AGREEMENT, context, "en", known=True)
    assert list(later) == ["en", "zh"]
    assert later["zh"] == switch_phrases("zh")
    assert "yes" in later["en"]
    assert "english" not in later["en"]


def test_a_menu_declares_its_choices_and_the_others_what_they_are(context: Context) -> None:
    assert declared(MENU, context.choices) == ("wake_up", "goodbye")
    assert declared(CLOCK, {}) == ("understood", "needs_half")
