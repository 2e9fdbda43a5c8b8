"""Hearing and understanding cannot drift apart: what the recogniser may hear, and what we say, is understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.config import Settings
from ivr.dialogue.check import context_of
from ivr.dialogue.flow import Ask, FlowBook
from ivr.dialogue.normalise import en_number, speak, zh_number
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand.answer import Answer, Context
from ivr.dialogue.understand.slots import SLOTS, declared, grammar, reading
from ivr.dialogue.understand.universal import UNIVERSALS
from ivr.records import LANGUAGES, Heard, Language

ROOM, CLOCK, DIGITS = SLOTS["room_number"], SLOTS["clock_time"], SLOTS["digits"]
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0))
LANGUAGE = st.sampled_from(LANGUAGES)


@pytest.fixture(scope="module")
def context(flows: FlowBook, catalogue: Catalogue) -> Context:
    menu = flows["reception"].steps["choose"]
    assert isinstance(menu, Ask)
    found = context_of(menu, catalogue)
    # 11:00 has no half in which nobody says it
    return replace(found, saved="11:00", room_lengths=(2, 3))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SLOTS)
def test_every_phrase_that_a_question_listens_for_is_understood(
    context: Context, name: str, language: Language
) -> None:
    slot = SLOTS[name]
    phrases = slot.phrases(language, context)
    assert len(set(phrases)) == len(phrases) > 0
    outcomes = {phrase: slot.from_words(phrase, language, context).outcome for phrase in phrases}
    lost = [phrase for phrase, outcome in outcomes.items() if outcome not in declared(slot, context.choices)]
    # English pairs such as “twelve twenty” make rooms of four digits; all others are the halves of one
    fragments = [p for p in lost if name == "room_number" and _digits(p, language) == 4]
    fragments += [
        p
        for p in lost
        if name in {"phone_number", "call_back_number"} and DIGITS.from_words(p, language, context).value
    ]
    assert lost in ([], fragments) or (name == "half_of_day" and lost in (["midnight"], ["午夜"]))


def _digits(phrase: str, language: Language) -> int:
    return len(ROOM.from_words(phrase, language, Context(room_lengths=(4,))).value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", SLOTS)
def test_every_phrase_of_a_grammar_is_an_answer_or_a_universal(context: Context, name: str, language: Language) -> None:
    slot = SLOTS[name]
    closed = {*declared(slot, context.choices), *UNIVERSALS, "unclear"}
    for phrase in grammar(slot, context, language, known=False)[language]:
        assert reading(Heard(language, phrase, 1.0), slot, context).answer.outcome in closed


@given(st.text(max_size=20), st.sampled_from(sorted(SLOTS)), LANGUAGE)
def test_outcomes_are_a_closed_set_whatever_is_heard(text: str, name: str, language: Language) -> None:
    slot, context = SLOTS[name], Context(saved="07:00", choices={"a": "1"}, words={"zh": {"a": ("叫醒",)}})
    for answer in (slot.from_words(text, language, context), slot.from_keys(text, context)):
        assert answer.outcome in {*declared(slot, context.choices), "unclear"}
        assert answer.outcome != "unclear" or answer == Answer("unclear")


@given(
    st.lists(
        st.sampled_from(
            ["七点", "半", "早上", "晚上", "十二点", "明天", "今晚", "零", "五", "分", "[unk]", "刻", "一"]
        ),
        max_size=6,
    )
)
def test_any_chinese_words_in_any_order_give_a_time_or_none(words: list[str]) -> None:
    answer = CLOCK.from_words(" ".join(words), "zh", Context())
    assert not answer.value or time.fromisoformat(answer.value)


@given(
    st.lists(
        st.sampled_from(
            [
                "seven",
                "twelve",
                "twenty",
                "half",
                "past",
                "to",
                "quarter",
                "oh",
                "o'clock",
                "a",
                "p",
                "m",
                "in",
                "the",
                "at",
                "night",
                "noon",
                "tomorrow",
                "morning",
                "zero",
            ]
        ),
        max_size=7,
    )
)
def test_any_english_words_in_any_order_give_a_time_or_none(words: list[str]) -> None:
    answer = CLOCK.from_words(" ".join(words), "en", Context())
    assert not answer.value or time.fromisoformat(answer.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_that_is_read_back_is_understood_as_itself(language: Language) -> None:
    for minute in range(24 * 60):
        value = f"{minute // 60:02d}:{minute % 60:02d}"
        assert CLOCK.from_words(speak("clock", value, language), language, Context()) == Answer("understood", value)


@given(TIMES)
def test_every_time_by_four_keys_is_itself(moment: time) -> None:
    value = moment.isoformat("minutes")
    assert CLOCK.from_keys(value.replace(":", ""), Context()) == Answer("understood", value)


@given(TIMES.filter(lambda moment: moment.hour not in {0, *range(13, 24)}))
def test_a_time_without_its_half_is_never_guessed(moment: time) -> None:
    value = moment.isoformat("minutes")
    zh = f"{zh_number(moment.hour)}点" + (f"{zh_number(moment.minute)}分" if moment.minute else "")
    assert CLOCK.from_words(zh, "zh", Context()) == Answer("needs_half", value)
    minute = f"oh {en_number(moment.minute)}" if moment.minute < 10 else en_number(moment.minute)
    en = f"{en_number(moment.hour)} {minute if moment.minute else ''}"
    assert CLOCK.from_words(en, "en", Context()) == Answer("needs_half", value)


@given(st.text("0123456789", min_size=3, max_size=4), LANGUAGE)
def test_every_room_that_is_read_back_is_understood_as_itself(room: str, language: Language) -> None:
    context = Context(room_lengths=(3, 4))
    spoken = speak("room", room, language)
    assert ROOM.from_words(spoken, language, context) == ROOM.from_keys(room, context) == Answer("understood", room)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_room_of_the_house_is_understood_in_words(language: Language) -> None:
    settings = Settings()
    context = Context(room_lengths=settings.room_lengths)
    for room in settings.rooms:
        assert ROOM.from_words(speak("room", room, language), language, context).value == room
