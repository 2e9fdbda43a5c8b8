"""The house's one calendar: which part of its day it is, and when people are there again (K6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from types import MappingProxyType

from ivr.desk.table import Faults, day, read_table
from ivr.hours import DAY, WEEKDAYS, Spans, Week, spans
from ivr.records import Part

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"date": ("日期", "从"), "until": ("至", "到"), "hours": ("时间", "营业时间", "值班"), "note": ("备注", "说明")}
)
_ZH_WEEKDAYS: Mapping[str, int] = MappingProxyType(
    {f"{lead}{name}": index for lead in ("周", "星期") for index, name in enumerate("一二三四五六日")}
)
LONGEST = 366
"""days from `date` to `until`"""


@dataclass(frozen=True)
class Calendar:
    """Hours by weekday, and those of single dates."""

    week: Week
    dates: Mapping[date, Spans] = field(default_factory=dict)

    def hours(self, on: date) -> Spans:
        """The hours that begin on a date."""
        return self.dates.get(on, self.week[on.weekday()])

    def part(self, at: datetime) -> Part:
        """The part of the day of a local time.

        `lunch`: between two hours of the same day. `holiday`: nobody comes today, or, in the evening, tomorrow.
        """
        today = at.date()
        if self._open(at):
            return "open"
        hours, minute = self.hours(today), 60 * at.hour + at.minute
        if hours and hours[0].begin <= minute < hours[-1].begin:
            return "lunch"
        if hours and minute < hours[0].begin:
            return "night"
        return "night" if hours and self.hours(today + timedelta(days=1)) else "holiday"

    def next_opening(self, at: datetime) -> datetime:
        """When people come back the next time, local time; `at` itself in a house that never closes."""
        # within the week after the last of the single dates everything has happened once
        moment, horizon = at, range(len(self.dates) + 9)
        for _ in horizon:
            if not self._open(moment):
                break
            moment = self._end(moment)
        else:
            return at
        for today in (moment.date() + timedelta(days=offset) for offset in horizon):
            for begin in (_instant(today, span.begin, at) for span in self.hours(today)):
                if begin > moment:
                    return begin
        return at

    def _open(self, at: datetime) -> bool:
        return any(begin <= at < end for begin, end in self._around(at))

    def _end(self, at: datetime) -> datetime:
        return max(end for begin, end in self._around(at) if begin <= at < end)

    def _around(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The hours that may hold a time: those that begin on its date, or on the one before."""
        for today in (at.date() - timedelta(days=1), at.date()):
            yield from ((_instant(today, span.begin, at), _instant(today, span.end, at)) for span in self.hours(today))


def _instant(on: date, minute: int, like: datetime) -> datetime:
    """A minute of a day, in the zone of `like` if it has one."""
    days, rest = divmod(minute, DAY)
    return datetime(on.year, on.month, on.day, rest // 60, rest % 60, tzinfo=like.tzinfo) + timedelta(days=days)


def read_calendar(path: Path, week: Week) -> Calendar:
    """`calendar.csv` over the hours of the week; SettingsError with file and line.

    `hours` are those of the day, `closed`, or a weekday whose hours hold: a Saturday on which everybody works, 调休.
    """
    faults = Faults(path)
    dates: dict[date, Spans] = {}
    lines: dict[date, int] = {}
    for row in read_table(path, _COLUMNS, ("date", "hours"), faults):
        try:
            days = _days(row["date"], row["until"])
            hours = _hours(row["hours"], week)
        except ValueError as error:
            faults.add(row.line, str(error))
            continue
        for each in days:
            if each in lines:
                faults.add(row.line, f"{each} stands in line {lines[each]} already: remove one of them")
                break
            lines[each], dates[each] = row.line, hours
    faults.check()
    return Calendar(week, MappingProxyType(dates))


def _days(first: str, last: str) -> tuple[date, ...]:
    begin = day(first)
    end = day(last) if last else begin
    if not timedelta() <= end - begin < timedelta(days=LONGEST):
        raise ValueError(f"until {end}: expected the same day or one in the {LONGEST} after {begin}")
    return tuple(begin + timedelta(days=number) for number in range((end - begin).days + 1))


def _hours(text: str, week: Week) -> Spans:
    name = text.lower()
    if name in WEEKDAYS:
        return week[WEEKDAYS.index(name)]
    if name in _ZH_WEEKDAYS:
        return week[_ZH_WEEKDAYS[name]]
    try:
        return spans(text)
    except ValueError as error:
        raise ValueError(f"{error}, nor a weekday such as monday") from error
