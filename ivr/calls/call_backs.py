"""The `do:` verbs of the number to call back: the caller's own or another, and that it is kept (M1, S6)."""

from __future__ import annotations

import re
from datetime import datetime

from ivr.calls.desk import Desk
from ivr.calls.state import CallState
from ivr.calls.storing import FRONT_DESK, stored
from ivr.records import Message

_NUMBER = re.compile(r"\+?\d{2,15}", re.ASCII)
"""exchanges also tell words, such as “anonymous”"""

STORE = "store_call_back"
"""verb that keeps a call back, also when the call ends before it is settled"""


def number_of(state: CallState) -> str:
    """The number that was given, else the one that calls; empty where neither is known, or none is wanted."""
    return state.slots.get("phone", state.caller if _NUMBER.fullmatch(state.caller) else "")


async def own_number(_desk: Desk, state: CallState, _now: datetime) -> str:
    """Whether we know from where the call comes, by a number that can be said and dialled."""
    if not _NUMBER.fullmatch(state.caller):
        return "unknown"
    state.slots["own_number"] = state.caller
    return "inside" if state.inside else "known"


async def use_own_number(_desk: Desk, state: CallState, _now: datetime) -> str:
    """It is the number to call back."""
    state.slots["phone"] = state.caller
    return "taken"


async def forget_number(_desk: Desk, state: CallState, _now: datetime) -> str:
    """The caller wants another number than the one that we know, or none."""
    state.slots["phone"] = ""
    return "forgotten"


async def want_call_back(desk: Desk, state: CallState, now: datetime) -> str:
    """The caller wants to be called back: a hang-up from here on keeps the number, so far as it is known."""
    state.slots.pop("phone", None)
    state.owed = STORE
    return await own_number(desk, state, now)


async def drop_call_back(_desk: Desk, state: CallState, _now: datetime) -> str:
    """No call back after all."""
    state.owed = ""
    return "dropped"


async def store_call_back(desk: Desk, state: CallState, now: datetime) -> str:
    """Keep the number for the operators; `stored` only after the commit (design rule 9)."""
    phone = number_of(state)
    if not phone:
        state.owed = ""
        return "no_number"
    wanted = Message(
        id=desk.ids.new("message"),
        call_id=state.call_id,
        kind="call_back",
        addressee=FRONT_DESK,
        language=state.language,
        audio="",
        seconds=0.0,
        created=now,
        phone=phone,
    )
    if not await stored(desk, state, wanted, "call_back_not_stored"):
        return "failed"
    state.flag("call_back")
    state.owed = ""
    return "stored"
