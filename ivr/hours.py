"""Hours of a day as people write them: `07:00-12:00, 13:00-23:00`; a gap between two of them is a break (K6)."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = ("closed", "休息", "关闭")

DAY = 24 * 60
"""minutes"""

_GROUPS: Mapping[str, tuple[str, ...]] = {"every_day": WEEKDAYS, "weekdays": WEEKDAYS[:5], "weekend": WEEKDAYS[5:]}
_SPAN = re.compile(r"(\d{1,2}):(\d\d)\s*[-–~至到]\s*(\d{1,2}):(\d\d)", re.ASCII)
_BETWEEN = re.compile(r"\s*[,;，；、]\s*")


@dataclass(frozen=True)
class Span:
    """Open from `begin` to before `end`: minutes since the day's midnight; an end after 24:00 is the next day's."""

    begin: int
    end: int


Spans = tuple[Span, ...]
Week = tuple[Spans, ...]
"""Monday to Sunday"""


def spans(text: str) -> Spans:
    """`07:00-12:00, 13:00-23:00`, `22:00-06:00` over midnight, `closed`; ValueError with what was expected."""
    if text.strip().lower() in CLOSED:
        return ()
    found: list[Span] = []
    for part in _BETWEEN.split(text.strip()):
        match = _SPAN.fullmatch(part)
        if match is None:
            raise ValueError(f"“{part}” is no such thing as 07:00-12:00, nor “closed”")
        hours, minutes, last_hours, last_minutes = map(int, match.groups())
        begin, end = 60 * hours + minutes, 60 * last_hours + last_minutes
        if begin >= DAY or end > DAY or max(minutes, last_minutes) > 59:
            raise ValueError(f"“{part}”: a day has the times 00:00 to 24:00")
        found.append(Span(begin, end if end > begin else end + DAY))
    for earlier, later in itertools.pairwise(found):
        if later.begin < earlier.end:
            raise ValueError(f"“{text.strip()}”: the hours must follow each other, the earliest first")
    if found and found[-1].end > found[0].begin + DAY:
        raise ValueError(f"“{text.strip()}”: more than a day long")
    return tuple(found)


def faulty(days: Mapping[str, Any]) -> str:
    """Which entry of a table by day `week` refuses; empty when it is none by itself."""
    for name, text in days.items():
        if name not in {*_GROUPS, *WEEKDAYS} or not isinstance(text, str):
            return name
        try:
            spans(text)
        except ValueError:
            return name
    return ""


def week(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    """One text for all days, or a table by day, of which the narrower word wins: every_day, weekdays, saturday."""
    if isinstance(value, tuple):
        return value
    days = {"every_day": value} if isinstance(value, str) else value
    if not isinstance(days, dict) or not all(isinstance(text, str) for text in days.values()):
        raise ValueError('must be hours such as "07:00-12:00, 13:00-23:00", or a table of them by day')
    for name in days:
        if name not in {*_GROUPS, *WEEKDAYS}:
            near = difflib.get_close_matches(name, [*_GROUPS, *WEEKDAYS], n=1)
            hint = f" (did you mean {near[0]}?)" if near else ""
            raise ValueError(f"“{name}” is no day{hint}; there is {', '.join((*_GROUPS, *WEEKDAYS))}")
    found: dict[str, Spans] = {}
    for name in sorted(days, key=lambda name: -len(_GROUPS.get(name, (name,)))):
        found |= dict.fromkeys(_GROUPS.get(name, (name,)), spans(days[name]))
    if not any(found.values()):
        raise ValueError("needs at least one day that is not closed")
    return tuple(found.get(day, ()) for day in WEEKDAYS)
