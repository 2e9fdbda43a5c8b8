"""Wake-up calls that the operator books and cancels, for any room and for groups (W4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from ivr.archive import Archive
from ivr.clock import Ids
from ivr.desk.wakeups import Wakeup, WakeupRules
from ivr.errors import IvrError
from ivr.log import logger
from ivr.records import Booking, BookingStatus, Language
from ivr.store.bookings import Added


@dataclass(frozen=True)
class Order:
    """One time for one room or many."""

    rooms: Sequence[str]
    at: time
    """the house's"""
    day: date | None
    """None: the first day on which that time is still ahead"""
    language: Language
    """in which the guest is woken"""


def add(kept: Archive, rules: WakeupRules, order: Order, ids: Ids, now: datetime) -> tuple[Added, ...]:
    """Book every room of the order, each on the disk when this returns; a room that had this call already keeps it.

    IvrError before anything is stored for a room that does not exist and a time that is over. After a StoreError the
    same order may be given again.
    """
    unknown = sorted(set(order.rooms) - rules.rooms)
    if unknown:
        raise IvrError(
            f"there is no room {', '.join(unknown)}: nothing was booked (`ivr doctor` tells where rooms are written)"
        )
    wanted = [_wakeup(rules, room, order, now) for room in dict.fromkeys(order.rooms)]
    added = tuple(
        kept.bookings.add(rules.booking(each, ids.new("booking"), None, order.language, now)) for each in wanted
    )
    logger().info("wakeups_added", new=sum(each.new for each in added), standing=sum(not each.new for each in added))
    return added


def cancel(kept: Archive, booking_ids: Sequence[str]) -> tuple[Booking, ...]:
    """Cancel bookings; IvrError before anything is changed when one of them does not stand."""
    found = [_standing(kept, each) for each in dict.fromkeys(booking_ids)]
    cancelled = tuple(booking for booking in found if kept.bookings.cancel(booking.id))
    logger().info("wakeups_cancelled", bookings=[booking.id for booking in cancelled])
    return cancelled


def _standing(kept: Archive, booking_id: str) -> Booking:
    booking = kept.bookings.get(booking_id)
    if booking is None or booking.status is not BookingStatus.BOOKED:
        raise IvrError(f"no wake-up call “{booking_id}” that stands: `ivr wakeups list` shows their ids")
    return booking


def _wakeup(rules: WakeupRules, room: str, order: Order, now: datetime) -> Wakeup:
    today = now.astimezone(rules.zone).date()
    # shortly before midnight tomorrow's first minutes may be too near
    for day in [order.day] if order.day else [today + timedelta(days=ahead) for ahead in range(3)]:
        # a date long ago has no instant
        wakeup = rules.wakeup_on(room, max(day, today - timedelta(days=1)), order.at)
        if not rules.too_soon(wakeup, now):
            return wakeup
    minutes = rules.soonest // timedelta(minutes=1)
    raise IvrError(f"{order.day} {order.at:%H:%M} is over or nearer than {minutes} minutes: nothing was booked")
