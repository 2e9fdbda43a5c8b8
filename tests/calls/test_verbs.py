"""Verbs in the order in which callers make trouble: what is owed stays owed, what was refused stays refused."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import pytest

from ivr.calls import call_backs, changes, messages
from ivr.calls.actions import stop_recording
from ivr.calls.desk import Desk
from ivr.calls.equipment import Office, wakeup_rules
from ivr.calls.recorder import MessageRecorder
from ivr.calls.state import CallState
from ivr.config import Settings
from ivr.desk.directory import directory, registered
from ivr.desk.rooms import numbered
from tests.calls.test_session import EVENING, office

GUEST = registered(
    {"room": "1208", "name_zh": "王", "name_en": "", "title": "", "language": "", "arrival": "", "departure": ""}
)


@dataclass(frozen=True)
class Reception:
    """A desk over a database of its own."""

    desk: Desk
    room: Office
    database: Path

    async def left(self, state: CallState) -> None:
        """The caller has left a message that is not settled yet."""
        recorder = MessageRecorder(self.room.recordings, "clip-1", date(2026, 11, 21), self.room.writer)
        state.clips["message"] = (await recorder.finish()).file
        state.slots |= {"message_seconds": "3", "message_kind": "room", "addressee": "1208"}
        state.owed = messages.STORE_MESSAGE


@pytest.fixture
async def reception(tmp_path: Path) -> AsyncIterator[Reception]:
    rules, path = wakeup_rules(Settings(data=tmp_path)), tmp_path / "ivr.db"
    async with office(path) as room:
        who = directory(numbered(sorted(rules.rooms)), (GUEST,))
        kept = (room.bookings, room.threads, room.ids, room.messages, room.recordings, room.writer)
        yield Reception(Desk(rules, *kept, who), room, path)


@pytest.fixture
def state() -> CallState:
    return CallState("call-1", "zh", caller="13912345678")


async def test_a_message_that_cannot_be_kept_before_the_next_one_stays_owed(
    reception: Reception, state: CallState
) -> None:
    await reception.left(state)
    lock = sqlite3.connect(reception.database, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    assert await messages.forget_message(reception.desk, state, EVENING) == "failed"
    lock.close()
    assert state.owed == messages.STORE_MESSAGE
    assert await messages.forget_message(reception.desk, state, EVENING) == "forgotten"
    assert [each.addressee for each in reception.room.messages.of_call("call-1")] == ["1208"]


async def test_a_call_back_that_is_wanted_is_kept_when_a_complaint_comes_between(
    reception: Reception, state: CallState
) -> None:
    assert await call_backs.want_call_back(reception.desk, state, EVENING) == "known"
    await messages.begin_complaint(reception.desk, state, EVENING)
    assert await messages.forget_message(reception.desk, state, EVENING) == "addressed"
    assert [(each.kind, each.phone) for each in reception.room.messages.of_call("call-1")] == [
        ("call_back", "13912345678")
    ]


async def test_whoever_refuses_a_recording_is_told_that_the_message_stays(
    reception: Reception, state: CallState
) -> None:
    assert await stop_recording(reception.desk, state, EVENING) == "not_recorded"
    await reception.left(state)
    assert await stop_recording(reception.desk, state, EVENING) == "message_stays"
    assert (list(state.clips), state.owed) == (["message"], messages.STORE_MESSAGE)


async def test_after_two_wrong_names_a_right_one_opens_nothing(reception: Reception, state: CallState) -> None:
    wakeup = reception.desk.rules.wakeup_on("1208", date(2026, 11, 22), time(6, 30))
    booking = reception.desk.rules.booking(wakeup, "booking-1", None, "zh", EVENING)
    reception.desk.bookings.add(booking)
    state.slots |= {"room": "1208", "surname": "李"}
    answers = [await changes.match_guest(reception.desk, state, EVENING) for _ in range(2)]
    state.slots["surname"] = "王"
    assert [*answers, await changes.match_guest(reception.desk, state, EVENING)] == ["mismatch", "refused", "refused"]
    stranger = CallState("call-2", "zh", caller="13912345678")
    stranger.slots |= {"room": "1208", "surname": "王"}
    assert await changes.match_guest(reception.desk, stranger, EVENING) == "matched"
