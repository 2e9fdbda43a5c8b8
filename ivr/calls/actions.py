"""The `do:` verbs of flows, each with the outcomes that it declares. What they promise is committed (design rule 9)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from types import MappingProxyType

from ivr.calls import call_backs, changes, messages
from ivr.calls.clock_doubt import clock_is_wrong
from ivr.calls.desk import Desk
from ivr.calls.state import NOT_STORED, CallState
from ivr.desk import wakeups
from ivr.desk.wakeups import WakeupCheck
from ivr.dialogue.check import Action
from ivr.errors import StoreError
from ivr.log import logger


async def check_room(desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether the house has such a room."""
    return "known" if state.slots["room"] in desk.rules.rooms else "unknown"


async def check_wakeup(desk: Desk, state: CallState, now: datetime) -> str:
    """Whether the call can be had; sets the date that the read-back says and that will be booked.

    `needs_day` where the day may be several dates, or none: it is asked for, never guessed.
    `failed` where the clock cannot be believed: what “tomorrow” is, is not known then.
    A database that is away does not stop the caller here: the booking itself finds that out, and says so.
    """
    if await clock_is_wrong(desk, state, now):
        return "failed"
    slots = state.slots
    meant = desk.rules.wakeups(slots["room"], slots["day"], slots["time"], now)
    if len(meant) != 1:
        return "needs_day"
    (wakeup,) = meant
    slots["date"] = wakeup.day.isoformat()
    try:
        found = await desk.threads.run(wakeups.check_wakeup, desk.rules, desk.bookings, wakeup, now)
    except StoreError as error:
        logger().error("wakeup_not_checked", call_id=state.call_id, error=error.code)
        return WakeupCheck.FREE
    if found is WakeupCheck.TOO_SOON:
        _forget(state, "time", "day", "date")
    return found


async def book_wakeup(desk: Desk, state: CallState, now: datetime) -> str:
    """Store just what was read back, not what “tomorrow” means by now; `booked` only after the commit."""
    if await clock_is_wrong(desk, state, now):
        return "failed"
    slots = state.slots
    wakeup = desk.rules.wakeup_on(slots["room"], date.fromisoformat(slots["date"]), time.fromisoformat(slots["time"]))
    if desk.rules.too_soon(wakeup, now):
        _forget(state, "time", "day", "date")
        return WakeupCheck.TOO_SOON
    booking = desk.rules.booking(wakeup, desk.ids.new("booking"), state.call_id, state.language, now)
    try:
        changing = slots.get(changes.OLD_BOOKING, "")
        added = await desk.threads.run(desk.bookings.add, booking, changing)
    except StoreError as error:
        logger().error("booking_not_stored", call_id=state.call_id, error=error.code, reason=str(error))
        state.flag(NOT_STORED)
        return "failed"
    # a caller who got somewhere has all tries again for the next booking
    state.attempts.forget()
    if changing and added.booking.id != changing:
        slots[changes.CHANGED] = "yes"
    return "booked" if added.new else WakeupCheck.ALREADY_BOOKED


async def forget_wakeup(desk: Desk, state: CallState, now: datetime) -> str:
    """Forget what was collected: a new booking begins, or the caller refused the read-back."""
    _forget(state, "room", "time", "day", "date", "guest")
    # a room's own telephone is the room, and so is the room whose booking is changed: it is not asked for
    own = desk.directory.room_at(state.extension)
    room = own or state.slots.get(changes.CHANGING_ROOM, "")
    if room:
        state.slots["room"] = room
    if own:
        state.slots["guest"] = addressed(desk, own, now)
    return "forgotten"


def addressed(desk: Desk, room: str, now: datetime) -> str:
    """How the guest of a room is addressed; empty where that is not clear. For the room's own telephone only (T2)."""
    guest = desk.directory.guest(room, desk.rules.local(now))
    return guest.address if guest else ""


async def flag_emergency(_desk: Desk, state: CallState, _now: datetime) -> str:
    """Mark the record for the duty leader (R4)."""
    state.flag("emergency")
    logger().warning("emergency", call_id=state.call_id)
    return "flagged"


