"""The dates that a spoken day may mean: one is clear, several or none have to be asked for (W4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from borax.calendars.lunardate import LunarDate

_DAY = timedelta(days=1)
_AHEAD: Mapping[str, int] = MappingProxyType({"tomorrow": 1, "after_tomorrow": 2, "in_three_days": 3})
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(rf"(?P<lead>this_|next_week_|next_|week_after_next_|a_week_on_|)(?P<day>{'|'.join(_WEEKDAYS)})")
_OF_MONTH = re.compile(r"(?P<month>this|next)_month_(?P<day>\d\d)")
_DATE = re.compile(r"--(?:(?P<month>\d\d)|-)-?(?P<day>\d\d)")
_LUNAR: Mapping[str, tuple[int, int]] = MappingProxyType(
    {"spring_festival": (1, 1), "dragon_boat_festival": (5, 5), "mid_autumn_festival": (8, 15)}
)
"""holiday → month and day of the moon's calendar"""
_HORIZON = 366
"""days ahead: nobody asks for the day after that without its year"""


def dates(day: str, now: datetime, zone: ZoneInfo, boundary: time) -> tuple[date, ...]:
    """Every date, from today on, that a value of the slots `day` and `date` may mean at `now` (aware).

    Until the `boundary` people still live the day before, so that “tomorrow” is the calendar's today; a weekday or a
    week is then looked for from both days. A weekday that is today may be the one in a week. “Next Friday” is the
    coming one or the one of next week, which are the same from Friday on; weeks begin on Monday (ISO 8601). 三号 is the
    next third, today's included; 下个月三号 goes by the calendar's months. Empty for a date that never comes, is over,
    or for a value that is no single day.
    """
    local = now.astimezone(zone)
    today = local.date()
    lived = today - _DAY if local.time() < boundary else today
    name, _, later = day.partition("+")
    shift = timedelta(days=int(later or 0))
    if name == "today":
        found = {today}
    elif name in _AHEAD:
        found = {lived + timedelta(days=_AHEAD[name])}
    else:
        found = {each for base in (lived, today) for each in _from(name, base)}
    return tuple(sorted(each + shift for each in found if each + shift >= today))


def _from(name: str, base: date) -> Iterator[date]:
    weekday, dated, of_month = (each.fullmatch(name) for each in (_WEEKDAY, _DATE, _OF_MONTH))
    if weekday:
        yield from _weekday(weekday["lead"], _WEEKDAYS.index(weekday["day"]), base)
    elif dated:
        month, number = int(dated["month"] or 0), int(dated["day"])
        ahead = (base + timedelta(days=days) for days in range(_HORIZON + 1))
        match = (each for each in ahead if each.day == number and month in {0, each.month})
        yield from (each for each in (next(match, None),) if each)
    elif of_month:
        first = base.replace(day=1)
        first = (first + 31 * _DAY).replace(day=1) if of_month["month"] == "next" else first
        found = first + (int(of_month["day"]) - 1) * _DAY
        yield from (found,) if found.month == first.month else ()
    elif name in _LUNAR:
        # the moon's year begins up to fifty days after the sun's
        years = (LunarDate(base.year + year, *_LUNAR[name]).to_solar_date() for year in (-1, 0, 1))
        yield next(each for each in years if each >= base)


def _weekday(lead: str, wanted: int, base: date) -> Iterator[date]:
    this_week = base + timedelta(days=wanted - base.weekday())
    next_week = this_week + 7 * _DAY
    coming = base + timedelta(days=(wanted - base.weekday()) % 7)
    match lead:
        case "this_":
            yield this_week
        case "next_week_":
            yield next_week
        case "week_after_next_":
            yield next_week + 7 * _DAY
        case "a_week_on_":
            yield from (coming + 7 * _DAY, next_week + 7 * _DAY) if coming == base else (coming + 7 * _DAY,)
        case "next_":
            yield from (coming if coming > base else next_week, next_week)
        case _:
            yield from (coming, next_week) if coming == base else (coming,)
