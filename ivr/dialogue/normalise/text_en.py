"""Figures, signs and abbreviations in English text, spelt out; rule by rule, the narrow ones first."""

from __future__ import annotations

import re
from datetime import date, time

from ivr.dialogue.normalise.english import (
    EN_MONTHS,
    EN_WEEKDAYS,
    en_clock,
    en_date,
    en_decimal,
    en_digits,
    en_half,
    en_number,
    en_ordinal,
    en_year,
)
from ivr.dialogue.normalise.signs import EN_SIGNS, Match, Rule
from ivr.dialogue.normalise.telephone import LONG, TELEPHONE, groups
from ivr.dialogue.normalise.units import EN_COUNTED, EN_CURRENCIES, EN_UNITS

_TO = r"\s*(?:-|–|—|~|to|until)\s*"
_FIGURE = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]}|t|\\b\\.?)" if month != "May" else "May" for month in EN_MONTHS)
_DAY = "|".join(day[:3] for day in EN_WEEKDAYS)
_UNIT = "|".join(re.escape(unit) for unit in sorted(EN_UNITS, key=len, reverse=True))
_COUNTED = "|".join(sorted(EN_COUNTED, key=len, reverse=True))
_SIGNS = "|".join(re.escape(sign) for sign in sorted(EN_CURRENCIES, key=len, reverse=True))
_NOON = r"\s*([ap])\.?m\b\.?(?!\w)"

_ABBREVIATIONS = {
    r"Mr\b\.?": "Mister",
    r"Mrs\b\.?": "Missus",
    r"Ms\b\.?": "Miz",
    r"Dr(?:\.|(?=\s+[A-Z]))": "Doctor",
    r"Prof\b\.?(?=\s+[A-Z])": "Professor",
    r"St\.(?=\s+[A-Z])": "Saint",
    r"(?<=[a-z] )St\b\.?": "Street",
    r"Rd\b\.?": "Road",
    r"Ave\b\.?": "Avenue",
    r"(?i:approx)\.": "approximately",
    r"(?i:e\.g\.),?": "for example,",
    r"(?i:i\.e\.),?": "that is,",
    r"(?i:etc)\.": "et cetera",
    r"(?i:vs)\b\.?": "versus",
    r"(?i:incl)\.": "including",
    r"(?i:wi-?fi)\b": "why fye",
    r"VIP\b": "V I P",
    r"VIPs\b": "V I Ps",
    r"24/7": "twenty four hours a day",
}


def _day(name: str) -> str:
    return next(day for day in EN_WEEKDAYS if day.startswith(name))


def _month(name: str) -> int:
    return next(number for number, month in enumerate(EN_MONTHS, 1) if month.startswith(name[:3]))


def _iso_date(match: Match) -> str:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return f"{en_year(int(match[1]))}, {en_number(int(match[2]))}, {en_number(int(match[3]))}"
    return f"{en_date(day)} {en_year(day.year)}"


def _named_date(match: Match) -> str:
    """`Nov 22nd, 2026`, `22 November 2026`, with or without the year."""
    month, day = (match["m1"], match["d1"]) if match["m1"] else (match["m2"], match["d2"])
    year = f" {en_year(int(match['year']))}" if match["year"] else ""
    article = "" if match["the"] else "the "
    return f"{match['the'] or ''}{article}{en_ordinal(int(day))} of {EN_MONTHS[_month(month) - 1]}{year}"


def _moment(hour: str, minute: str | None, noon: str | None) -> time | None:
    """None for 24:00, midnight."""
    found = int(hour)
    if noon and found <= 12:
        found = found % 12 + (12 if noon.lower() == "p" else 0)
    return None if found == 24 else time(found, int(minute or 0))


def _clock(match: Match) -> str:
    moment = _moment(match[1], match[2], match[3])
    return "midnight" if moment is None else en_clock(moment)


def _clocks(match: Match) -> str:
    """From one time to another: the part of the day once where it is the same, and no o'clock twice."""
    first = _moment(match[1], match[2], match[3] or match[6])
    last = _moment(match[4], match[5], match[6])
    if first is None or last is None:
        return " to ".join("midnight" if each is None else en_clock(each) for each in (first, last))
    same = en_half(first.hour) == en_half(last.hour) and last.hour not in {0, 12}
    return f"{en_clock(first, half=not same)} to {en_clock(last)}"


