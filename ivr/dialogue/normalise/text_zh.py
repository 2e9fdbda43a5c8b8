"""Figures, signs and abbreviations in Chinese text, spelt out; rule by rule, the narrow ones first."""

from __future__ import annotations

import re
from datetime import date, time

from ivr.dialogue.normalise.mandarin import (
    zh_amount,
    zh_clock,
    zh_date,
    zh_decimal,
    zh_digits,
    zh_half,
    zh_number,
    zh_plain,
)
from ivr.dialogue.normalise.signs import HAN, ZH_SIGNS, Match, Rule
from ivr.dialogue.normalise.telephone import LONG, TELEPHONE, groups
from ivr.dialogue.normalise.units import ZH_COUNTED, ZH_CURRENCIES, ZH_ORDERED, ZH_UNITS

_TO = r"\s*(?:-|–|—|~|∼|〜|至|到)\s*"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_HOUR = r"(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?::([0-5]\d))?(?![\d:])\s*([AaPp]\.?[Mm]\b\.?)?"
_PART = r"(凌晨|清晨|早晨|早上|上午|中午|下午|傍晚|晚上|夜里|早|晚)"
_UNIT = "|".join(re.escape(unit) for unit in sorted(ZH_UNITS, key=len, reverse=True))
_MEASURE = "|".join(sorted((*ZH_COUNTED, *ZH_ORDERED), key=len, reverse=True))
_SIGNS = "|".join(re.escape(sign) for sign in sorted(ZH_CURRENCIES, key=len, reverse=True))
_NAME = rf"{HAN}{{2,3}}(?!{HAN})|{HAN}|[A-Z][a-z]+"
_NUMBERED = "房间?号?|房号|房间号码?|客房|分机|内线|总机|短号|转|拨打?|致电|电话|按键?|号码|密码|验证码|工号|单号|编号"
_COUNTED = rf"[\d,.:%‰~-]|{_TO}\d|\s*(?:次|秒|分钟|遍|元|层)"
"""after a figure that is no number of something, whatever stands before it"""


def _clock(match: Match) -> str:
    """A time; the part of the day is said unless the words before have said it."""
    part, hour, minute, second, noon = match[1], int(match[2]), int(match[3]), match[4], match[5]
    if noon and hour <= 12:
        hour = hour % 12 + (12 if noon[0] in "Pp" else 0)
    if hour == 24:
        return f"{part or '晚上'}十二点"
    moment = time(hour, minute)
    if second:
        rest = f"{zh_number(minute)}分{zh_number(int(second))}秒"
        return (part or "") + zh_clock(moment.replace(minute=0), half=not part) + rest
    return (part or "") + zh_clock(moment, half=not part)


def _clocks(match: Match) -> str:
    """From one time to another: the part of the day once where it is the same."""
    first, last = (_hour(match[index], match[index + 1]) for index in (2, 4))
    if last is None or first is None:
        end = "晚上十二点" if last is None else zh_clock(last)
        return (match[1] or "") + ("零点" if first is None else zh_clock(first, half=not match[1])) + "到" + end
    same = zh_half(first.hour) == zh_half(last.hour)
    return f"{match[1] or ''}{zh_clock(first, half=not match[1])}到{zh_clock(last, half=not same)}"


def _hour(hour: str, minute: str) -> time | None:
    """None for 24:00."""
    return None if int(hour) == 24 else time(int(hour), int(minute))


def _full_date(match: Match) -> str:
    try:
        day = date(int(match[1]), int(match[3]), int(match[4]))
    except ValueError:
        return f"{zh_plain(match[1])}，{zh_number(int(match[3]))}，{zh_number(int(match[4]))}"
    return f"{zh_plain(match[1])}年{zh_date(day)}"


def _short_date(match: Match) -> str:
    return f"{zh_number(int(match[1]))}月{zh_number(int(match[2]))}日"


def _money(match: Match) -> str:
    """Yuan with 角 and 分, as a cashier says it; other money with its decimals."""
    name, figure, scale = ZH_CURRENCIES[match[1].upper()], match[2].replace(",", ""), match[3] or ""
    if name == "元" and not scale:
        return _yuan(figure)
    short = figure.rstrip("0").rstrip(".") if "." in figure else figure
    return f"{_amount(short)}{scale}{name}"


def _yuan(figure: str) -> str:
    whole, _, rest = figure.partition(".")
    if len(rest) > 2:
        return f"{zh_decimal(figure)}元"
    jiao, fen = (int(digit) for digit in rest.ljust(2, "0"))
    said = f"{zh_amount(int(whole))}元" if int(whole) or not (jiao or fen) else ""
    if jiao:
        return f"{said}{zh_number(jiao)}角" + (f"{zh_number(fen)}分" if fen else "")
    return said + (f"{'零' if said else ''}{zh_number(fen)}分" if fen else "")


