"""What the site has kept, to be looked at: its calls and its wake-up bookings."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ivr.config import Settings
from ivr.errors import IvrError
from ivr.records import Booking, Call, Turn
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Archive:
    """The records of one database. Every method raises StoreError."""

    calls: CallStore
    bookings: BookingStore

    def call(self, call_id: str) -> tuple[Call, tuple[Turn, ...], tuple[Booking, ...]]:
        """One call with its turns and what was booked in it; IvrError when there is none of that id."""
        call = self.calls.get(call_id)
        if call is None:
            raise IvrError(f"no call “{call_id}”: `ivr calls list` shows their ids")
        return call, self.calls.turns(call_id), self.bookings.of_call(call_id)

    def wakeups(self, room: str | None, now: datetime | None, limit: int) -> tuple[Booking, ...]:
        """Wake-up calls that stand, of one room or of all, due at `now` (aware) or later; None: past ones too."""
        start = _BEGINNING if now is None else now
        if room is None:
            return self.bookings.upcoming(start, limit)
        return tuple(each for each in self.bookings.for_room(room) if each.due >= start)[:limit]


@contextlib.contextmanager
def archive(settings: Settings) -> Iterator[Archive]:
    """The site's database; StoreError when it cannot be opened."""
    engine = open_engine(settings.database_url)
    try:
        yield Archive(CallStore(engine), BookingStore(engine))
    finally:
        engine.dispose()