def _money(match: Match) -> str:
    one, more, hundredths = EN_CURRENCIES[match[1].upper()]
    figure, scale = match[2].replace(",", ""), match[3]
    whole, _, rest = figure.partition(".")
    if scale:
        return f"{en_decimal(figure)} {scale.strip()} {more}"
    if not hundredths or len(rest) > 2:
        return f"{en_decimal(figure.removesuffix('.00'))} {one if figure == '1' else more}"
    cents = int(rest.ljust(2, "0")) if rest else 0
    said = f"{en_number(int(whole))} {one if int(whole) == 1 else more}" if int(whole) or not cents else ""
    small = f"{en_number(cents)} {hundredths if cents != 1 else hundredths.rstrip('s')}" if cents else ""
    return " and ".join(filter(None, (said, small)))


def _measured(match: Match) -> str:
    sign, first, last = match[1], match[2].replace(",", ""), (match[3] or "").replace(",", "")
    one, more = EN_UNITS[match[4]]
    figures = " to ".join(en_decimal(each) for each in (first, last) if each)
    return f"{'minus ' if sign else ''}{figures} {one if first == '1' and not last else more}"


def _counted(match: Match) -> str:
    return " to ".join(en_decimal(each.replace(",", "")) for each in (match[1], match[2]) if each)


def _telephone(match: Match) -> str:
    country = f"plus {en_digits(match['country'])}, " if match["country"] else ""
    return country + ", ".join(en_digits(group) for group in groups(match["number"]))


def _small(digits: str) -> str:
    return en_number(int(digits)) if len(digits) < 3 and not digits.startswith("0") else en_digits(digits)


def _range(match: Match) -> str:
    spoken = en_digits if max(len(match[1]), len(match[2])) >= 3 else _small
    return f"{spoken(match[1])} to {spoken(match[2])}"


