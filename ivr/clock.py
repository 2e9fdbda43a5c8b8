"""The world's clock and the source of ids, both injected so that a replay can be told what they are."""

from __future__ import annotations

import itertools
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Wall time for records and bookings, monotonic seconds for measuring; never used inside a call's timers."""

    def now(self) -> datetime: ...

    def monotonic(self) -> float: ...


class Ids(Protocol):
    """New identifiers for calls and bookings."""

    def new(self, kind: str) -> str: ...


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()


class FakeClock:
    """A clock that stands still until it is advanced."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("FakeClock needs an aware datetime")
        self._start = now
        self._elapsed = timedelta()

    def now(self) -> datetime:
        return (self._start + self._elapsed).astimezone(UTC)

    def monotonic(self) -> float:
        return self._elapsed.total_seconds()

    def advance(self, seconds: float) -> None:
        self._elapsed += timedelta(seconds=seconds)


class RandomIds:
    """Ids that are unique across machines."""

    def new(self, kind: str) -> str:
        return f"{kind}-{uuid.uuid4().hex[:16]}"


class CountingIds:
    """Ids that are the same at every replay: `call-0001`, `booking-0001`; `scope` tells scenarios apart."""

    def __init__(self, scope: str = "") -> None:
        self._scope = f"{scope}-" if scope else ""
        self._counters: dict[str, itertools.count[int]] = {}

    def new(self, kind: str) -> str:
        number = next(self._counters.setdefault(kind, itertools.count(1)))
        return f"{self._scope}{kind}-{number:04d}"