def _amount(figure: str) -> str:
    """A counted number, with 两 where it is two."""
    figure = figure.replace(",", "")
    return zh_decimal(figure) if "." in figure else zh_amount(int(figure))


def _measured(match: Match) -> str:
    """A number, or a range, before a unit or a measure word."""
    first, last, unit = match[1], match[2], match[3]
    spoken = zh_decimal if unit in ZH_UNITS or unit in ZH_ORDERED else _amount
    name = ZH_UNITS.get(unit, unit)
    return "到".join(spoken(figure.replace(",", "")) for figure in (first, last) if figure) + name


def _percent(match: Match) -> str:
    name = "千分之" if match[3] == "‰" else "百分之"
    return name + "到".join(zh_decimal(figure.replace(",", "")) for figure in (match[1], match[2]) if figure)


def _telephone(match: Match) -> str:
    country = f"加{zh_digits(match['country'])}，" if match["country"] else ""
    return country + "，".join(zh_digits(group) for group in groups(match["number"]))


def _range(match: Match) -> str:
    """Rooms digit by digit, small numbers counted."""
    spoken = zh_digits if max(len(match[1]), len(match[2])) >= 3 else _small
    return f"{spoken(match[1])}到{spoken(match[2])}"


def _small(digits: str) -> str:
    return zh_number(int(digits)) if len(digits) < 3 and not digits.startswith("0") else zh_digits(digits)


def _titled(match: Match) -> str:
    return match[2] + {"mr": "先生", "dr": "博士"}.get(match[1].lower(), "女士")


