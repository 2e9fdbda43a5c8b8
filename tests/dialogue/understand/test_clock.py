from __future__ import annotations

import pytest

from ivr.dialogue.understand.answer import Answer, Context
from ivr.dialogue.understand.slots import SLOTS
from ivr.records import Language

CLOCK, HALF = SLOTS["clock_time"], SLOTS["half_of_day"]


def show(answer: Answer) -> str:
    """`07:30`, `07:30?` where the half is open, `07:30 tomorrow`, or `unclear`."""
    if answer.outcome == "unclear":
        return answer.outcome
    mark = {"understood": "", "needs_half": "?"}[answer.outcome]
    return " ".join([answer.value + mark, *answer.also.values()])


ZH = {
    # plain 12-hour times may be two
    "六点": "06:00?",
    "六点 半": "06:30?",
    "七点 一刻": "07:15?",
    "七点 三刻": "07:45?",
    "两点": "02:00?",
    "二点": "02:00?",
    "十二点": "12:00?",
    "十二点 半": "12:30?",
    "七点 整": "07:00?",
    "七点 钟": "07:00?",
    "七点 零五分": "07:05?",
    "七点 零五": "07:05?",
    "七点 五分": "07:05?",
    "七点 十分": "07:10?",
    "七点 十": "07:10?",
    "五点 二十": "05:20?",
    "六点 四十五分": "06:45?",
    "零七点 三十": "07:30?",
    # halves of the day
    "早上 六点 半": "06:30",
    "清晨 五点": "05:00",
    "上午 十一点": "11:00",
    "上午 十二点": "12:00",
    "中午 十二点": "12:00",
    "中午 十二点 一刻": "12:15",
    "中午 十一点 半": "11:30",
    "中午 一点": "13:00",
    "中午 两点": "14:00",
    "中午 七点": "unclear",
    "下午 三点": "15:00",
    "下午 十二点 半": "12:30",
    "傍晚 六点": "18:00",
    "晚上 十点": "22:00",
    "晚上 十二点": "00:00",
    "晚上 十二点 半": "00:30",
    "晚上 一点": "01:00",
    "晚上 三点": "03:00",
    "凌晨 十二点": "00:00",
    "凌晨 两点": "02:00",
    "凌晨 零点": "00:00",
    "早上 十二点": "00:00",
    # the 24-hour clock
    "零点": "00:00",
    "零点 十分": "00:10",
    "十三点": "13:00",
    "二十二点 四十五分": "22:45",
    "下午 十五点": "15:00",
    "二十四点": "00:00",
    "早上 十五点": "unclear",
    "中午 零点": "unclear",
    # days
    "明天 早上 七点": "07:00 tomorrow",
    "明天 七点 半": "07:30? tomorrow",
    "今天 晚上 十点": "22:00 today",
    "明早 七点": "07:00 tomorrow",
    "今早 七点": "07:00 today",
    "今晚 十二点": "00:00 today",
    "明晚 八点": "20:00 tomorrow",
    # half, hesitant, wrong
    "七点 五": "unclear",
    "七点 零": "unclear",
    "三四 点": "unclear",
    "七点 六十分": "unclear",
    "二十五点": "unclear",
    "二十四点 半": "unclear",
    "点 半": "unclear",
    "早上": "unclear",
    "明天": "unclear",
    "七": "unclear",
    "七点 早上": "unclear",
    "今天 明天 七点": "unclear",
    "早上 下午 七点": "unclear",
    "七点 八点": "unclear",
    "七点 [unk] 三十": "unclear",
    "早上 [unk] 七点": "unclear",
    "[unk] 七点 [unk]": "07:00?",
    "[unk]": "unclear",
    "": "unclear",
    "好的": "unclear",
}

