from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Booking, Call, Message, MessageStatus, Turn
from ivr.store import retention as retention_room
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.messages import MessageStore
from ivr.store.recordings import Recordings
from ivr.store.retention import Limits, Purged, Retention
from tests.store.conftest import NOON

LIMITS = Limits(timedelta(days=30), timedelta(days=7), timedelta(days=365))
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = timedelta(days=1)


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Recordings, Recordings]:
    return Recordings(tmp_path / "messages"), Recordings(tmp_path / "recordings")


@pytest.fixture
def retention(engine: Engine, folders: tuple[Recordings, Recordings]) -> Retention:
    return Retention(engine, *folders)


def sound(folder: Recordings, name: str, day: date) -> str:
    file = folder.create(name, day)
    file.append(bytes(320))
    return folder.name_of(file.finish())


def test_what_is_old_goes_with_its_files_and_what_is_not_stays(
    engine: Engine,
    retention: Retention,
    folders: tuple[Recordings, Recordings],
    make_call: Callable[..., Call],
    make_turn: Callable[..., Turn],
    make_booking: Callable[..., Booking],
    make_message: Callable[..., Message],
) -> None:
    calls, bookings, messages = CallStore(engine), BookingStore(engine), MessageStore(engine)
    for age in (0, 6, 8, 29, 31, 364, 366):
        at, name = NOON - age * DAY, f"{age:03}"
        recording = sound(folders[1], f"call-{name}", at.date())
        call = make_call(f"call-{name}", started=at, recording=recording)
        calls.begin(call)
        calls.add_turn(make_turn(call_id=call.id))
        bookings.add(make_booking(f"booking-{name}", due=at, created=at))
        files = {field: sound(folders[0], f"message-{name}-{field}", at.date()) for field in ("audio", "caller_clip")}
        messages.add(make_message(f"message-{name}", created=at, **files))
        sound(folders[0], f"stray-{name}", at.date())
    messages.mark("message-031", MessageStatus.HEARD, NOON)
    messages.mark("message-006", MessageStatus.DELETED, NOON)
    expected = Purged(messages=4, unheard=2, recordings=5, calls=1, wakeups=1, strays=3)
    assert retention.due(LIMITS, NOON, SHANGHAI) == expected
    # told, not done
    assert retention.due(LIMITS, NOON, SHANGHAI) == expected
    retention.purge(LIMITS, NOON, SHANGHAI)
    assert retention.due(LIMITS, NOON, SHANGHAI).total == 0
    assert [message.id[-3:] for message in messages.latest(None)] == ["000", "008", "029"]
    assert messages.latest(None, status=MessageStatus.DELETED) == ()
    kept = calls.latest(None)
    assert [call.id[-3:] for call in kept] == ["000", "006", "008", "029", "031", "364"]
    assert [call.recording != "" for call in kept] == [True, True, False, False, False, False]
    assert calls.turns("call-366") == ()
    assert len(calls.turns("call-364")) == 1
    assert len(bookings.for_room("0412")) == 6
    assert len(folders[1].before(date(2030, 1, 1))) == 2
    # two files of each of three messages, and the strays of the last thirty days
    assert len(folders[0].before(date(2030, 1, 1))) == 3 * 2 + 4


def test_many_are_erased_in_batches(
    engine: Engine,
    retention: Retention,
    folders: tuple[Recordings, Recordings],
    make_call: Callable[..., Call],
    make_booking: Callable[..., Booking],
    make_message: Callable[..., Message],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(retention_room, "BATCH", 2)
    at = NOON - 400 * DAY
    for number in range(5):
        recording = sound(folders[1], f"call-{number}", at.date())
        CallStore(engine).begin(make_call(f"call-{number}", started=at, recording=recording))
        BookingStore(engine).add(make_booking(f"booking-{number}", minutes=-600_000 - number))
        audio = sound(folders[0], f"message-{number}", at.date())
        MessageStore(engine).add(make_message(f"message-{number}", created=at, audio=audio))
    assert retention.due(LIMITS, NOON, SHANGHAI) == Purged(5, 5, 5, 5, 5, 0)
    retention.purge(LIMITS, NOON, SHANGHAI)
    assert retention.due(LIMITS, NOON, SHANGHAI).total == 0
    assert list(folders[0].folder.parent.glob("*/*/*.wav")) == []


def test_a_purge_that_was_cut_short_is_completed_by_the_next(
    engine: Engine,
    retention: Retention,
    folders: tuple[Recordings, Recordings],
    make_message: Callable[..., Message],
) -> None:
    file = sound(folders[0], "message-1", (NOON - 40 * DAY).date())
    # its row is gone already, its file is not
    assert retention.due(LIMITS, NOON, SHANGHAI).strays == 1
    retention.purge(LIMITS, NOON, SHANGHAI)
    assert not folders[0].path(file).exists()


def test_a_file_that_is_gone_already_does_not_stop_a_purge(
    engine: Engine, retention: Retention, make_message: Callable[..., Message]
) -> None:
    MessageStore(engine).add(make_message(created=NOON - 40 * DAY))
    retention.purge(LIMITS, NOON, SHANGHAI)
    assert MessageStore(engine).get("message-1") is None


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(hours=-25), timedelta(days=8), timedelta(days=9999)])
def test_a_clock_that_has_jumped_erases_nothing(
    engine: Engine, retention: Retention, make_message: Callable[..., Message], jump: timedelta
) -> None:
    MessageStore(engine).add(make_message())
    with pytest.raises(StoreError, match="the latest record is of 2026-11-22: set the clock"):
        retention.check_clock(NOON + jump)


def test_a_clock_near_the_latest_record_is_believed(
    engine: Engine, retention: Retention, make_call: Callable[..., Call]
) -> None:
    retention.check_clock(NOON)
    CallStore(engine).begin(make_call())
    for hours in (-23, 0, 24 * 7):
        retention.check_clock(NOON + timedelta(hours=hours))


def test_a_recording_that_was_mended_is_found_by_its_call(
    engine: Engine, folders: tuple[Recordings, Recordings], make_call: Callable[..., Call]
) -> None:
    calls = CallStore(engine)
    calls.begin(make_call())
    calls.begin(make_call("call-2", recording="2026-11-22/call-2.wav"))
    for name in ("call-1", "call-2", "call-3"):
        file = folders[1].create(name, NOON.date())
        file.append(bytes(320))
        file._close()
    assert calls.recovered(folders[1].recover()) == 1
    found = [call.recording for call in calls.latest(None)]
    assert found == ["2026-11-22/call-2.wav", "2026-11-22/call-1.interrupted.wav"]