_FIRST: tuple[Rule, ...] = (
    (re.compile(r"〇"), "零"),
    (re.compile(r"(?<=[\d零一二三四五六七八九])○|○(?=[\d零一二三四五六七八九])"), "零"),
    (re.compile(r"[○●◎★☆■□◆◇]"), ""),
    (re.compile(r"(?<=\d)：(?=\d)"), ":"),
    (re.compile(r"℃|°\s*C\b"), "℃"),
    (re.compile(rf"(?<![A-Za-z])(Mr|Mrs|Ms|Miss|Dr)(?![a-z])\.?\s*({_NAME})"), _titled),
    (re.compile(r"(?<![A-Za-z])No\.?\s*(\d+)(?!\d)"), lambda match: f"{_small(match[1])}号"),
    (re.compile(r"(?<!\d)24/7(?!\d)"), "全天二十四小时"),
    # espeak says it as a word; KTV, ATM, WiFi and the like it says rightly
    (re.compile(r"(?<![A-Za-z])VIP(?![A-Za-z])"), "V I P"),
    (re.compile(r"(?<=[A-Za-z0-9])@(?=[A-Za-z0-9])"), " at "),
)
_TELEPHONES_AND_DATES: tuple[Rule, ...] = (
    # telephones first: they hold hyphens too
    (TELEPHONE, _telephone),
    (
        re.compile(
            r"(?<!\d)(19\d\d|20\d\d)([-/.年])\s*(0?[1-9]|1[0-2])[-/.月]\s*(0?[1-9]|[12]\d|3[01])(?![\d.])[日号]?"
        ),
        _full_date,
    ),
    (
        re.compile(r"(?<!\d)(19\d\d|20\d\d)[-/](0[1-9]|1[0-2])(?![\d/-])"),
        lambda match: f"{zh_plain(match[1])}年{zh_number(int(match[2]))}月",
    ),
    (re.compile(r"(?<!\d)(\d{4})(?=年)"), lambda match: zh_plain(match[1])),
    (re.compile(r"(?<![\d/.])(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?![\d/])"), _short_date),
)
_TIMES: tuple[Rule, ...] = (
    (
        re.compile(rf"{_PART}?\s*(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d){_TO}([01]?\d|2[0-4]):([0-5]\d)(?![\d:])"),
        _clocks,
    ),
    (re.compile(rf"{_PART}?\s*{_HOUR}"), _clock),
    (re.compile(r"(?<![\d.])(\d{1,2})(?=点(?!\d{3}))"), lambda match: zh_amount(int(match[1]))),
    (re.compile(r"(?<=点)0(\d)分?(?!\d)"), lambda match: f"零{zh_number(int(match[1]))}分"),
    (re.compile(r"(?<=点)(\d\d)分?(?!\d)"), lambda match: f"{zh_number(int(match[1]))}分"),
    (re.compile(rf"(?<=[日号月]){_TO}(?=\d)"), "到"),
    (re.compile(r"(?<!\d)([05-9]0)(?=后)"), lambda match: zh_plain(match[1])),
    (re.compile(r"(周|星期|礼拜)([1-7])(?!\d)"), lambda match: match[1] + "零一二三四五六日"[int(match[2])]),
    (re.compile(rf"((?:周|星期|礼拜)[一二三四五六日天]){_TO}(?=周|星期|礼拜)"), r"\1到"),
)
_AMOUNTS: tuple[Rule, ...] = (
    (re.compile(rf"({_SIGNS})\s*({_FIGURE})(万|亿)?\s*元?", re.IGNORECASE), _money),
    (
        re.compile(rf"(?<![\d.])({_FIGURE})\s*(?:元|RMB|CNY)(?![a-z])", re.IGNORECASE),
        lambda match: _yuan(match[1].replace(",", "")),
    ),
    (re.compile(rf"(?<![\d.])({_FIGURE})\s*%?(?:{_TO}({_FIGURE}))?\s*([%‰])"), _percent),
)
_ROOMS_AND_KEYS: tuple[Rule, ...] = (
    (
        re.compile(rf"((?:{_NUMBERED})(?:是|为|：|:)?\s*)(\d{{1,6}})(?!{_COUNTED})"),
        lambda match: match[1] + zh_digits(match[2]),
    ),
    (re.compile(r"(?<![\d.])(\d{3,4})(?=\s*号?(?:客?房|室))"), lambda match: zh_digits(match[1])),
    (re.compile(r"(?<=第)\s*(\d{1,4})(?!\d)"), lambda match: zh_number(int(match[1]))),
)
_MEASURES: tuple[Rule, ...] = (
    (re.compile(rf"(?<!\d)(?:负|-(?=\d))\s*(?=\d+(?:\.\d+)?\s*(?:{_UNIT}|层|楼))"), "负"),
    (re.compile(rf"(?<![\d.A-Za-z])({_FIGURE}){_TO}({_FIGURE})\s*({_MEASURE}|{_UNIT})(?![a-z])"), _measured),
    (re.compile(r"(?<![\d.A-Za-z])(\d{1,2})F\b"), lambda match: f"{zh_number(int(match[1]))}楼"),
    (re.compile(rf"(?<![\d.A-Za-z])({_FIGURE})()\s*({_MEASURE}|{_UNIT})(?![a-z])"), _measured),
    (re.compile(r"(?<![A-Za-z])m2(?![A-Za-z\d])"), "平方米"),
)
_BARE_FIGURES: tuple[Rule, ...] = (
    (re.compile(r"(?<=[A-Za-z])\.(?=[A-Za-z])"), "点"),
    (re.compile(r"(?<![\d:])(\d{1,2}):([1-9]\d?)(?![\d:])"), lambda match: f"{_small(match[1])}比{_small(match[2])}"),
    (re.compile(r"\d+(?:\.\d+){2,}"), lambda match: "点".join(map(_small, match[0].split(".")))),
    (re.compile(r"\d+(?:-\d+){2,}"), lambda match: "，".join(map(zh_digits, match[0].split("-")))),
    (
        re.compile(r"([A-Za-z])-?(\d+)"),
        lambda match: match[1] + (" " if len(match[2]) > 1 else "") + zh_digits(match[2]),
    ),
    (re.compile(r"(?<!\d)\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"), lambda match: zh_decimal(match[0].replace(",", ""))),
    (re.compile(r"(?<![\d.])(\d+)(?:-|–|—|~|∼|〜|至|到)(\d+)(?![\d.])"), _range),
    (re.compile(r"(?<![\w.])-(?=\d)"), "负"),
    (re.compile(r"\d+\.\d+"), lambda match: zh_decimal(match[0])),
    (LONG, lambda match: "，".join(zh_digits(group) for group in groups(match[0]))),
    (re.compile(r"(?<![\d:])(\d{1,2})(?![\d:])"), lambda match: _small(match[1])),
    (re.compile(r"\d+"), lambda match: zh_digits(match[0])),
)

RULES = (
    *_FIRST,
    *_TELEPHONES_AND_DATES,
    *_TIMES,
    *_AMOUNTS,
    *_ROOMS_AND_KEYS,
    *_MEASURES,
    *_BARE_FIGURES,
    *ZH_SIGNS,
)
"""in this order; a replacement holds no figure that a later rule could take"""


def spoken_zh(text: str) -> str:
    """Chinese text with half-width figures, spelt out."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
