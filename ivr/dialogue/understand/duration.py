"""How long: minutes, hours, days. A value is an ISO 8601 duration (PT1H30M, P2D)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ivr.dialogue.normalise import en_number, zh_number
from ivr.dialogue.understand.answer import NOT_UNDERSTOOD, Answer, Context, QuestionKind, Slot
from ivr.dialogue.understand.manner import forms
from ivr.dialogue.understand.numbers import from_en, from_zh
from ivr.records import Language

MINUTES_OF = {"minute": 1, "hour": 60, "day": 1440, "week": 10_080}
LONGEST = 99 * MINUTES_OF["day"]
_NUMBER = "[零一二两三四五六七八九十百]+"
_ZH_AFTER = re.compile(r"(?:以后|之后|后|的?时间)$")
_ZH = re.compile(
    rf"(?:(?P<week>{_NUMBER})个?(?:星期|周|礼拜))?(?:(?P<day>{_NUMBER})天)?"
    rf"(?:(?:(?P<hour>{_NUMBER})个?|(?P<half_hour>半)个?|(?P<more>{_NUMBER})个半)(?:小时|钟头|钟)(?P<and_half>半)?)?"
    rf"零?(?:(?P<minute>{_NUMBER})分钟?|(?P<quarter>[一三])刻钟?)?"
)
_EN_UNITS = {name: unit for unit in MINUTES_OF for name in (unit, f"{unit}s")}
_EN_FIXED = {
    "half an hour": 30,
    "a half hour": 30,
    "half hour": 30,
    "a quarter of an hour": 15,
    "quarter of an hour": 15,
    "three quarters of an hour": 45,
    "half a day": 720,
}


def value(minutes: int) -> str:
    """ISO 8601: whole days as days, all else as hours and minutes."""
    days, rest = divmod(minutes, MINUTES_OF["day"])
    hours, rest = divmod(rest, 60)
    time = "".join((f"{hours}H" if hours else "", f"{rest}M" if rest else ""))
    return "P" + (f"{days}D" if days else "") + (f"T{time}" if time else "")


def minutes_of(text: str) -> int:
    """The minutes of a value of this slot."""
    match = re.fullmatch(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?", text)
    if match is None:
        raise ValueError(f"“{text}” is no duration of days, hours and minutes")
    days, hours, minutes = (int(each or 0) for each in match.groups())
    return days * MINUTES_OF["day"] + hours * 60 + minutes


def _phrases(language: Language, _context: Context) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_zh_phrases() if language == "zh" else _en_phrases()))


def _zh_phrases() -> Iterator[str]:
    counts = ("两" if number == 2 else zh_number(number) for number in range(1, 25))
    yield from ("半小时", "半个小时", "一刻钟", "三刻钟", "半天")
    yield from (f"{zh_number(minutes)}分钟" for minutes in (*range(1, 61), 90))
    for count in counts:
        yield from (f"{count}小时", f"{count}个小时", f"{count}个半小时", f"{count}天", f"{count}个小时 十分钟")
    yield from (f"一个小时 {zh_number(minutes)}分钟" for minutes in range(5, 60, 5))


def _en_phrases() -> Iterator[str]:
    # the bundled model lacks “quarters”
    yield from (phrase for phrase in _EN_FIXED if "quarters" not in phrase)
    yield from ("an hour", "one hour", "an hour and a half", "a minute", "one minute", "one day", "one week", "a week")
    yield from (f"{en_number(minutes)} minutes" for minutes in range(2, 60))
    yield from ("sixty minutes", "ninety minutes")
    for count in map(en_number, range(2, 25)):
        yield from (f"{count} hours", f"{count} and a half hours", f"{count} days", f"{count} hours and ten minutes")
    yield from (f"an hour and {en_number(minutes)} minutes" for minutes in range(5, 60, 5))
    yield "one and a half hours"


def _from_words(text: str, language: Language, _context: Context) -> Answer:
    found = (_zh(said) if language == "zh" else _en(said) for said in forms(text, language))
    return next((Answer("understood", value(each)) for each in found if each and each <= LONGEST), NOT_UNDERSTOOD)


def _zh(said: str) -> int | None:
    if said == "半天":
        return 720
    match = _ZH.fullmatch(_ZH_AFTER.sub("", said))
    if match is None:
        return None
    parts = [(match[unit], MINUTES_OF[unit]) for unit in MINUTES_OF if match[unit]]
    parts += [(match["more"], 60)] if match["more"] else []
    counts = [(from_zh(number), minutes) for number, minutes in parts]
    halves = sum(30 for name in ("half_hour", "more", "and_half") if match[name])
    if match["half_hour"] and match["and_half"]:
        return None
    quarter = {"一": 15, "三": 45, None: 0}[match["quarter"]]
    return None if any(count is None for count, _ in counts) else sum(c * m for c, m in counts if c) + halves + quarter


def _en(said: str) -> int | None:
    said = said.removeprefix("in ").removeprefix("for ").removesuffix(" from now").removesuffix(" later")
    if said in _EN_FIXED:
        return _EN_FIXED[said]
    words = said.split()
    last = next((index for index, word in enumerate(words) if word in _EN_UNITS), None)
    if last is None:
        return None
    unit = MINUTES_OF[_EN_UNITS[words[last]]]
    first = _en_amount(words[:last], unit)
    rest = words[last + 1 :]
    if first is None or not rest:
        return first
    rest = rest[1:] if rest[:1] == ["and"] else rest
    if rest == ["a", "half"]:
        return first + unit // 2 if unit > 1 else None
    more = _en(" ".join(rest))
    return first + more if more and more < unit else None


def _en_amount(words: Sequence[str], unit: int) -> int | None:
    """Minutes of: two, an, two and a half, one and a half."""
    if list(words[-3:]) == ["and", "a", "half"]:
        count = from_en(" ".join(words[:-3]))
        return None if count is None or unit == 1 else count * unit + unit // 2
    count = 1 if list(words) in (["a"], ["an"]) else from_en(" ".join(words))
    return count * unit if count else None


def _from_keys(keys: str, _context: Context) -> Answer:
    """Minutes, up to three keys."""
    minutes = int(keys) if keys.isdigit() and len(keys) <= 3 else 0
    return Answer("understood", value(minutes)) if minutes else NOT_UNDERSTOOD


DURATION = Slot(
    name="duration",
    kind=QuestionKind.CLOCK,
    outcomes=("understood",),
    phrases=_phrases,
    from_words=_from_words,
    from_keys=_from_keys,
    longest_keys=lambda _context: 3,
)
