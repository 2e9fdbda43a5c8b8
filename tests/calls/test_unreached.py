"""Ways that no caller alone can take: the database fails at a step, or another call was quicker.

tests/calls/coverage/unreached.yaml names these tests as reasons.
"""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from datetime import date, time
from pathlib import Path

from ivr import app
from ivr.audio.frame import RATE, Samples
from ivr.bench.runner import Bench
from ivr.bench.voices import recorded
from ivr.calls.equipment import Equipment, Office, wakeup_rules
from ivr.desk.directory import directory, registered
from ivr.desk.rooms import numbered
from ivr.records import CallEvent, EventKind
from tests.calls.test_session import BOOKING, EVENING, Keypad, office
from tests.conftest import RECORDINGS

VOICE = RECORDINGS / "callers" / "jf_nezumi" / "en-time-tomorrow-at-seven.wav"

CANCELLING = {
    "reception/choose": "4",
    "change_wake_up/offer": "1",
    "change_wake_up/confirm": "1",
    "change_wake_up/nothing_booked": "2",
    "reception/anything_else": "2",
}


def add_booking(room: Office, equipment: Equipment, name: str) -> None:
    rules = wakeup_rules(equipment.settings)
    wakeup = rules.wakeup_on("805", date(2026, 11, 22), time(6, 30))
    room.bookings.add(rules.booking(wakeup, name, None, "zh", EVENING))


async def test_a_booking_that_cannot_be_looked_up_is_said_to_be_unchanged(equipment: Equipment, tmp_path: Path) -> None:
    path, caller = tmp_path / "ivr.db", Keypad(CANCELLING)
    caller.channel.caller, caller.channel.inside = "805", True
    async with office(path) as room:
        add_booking(room, equipment, "first")
        lock = sqlite3.connect(path, isolation_level=None)

        def locked(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "change_wake_up/find":
                lock.execute("BEGIN EXCLUSIVE")

        await app.take_call(equipment, room, caller.channel, (caller.notice, locked))
        lock.close()
    assert ("find_wakeup", "failed") in caller.done
    assert "change_wake_up/not_stored" in caller.told


async def test_a_database_that_is_away_says_the_same_to_a_right_and_a_wrong_name(bench: Bench, tmp_path: Path) -> None:
    """From outside nothing may be learnt of who stays in a room, not even from a fault (T2)."""
    site = bench.equipment.site()
    columns = dict.fromkeys(("name_en", "title", "language", "arrival", "departure"), "")
    guest = registered(columns | {"room": "805", "name_zh": "王"})
    equipment = replace(bench.equipment, site=lambda: replace(site, directory=directory(numbered(("805",)), (guest,))))
    heard = []
    for name in ("王先生", "张先生"):
        path = tmp_path / f"{name}.db"
        caller = Keypad({"reception/choose": "4", "change_wake_up/ask_room": "805#", "reception/anything_else": "2"})
        said = bench.voices["zh-f5"].render(name, "zh")
        async with office(path) as room:
            add_booking(room, equipment, "first")
            lock = sqlite3.connect(path, isolation_level=None)

            def away(
                event: CallEvent, caller: Keypad = caller, said: Samples = said, lock: sqlite3.Connection = lock
            ) -> None:
                if event.kind is EventKind.SAID and event.state == "change_wake_up/ask_name":
                    caller.channel.speak(event.at + RATE // 2, said)
                if event.kind is EventKind.STATE and event.state == "change_wake_up/match":
                    lock.execute("BEGIN EXCLUSIVE")

            await app.take_call(equipment, room, caller.channel, (caller.notice, away))
            lock.close()
        assert ("match_guest", "failed") in caller.done
        heard.append([each for each in caller.told if each.startswith("change_wake_up/")])
    assert heard[0] == heard[1]
    assert "change_wake_up/not_stored" in heard[0]


async def test_who_cancels_what_another_call_has_cancelled_hears_that_nothing_is_booked(
    equipment: Equipment, tmp_path: Path
) -> None:
    caller = Keypad(CANCELLING)
    caller.channel.caller, caller.channel.inside = "805", True
    async with office(tmp_path / "ivr.db") as room:
        add_booking(room, equipment, "first")

        def another_call(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "change_wake_up/confirm":
                room.bookings.cancel("first")

        await app.take_call(equipment, room, caller.channel, (caller.notice, another_call))
    assert ("cancel_wakeup", "nothing_booked") in caller.done
    assert "change_wake_up/nothing_booked" in caller.told
    assert "change_wake_up/cancelled" not in caller.told


async def test_who_books_what_another_call_has_booked_hears_that_it_is(equipment: Equipment, tmp_path: Path) -> None:
    caller = Keypad(BOOKING)
    async with office(tmp_path / "ivr.db") as room:

        def another_call(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "wake_up_booking/confirm":
                add_booking(room, equipment, "quicker")

        await app.take_call(equipment, room, caller.channel, (caller.notice, another_call))
        assert [each.id for each in room.bookings.for_room("805")] == ["quicker"]
    assert ("book_wakeup", "already_booked") in caller.done
    assert "wake_up_booking/already_booked" in caller.told


async def test_an_earlier_message_that_cannot_be_stored_is_not_said_to_be_taken(
    equipment: Equipment, tmp_path: Path
) -> None:
    path = tmp_path / "ivr.db"
    caller = Keypad(
        {
            "reception/choose": "2",
            "leave_message/ask_whom": "2",
            "leave_message/review": "2",
            "leave_message/nothing_said": "2",
        }
    )
    takes: list[int] = []
    async with office(path) as room:
        lock = sqlite3.connect(path, isolation_level=None)

        def speaks_once_then_the_database_is_away(event: CallEvent) -> None:
            if event.kind is EventKind.SAID and event.state == "leave_message/take":
                takes.append(event.at)
                if len(takes) == 1:
                    caller.channel.speak(event.at + RATE // 2, recorded(VOICE))
            if event.kind is EventKind.STATE and event.state == "leave_message/settle":
                lock.execute("BEGIN EXCLUSIVE")

        await app.take_call(equipment, room, caller.channel, (caller.notice, speaks_once_then_the_database_is_away))
        lock.close()
    assert ("store_message", "failed") in caller.done
    assert "leave_message/not_stored" in caller.told
    assert "leave_message/thanks" not in caller.told
