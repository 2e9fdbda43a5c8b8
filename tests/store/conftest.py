"""A real database file for each test, records to keep in it, and other processes that use it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.records import Booking, Call, HearingKind, Message, Turn
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "var" / "ivr.db"


@pytest.fixture
def url(file: Path) -> str:
    return f"sqlite:///{file}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url, busy_seconds=0.2)
    yield engine
    engine.dispose()


@pytest.fixture
def make_call() -> Callable[..., Call]:
    def make(name: str = "call-1", minutes: int = 0, **changes: object) -> Call:
        known = {"channel": "wav", "line": "前台.wav", "started": NOON + timedelta(minutes=minutes)}
        return Call(name, **(known | changes))  # type: ignore[arg-type] # the test names the fields that it changes

    return make


@pytest.fixture
def make_turn() -> Callable[..., Turn]:
    def make(number: int = 1, **changes: object) -> Turn:
        known = {
            "call_id": "call-1",
            "state": "wake_up_booking/ask_time",
            "prompts": ("wakeup.what_time", "common.again"),
            "said": "请问几点叫醒您？",
            "language": "zh",
            "attempt": 1,
            "hearing": HearingKind.SPEECH,
            "outcome": "understood",
            "heard": "六 点 半",
            "keys": "0630",
            "value": "06:30",
            "level_dbfs": -23.25,
            "prompt_start": 160,
            "prompt_end": 24_000,
            "voice_start": 25_000,
            "voice_end": 33_000,
            "decided": 38_400,
        }
        return Turn(number=number, **(known | changes))  # type: ignore[arg-type] # as above

    return make


@pytest.fixture
def make_booking() -> Callable[..., Booking]:
    def make(name: str = "booking-1", minutes: int = 0, **changes: object) -> Booking:
        due = NOON + timedelta(minutes=minutes)
        known = {
            "call_id": "call-1",
            "room": "0412",
            "day": due.date(),
            "local_time": (due + timedelta(hours=8)).time(),
            "timezone": "Asia/Shanghai",
            "due": due,
            "language": "en",
            "created": NOON - timedelta(hours=6),
        }
        return Booking(name, **(known | changes))  # type: ignore[arg-type] # as above

    return make


@pytest.fixture
def make_message() -> Callable[..., Message]:
    def make(name: str = "message-1", minutes: int = 0, **changes: object) -> Message:
        known = {
            "call_id": "call-1",
            "kind": "room",
            "addressee": "1208",
            "language": "zh",
            "audio": f"2026-11-22/{name}.wav",
            "seconds": 12.5,
            "created": NOON + timedelta(minutes=minutes),
            "phone": "13900000000",
            "caller_clip": f"2026-11-22/{name}-caller.wav",
        }
        return Message(name, **(known | changes))  # type: ignore[arg-type] # as above

    return make


@pytest.fixture
def fill(
    make_call: Callable[..., Call],
    make_turn: Callable[..., Turn],
    make_booking: Callable[..., Booking],
    make_message: Callable[..., Message],
) -> Callable[[Engine, int], None]:
    """Keep some of everything that is personal: four digits alone may stand in a hexadecimal index by chance."""

    def fill(engine: Engine, count: int) -> None:
        calls, bookings, messages = CallStore(engine), BookingStore(engine), MessageStore(engine)
        calls.begin(make_call(caller="13912345678"))
        for number in range(count):
            calls.add_turn(make_turn(number))
            bookings.add(make_booking(f"booking-{number}", minutes=number, room="1208 西"))
            messages.add(make_message(f"message-{number}", addressee="1208 西", phone="13912345678"))

    return fill


Starter = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Starter]:
    """Start `child.py` with words; whatever still runs is killed in the end."""
    running: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("child.py")), *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        running.append(child)
        return child

    yield start
    for child in running:
        child.kill()
        child.communicate()
