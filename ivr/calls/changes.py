"""The `do:` verbs that change a wake-up call, committed before it is said (W4).

Who may: the room's own telephone; from elsewhere who knows room and registered name (design.md).
"""

from __future__ import annotations

from datetime import datetime

from ivr.calls.clock_doubt import clock_is_wrong
from ivr.calls.desk import Desk
from ivr.calls.state import NOT_STORED, CallState
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Booking

FOUND = "found_booking"
"""slot: the room's next booking"""

OLD_BOOKING = "changing"
"""slot: the booking that the next one takes the place of"""

CHANGING_ROOM = "changing_room"
"""slot: the room of that booking"""

CHANGED = "changed"
"""slot: whether it did"""

MISMATCHES = "mismatches"
"""slot: how often room and name did not match in this call"""

MISMATCH = "name_mismatch"
"""flag of a call in which they did not: who tries it often is seen in the records"""

MOST_MISMATCHES = 2
"""then the caller is sent to the room's telephone: asked once to check, as T2 says"""


async def own_room(desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether the call comes from a room's own telephone: that room may change its wake-up calls (design.md)."""
    own = desk.directory.room_at(state.extension)
    if own:
        state.slots["room"] = own
        return "own"
    return "outside" if desk.directory.kept else "no_register"


async def match_guest(desk: Desk, state: CallState, now: datetime) -> str:
    """Whether the room, the registered name and a booking go together.

    Whatever is wrong of the three, the answer is the same, and the database is asked always: nothing can be guessed
    from it (T2).
    """
    room, name = state.slots["room"], state.slots["surname"].rpartition(" ")[2]
    if await clock_is_wrong(desk, state, now):
        return "failed"
    if int(state.slots.get(MISMATCHES, "0")) >= MOST_MISMATCHES:
        # whoever comes back later in the call may guess no further
        return "refused"
    try:
        booking = await _next_booking(desk, room, now)
    except StoreError as error:
        logger().error("wakeup_not_found", call_id=state.call_id, error=error.code, reason=str(error))
        return "failed"
    if booking is not None and desk.directory.matches(room, name, desk.rules.local(now)):
        _keep(state, booking)
        return "matched"
    state.flag(MISMATCH)
    count = int(state.slots.get(MISMATCHES, "0")) + 1
    state.slots[MISMATCHES] = str(count)
    return "refused" if count >= MOST_MISMATCHES else "mismatch"


async def find_wakeup(desk: Desk, state: CallState, now: datetime) -> str:
    """The next wake-up call of the room; `failed` where the clock does not know which is the next."""
    if await clock_is_wrong(desk, state, now):
        return "failed"
    try:
        booking = await _next_booking(desk, state.slots["room"], now)
    except StoreError as error:
        logger().error("wakeup_not_found", call_id=state.call_id, error=error.code, reason=str(error))
        return "failed"
    if booking is None:
        return "nothing_booked"
    _keep(state, booking)
    return "found"


async def _next_booking(desk: Desk, room: str, now: datetime) -> Booking | None:
    standing = await desk.threads.run(desk.bookings.for_room, room)
    return next((each for each in standing if each.due > now), None)


def _keep(state: CallState, booking: Booking) -> None:
    state.slots |= {
        FOUND: booking.id,
        "old_date": booking.day.isoformat(),
        "old_time": booking.local_time.isoformat("minutes"),
    }


async def cancel_wakeup(desk: Desk, state: CallState, _now: datetime) -> str:
    """Cancel the call that was found; `cancelled` only after the commit."""
    try:
        cancelled = await desk.threads.run(desk.bookings.cancel, state.slots[FOUND])
    except StoreError as error:
        logger().error("wakeup_not_cancelled", call_id=state.call_id, error=error.code, reason=str(error))
        state.flag(NOT_STORED)
        return "failed"
    # a caller who got somewhere has all tries again
    state.attempts.forget()
    return "cancelled" if cancelled else "nothing_booked"


async def begin_change(_desk: Desk, state: CallState, _now: datetime) -> str:
    """From now on a booking takes the place of the one that was found, in one transaction."""
    state.slots[OLD_BOOKING] = state.slots[FOUND]
    state.slots[CHANGING_ROOM] = state.slots["room"]
    state.slots.pop(CHANGED, None)
    return "begun"


async def end_change(_desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether it did; a later booking of this call is one of its own again."""
    state.slots.pop(OLD_BOOKING, None)
    state.slots.pop(CHANGING_ROOM, None)
    return "changed" if state.slots.pop(CHANGED, "") else "unchanged"