_FIRST: tuple[Rule, ...] = (
    *((re.compile(rf"(?<!\w){pattern}"), words) for pattern, words in _ABBREVIATIONS.items()),
    (re.compile(r"(?<![\w.])[Nn]o\.\s*(?=\d)"), "number "),
    (re.compile(r"(?<!\w)[Ee]xt\b\.?\s*(?=\d)"), "extension "),
    (re.compile(r"(?<!\w)[Tt]el\b\.?:?\s*(?=[\d+(])"), "telephone "),
    (re.compile(rf"\b({_DAY})\b\.?\s*[-–]\s*({_DAY})\b\.?"), lambda match: f"{_day(match[1])} to {_day(match[2])}"),
    (re.compile(rf"\b({_DAY})(?:\.|(?=,?\s+\d|,\s+[A-Z]))"), lambda match: _day(match[1])),
    (re.compile(rf"({'|'.join(EN_WEEKDAYS)})\s*[-–]\s*(?={'|'.join(EN_WEEKDAYS)})"), r"\1 to "),
)
_TELEPHONES_AND_DATES: tuple[Rule, ...] = (
    # telephones first: they hold hyphens too
    (TELEPHONE, _telephone),
    (re.compile(r"(?<!\d)(19\d\d|20\d\d)[-/.](0?[1-9]|1[0-2])[-/.](0?[1-9]|[12]\d|3[01])(?![\d.]\d|\d)"), _iso_date),
    (
        re.compile(
            rf"(?P<the>\b[Tt]he\s+)?(?:\b(?P<m1>{_MONTH})\s*(?P<d1>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?(?![\d:])"
            rf"|(?<![\d:.])(?P<d2>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<m2>{_MONTH}))"
            rf"(?:,?\s+(?P<year>(?:19|20)\d\d)(?!\d|:))?"
        ),
        _named_date,
    ),
    (
        re.compile(rf"\b({_MONTH})\s+((?:19|20)\d\d)(?!\d|:)"),
        lambda match: f"{EN_MONTHS[_month(match[1]) - 1]} {en_year(int(match[2]))}",
    ),
    (
        re.compile(r"\b([Ii]n|[Ss]ince|[Yy]ear|[Uu]ntil)\s+((?:19|20)\d\d)(?![\d:,.]\d|\d)"),
        lambda match: f"{match[1]} {en_year(int(match[2]))}",
    ),
)
_TIMES: tuple[Rule, ...] = (
    (
        re.compile(
            rf"(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?:{_NOON})?{_TO}([01]?\d|2[0-4]):([0-5]\d)(?![\d:])(?:{_NOON})?",
            re.IGNORECASE,
        ),
        _clocks,
    ),
    (
        re.compile(rf"(?<![\d.:])(1[0-2]|[1-9])()(?:{_NOON})?{_TO}(1[0-2]|[1-9])(){_NOON}", re.IGNORECASE),
        _clocks,
    ),
    (re.compile(rf"(?<![\d.:])([01]?\d|2[0-4]):([0-5]\d)(?![\d:])(?:{_NOON})?", re.IGNORECASE), _clock),
    (re.compile(rf"(?<![\d.:])(1[0-2]|[1-9])(){_NOON}", re.IGNORECASE), _clock),
    (
        re.compile(r"(?<![\d.:])(1[0-2]|[1-9])\s*o'clock"),
        lambda match: f"{en_number(int(match[1]))} o'clock",
    ),
)
_AMOUNTS: tuple[Rule, ...] = (
    (re.compile(rf"(?<!\w)({_SIGNS})\s*({_FIGURE})(\s*(?:million|billion|thousand)\b)?", re.IGNORECASE), _money),
    (
        re.compile(rf"(?<![\d.])()({_FIGURE})()\s*(?:RMB|CNY)\b", re.IGNORECASE),
        lambda match: f"{en_decimal(match[2].replace(',', ''))} yuan",
    ),
    (
        re.compile(rf"(?<![\d.])({_FIGURE})\s*%?(?:\s*[-–~]\s*({_FIGURE}))?\s*%"),
        lambda match: f"{_counted(match)} percent",
    ),
)
_ROOMS_AND_MEASURES: tuple[Rule, ...] = (
    (
        re.compile(
            r"\b((?:[Rr]ooms?|[Ee]xtension|[Dd]ial|[Pp]ress|[Cc]all|[Nn]umber|[Cc]ode|[Kk]ey|[Ff]light|[Pp]assword)"
            r"(?:\s+(?:number|is|no\.?|code))*:?\s+)(\d{1,6})(?![\d:,.%/-]\d|\d|\s*(?:" + _COUNTED + r")\b)"
        ),
        lambda match: match[1] + en_digits(match[2]),
    ),
    (
        re.compile(rf"(?<![\d.A-Za-z])(?:(?<!\w)(-))?({_FIGURE})(?:\s*[-–~]\s*({_FIGURE}))?\s*({_UNIT})(?!\w)"),
        _measured,
    ),
    (re.compile(rf"(?<![\d.A-Za-z])({_FIGURE})(?:{_TO}({_FIGURE}))?(?=\s+(?:{_COUNTED})\b)"), _counted),
    (re.compile(r"(?<![\d.])(\d+)(?:st|nd|rd|th)\b"), lambda match: en_ordinal(int(match[1]))),
)
_BARE_FIGURES: tuple[Rule, ...] = (
    (re.compile(r"(?<=[A-Za-z])(?=\d+\.\d)"), " "),
    (re.compile(r"\d+(?:\.\d+){2,}"), lambda match: " point ".join(map(_small, match[0].split(".")))),
    (re.compile(r"\d+(?:-\d+){2,}"), lambda match: ", ".join(map(en_digits, match[0].split("-")))),
    (re.compile(r"\b([A-Za-z]+)-?(\d+)"), lambda match: f"{match[1]} {en_digits(match[2])}"),
    (re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)"), lambda match: en_decimal(match[0].replace(",", ""))),
    (re.compile(r"(?<![A-Za-z])m2(?![A-Za-z\d])"), "square metres"),
    (re.compile(r"(?<![\d.])(\d+)\s*[-–~]\s*(\d+)(?![\d.]\d|\d)"), _range),
    (re.compile(r"(?<![\w.])-(?=\d)"), "minus "),
    (re.compile(r"\d+\.\d+"), lambda match: en_decimal(match[0])),
    (LONG, lambda match: ", ".join(en_digits(group) for group in groups(match[0]))),
    (re.compile(r"(?<=\d)(?=[A-Za-z])"), " "),
    (re.compile(r"(?<![\d:/])(\d{1,2})(?![\d:/])"), lambda match: _small(match[1])),
    (re.compile(r"\d+"), lambda match: en_digits(match[0])),
)

RULES = (
    *_FIRST,
    *_TELEPHONES_AND_DATES,
    *_TIMES,
    *_AMOUNTS,
    *_ROOMS_AND_MEASURES,
    *_BARE_FIGURES,
    *EN_SIGNS,
)
"""in this order; a replacement holds no figure that a later rule could take"""


def spoken_en(text: str) -> str:
    """English text with half-width figures, spelt out."""
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text
