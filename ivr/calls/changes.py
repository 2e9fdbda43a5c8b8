"""The `do:` verbs that change a wake-up call: by the room's own telephone, and committed before it is said (W4)."""

from __future__ import annotations

from datetime import datetime

from ivr.calls.desk import Desk
from ivr.calls.state import NOT_STORED, CallState
from ivr.errors import StoreError
from ivr.log import logger

FOUND = "found_booking"
"""slot: the room's next booking"""

OLD_BOOKING = "changing"
"""slot: the booking that the next one takes the place of"""

CHANGED = "changed"
"""slot: whether it did"""


async def own_room(desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether the call comes from a room's own telephone: that room may change its wake-up calls (design.md)."""
    own = desk.directory.room_at(state.extension)
    if not own:
        return "outside"
    state.slots["room"] = own
    return "own"


async def find_wakeup(desk: Desk, state: CallState, now: datetime) -> str:
    """The next wake-up call of the room."""
    try:
        standing = await desk.threads.run(desk.bookings.for_room, state.slots["room"])
    except StoreError as error:
        logger().error("wakeup_not_found", call_id=state.call_id, error=error.code, reason=str(error))
        return "failed"
    booking = next((each for each in standing if each.due > now), None)
    if booking is None:
        return "nothing_booked"
    state.slots |= {
        FOUND: booking.id,
        "old_date": booking.day.isoformat(),
        "old_time": booking.local_time.isoformat("minutes"),
    }
    return "found"


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
    state.slots.pop(CHANGED, None)
    return "begun"


async def end_change(_desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether it did; a later booking of this call is one of its own again."""
    state.slots.pop(OLD_BOOKING, None)
    return "changed" if state.slots.pop(CHANGED, "") else "unchanged"