async def note_abuse(_desk: Desk, state: CallState, _now: datetime) -> str:
    """Mark the record; abusive words are answered once (S12)."""
    if ABUSIVE in state.flags:
        return "again"
    state.flag(ABUSIVE)
    return "first"


async def stop_recording(desk: Desk, state: CallState, _now: datetime) -> str:
    """The caller does not want to be recorded: its sound is erased, what it leaves as a message is not (K4)."""
    if desk.recording is not None:
        state.flag(RECORDING_REFUSED)
        if not await desk.recording.refuse():
            return "failed"
    if state.clips:
        return "message_stays"
    return "not_recorded" if desk.recording is None else "stopped"


def _forget(state: CallState, *names: str) -> None:
    for name in names:
        state.slots.pop(name, None)


ABUSIVE = "abusive"
"""flag of a call in which abusive words were said"""

RECORDING_REFUSED = "recording_refused"
"""flag of a call whose caller did not want to be recorded"""


@dataclass(frozen=True)
class Verb:
    """An action and what flows may know of it."""

    run: Callable[[Desk, CallState, datetime], Awaitable[str]]
    """gets the call's own time: its start and the samples since, so that a replay decides as the live call did"""
    declared: Action


VERBS: Mapping[str, Verb] = MappingProxyType(
    {
        "check_room": Verb(check_room, Action(("known", "unknown"))),
        "check_wakeup": Verb(
            check_wakeup, Action(("free", "already_booked", "too_soon", "needs_day", "failed"), sets=("date",))
        ),
        "book_wakeup": Verb(book_wakeup, Action(("booked", "already_booked", "too_soon", "failed"))),
        "forget_wakeup": Verb(forget_wakeup, Action(("forgotten",))),
        "flag_emergency": Verb(flag_emergency, Action(("flagged",))),
        "own_room": Verb(changes.own_room, Action(("own", "outside", "no_register"), sets=("room",))),
        "match_guest": Verb(
            changes.match_guest,
            Action(("matched", "mismatch", "refused", "failed"), sets=("old_date", "old_time")),
        ),
        "find_wakeup": Verb(
            changes.find_wakeup, Action(("found", "nothing_booked", "failed"), sets=("old_date", "old_time"))
        ),
        "cancel_wakeup": Verb(changes.cancel_wakeup, Action(("cancelled", "nothing_booked", "failed"))),
        "begin_change": Verb(changes.begin_change, Action(("begun",))),
        "end_change": Verb(changes.end_change, Action(("changed", "unchanged"))),
        "note_abuse": Verb(note_abuse, Action(("first", "again"))),
        "stop_recording": Verb(stop_recording, Action(("stopped", "not_recorded", "message_stays", "failed"))),
        "begin_complaint": Verb(messages.begin_complaint, Action(("begun", "already"))),
        "forget_message": Verb(messages.forget_message, Action(("forgotten", "addressed", "failed"))),
        "message_to_extension": Verb(messages.message_to_extension, Action(("known", "unknown"))),
        "message_to_department": Verb(messages.message_to_department, Action(("known",))),
        "own_number": Verb(call_backs.own_number, Action(("known", "unknown", "inside"), sets=("own_number",))),
        "use_own_number": Verb(call_backs.use_own_number, Action(("taken",), sets=("phone",))),
        "forget_number": Verb(call_backs.forget_number, Action(("forgotten",))),
        "want_call_back": Verb(call_backs.want_call_back, Action(("known", "unknown", "inside"), sets=("own_number",))),
        "drop_call_back": Verb(call_backs.drop_call_back, Action(("dropped",))),
        call_backs.STORE: Verb(call_backs.store_call_back, Action(("stored", "failed", "no_number"))),
        "message_to_room": Verb(messages.message_to_room, Action(("known", "unknown"))),
        "message_to_front_desk": Verb(messages.message_to_front_desk, Action(("known",))),
        messages.STORE_MESSAGE: Verb(messages.store_message, Action(("stored", "failed", "nothing_said"))),
        "drop_message": Verb(messages.drop_message, Action(("dropped",))),
    }
)

DECLARED: Mapping[str, Action] = MappingProxyType({name: verb.declared for name, verb in VERBS.items()})
