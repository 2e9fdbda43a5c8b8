"""Wake-up calls as the hotel sees them: which instant is meant, and whether it can be had (W1, W4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from ivr.desk import days
from ivr.records import Booking, Language
from ivr.store.bookings import BookingStore


class WakeupCheck(StrEnum):
    """Whether a wake-up call can be booked."""

    FREE = "free"
    ALREADY_BOOKED = "already_booked"
    TOO_SOON = "too_soon"


@dataclass(frozen=True)
class Wakeup:
    """A wake-up call that a caller asks for."""

    room: str
    day: date
    at: time
    due: datetime
    """aware, UTC"""


@dataclass(frozen=True)
class WakeupRules:
    """The site's rules for wake-up calls."""

    rooms: frozenset[str]
    zone: ZoneInfo
    day_boundary: time
    soonest: timedelta

    def wakeups(self, room: str, day: str, at: str, now: datetime) -> tuple[Wakeup, ...]:
        """The instants that a spoken day and a local time may mean; if several, the day is asked.

        Until the day boundary “tomorrow” is the coming morning: a guest at one at night who says “tomorrow at seven”
        does not want to sleep thirty hours (design.md). A time of the night that has passed is in the coming night:
        “tonight at twelve”, said at ten, is not the midnight before. Of several days those whose time has passed are
        not meant: 周五七点, said on a Friday at ten. In a daylight-saving gap the call comes by as much later; of the
        two instants of a fold the earlier is meant.
        """
        clock = time.fromisoformat(at)
        found = tuple(
            self._ahead(room, each, clock, now) for each in days.dates(day, now, self.zone, self.day_boundary)
        )
        return found if len(found) <= 1 else tuple(wakeup for wakeup in found if wakeup.due > now)

    def _ahead(self, room: str, day: date, at: time, now: datetime) -> Wakeup:
        wakeup = self.wakeup_on(room, day, at)
        passed = wakeup.due <= now and at < self.day_boundary
        return self.wakeup_on(room, day + timedelta(days=1), at) if passed else wakeup

    def wakeup_on(self, room: str, day: date, at: time) -> Wakeup:
        """The wake-up call of a room on a date, at a local time."""
        return Wakeup(room, day, at, datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC))

    def local(self, now: datetime) -> datetime:
        """The house's own date and time at `now` (aware), without a zone."""
        return now.astimezone(self.zone).replace(tzinfo=None)

    def too_soon(self, wakeup: Wakeup, now: datetime) -> bool:
        return wakeup.due < now + self.soonest

    def booking(
        self, wakeup: Wakeup, booking_id: str, call_id: str | None, language: Language, now: datetime
    ) -> Booking:
        """The record of a wake-up call, as it is stored."""
        return Booking(
            id=booking_id,
            call_id=call_id,
            room=wakeup.room,
            day=wakeup.day,
            local_time=wakeup.at,
            timezone=self.zone.key,
            due=wakeup.due,
            language=language,
            created=now,
        )


def check_wakeup(rules: WakeupRules, bookings: BookingStore, wakeup: Wakeup, now: datetime) -> WakeupCheck:
    """Whether the wake-up call can be booked now; blocks, StoreError when the database does not answer."""
    if rules.too_soon(wakeup, now):
        return WakeupCheck.TOO_SOON
    booked = bookings.for_room(wakeup.room)
    if any(booking.due == wakeup.due for booking in booked):
        return WakeupCheck.ALREADY_BOOKED
    return WakeupCheck.FREE