EN = {
    # plain 12-hour times may be two
    "seven": "07:00?",
    "seven o'clock": "07:00?",
    "seven thirty": "07:30?",
    "at seven thirty": "07:30?",
    "half past six": "06:30?",
    "half six": "06:30?",
    "quarter past seven": "07:15?",
    "quarter to seven": "06:45?",
    "quarter to one": "12:45?",
    "ten past seven": "07:10?",
    "twenty five to eight": "07:35?",
    "seven oh five": "07:05?",
    "seven zero five": "07:05?",
    "six forty five": "06:45?",
    "twelve": "12:00?",
    "twelve fifteen": "12:15?",
    # halves of the day
    "seven a m": "07:00",
    "ten p m": "22:00",
    "twelve a m": "00:00",
    "twelve p m": "12:00",
    "twelve fifteen in the morning": "00:15",
    "quarter to one in the morning": "00:45",
    "six thirty in the morning": "06:30",
    "three in the afternoon": "15:00",
    "half past twelve in the afternoon": "12:30",
    "eight in the evening": "20:00",
    "ten at night": "22:00",
    "three at night": "03:00",
    "twelve at night": "00:00",
    "noon": "12:00",
    "at noon": "12:00",
    "twelve noon": "12:00",
    "midnight": "00:00",
    "twelve midnight": "00:00",
    "seven noon": "unclear",
    "noon in the morning": "unclear",
    # the 24-hour clock
    "fifteen thirty": "15:30",
    "fifteen o'clock": "15:00",
    "twenty two fifteen": "22:15",
    "twenty twenty five": "20:25",
    "zero thirty": "00:30",
    "fifteen thirty p m": "15:30",
    "fifteen thirty a m": "unclear",
    "twenty four thirty": "unclear",
    # days
    "tomorrow at seven": "07:00? tomorrow",
    "tomorrow morning at seven": "07:00 tomorrow",
    "tomorrow at seven in the morning": "07:00 tomorrow",
    "seven thirty tomorrow morning": "07:30 tomorrow",
    "today at ten p m": "22:00 today",
    "tonight at ten": "22:00 today",
    "tomorrow at noon": "12:00 tomorrow",
    # short words lost on the way
    "tomorrow seven": "07:00? tomorrow",
    "tomorrow seven thirty": "07:30? tomorrow",
    "tomorrow morning seven": "07:00 tomorrow",
    "seven in morning": "07:00",
    "seven morning": "07:00",
    "seven thirty the evening": "19:30",
    "ten night": "22:00",
    "quarter seven": "unclear",
    "ten seven": "unclear",
    "twenty seven": "unclear",
    # half, hesitant, wrong
    "seven m": "unclear",
    "seven nine m": "unclear",
    "seven in the": "unclear",
    "half past": "unclear",
    "quarter": "unclear",
    "quarter past": "unclear",
    "fifteen": "unclear",
    "twenty": "unclear",
    "thirty": "unclear",
    "zero": "unclear",
    "oh five": "unclear",
    "seven five": "unclear",
    "seven sixty": "unclear",
    "half past fifteen": "unclear",
    "in the morning": "unclear",
    "tomorrow": "unclear",
    "tomorrow today seven": "unclear",
    "tomorrow morning at seven in the evening": "unclear",
    "seven p m in the morning": "unclear",
    "seven [unk] thirty": "unclear",
    "[unk] seven thirty": "07:30?",
    "[unk]": "unclear",
    "": "unclear",
    "yes": "unclear",
}

KEYS = {
    "0630": "06:30",
    "1830": "18:30",
    "0000": "00:00",
    "1200": "12:00",
    "0005": "00:05",
    "2359": "23:59",
    "2400": "00:00",
    "630": "06:30?",
    "100": "01:00?",
    "959": "09:59?",
    "2460": "unclear",
    "2401": "unclear",
    "2500": "unclear",
    "0660": "unclear",
    "660": "unclear",
    "063": "unclear",
    "030": "unclear",
    "7": "unclear",
    "07": "unclear",
    "06300": "unclear",
    "": "unclear",
    "*": "unclear",
    "06*0": "unclear",
}

HALVES = {
    # saved time, words in both languages, keys -> the time
    "06:30": {"早上": "06:30", "下午": "18:30", "晚上": "18:30", "中午": "unclear", "凌晨": "06:30"},
    "03:00": {"早上": "03:00", "下午": "15:00", "晚上": "03:00", "凌晨": "03:00", "傍晚": "15:00"},
    "12:15": {"早上": "00:15", "上午": "12:15", "中午": "12:15", "下午": "12:15", "晚上": "00:15", "凌晨": "00:15"},
}

HALVES_EN = {
    "06:30": {"morning": "06:30", "in morning": "06:30", "p m": "18:30", "noon": "unclear", "at night": "18:30"},
    "03:00": {"a m": "03:00", "afternoon": "15:00", "in the evening": "15:00", "at night": "03:00", "night": "03:00"},
    "12:15": {"in the morning": "00:15", "noon": "12:15", "in the afternoon": "12:15", "in evening": "00:15"},
}


@pytest.mark.parametrize(("said", "meant"), ZH.items())
def test_a_chinese_time(said: str, meant: str) -> None:
    assert show(CLOCK.from_words(said, "zh", Context())) == meant


@pytest.mark.parametrize(("said", "meant"), EN.items())
def test_an_english_time(said: str, meant: str) -> None:
    assert show(CLOCK.from_words(said, "en", Context())) == meant


