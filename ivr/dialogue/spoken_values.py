"""How the values of the understanding's slots are said: days, telephone numbers, durations, people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pypinyin import lazy_pinyin

from ivr.dialogue import normalise
from ivr.dialogue.normalise.english import EN_MONTHS, en_digits, en_number, en_ordinal
from ivr.dialogue.normalise.mandarin import zh_amount, zh_digits, zh_number
from ivr.dialogue.normalise.telephone import groups
from ivr.dialogue.understand.day_words import WEEKDAYS
from ivr.dialogue.understand.duration import minutes_of
from ivr.dialogue.understand.person import TITLES
from ivr.records import Language

_DAYS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "today": ("今天", "today"),
        "tomorrow": ("明天", "tomorrow"),
        "after_tomorrow": ("后天", "the day after tomorrow"),
        "in_three_days": ("大后天", "in three days"),
        "spring_festival": ("春节", "the Spring Festival"),
        "dragon_boat_festival": ("端午节", "the Dragon Boat Festival"),
        "mid_autumn_festival": ("中秋节", "the Mid-Autumn Festival"),
    }
)
_EN_LEADS = {"": "{}", "this_": "this {}", "next_": "next {}", "next_week_": "{} next week"}
_EN_LEADS |= {"week_after_next_": "{} the week after next", "a_week_on_": "a week on {}"}
_ZH_LEADS = {"": "星期", "this_": "这星期", "next_": "下星期", "next_week_": "下星期"}
_ZH_LEADS |= {"week_after_next_": "下下星期", "a_week_on_": "一周以后的星期"}
_EN_TITLES = {"mr": "Mister", "ms": "Ms", "miss": "Miss", "mrs": "Missus", "doctor": "Doctor", "professor": "Professor"}
_EN_TITLES |= {"manager": "Manager"}


def day(value: str, language: Language) -> str:
    """A value of the slots `day` and `date`; the date that it means is the type `date`."""
    name, _, later = value.partition("+")
    if later:
        return f"{day(name, language)}的第二天" if language == "zh" else f"the day after {day(name, language)}"
    if name in _DAYS:
        return _DAYS[name][language == "en"]
    if name.startswith("--"):
        return _dated(name, language)
    if "_month_" in name:
        return _of_month(name, language)
    lead, _, weekday = name.rpartition("_")
    lead = f"{lead}_" if lead else ""
    if language == "en":
        return _EN_LEADS[lead].format(weekday.capitalize())
    return f"{_ZH_LEADS[lead]}{'一二三四五六日'[WEEKDAYS.index(weekday)]}"


def _dated(value: str, language: Language) -> str:
    """`---03`, `--10-03`."""
    month, number = (int(part or 0) for part in value.removeprefix("--").rsplit("-", 1))
    if language == "zh":
        return (f"{zh_number(month)}月" if month else "") + f"{zh_number(number)}号"
    return f"the {en_ordinal(number)}" + (f" of {EN_MONTHS[month - 1]}" if month else "")


def _of_month(value: str, language: Language) -> str:
    """`next_month_03`."""
    month, _, number = value.partition("_month_")
    said = _dated(f"---{number}", language)
    return ("下个月" if month == "next" else "这个月") + said if language == "zh" else f"{said} of {month} month"


def phone(value: str, language: Language) -> str:
    """Digit by digit in groups; a plus is said."""
    plus, number = value.startswith("+"), value.removeprefix("+")
    said = [zh_digits(each) if language == "zh" else en_digits(each) for each in groups(number)]
    return ("，" if language == "zh" else ", ").join([*(("加",) if language == "zh" else ("plus",)) * plus, *said])


def digits(value: str, language: Language) -> str:
    return zh_digits(value) if language == "zh" else en_digits(value)


def duration(value: str, language: Language) -> str:
    """An ISO 8601 duration: 一个小时三十分钟, one hour and thirty minutes."""
    total = minutes_of(value)
    counts = (total // 1440, total // 60 % 24, total % 60)
    if language == "zh":
        return "".join(f"{zh_amount(n)}{unit}" for n, unit in zip(counts, ("天", "个小时", "分钟"), strict=True) if n)
    units = zip(counts, ("day", "hour", "minute"), strict=True)
    return " and ".join(f"{en_number(n)} {unit}{'s' if n > 1 else ''}" for n, unit in units if n)


def name(value: str, language: Language) -> str:
    """王先生, Mister Smith; a Chinese surname in English by its pinyin, or as the value has it: `mr 王/wang`."""
    title, _, written = value.partition(" ") if " " in value else ("", "", value)
    first, _, second = written.partition("/")
    surname = first if language == "zh" else second or first
    if language == "zh":
        return f"{surname.title()}{TITLES['zh'].get(title, ('',))[0]}"
    spelt = surname if surname.isascii() else "".join(lazy_pinyin(surname))
    return f"{_EN_TITLES.get(title, '')} {spelt.title()}".strip()


def address(value: str, language: Language) -> str:
    """What a guest is addressed by, before or behind other words: “王先生，”, “, Mister Wang”; nothing for nobody."""
    if not value:
        return ""
    return f"{name(value, language)}，" if language == "zh" else f", {name(value, language)}"


def moment(value: str, language: Language) -> str:
    """A time of day, or a date and a time: what lies further away than a day."""
    day_, _, clock = value.rpartition("T")
    said = normalise.speak("clock", clock, language)
    if not day_:
        return said
    date = normalise.speak("date", day_, language)
    return f"{date}{said}" if language == "zh" else f"{said} on {date}"


SPEAKERS: Mapping[str, Callable[[str, Language], str]] = MappingProxyType(
    {**normalise.SPEAKERS, "day": day, "phone": phone, "digits": digits, "duration": duration, "name": name}
    | {"address": address, "moment": moment}
)
"""type of a prompt's variable → how its value is spoken"""


def speak(kind: str, value: str, language: Language) -> str:
    """The spoken form of a value of one of the types in SPEAKERS."""
    return SPEAKERS[kind](value, language)
