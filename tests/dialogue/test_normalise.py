from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.normalise import SPEAKERS, en_number, en_ordinal, speak, speakable, zh_number
from ivr.records import LANGUAGES, Language

ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
    "twenty-first",
    "twenty-second",
    "twenty-third",
    "twenty-fourth",
    "twenty-fifth",
    "twenty-sixth",
    "twenty-seventh",
    "twenty-eighth",
    "twenty-ninth",
    "thirtieth",
    "thirty-first",
]


@pytest.mark.parametrize(
    ("kind", "value", "zh", "en"),
    [
        ("room", "1208", "幺二零八", "one two oh eight"),
        ("room", "301", "三零幺", "three oh one"),
        ("room", "1001", "幺零零幺", "one oh oh one"),
        ("clock", "00:00", "凌晨零点", "midnight"),
        ("clock", "00:05", "凌晨零点零五分", "twelve oh five in the morning"),
        ("clock", "02:00", "凌晨两点", "two o'clock in the morning"),
        ("clock", "06:30", "早上六点半", "six thirty in the morning"),
        ("clock", "09:45", "上午九点三刻", "nine forty five in the morning"),
        ("clock", "12:00", "中午十二点", "twelve noon"),
        ("clock", "12:15", "中午十二点一刻", "twelve fifteen in the afternoon"),
        ("clock", "15:08", "下午三点零八分", "three oh eight in the afternoon"),
        ("clock", "18:20", "晚上六点二十分", "six twenty in the evening"),
        ("clock", "22:00", "晚上十点", "ten o'clock at night"),
        ("date", "2026-11-22", "十一月二十二日，星期日，", "Sunday the twenty-second of November"),
        ("date", "2027-02-01", "二月一日，星期一，", "Monday the first of February"),
        ("text", "云间酒店", "云间酒店", "云间酒店"),
    ],
)
def test_values_are_spoken_as_an_operator_says_them(kind: str, value: str, zh: str, en: str) -> None:
    assert (speak(kind, value, "zh"), speak(kind, value, "en")) == (zh, en)


def test_ordinals_are_those_of_a_calendar() -> None:
    assert [en_ordinal(number) for number in range(1, 32)] == ORDINALS


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_a_date_is_always_said_with_its_weekday(day: date) -> None:
    following = day + timedelta(days=1)
    for language in LANGUAGES:
        assert speak("date", day.isoformat(), language) != speak("date", following.isoformat(), language)
    en = speak("date", day.isoformat(), "en").split()
    assert en[0] == day.strftime("%A")
    assert en[2:] == [ORDINALS[day.day - 1], "of", day.strftime("%B")]
    assert f"星期{'一二三四五六日'[day.weekday()]}" in speak("date", day.isoformat(), "zh")
    assert speak("date", day.isoformat(), "zh").startswith(f"{zh_number(day.month)}月{zh_number(day.day)}日")


def test_numbers_count_without_a_gap() -> None:
    assert len({zh_number(number) for number in range(100)}) == 100
    assert len({en_number(number) for number in range(60)}) == 60
    assert [zh_number(number) for number in (0, 9, 10, 11, 20, 45)] == ["零", "九", "十", "十一", "二十", "四十五"]


@pytest.mark.parametrize(
    ("text", "language", "spoken"),
    [
        ("房号1208。", "zh", "房号幺二零八。"),
        ("房号１２０８。", "zh", "房号幺二零八。"),
        ("请按1。", "zh", "请按一。"),
        ("07:30叫醒", "zh", "早上七点半叫醒"),
        ("７：３０叫醒", "zh", "早上七点半叫醒"),
        ("例如：早上，请按：0630。", "zh", "例如：早上，请按：零六三零。"),
        ("请拨119、110", "zh", "请拨幺幺九、幺幺零"),
        ("press 1, or dial 119.", "en", "press one, or dial one one nine."),
        ("at 07:30 for room 1208", "en", "at seven thirty in the morning for room one two oh eight"),
        ("for example, 0630.", "en", "for example, oh six three oh."),
        ("25:00 is no time", "en", "two five:oh oh is no time"),
    ],
)
def test_no_figure_is_left_to_the_voice(text: str, language: Language, spoken: str) -> None:
    assert speakable(text, language) == spoken


@given(st.text(max_size=60), st.sampled_from(LANGUAGES))
def test_whatever_is_written_can_be_spoken(text: str, language: Language) -> None:
    assert not any(character in "0123456789" for character in speakable(text, language))


def test_the_types_of_variables_are_a_closed_set() -> None:
    assert set(SPEAKERS) == {"clock", "date", "room", "text", "hello", "wish"}
