"""What a call does when something around it fails; the real parts, with one broken on purpose."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pytest

from ivr import app
from ivr.audio.frame import FRAME, RATE, Frame, Samples
from ivr.bench.caller import over_the_line
from ivr.bench.runner import Bench
from ivr.bench.speed import Paced
from ivr.calls.equipment import Equipment, Office
from ivr.calls.recorder import writer
from ivr.calls.state import Observer
from ivr.channels.base import Inbound
from ivr.channels.scripted import ScriptedChannel
from ivr.clock import CountingIds, FakeClock
from ivr.errors import LineBroke, VoiceError, WeHungUp
from ivr.records import CallEvent, EventKind, Language
from ivr.speech.speaker import Speaker
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore
from ivr.store.pool import StoreThreads
from ivr.store.recordings import Recordings

EVENING = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)

BOOKING = {
    "reception/choose": "1",
    "wake_up_booking/ask_room": "805#",
    "wake_up_booking/ask_time": "0630",
    "wake_up_booking/ask_day": "2",
    "wake_up_booking/confirm": "1",
    "reception/anything_else": "2",
}


class Keypad:
    """A caller who presses keys when asked; notes what it was told."""

    def __init__(self, keys: dict[str, str]) -> None:
        self.channel = ScriptedChannel("keypad")
        self.told: list[str] = []
        self.done: list[tuple[str, str]] = []
        self._keys = keys

    def notice(self, event: CallEvent) -> None:
        if event.kind is EventKind.SAID:
            self.told.append(event.state)
            if event.state in self._keys:
                self.channel.press(event.at + FRAME, self._keys[event.state])
        if event.kind is EventKind.DONE:
            self.done.append((event.text, event.outcome))


@asynccontextmanager
async def office(path: Path, busy_seconds: float = 0.1) -> AsyncIterator[Office]:
    engine = open_engine(f"sqlite:///{path}", busy_seconds=busy_seconds)
    threads, writing, recordings = StoreThreads(), writer(), Recordings(path.parent / "recordings")
    clock, ids = FakeClock(EVENING), CountingIds()
    try:
        yield Office(
            CallStore(engine), BookingStore(engine), threads, clock, ids, MessageStore(engine), recordings, writing
        )
    finally:
        await threads.close()
        writing.shutdown()
        engine.dispose()


async def test_a_booking_that_cannot_be_stored_is_never_said_to_be_booked(equipment: Equipment, tmp_path: Path) -> None:
    """Design rule 9: the caller hears that it failed, and when a person is there."""
    path = tmp_path / "ivr.db"
    caller = Keypad(BOOKING)
    async with office(path) as room:
        lock = sqlite3.connect(path, isolation_level=None)

        def lock_before_booking(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "wake_up_booking/book":
                lock.execute("BEGIN EXCLUSIVE")

        call = await app.take_call(equipment, room, caller.channel, (caller.notice, lock_before_booking))
        lock.close()
        assert ("book_wakeup", "failed") in caller.done
        assert "wake_up_booking/not_stored" in caller.told
        assert "wake_up_booking/thanks" not in caller.told
        assert call.ending == "given_up"
        assert "not_stored" in call.flags
        assert call.done == ()
        assert room.bookings.for_room("805") == ()


async def test_a_database_that_comes_back_gets_the_whole_record_at_the_end(
    equipment: Equipment, tmp_path: Path
) -> None:
    path = tmp_path / "ivr.db"
    caller = Keypad({"reception/choose": "3"})
    async with office(path) as room:
        lock = sqlite3.connect(path, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")

        def unlock_at_the_end(event: CallEvent) -> None:
            if event.kind is EventKind.STATE and event.state == "goodbye/farewell":
                lock.close()

        call = await app.take_call(equipment, room, caller.channel, (caller.notice, unlock_at_the_end))
        assert room.calls.get(call.id) == call
        assert "unrecorded" in call.flags
        assert [turn.state for turn in room.calls.turns(call.id)] == ["reception/choose", "goodbye/farewell"]


async def test_a_call_goes_on_while_the_database_is_away_for_good(equipment: Equipment, tmp_path: Path) -> None:
    path = tmp_path / "ivr.db"
    caller = Keypad({"reception/choose": "3"})
    async with office(path) as room:
        lock = sqlite3.connect(path, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        call = await app.take_call(equipment, room, caller.channel, (caller.notice,))
        lock.close()
        assert call.ending == "goodbye"
        assert room.calls.get(call.id) is None


class BrokenLine:
    """A channel that fails after one second."""

    name = "broken"
    line = "8001"
    caller = ""
    inside = False
    key_sounds = False

    def __init__(self) -> None:
        self._position = 0
        self.hung_up = False

    async def answer(self) -> None: ...

    async def send(self, samples: Samples) -> None: ...

    async def receive(self) -> Inbound:
        if self._position >= RATE:
            raise LineBroke("the trunk is gone")
        frame = Frame(np.zeros(FRAME, dtype=np.int16), RATE, self._position)
        self._position += FRAME
        return Inbound(frame)

    async def hang_up(self) -> None:
        self.hung_up = True


async def test_a_line_that_breaks_is_not_a_caller_who_hung_up(equipment: Equipment, tmp_path: Path) -> None:
    """Design rule 8: three ends, three outcomes."""
    channel = BrokenLine()
    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, channel)
        assert (call.outcome, call.seconds) == ("line_broke", 1.0)
        assert channel.hung_up
        assert room.calls.get(call.id) == call


async def test_who_only_watches_cannot_end_a_call(equipment: Equipment, tmp_path: Path) -> None:
    def stumble(event: CallEvent) -> None:
        raise ZeroDivisionError(event.kind)

    async with office(tmp_path / "ivr.db") as room:
        caller = Keypad({"reception/choose": "3"})
        call = await app.take_call(equipment, room, caller.channel, (stumble, caller.notice))
        assert call.ending == "goodbye"


async def test_both_sides_of_a_call_can_be_taken_down(equipment: Equipment, tmp_path: Path) -> None:
    caller = Keypad({"reception/choose": "3"})
    ours: list[Samples] = []
    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (caller.notice,), lambda _, said: ours.append(said))
    assert len(np.concatenate(ours)) == round(call.seconds * RATE)
    assert np.concatenate(ours)[:RATE].any()


DIES_IN_A_CALL = """
import sys
from datetime import UTC, datetime
from ivr.records import Call
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
CallStore(open_engine(sys.argv[1])).begin(Call("call-1", "wav", "8001", datetime.now(UTC)))
"""


async def test_calls_that_a_dead_process_left_open_are_closed_at_the_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ivr.db'}"
    subprocess.run([sys.executable, "-c", DIES_IN_A_CALL, url], check=True)  # noqa: ASYNC221 - nothing else runs here
    async with app.office(url, FakeClock(EVENING), CountingIds()) as room:
        (call,) = room.calls.latest(1)
    assert (call.outcome, call.ending) == ("failed", "interrupted")


async def test_a_caller_who_only_ever_asks_again_is_not_kept_for_ever(equipment: Equipment, tmp_path: Path) -> None:
    caller = Keypad({"reception/choose": "*"})
    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (caller.notice,))
    assert call.ending == "given_up"
    assert caller.told.count("reception/choose") == 4


async def test_a_caller_may_book_as_often_as_she_likes(equipment: Equipment, tmp_path: Path) -> None:
    """Tries are counted to end loops, not to punish who gets somewhere."""
    rooms = iter(["801#", "802#", "803#", "804#", "805#"])
    caller = Keypad(BOOKING | {"reception/choose_again": "1"})

    def next_room(event: CallEvent) -> None:
        if event.kind is EventKind.SAYING and event.state == "wake_up_booking/ask_room":
            caller._keys["wake_up_booking/ask_room"] = next(rooms)
        if event.kind is EventKind.SAYING and event.state == "reception/anything_else":
            caller._keys["reception/anything_else"] = "2" if caller.told.count("wake_up_booking/thanks") == 5 else "1"

    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (next_room, caller.notice))
        assert call.ending == "goodbye"
        assert len(room.bookings.of_call(call.id)) == 5


async def test_a_second_false_alarm_is_asked_about_like_the_first(
    equipment: Equipment, bench: Bench, tmp_path: Path
) -> None:
    """“five” may be heard as “fire” twice; nobody is flagged for it (R4)."""
    caller = Keypad({"emergency/really": "2"})
    alarm = over_the_line(bench.voices["zh-f2"].render("救命", "zh"))

    def shout(event: CallEvent) -> None:
        if event.kind is EventKind.SAID and event.state == "reception/choose":
            if caller.told.count("reception/choose") < 2:
                caller.channel.speak(event.at + FRAME, alarm)
            else:
                caller.channel.press(event.at + FRAME, "3")

    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (shout, caller.notice))
    assert caller.told.count("emergency/really") == 2
    assert (call.ending, call.flags) == ("goodbye", ())


class MovingClock:
    """A clock in step with the call, as in a live one."""

    def __init__(self, start: datetime, caller: Keypad) -> None:
        self._start = start
        self._caller = caller

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._caller.channel.position / RATE)

    def monotonic(self) -> float:
        return self._caller.channel.position / RATE


async def test_the_date_that_was_read_back_is_the_date_that_is_booked(equipment: Equipment, tmp_path: Path) -> None:
    """“Tomorrow” changes its meaning at the day boundary, in the middle of a call; what was agreed to does not."""
    read_back = datetime(2026, 11, 22, 4, 0, tzinfo=equipment.settings.zone) - timedelta(seconds=40)
    caller = Keypad(BOOKING)
    async with office(tmp_path / "ivr.db") as room:
        moving = replace(room, clock=MovingClock(read_back, caller))
        call = await app.take_call(equipment, moving, caller.channel, (caller.notice,))
        assert call.ended is not None
        assert call.ended.astimezone(equipment.settings.zone).hour == 4
        (booking,) = room.bookings.of_call(call.id)
    assert booking.day == date(2026, 11, 22)


async def test_keys_pressed_while_we_explain_answer_the_next_question(equipment: Equipment, tmp_path: Path) -> None:
    caller = Keypad(BOOKING | {"wake_up_booking/ask_time": "0600", "wake_up_booking/ask_day": "1"})

    def type_ahead(event: CallEvent) -> None:
        if event.kind is EventKind.SAYING and event.state == "wake_up_booking/too_soon":
            caller.channel.press(event.at + RATE, "2330")
            caller._keys.pop("wake_up_booking/ask_time")

    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (type_ahead, caller.notice))
        (booking,) = room.bookings.of_call(call.id)
    assert booking.local_time == time(23, 30)


class FailingVoice:
    """A speaker that works until it is told to fail."""

    def __init__(self, speaker: Speaker) -> None:
        self._speaker = speaker
        self.fails_at = ""

    def samples(self, key: str, text: str, language: Language, *, fixed: bool) -> Samples:
        if key == self.fails_at:
            raise VoiceError("the voice is gone")
        return self._speaker.samples(key, text, language, fixed=fixed)


async def test_a_voice_that_fails_after_the_commit_leaves_no_caller_in_silence(
    equipment: Equipment, tmp_path: Path
) -> None:
    voice = FailingVoice(equipment.speaker)
    voice.fails_at = "wakeup.booked"
    caller = Keypad(BOOKING)
    said: list[str] = []

    def hear(event: CallEvent) -> None:
        if event.kind is EventKind.SAID:
            said.append(event.text)

    gear = replace(equipment, speaker=voice)  # type: ignore[arg-type]  # it has the one method that calls use
    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(gear, room, caller.channel, (caller.notice, hear))
        assert len(room.bookings.of_call(call.id)) == 1
        assert room.calls.get(call.id) == call
    assert said[-1] == equipment.apologies["zh"].text
    assert (call.outcome, call.flags) == ("failed", ("fault",))


async def test_a_cancelled_call_is_recorded_and_hung_up(equipment: Equipment, tmp_path: Path) -> None:
    """The house shuts down in the middle of a call."""
    channel = ScriptedChannel("8001")
    begun = asyncio.Event()

    def begin(event: CallEvent) -> None:
        if event.kind is EventKind.SAYING:
            begun.set()

    async with office(tmp_path / "ivr.db") as room:
        task = asyncio.create_task(app.take_call(equipment, room, Paced(channel, haste=1), (begin,)))
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        (call,) = room.calls.latest(1)
        assert call.outcome == "failed"
        with pytest.raises(WeHungUp):
            await channel.receive()


def shouting(caller: Keypad, alarm: Samples) -> Observer:
    """A caller who cries `alarm` at the first question."""

    def shout(event: CallEvent) -> None:
        if event.kind is EventKind.SAID and event.state == "reception/choose":
            caller.channel.speak(event.at + FRAME, alarm)

    return shout


async def test_a_spoken_universal_sets_the_language_too(equipment: Equipment, bench: Bench, tmp_path: Path) -> None:
    """Who shouts “there is a fire” must not be answered in Chinese (S3, R4)."""
    caller = Keypad({"emergency/really": "1"})
    alarm = over_the_line(bench.voices["en-us-m3"].render("there is a fire", "en"))

    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (shouting(caller, alarm), caller.notice))
        turns = room.calls.turns(call.id)
    assert call.language == "en"
    assert "dial at once" in turns[-1].said


async def test_in_an_emergency_asking_for_a_person_is_a_yes(equipment: Equipment, bench: Bench, tmp_path: Path) -> None:
    caller = Keypad({"emergency/really": "0"})
    alarm = over_the_line(bench.voices["zh-f2"].render("救命", "zh"))

    async with office(tmp_path / "ivr.db") as room:
        call = await app.take_call(equipment, room, caller.channel, (shouting(caller, alarm), caller.notice))
    assert (call.ending, call.flags) == ("emergency", ("emergency",))
