"""The `do:` verbs of messages: for whom they are, and that they are kept before anybody says so (M1, M3)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ivr.calls.call_backs import STORE, number_of, store_call_back
from ivr.calls.desk import Desk
from ivr.calls.state import CallState
from ivr.calls.storing import FRONT_DESK, stored
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import MESSAGE_KINDS, Message, MessageKind

DUTY_MANAGER = "duty_manager"

STORE_MESSAGE = "store_message"
"""verb that keeps a message, also when the call ends before it is settled"""

COMPLAINT = "complaint"
"""flag of a call in which the caller complains"""

LONGEST_EXTENSION = 6
"""digits of a number within the house: ours"""

_KINDS: Mapping[str, MessageKind] = {kind: kind for kind in MESSAGE_KINDS}


async def forget_message(desk: Desk, state: CallState, now: datetime) -> str:
    """A new message begins; a message or a call back that is not settled is kept first (M3).

    `failed`: it could not be; it stays owed, and is tried again at the call's end.
    """
    settle = {STORE_MESSAGE: store_message, STORE: store_call_back}
    if state.owed and await settle[state.owed](desk, state, now) == "failed":
        return "failed"
    for name in ("message_room", "message_extension", "message_kind", "addressee", "department", "phone"):
        state.slots.pop(name, None)
    state.clips.clear()
    state.owed = ""
    if COMPLAINT in state.flags:
        _address(state, "department", DUTY_MANAGER)
        return "addressed"
    return "forgotten"


async def begin_complaint(_desk: Desk, state: CallState, _now: datetime) -> str:
    """The next message is a complaint, for the duty manager (S12)."""
    if COMPLAINT in state.flags:
        return "already"
    state.flag(COMPLAINT)
    # whoever starts to complain has all tries
    state.attempts.forget()
    return "begun"


async def drop_message(desk: Desk, state: CallState, _now: datetime) -> str:
    """The caller wants no message after all: nothing of it is kept (K4)."""
    for file in state.clips.values():
        await erase(desk, state, file)
    state.clips.clear()
    state.owed = ""
    return "dropped"


async def erase(desk: Desk, state: CallState, file: str) -> None:
    """Remove a recording that nobody wants; a disk that refuses is logged, and the purge takes it in time (K4)."""
    try:
        await desk.threads.run(desk.recordings.remove, file)
    except StoreError as error:
        logger().error("recording_not_removed", call_id=state.call_id, reason=str(error))


async def message_to_room(desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether the house has such a room; nothing is told of who stays there (T2)."""
    room = state.slots["message_room"]
    if room not in desk.rules.rooms:
        return "unknown"
    _address(state, "room", room)
    return "known"


async def message_to_extension(desk: Desk, state: CallState, _now: datetime) -> str:
    """A person's own telephone; a room's is the room. Who has which number is not known here: it is read back (S9)."""
    number = state.slots["message_extension"]
    if len(number) > LONGEST_EXTENSION:
        return "unknown"
    room = desk.directory.room_at(number)
    if room:
        _address(state, "room", room)
    else:
        _address(state, "extension", number)
    return "known"


async def message_to_department(_desk: Desk, state: CallState, _now: datetime) -> str:
    """The message is for a department or an outlet of the house."""
    _address(state, "department", state.slots["department"])
    return "known"


async def message_to_front_desk(_desk: Desk, state: CallState, _now: datetime) -> str:
    """The message is for the front desk."""
    _address(state, "department", FRONT_DESK)
    return "known"


async def store_message(desk: Desk, state: CallState, now: datetime) -> str:
    """Keep the message; its sound is on the disk already, `stored` only after the commit."""
    if "message" not in state.clips:
        return "nothing_said"
    message = Message(
        id=desk.ids.new("message"),
        call_id=state.call_id,
        kind=_KINDS[state.slots["message_kind"]],
        addressee=state.slots["addressee"],
        language=state.language,
        audio=state.clips["message"],
        seconds=float(state.slots["message_seconds"]),
        created=now,
        phone=number_of(state),
        caller_clip=state.clips.get("caller", ""),
        urgent=state.slots["addressee"] == DUTY_MANAGER and COMPLAINT in state.flags,
    )
    if not await stored(desk, state, message, "message_not_stored"):
        return "failed"
    state.flag("message")
    state.owed = ""
    # the sound is the message's now
    state.clips.clear()
    # a caller who got somewhere has all tries again
    state.attempts.forget()
    return "stored"


def _address(state: CallState, kind: MessageKind, addressee: str) -> None:
    state.slots["message_kind"], state.slots["addressee"] = kind, addressee
