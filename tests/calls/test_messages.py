"""A message is said to be taken only when it is (M3): databases and disks that fail in the middle of a call."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from ivr import app
from ivr.audio.frame import FRAME, RATE
from ivr.audio.wav import read_wav
from ivr.bench.voices import recorded
from ivr.calls.equipment import Equipment, wakeup_rules
from ivr.records import CallEvent, EventKind, Message
from tests.calls.test_session import EVENING, Keypad, office
from tests.conftest import RECORDINGS

VOICE = RECORDINGS / "callers" / "jf_nezumi" / "en-time-tomorrow-at-seven.wav"

MESSAGE = {
    "reception/choose": "2",
    "leave_message/ask_whom": "2",
    "leave_message/review": "1",
    "leave_message/ask_number": "2#",
    "reception/anything_else": "2",
}


class Speaker:
    """A caller who presses keys, and speaks where a message is recorded."""

    def __init__(self) -> None:
        self.keypad = Keypad(MESSAGE)

    def notice(self, event: CallEvent) -> None:
        self.keypad.notice(event)
        if event.kind is EventKind.SAID and event.state == "leave_message/take":
            self.keypad.channel.speak(event.at + RATE // 2, recorded(VOICE))


async def test_a_message_is_stored_before_thanks_are_said_and_can_be_played(
    equipment: Equipment, tmp_path: Path
) -> None:
    caller = Speaker()
    known: list[Message] = []
    async with office(tmp_path / "ivr.db") as room:

        def look(event: CallEvent) -> None:
            if event.kind is EventKind.SAYING and event.state == "leave_message/thanks":
                known.extend(room.messages.of_call(event.call_id))

        call = await app.take_call(equipment, room, caller.keypad.channel, (caller.notice, look))
        assert call.done == ("message_taken",)
        (message,) = known
        sound = read_wav(room.recordings.path(message.audio))
    assert len(sound.samples) > len(recorded(VOICE))
    assert abs(message.seconds - len(sound.samples) / RATE) < 1.0


async def test_a_message_that_the_database_refuses_is_never_said_to_be_taken_but_kept_when_it_is_back(
    equipment: Equipment, tmp_path: Path
) -> None:
    path, caller = tmp_path / "ivr.db", Speaker()
    async with office(path) as room:
        lock = sqlite3.connect(path, isolation_level=None)

        def locked(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "leave_message/store":
                lock.execute("BEGIN EXCLUSIVE")
            if event.kind is EventKind.SAID and event.state == "leave_message/not_stored":
                lock.execute("ROLLBACK")

        call = await app.take_call(equipment, room, caller.keypad.channel, (caller.notice, locked))
        assert len(room.messages.of_call(call.id)) == 1
        lock.close()
    assert "leave_message/not_stored" in caller.keypad.told
    assert "leave_message/thanks" not in caller.keypad.told
    assert "not_stored" in call.flags


async def test_a_disk_that_refuses_the_sound_ends_in_a_sentence_and_not_in_silence(
    equipment: Equipment, tmp_path: Path
) -> None:
    caller = Speaker()
    # a file stands where the folder should be: nothing can be recorded
    (tmp_path / "messages").write_text("in the way", encoding="utf-8")
    async with office(tmp_path / "ivr.db") as room:
        blocked = replace(room, recordings=type(room.recordings)(tmp_path / "messages"))
        call = await app.take_call(equipment, blocked, caller.keypad.channel, (caller.notice,))
        assert room.messages.of_call(call.id) == ()
    assert "leave_message/thanks" not in caller.keypad.told
    assert "leave_message/not_stored" in caller.keypad.told
    assert "not_stored" in call.flags


@pytest.mark.parametrize("after", [0.1, 1.0, 2.0])
async def test_what_was_said_before_the_hang_up_is_kept_or_nothing_is(
    equipment: Equipment, tmp_path: Path, after: float
) -> None:
    caller = Speaker()

    def ring_off(event: CallEvent) -> None:
        if event.kind is EventKind.SAID and event.state == "leave_message/take":
            caller.keypad.channel.ring_off(event.at + RATE // 2 + round(after * RATE) // FRAME * FRAME)

    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.keypad.channel, (caller.notice, ring_off))
        left = room.messages.of_call(call.id)
        playable = [len(read_wav(room.recordings.path(each.audio)).samples) for each in left]
        files = sorted(path.name for path in (tmp_path / "recordings").rglob("*.*"))
    assert call.outcome == "caller_hung_up"
    assert len(left) == (after > 0.5)
    assert len(playable) == len(left)
    # nothing lies about that no record speaks of
    assert len(files) == len(left)


async def test_a_wake_up_call_that_cannot_be_cancelled_is_not_said_to_be(equipment: Equipment, tmp_path: Path) -> None:
    path = tmp_path / "ivr.db"
    caller = Keypad(
        {
            "reception/choose": "4",
            "change_wake_up/offer": "1",
            "change_wake_up/confirm": "1",
            "reception/anything_else": "2",
        }
    )
    caller.channel.caller, caller.channel.inside = "805", True
    async with office(path) as room:
        rules = wakeup_rules(equipment.settings)
        wakeup = rules.wakeup_on("805", date(2026, 11, 23), time(6, 30))
        booked = rules.booking(wakeup, "booking-1", None, "zh", EVENING)
        room.bookings.add(booked)
        lock = sqlite3.connect(path, isolation_level=None)

        def locked(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "change_wake_up/cancel":
                lock.execute("BEGIN EXCLUSIVE")
            if event.kind is EventKind.SAID and event.state == "change_wake_up/not_stored":
                lock.execute("ROLLBACK")

        await app.take_call(equipment, room, caller.channel, (caller.notice, locked))
        lock.close()
        assert room.bookings.for_room("805") == (booked,)
    assert "change_wake_up/not_stored" in caller.told
    assert "change_wake_up/cancelled" not in caller.told
