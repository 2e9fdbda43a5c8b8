from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.records import Booking, Message
from ivr.store import rotation
from ivr.store.bookings import Added, BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore
from ivr.store.rotation import Rotation
from ivr.store.sealing import SEALED, ring_of
from ivr.store.transaction import writing

ROOM = "1208 西"
"""as `fill` has it"""


def marks(file: Path) -> set[str]:
    """Which keys have sealed the personal columns, as they lie on the disk."""
    connection = sqlite3.connect(file)
    found: set[str] = set()
    for table, names in SEALED.items():
        for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):  # noqa: S608 - names of our own
            found |= {text.split(":")[1] for text in row}
    connection.close()
    return found


def test_a_rotation_seals_every_row_anew_and_look_ups_go_on(
    engine: Engine, file: Path, fill: Callable[[Engine, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    fill(engine, 8)
    old = ring_of(engine).active
    name = Rotation(engine).begin()
    assert Rotation(engine).left() == 25
    done: list[int] = []
    Rotation(engine).reseal(done.append)
    assert done == [*[3, 3, 2] * 3, 1]
    assert Rotation(engine).left() == 0
    assert marks(file) == {name}
    assert len(BookingStore(engine).for_room(ROOM)) == 8
    assert len(MessageStore(engine).latest(9, addressee=ROOM)) == 8
    assert [call.id for call in CallStore(engine).latest(9, caller="13912345678")] == ["call-1"]
    assert [turn.heard for turn in CallStore(engine).turns("call-1")] == ["六 点 半"] * 8
    assert Rotation(engine).retire(forget=True) == (old.id,)
    assert [key.id for key in ring_of(engine).keys] == [name]


def test_a_rotation_that_was_stopped_goes_on_and_loses_nothing(
    engine: Engine, url: str, fill: Callable[[Engine, int], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rotation, "BATCH", 3)
    fill(engine, 5)
    Rotation(engine).begin()

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rotation(engine).reseal(stop)
    assert Rotation(engine).left() == 13
    # half old, half new: everything can be read and looked up, and no room is booked twice
    assert len(BookingStore(engine).for_room(ROOM)) == 5
    assert Rotation(engine).retire(forget=True) == ()
    engine.dispose()
    again = open_engine(url)
    Rotation(again).reseal(lambda _: None)
    assert Rotation(again).left() == 0
    assert len(BookingStore(again).for_room(ROOM)) == 5
    assert len(Rotation(again).retire(forget=True)) == 1
    again.dispose()


def test_a_booking_made_with_the_old_key_is_not_made_again_with_the_new(
    engine: Engine, make_booking: Callable[..., Booking]
) -> None:
    store = BookingStore(engine)
    store.add(make_booking())
    Rotation(engine).begin()
    added = store.add(make_booking("booking-2"))
    assert (added.new, added.booking.id) == (False, "booking-1")


def test_calls_that_are_being_taken_write_between_the_batches_of_a_rotation(
    engine: Engine,
    url: str,
    make_booking: Callable[..., Booking],
    fill: Callable[[Engine, int], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(engine, 6)
    Rotation(engine).begin()
    desk, made = open_engine(url, busy_seconds=0), list[Added]()

    def write_at_once() -> None:
        made.append(BookingStore(desk).add(make_booking(f"new-{len(made)}", minutes=len(made))))

    monkeypatch.setattr(rotation, "BATCH", 2)
    monkeypatch.setattr(rotation, "give_way", write_at_once)
    Rotation(engine).reseal(lambda _: None)
    assert len(made) == 10
    assert Rotation(desk).left() == 0
    assert len(BookingStore(desk).for_room("0412")) == 10
    desk.dispose()


def test_two_processes_at_a_rotation_both_go_on(engine: Engine, url: str, make_message: Callable[..., Message]) -> None:
    other = open_engine(url)
    MessageStore(other).add(make_message())
    Rotation(engine).begin()
    Rotation(engine).reseal(lambda _: None)
    Rotation(engine).retire(forget=True)
    MessageStore(other).add(make_message("message-2", created=make_message().created + timedelta(seconds=1)))
    assert Rotation(engine).left() == 0
    assert [each.phone for each in MessageStore(other).latest(9)] == ["13900000000"] * 2
    other.dispose()


def test_rows_of_the_time_before_keys_are_found_and_are_sealed_by_a_rotation(
    engine: Engine, make_booking: Callable[..., Booking]
) -> None:
    store = BookingStore(engine)
    store.add(make_booking())
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE bookings SET room = '0412', room_index = '0412'")
    assert store.for_room("0412") == (make_booking(),)
    assert not store.add(make_booking("booking-2")).new
    assert Rotation(engine).left() == 1
    Rotation(engine).reseal(lambda _: None)
    assert Rotation(engine).left() == 0
    assert store.for_room("0412") == (make_booking(),)
