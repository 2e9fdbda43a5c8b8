"""The `do:` verbs of messages: for whom they are, and that they are kept before anybody says so (M1, M3)."""

from __future__ import annotations

from datetime import datetime

from ivr.calls.desk import Desk
from ivr.calls.state import NOT_STORED, CallState
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Message, MessageKind

FRONT_DESK = "front_desk"


async def forget_message(_desk: Desk, state: CallState, _now: datetime) -> str:
    """A new message begins."""
    for name in ("message_room", "message_kind", "addressee", "phone"):
        state.slots.pop(name, None)
    state.clips.clear()
    state.owed = ""
    return "forgotten"


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
        kind="room" if state.slots["message_kind"] == "room" else "department",
        addressee=state.slots["addressee"],
        language=state.language,
        audio=state.clips["message"],
        seconds=float(state.slots["message_seconds"]),
        created=now,
        phone=state.slots.get("phone", ""),
        caller_clip=state.clips.get("caller", ""),
    )
    try:
        await desk.threads.run(desk.messages.add, message)
    except StoreError as error:
        logger().error("message_not_stored", call_id=state.call_id, error=error.code, reason=str(error))
        state.flag(NOT_STORED)
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
