"""What days are called, phrase → value; the same tables make the grammar and the understanding.

A value is text that means a date only at a moment (`ivr.desk.days`): `today`, `tomorrow`, `after_tomorrow`,
`in_three_days`; `friday`, `this_friday`, `next_friday` (English, whose “next” has two readings), `next_week_friday`,
`week_after_next_friday`, `a_week_on_friday` (a week after the coming one); `---03` and `--10-03`, the day of a month
and of a year (as XML Schema writes gDay and gMonthDay), `this_month_03`, `next_month_03`. `+1` behind one is the day
after it. `spring_festival` and its like go by the moon. VAGUE values are no single day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from types import MappingProxyType

from ivr.dialogue.normalise import en_number, en_ordinal, zh_number
from ivr.records import LANGUAGES, Language

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
WEEKS: Mapping[str, str] = MappingProxyType(
    {"this_week": "this_", "next_week": "next_week_", "week_after_next": "week_after_next_"}
)
"""a week → what goes before a day of it"""
VAGUE = (*WEEKS, "weekend", "some_day")
"""a day of them has to be asked for"""

_PLAIN: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            "今天": "today",
            "今日": "today",
            "明天": "tomorrow",
            "明日": "tomorrow",
            "后天": "after_tomorrow",
            "大后天": "in_three_days",
            **dict.fromkeys(("元旦", "元旦节"), "--01-01"),
            **dict.fromkeys(("劳动节", "五一", "五一劳动节"), "--05-01"),
            **dict.fromkeys(("国庆", "国庆节", "十一国庆节"), "--10-01"),
            "春节": "spring_festival",
            **dict.fromkeys(("端午节", "端午"), "dragon_boat_festival"),
            **dict.fromkeys(("中秋节", "中秋"), "mid_autumn_festival"),
        },
        "en": {
            "today": "today",
            "tomorrow": "tomorrow",
            **dict.fromkeys(("day after tomorrow", "the day after tomorrow"), "after_tomorrow"),
            "in three days": "in_three_days",
            **dict.fromkeys(("new year", "new year's day"), "--01-01"),
            **dict.fromkeys(("may day", "labour day"), "--05-01"),
            "national day": "--10-01",
            **dict.fromkeys(("christmas", "christmas day"), "--12-25"),
            **dict.fromkeys(("spring festival", "the spring festival", "chinese new year"), "spring_festival"),
            **dict.fromkeys(("dragon boat festival", "the dragon boat festival"), "dragon_boat_festival"),
            **dict.fromkeys(("mid autumn festival", "the mid autumn festival"), "mid_autumn_festival"),
        },
    }
)
VAGUE_WORDS: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {
        "zh": {
            **dict.fromkeys(("下周", "下星期", "下个星期", "下礼拜", "下个礼拜"), "next_week"),
            **dict.fromkeys(
                ("下下周", "下下星期", "下下个星期", "下下礼拜", "下下个礼拜", "再下周", "再下星期", "再下个星期"),
                "week_after_next",
            ),
            **dict.fromkeys(("这周", "本周", "这星期", "这个星期", "这礼拜"), "this_week"),
            **dict.fromkeys(("周末", "这周末", "这个周末", "下周末", "本周末"), "weekend"),
            **dict.fromkeys(("清明节", "清明"), "some_day"),
            **dict.fromkeys(("过两天", "过几天", "这几天", "这个月", "下个月", "月底", "月初"), "some_day"),
            **dict.fromkeys(("今天或者明天", "今天还是明天", "今天或明天", "明天或者后天", "明天或后天"), "some_day"),
        },
        "en": {
            "next week": "next_week",
            "this week": "this_week",
            **dict.fromkeys(("the week after next", "week after next"), "week_after_next"),
            **dict.fromkeys(("the weekend", "this weekend", "next weekend", "weekend"), "weekend"),
            **dict.fromkeys(("next month", "this month", "in a few days", "in two or three days"), "some_day"),
            **dict.fromkeys(("easter", "one day"), "some_day"),
            **dict.fromkeys(("today or tomorrow", "tomorrow or the day after"), "some_day"),
        },
    }
)
_UNHEARD = frozenset(
    {
        *(
            "今日",
            "明日",
            "christmas",
            "christmas day",
            "new year's day",
            "labour day",
            "easter",
            "元旦节",
            "端午",
            "中秋",
        ),
        *(
            "清明",
            "今天或者明天",
            "今天还是明天",
            "今天或明天",
            "明天或者后天",
            "明天或后天",
            "月底",
            "月初",
            "清明节",
            "这几天",
        ),
        *("过两天", "过几天", "in two or three days", "tomorrow or the day after"),
    }
)
"""understood, but not listened for: rare, or in words that the bundled model lacks"""


def named(language: Language) -> Mapping[str, str]:
    """Every phrase that names one day, with its value; English without “on”."""
    return _NAMED[language]


def heard(language: Language) -> Iterator[str]:
    """The phrases that are worth listening for; dates of the year once only, in the order of the spoken language."""
    for phrase in (*_PLAIN[language], *VAGUE_WORDS[language]):
        if phrase not in _UNHEARD:
            yield phrase
    yield from (phrase for phrase, _ in _weekdays(language))
    if language == "zh":
        yield from (f"再 下{lead}{day}" for lead in ("周", "星期") for day in "一二三四五六日")
    yield from _heard_dates(language)


def dated(language: Language) -> Iterator[str]:
    """Days of the month, of the next one and of the year, holidays, as they go before a clock time.

    Of each month two days: more would make 八月 likelier at an end than 半 (measured on the callers).
    """
    yield from (phrase for phrase, value in _PLAIN[language].items() if _festive(value) and phrase not in _UNHEARD)
    first = {"zh": "号", "en": "the "}[language]
    yearly = [phrase for phrase in _heard_dates(language) if first in phrase and _month(phrase, language)]
    yield from (phrase for phrase in _heard_dates(language) if first in phrase and not _month(phrase, language))
    yield from (yearly[place] for place in range(0, len(yearly), 16))


def _month(phrase: str, language: Language) -> bool:
    return "月 " in phrase and "个" not in phrase if language == "zh" else phrase.rsplit(maxsplit=1)[-1] in MONTHS


def _festive(value: str) -> bool:
    return value.startswith("--") or value.endswith("festival")


def _heard_dates(language: Language) -> Iterator[str]:
    if language == "zh":
        yield from (f"{zh_number(day)}号" for day in range(1, 32))
        yield from (f"{month} {zh_number(day)}号" for month in ("这个月", "下个月") for day in range(1, 32))
        yield from (f"{zh_number(month)}月 {zh_number(day)}{unit}" for month, day in _dates() for unit in "号日")
        return
    yield from (f"the {_ordinal(day)}" for day in range(1, 32))
    yield from (f"the {_ordinal(day)} of {month} month" for month in ("this", "next") for day in range(1, 32))
    for month, day in _dates():
        name = MONTHS[month - 1]
        yield from (f"{name} {_ordinal(day)}", f"the {_ordinal(day)} of {name}")


def _weekdays(language: Language) -> Iterator[tuple[str, str]]:
    for index, value in enumerate(WEEKDAYS):
        if language == "en":
            yield value, value
            yield from ((f"{lead} {value}", f"{lead}_{value}") for lead in ("this", "next"))
            yield f"{value} next week", f"next_week_{value}"
            yield f"{value} the week after next", f"week_after_next_{value}"
            yield from ((phrase, f"a_week_on_{value}") for phrase in (f"a week on {value}", f"{value} week"))
            continue
        for name, day in product(("周", "星期", "礼拜"), "日天" if index == 6 else zh_number(index + 1)):
            if (name, day) != ("周", "天"):
                yield f"{name}{day}", value
                yield f"这{name}{day}", f"this_{value}"
                yield f"下{name}{day}", f"next_week_{value}"
                yield f"下下{name}{day}", f"week_after_next_{value}"


def _more_weekdays(language: Language) -> Iterator[tuple[str, str]]:
    """Longer ways to say the same: understood, and spanned by what is listened for."""
    for phrase, value in _weekdays(language):
        if language == "zh":
            if phrase[0] in "这下":
                lead = phrase[: 1 + phrase.startswith("下下")]
                yield f"{lead}个{phrase.removeprefix(lead)}", value
            if phrase[0] == "这":
                yield f"本{phrase[1:]}", value
            if value in WEEKDAYS:
                yield from ((f"再下{each}{phrase}", f"week_after_next_{value}") for each in ("", "个"))
        elif value in WEEKDAYS:
            yield from ((f"{lead} {phrase}", value) for lead in ("coming", "this coming", "the coming"))
            yield f"{phrase} this week", f"this_{value}"
            yield f"next week {phrase}", f"next_week_{value}"
            yield f"a week from {phrase}", f"a_week_on_{value}"


def _dates() -> Iterator[tuple[int, int]]:
    yield from ((month, day) for month, days in enumerate(LONGEST_MONTHS, 1) for day in range(1, days + 1))


def _ordinal(day: int) -> str:
    return en_ordinal(day).replace("-", " ")


def _all_dates(language: Language) -> Iterator[tuple[str, str]]:
    for day in range(1, 32):
        value = f"---{day:02d}"
        if language == "zh":
            yield from ((f"{zh_number(day)}{unit}", value) for unit in "号日")
            for lead, which in (("这个", "this"), ("这", "this"), ("本", "this"), ("下个", "next"), ("下", "next")):
                yield from ((f"{lead}月{zh_number(day)}{unit}", f"{which}_month_{day:02d}") for unit in "号日")
        else:
            yield from ((f"{lead}{_ordinal(day)}", value) for lead in ("", "the "))
            for lead, which in product(("", "the "), ("this", "next")):
                yield f"{lead}{_ordinal(day)} of {which} month", f"{which}_month_{day:02d}"
    for month, day in _dates():
        value = f"--{month:02d}-{day:02d}"
        if language == "zh":
            yield from ((f"{zh_number(month)}月{zh_number(day)}{unit}", value) for unit in ("号", "日", ""))
            continue
        name, ordinal = MONTHS[month - 1], _ordinal(day)
        yield from ((f"{name} {each}", value) for each in (ordinal, f"the {ordinal}", en_number(day)))
        yield from ((f"{each} of {name}", value) for each in (ordinal, f"the {ordinal}"))
        # the recogniser often loses the “of”
        yield from ((f"{each} {name}", value) for each in (ordinal, f"the {ordinal}"))


def rows(language: Language) -> Iterator[tuple[str, str]]:
    """(phrase, value) of everything that names one day."""
    yield from (*_PLAIN[language].items(), *_weekdays(language), *_more_weekdays(language), *_all_dates(language))


_NAMED: Mapping[Language, Mapping[str, str]] = MappingProxyType(
    {language: MappingProxyType(dict(rows(language))) for language in LANGUAGES}
)
