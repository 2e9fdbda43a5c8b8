"""The `do:` verbs of flows, each with the outcomes that it declares. What they promise is committed (design rule 9)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ivr.calls.state import CallState
from ivr.clock import Clock, Ids
from ivr.desk.wakeups import Wakeup, WakeupRules, check_wakeup
from ivr.dialogue.check import Action
from ivr.errors import StoreError
from ivr.log import logger
from ivr.store.bookings import BookingStore
from ivr.store.pool import StoreThreads


@dataclass(frozen=True)
class Desk:
    """What actions work with."""

    rules: WakeupRules
    bookings: BookingStore
    threads: StoreThreads
    clock: Clock
    ids: Ids


async def check_room(desk: Desk, state: CallState) -> str:
    """Whether the house has such a room."""
    return "known" if state.slots["room"] in desk.rules.rooms else "unknown"


async def check_wakeup_(desk: Desk, state: CallState) -> str:
    """Whether the call can be had; sets the date that the read-back says.

    A database that is away does not stop the caller here: the booking itself finds that out, and says so.
    """
    wakeup = _wakeup(desk, state)
    state.slots["date"] = wakeup.day.isoformat()
    try:
        found = await desk.threads.run(check_wakeup, desk.rules, desk.bookings, wakeup, desk.clock.now())
    except StoreError as error:
        logger().error("wakeup_not_checked", call_id=state.call_id, error=error.code)
        return "free"
    if found == "too_soon":
        _forget(state, "time", "day", "date")
    return found


async def book_wakeup(desk: Desk, state: CallState) -> str:
    """Store the booking; `booked` only after the commit."""
    wakeup, now = _wakeup(desk, state), desk.clock.now()
    booking = desk.rules.booking(wakeup, desk.ids.new("booking"), state.call_id, state.language, now)
    try:
        added = await desk.threads.run(desk.bookings.add, booking)
    except StoreError as error:
        logger().error("booking_not_stored", call_id=state.call_id, error=error.code, reason=str(error))
        state.flag("not_stored")
        return "failed"
    # a caller who got somewhere has all tries again for the next booking
    state.attempts.forget()
    return "booked" if added.new else "already_booked"


async def forget_wakeup(_desk: Desk, state: CallState) -> str:
    """Forget what was collected: a new booking begins, or the caller refused the read-back."""
    _forget(state, "room", "time", "day", "date")
    return "forgotten"


async def flag_emergency(_desk: Desk, state: CallState) -> str:
    """Mark the record for the duty leader (R4)."""
    state.flag("emergency")
    logger().warning("emergency", call_id=state.call_id)
    return "flagged"


def _wakeup(desk: Desk, state: CallState) -> Wakeup:
    slots = state.slots
    return desk.rules.wakeup(slots["room"], slots["day"], slots["time"], desk.clock.now())


def _forget(state: CallState, *names: str) -> None:
    for name in names:
        state.slots.pop(name, None)


@dataclass(frozen=True)
class Verb:
    """An action and what flows may know of it."""

    run: Callable[[Desk, CallState], Awaitable[str]]
    declared: Action


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "check_room": Verb(check_room, Action(("known", "unknown"))),
        "check_wakeup": Verb(check_wakeup_, Action(("free", "already_booked", "too_soon"), sets=("date",))),
        "book_wakeup": Verb(book_wakeup, Action(("booked", "already_booked", "failed"))),
        "forget_wakeup": Verb(forget_wakeup, Action(("forgotten",))),
        "flag_emergency": Verb(flag_emergency, Action(("flagged",))),
    }
)

DECLARED: Mapping[str, Action] = MappingProxyType({name: verb.declared for name, verb in VERBS.items()})
