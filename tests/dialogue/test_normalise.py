from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.dialogue.normalise import SPEAKERS, en_number, en_ordinal, speak, zh_number
from ivr.dialogue.normalise.holidays import DRAGON_BOAT, MID_AUTUMN, holiday
from ivr.records import LANGUAGES

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


@pytest.mark.parametrize(
    ("first", "days", "zh", "en"),
    [
        ("2027-01-01", 1, "新年好", "Happy New Year"),
        ("2026-02-17", 3, "春节好", "Happy Chinese New Year"),
        ("2027-02-06", 3, "春节好", "Happy Chinese New Year"),
        ("2030-02-03", 3, "春节好", "Happy Chinese New Year"),
        ("2027-05-01", 1, "节日好", "Happy Labour Day"),
        ("2027-06-09", 1, "节日好", "Happy Dragon Boat Festival"),
        ("2026-09-25", 1, "节日好", "Happy Mid-Autumn Festival"),
        ("2027-09-15", 1, "节日好", "Happy Mid-Autumn Festival"),
        ("2026-10-01", 3, "节日好", "Happy National Day"),
    ],
)
def test_a_holiday_is_greeted_on_its_days_only(first: str, days: int, zh: str, en: str) -> None:
    began = date.fromisoformat(first)
    for offset in range(-1, days + 1):
        day = began + timedelta(days=offset)
        said = [speak("hello", f"{day}T09:00", language) for language in LANGUAGES]
        assert said == ([zh, en] if 0 <= offset < days else ["早上好", "Good morning"])
        assert speak("wish", f"{day}T22:00", "zh") == "祝您晚安"


def test_the_time_of_day_alone_is_greeted_as_on_any_day() -> None:
    assert [speak("hello", value, "zh") for value in ("04:59", "05:00", "11:00", "13:00", "18:00")] == [
        "晚上好",
        "早上好",
        "中午好",
        "下午好",
        "晚上好",
    ]


def test_a_leap_month_has_no_festival_and_far_years_have_none_at_all() -> None:
    leap_fifth_of_the_fifth = date(2028, 6, 27)
    assert holiday(date(2028, 5, 28)) == DRAGON_BOAT
    assert holiday(leap_fifth_of_the_fifth) is None
    assert holiday(date(2200, 2, 1)) is None
    assert holiday(date(2200, 1, 1)) is not None


def test_of_two_holidays_on_one_day_the_lunar_one_is_greeted() -> None:
    assert holiday(date(2020, 10, 1)) == MID_AUTUMN


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
    assert len({zh_number(number) for number in range(20_000)}) == 20_000
    assert len({en_number(number) for number in range(20_000)}) == 20_000
    assert [zh_number(number) for number in (0, 9, 10, 11, 20, 45)] == ["零", "九", "十", "十一", "二十", "四十五"]


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (-3, "负三", "minus three"),
        (105, "一百零五", "one hundred and five"),
        (110, "一百一十", "one hundred and ten"),
        (222, "两百二十二", "two hundred and twenty two"),
        (1008, "一千零八", "one thousand and eight"),
        (2000, "两千", "two thousand"),
        (10_012, "一万零一十二", "ten thousand and twelve"),
        (20_300, "两万零三百", "twenty thousand three hundred"),
        (1_000_000, "一百万", "one million"),
        (100_000_001, "一亿零一", "one hundred million and one"),
    ],
)
def test_long_numbers_are_counted(number: int, zh: str, en: str) -> None:
    assert (zh_number(number), en_number(number)) == (zh, en)


def test_the_types_of_variables_are_a_closed_set() -> None:
    assert set(SPEAKERS) == {"clock", "date", "room", "text", "hello", "wish"}
