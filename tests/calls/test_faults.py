"""Disk full, folder read-only, database locked, key missing, clock wrong: a sentence, a clear error, nothing lost."""

from __future__ import annotations

import os
import resource
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from ivr import app
from ivr.audio.frame import RATE
from ivr.bench.voices import recorded
from ivr.calls.equipment import Equipment, Office
from ivr.calls.state import Observer
from ivr.clock import FakeClock
from ivr.records import Call, CallEvent, EventKind
from ivr.store.engine import open_engine
from ivr.store.recordings import Recordings
from ivr.store.wall_clock import WallClock
from tests.calls.test_messages import MESSAGE, VOICE
from tests.calls.test_session import BOOKING, Keypad, office

NOBODY = 65534

CALL_BACK = {
    "call_back/offer": "1",
    "call_back/ask_number": "13912345678#",
    "call_back/confirm_number": "1",
}

Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def full(folder: Path) -> Iterator[None]:
    """No file may grow any more."""
    del folder
    limit, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder and its files may only be read; root, who may everything, is somebody else for so long."""
    kept = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
    for path in kept:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path, mode in kept.items():
            # a journal that was there meanwhile is gone
            with suppress(FileNotFoundError):
                path.chmod(mode)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another program holds the database."""
    lock = sqlite3.connect(folder / "ivr.db", isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    try:
        yield
    finally:
        lock.close()


@contextmanager
def key_missing(folder: Path) -> Iterator[None]:
    """The key file is gone."""
    (folder / "keys").rename(folder / "elsewhere")
    try:
        yield
    finally:
        (folder / "elsewhere").rename(folder / "keys")


FAULTS: dict[Fault, str] = {
    full: "the disk failed or is full",
    read_only: "cannot be",
    locked: "another program keeps the database locked",
    key_missing: "restore this file from your backup",
}
"""fault → what the operator reads"""


class Troubled:
    """A caller, and a fault from one step of the call to another."""

    def __init__(self, keys: dict[str, str], fault: Fault, folder: Path, begins: str, ends: str) -> None:
        self.keypad = Keypad(keys)
        self._fault, self._folder = fault, folder
        self._going_on: AbstractContextManager[None] | None = None
        self._begins, self._ends = begins, ends

    def notice(self, event: CallEvent) -> None:
        self.keypad.notice(event)
        if event.kind is EventKind.STATE and event.state == self._begins:
            self._going_on = self._fault(self._folder)
            self._going_on.__enter__()
        if event.kind is EventKind.SAID and event.state == self._ends and self._going_on:
            self._going_on.__exit__(None, None, None)
        if event.kind is EventKind.SAID and event.state == "leave_message/take":
            self.keypad.channel.speak(event.at + RATE // 2, recorded(VOICE))

    async def calls(
        self, equipment: Equipment, room: Office, *others: Observer
    ) -> tuple[Call, list[structlog.typing.EventDict]]:
        """The call's record, and what the log has of it."""
        with structlog.testing.capture_logs() as logs:
            call = await app.take_call(equipment, room, self.keypad.channel, (self.notice, *others))
        return call, logs


@pytest.fixture
def folder() -> Iterator[Path]:
    """One that anybody may enter, unlike pytest's."""
    path = Path(tempfile.mkdtemp(prefix="ivr-faults-"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_a_wake_up_call_that_cannot_be_kept_is_not_promised(
    equipment: Equipment, folder: Path, fault: Fault
) -> None:
    caller = Troubled(BOOKING, fault, folder, "wake_up_booking/book", "wake_up_booking/not_stored")
    async with office(folder / "ivr.db") as room:
        call, logs = await caller.calls(equipment, room)
        assert room.bookings.for_room("805") == ()
        stored = room.calls.get(call.id)
        turns = room.calls.turns(call.id)
    _told(caller, logs, fault, "booking_not_stored", "wake_up_booking/not_stored", "wake_up_booking/thanks")
    # the record is whole, what could not be written in time was written at the end
    assert stored == call
    assert "not_stored" in call.flags
    assert [turn.number for turn in turns] == list(range(1, len(turns) + 1))


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_a_message_that_cannot_be_kept_is_not_said_to_be_taken_and_is_kept_when_it_can_be(
    equipment: Equipment, folder: Path, fault: Fault
) -> None:
    caller = Troubled(MESSAGE, fault, folder, "leave_message/store", "leave_message/not_stored")
    async with office(folder / "ivr.db") as room:
        call, logs = await caller.calls(equipment, room)
        (message,) = room.messages.of_call(call.id)
        assert room.recordings.path(message.audio).is_file()
    _told(caller, logs, fault, "message_not_stored", "leave_message/not_stored", "leave_message/thanks")


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
async def test_a_call_back_that_cannot_be_kept_is_not_promised_and_is_kept_when_it_can_be(
    equipment: Equipment, folder: Path, fault: Fault
) -> None:
    caller = Troubled(CALL_BACK, fault, folder, "call_back/store", "no_luck/farewell")
    async with office(folder / "ivr.db") as room:
        call, logs = await caller.calls(equipment, room, _whispers(caller))
        (message,) = room.messages.of_call(call.id)
        assert (message.kind, message.phone) == ("call_back", "13912345678")
    assert ("store_call_back", "failed") in caller.keypad.done
    _told(caller, logs, fault, "call_back_not_stored", "no_luck/farewell", "call_back/thanks")


def _whispers(caller: Troubled) -> Callable[[CallEvent], None]:
    """At the greeting the caller is far too quiet."""
    sound = (recorded(VOICE) // 24).astype("int16")

    def notice(event: CallEvent) -> None:
        if event.kind is EventKind.SAID and event.state == "reception/choose":
            caller.keypad.channel.speak(event.at + RATE // 2, sound)

    return notice


def _told(
    caller: Troubled, logs: list[structlog.typing.EventDict], fault: Fault, event: str, sorry: str, thanks: str
) -> None:
    assert sorry in caller.keypad.told
    assert thanks not in caller.keypad.told
    reasons = [each["reason"] for each in logs if each["event"] == event]
    assert reasons
    assert FAULTS[fault] in reasons[0]
    # nobody's room or number is in any line
    assert not [line for line in map(str, logs) if "13912345678" in line or "'805'" in line]


NOW = datetime.now(UTC).replace(hour=14, minute=0)


def _with_a_clock(room: Office, folder: Path, clock: FakeClock) -> Office:
    wall_clock = WallClock(open_engine(f"sqlite:///{folder / 'ivr.db'}"), clock)
    return replace(room, clock=clock, wall_clock=wall_clock)


@pytest.mark.parametrize("hours", [-30.0, 3.0])
async def test_a_clock_that_steps_during_a_call_promises_no_wake_up_call(
    equipment: Equipment, folder: Path, hours: float
) -> None:
    clock, caller = FakeClock(NOW), Keypad(BOOKING)

    def step(event: CallEvent) -> None:
        if event.kind is EventKind.SAID and event.state == "wake_up_booking/confirm":
            clock.advance(hours * 3600)

    async with office(folder / "ivr.db") as room:
        desk = _with_a_clock(room, folder, clock)
        with structlog.testing.capture_logs() as logs:
            call = await app.take_call(equipment, desk, caller.channel, (caller.notice, step))
        assert room.bookings.for_room("805") == ()
    assert "wake_up_booking/not_stored" in caller.told
    assert "wake_up_booking/thanks" not in caller.told
    assert "wrong_clock" in call.flags
    (reason,) = [each["reason"] for each in logs if each["event"] == "wrong_clock"]
    assert "set the clock" in reason


async def test_a_clock_before_the_last_call_promises_nothing_and_a_right_one_does(
    equipment: Equipment, folder: Path
) -> None:
    clock = FakeClock(NOW)
    async with office(folder / "ivr.db") as room:
        desk = _with_a_clock(room, folder, clock)
        first = Keypad(BOOKING)
        first.channel.name = "telephone"
        await app.take_call(equipment, desk, first.channel, (first.notice,))
        assert "wake_up_booking/thanks" in first.told
        clock.advance(-timedelta(hours=20).total_seconds())
        second = Keypad(BOOKING | {"wake_up_booking/ask_room": "301#"})
        call = await app.take_call(equipment, desk, second.channel, (second.notice,))
        assert room.bookings.for_room("301") == ()
    assert "wake_up_booking/not_stored" in second.told
    # it is told before anything is read back
    assert "wake_up_booking/confirm" not in second.told
    assert "wrong_clock" in call.flags


async def test_a_recording_that_is_refused_loses_its_sound_even_where_its_name_cannot_be_removed(
    equipment: Equipment, folder: Path
) -> None:
    gear = replace(equipment, settings=equipment.settings.model_copy(update={"record_calls": True}))
    sound = Recordings(folder / "whole")
    caller = Troubled({"reception/choose": "8"}, _sealed, folder, "no_recording/stop", "no_recording/stopped")
    async with office(folder / "ivr.db") as room:
        desk = replace(room, call_sound=sound)
        call = await app.take_call(gear, desk, caller.keypad.channel, (caller.notice,))
    assert "no_recording/stopped" in caller.keypad.told
    assert ("recording_refused" in call.flags, call.recording) == (True, "")
    assert [path.stat().st_size for path in sound.folder.rglob("*.*")] == [0]
    assert sound.recover() == ()
    assert list(sound.folder.rglob("*.*")) == []


def _sealed(folder: Path) -> AbstractContextManager[None]:
    """The day's folder of recordings may only be read."""
    (day,) = (folder / "whole").iterdir()
    return read_only(day)


async def test_a_recording_that_cannot_be_erased_is_not_said_to_be(equipment: Equipment, folder: Path) -> None:
    gear = replace(equipment, settings=equipment.settings.model_copy(update={"record_calls": True}))
    caller = Troubled({"reception/choose": "8"}, _stubborn, folder, "no_recording/stop", "no_recording/not_erased")
    async with office(folder / "ivr.db") as room:
        desk = replace(room, call_sound=Recordings(folder / "whole"))
        call, logs = await caller.calls(gear, desk)
    assert "no_recording/not_erased" in caller.keypad.told
    assert "no_recording/stopped" not in caller.keypad.told
    assert "recording_refused" in call.flags
    assert [each["event"] for each in logs].count("recording_not_removed") == 1


@contextmanager
def _stubborn(folder: Path) -> Iterator[None]:
    """Neither the name nor the sound of the recording can be removed: its file is open for reading only."""
    descriptors = (int(link.name) for link in Path("/proc/self/fd").iterdir())
    (growing,) = (each for each in descriptors if _name_of(each).startswith(str(folder)) and ".part" in _name_of(each))
    reading = os.open("/dev/null", os.O_RDONLY)
    os.dup2(reading, growing)
    os.close(reading)
    with _sealed(folder):
        yield


def _name_of(descriptor: int) -> str:
    with suppress(OSError):
        return str(Path(f"/proc/self/fd/{descriptor}").readlink())
    return ""
