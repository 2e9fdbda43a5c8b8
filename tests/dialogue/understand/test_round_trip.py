"""Value → prompt text → normalised text → what a recogniser would write → the same value."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.spoken_values import speak
from ivr.dialogue.understand.answer import Answer, Context
from ivr.dialogue.understand.day_words import rows
from ivr.dialogue.understand.duration import LONGEST, minutes_of, value
from ivr.dialogue.understand.person import SURNAMES, TITLES
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import LANGUAGES, Language

LANGUAGE = st.sampled_from(LANGUAGES)
MANY = settings(max_examples=400)
CONTEXT = Context(room_lengths=(3, 4, 5))


def heard(kind: str, given_value: str, language: Language) -> str:
    """What is said of a value, as the recogniser would write it: small letters, no signs."""
    text = speakable(speak(kind, given_value, language), language).lower()
    return " ".join(re.sub(r"[^\w'+]+", " ", text).split())


def understood(slot: str, text: str, language: Language) -> Answer:
    return SLOTS[slot].from_words(text, language, CONTEXT)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slot", ["day", "date"])
def test_every_day_is_understood_as_itself(slot: str, language: Language) -> None:
    values = {value for _, value in rows(language)}
    assert len(values) > 400
    for each in values:
        assert understood(slot, heard("day", each, language), language) == Answer("understood", each)


@MANY
@given(st.dates(), LANGUAGE)
def test_every_date_by_keys_and_by_words_is_one_answer(date: object, language: Language) -> None:
    month_and_day = f"{date:%m-%d}"
    by_keys = SLOTS["date"].from_keys(month_and_day.replace("-", ""), CONTEXT)
    assert by_keys == understood("date", heard("day", f"--{month_and_day}", language), language)


@MANY
@given(st.text("0123456789", min_size=5, max_size=15), st.sampled_from(["", "+"]), LANGUAGE)
def test_every_telephone_number_is_understood_as_itself(number: str, plus: str, language: Language) -> None:
    near_miss = not plus and len(number) in {10, 12} and re.match(r"1[3-9]|010|02", number)
    text = heard("phone", plus + number, language)
    answer = Answer("unclear") if near_miss else Answer("understood", plus + number)
    assert understood("phone_number", text, language) == answer


@MANY
@given(st.text("0123456789", min_size=1, max_size=20), LANGUAGE)
def test_every_row_of_digits_is_understood_as_itself(number: str, language: Language) -> None:
    by_words = understood("digits", heard("digits", number, language), language)
    assert by_words == SLOTS["digits"].from_keys(number, CONTEXT) == Answer("understood", number)


@MANY
@given(st.text("0123456789", min_size=3, max_size=5), LANGUAGE)
def test_every_room_is_understood_as_itself(number: str, language: Language) -> None:
    assert understood("room_number", heard("room", number, language), language) == Answer("understood", number)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_is_understood_as_itself(language: Language) -> None:
    for minute in range(24 * 60):
        time = f"{minute // 60:02d}:{minute % 60:02d}"
        assert understood("clock_time", heard("clock", time, language), language) == Answer("understood", time)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_time_of_every_weekday_is_understood_with_its_day(language: Language) -> None:
    blank = "" if language == "zh" else " "
    for day in ("tomorrow", "friday", "next_week_monday", "---03", "--12-31"):
        for minute in range(9 * 60, 17 * 60, 5):
            time = f"{minute // 60:02d}:{minute % 60:02d}"
            said = blank.join((heard("day", day, language), heard("clock", time, language)))
            assert understood("clock_time", said, language) == Answer("understood", time, {"day": day})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_duration_of_a_day_is_understood_as_itself(language: Language) -> None:
    for minutes in range(1, 24 * 60 + 1):
        text = heard("duration", value(minutes), language)
        assert understood("duration", text, language) == Answer("understood", value(minutes))


@MANY
@given(st.integers(1, LONGEST), LANGUAGE)
def test_every_longer_duration_is_understood_as_itself(minutes: int, language: Language) -> None:
    assert minutes_of(value(minutes)) == minutes
    text = heard("duration", value(minutes), language)
    assert understood("duration", text, language) == Answer("understood", value(minutes))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_person_is_understood_as_themselves(language: Language) -> None:
    for surname in SURNAMES[language]:
        bare = understood("surname", heard("name", surname, language), language)
        assert bare == Answer("needs_title", surname)
        for title in TITLES[language]:
            name = f"{title} {surname}"
            assert understood("surname", heard("name", name, language), language) == Answer("understood", name)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("title", TITLES["en"])
def test_a_title_completes_the_surname_that_was_said(title: str, language: Language) -> None:
    (word, *_) = TITLES[language][title]
    answer = SLOTS["title"].from_words(word, language, Context(saved="王"))
    assert answer == Answer("understood", f"{title} 王")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_name_of_every_department_and_choice_means_it(catalogue: Catalogue, language: Language) -> None:
    context = Context(
        choices={"wake_up": "1", "goodbye": "3"}, words=catalogue.choices, departments=catalogue.departments
    )
    for department, names in catalogue.departments[language].items():
        for name in names:
            assert SLOTS["department"].from_words(name, language, context) == Answer("understood", department)
    for choice in context.choices:
        for words in catalogue.choices[language][choice]:
            assert SLOTS["menu_choice"].from_words(words, language, context) == Answer(choice, choice)


def test_a_chinese_name_is_said_in_english_by_its_sound() -> None:
    assert speak("name", "mr 王", "en") == "Mister Wang"
    assert speak("name", "ms 欧阳", "en") == "Ms Ouyang"
    assert speak("name", "mr smith", "zh") == "Smith先生"


def test_the_night_after_a_day_is_said_as_the_day_after_it() -> None:
    assert speak("day", "friday+1", "zh") == "星期五的第二天"
    assert speak("day", "friday+1", "en") == "the day after Friday"