@pytest.mark.parametrize(("keys", "meant"), KEYS.items())
def test_a_time_by_keys(keys: str, meant: str) -> None:
    assert show(CLOCK.from_keys(keys, Context())) == meant


@pytest.mark.parametrize(
    ("words", "language", "keys"),
    [
        ("六点半", "zh", "630"),
        ("half past six", "en", "630"),
        ("早上六点半", "zh", "0630"),
        ("six thirty in the morning", "en", "0630"),
        ("晚上十二点", "zh", "0000"),
        ("midnight", "en", "0000"),
        ("二十四点", "zh", "2400"),
        ("fifteen thirty", "en", "1530"),
        ("中午十二点", "zh", "1200"),
        ("twelve p m", "en", "1200"),
    ],
)
def test_words_and_keys_of_one_time_are_one_answer(words: str, language: Language, keys: str) -> None:
    assert CLOCK.from_words(words, language, Context()) == CLOCK.from_keys(keys, Context())


@pytest.mark.parametrize(("language", "table"), [("zh", HALVES), ("en", HALVES_EN)])
@pytest.mark.parametrize("saved", HALVES)
def test_a_half_completes_the_time_that_was_said(
    language: Language, table: dict[str, dict[str, str]], saved: str
) -> None:
    context = Context(saved=saved)
    assert {said: show(HALF.from_words(said, language, context)) for said in table[saved]} == table[saved]


@pytest.mark.parametrize("saved", [f"{hour:02d}:15" for hour in range(1, 13)])
def test_key_1_is_a_m_and_key_2_is_p_m(saved: str) -> None:
    context = Context(saved=saved)
    assert (
        HALF.from_keys("1", context) == HALF.from_words("a m", "en", context) == HALF.from_words("早上", "zh", context)
    )
    assert (
        HALF.from_keys("2", context) == HALF.from_words("p m", "en", context) == HALF.from_words("下午", "zh", context)
    )


@pytest.mark.parametrize("said", ["", "早晚", "七点", "[unk]", "不", "早上 晚上"])
def test_what_is_no_half_stays_unclear(said: str) -> None:
    assert HALF.from_words(said, "zh", Context(saved="07:00")).outcome == "unclear"


@pytest.mark.parametrize("said", ["", "m", "the", "in the", "seven", "[unk]", "morning evening", "in at"])
def test_what_is_no_half_in_english_stays_unclear(said: str) -> None:
    assert HALF.from_words(said, "en", Context(saved="07:00")).outcome == "unclear"


@pytest.mark.parametrize("keys", ["", "0", "3", "12", "*"])
def test_other_keys_are_no_half(keys: str) -> None:
    assert HALF.from_keys(keys, Context(saved="07:00")).outcome == "unclear"


@pytest.mark.parametrize(("day", "also"), [("tomorrow", "after_tomorrow"), ("friday", "friday+1"), ("today", "today")])
def test_the_midnight_of_a_day_that_was_said_ends_it(day: str, also: str) -> None:
    """明天十二点, then 晚上: the midnight before tomorrow is a day too early."""
    for answer in (
        HALF.from_words("晚上", "zh", Context("12:00", day)),
        HALF.from_words("at night", "en", Context("12:00", day)),
    ):
        assert answer == Answer("understood", "00:00", {"day": also})
    assert HALF.from_words("中午", "zh", Context("12:00", day)) == Answer("understood", "12:00", {"day": day})


def test_a_half_without_a_time_is_unclear() -> None:
    assert HALF.from_words("早上", "zh", Context()) == HALF.from_keys("1", Context()) == Answer("unclear")


@pytest.mark.parametrize(
    ("language", "said", "value", "day"),
    [
        ("zh", "明天晚上一点", "01:00", "after_tomorrow"),
        ("zh", "明晚十二点", "00:00", "after_tomorrow"),
        ("zh", "明天晚上十点", "22:00", "tomorrow"),
        ("zh", "明天凌晨两点", "02:00", "tomorrow"),
        ("zh", "今天晚上十二点", "00:00", "today"),
        ("en", "tomorrow at midnight", "00:00", "after_tomorrow"),
        ("en", "tomorrow at ten at night", "22:00", "tomorrow"),
        ("en", "tomorrow at one in the morning", "01:00", "tomorrow"),
    ],
)
def test_the_small_hours_of_tomorrow_night_lie_on_the_day_after(
    language: Language, said: str, value: str, day: str
) -> None:
    """明晚一点 is not tonight at one: twenty-four hours too early is a guest woken for nothing."""
    answer = CLOCK.from_words(said, language, Context())
    assert (answer.outcome, answer.value, answer.also["day"]) == ("understood", value, day)
