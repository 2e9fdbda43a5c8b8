from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Booking, Call, Message, Turn
from ivr.store import sealing
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.keys import KeyRing
from ivr.store.messages import MessageStore
from ivr.store.sealing import renew_key, reseal, retire, ring_of, unsealed
from ivr.store.transaction import writing

ROOM = "1208 西"
"""four digits alone may stand in a hexadecimal index by chance"""

MakeAll = Callable[[Engine, int], None]


@pytest.fixture
def fill(
    make_call: Callable[..., Call],
    make_turn: Callable[..., Turn],
    make_booking: Callable[..., Booking],
    make_message: Callable[..., Message],
) -> MakeAll:
    def fill(engine: Engine, count: int) -> None:
        calls, bookings, messages = CallStore(engine), BookingStore(engine), MessageStore(engine)
        calls.begin(make_call())
        for number in range(count):
            calls.add_turn(make_turn(number))
            bookings.add(make_booking(f"booking-{number}", minutes=number, room=ROOM))
            messages.add(make_message(f"message-{number}", addressee=ROOM, phone="13912345678"))

    return fill


def columns(file: Path) -> list[str]:
    """Every text of the personal columns, as it lies on the disk."""
    connection = sqlite3.connect(file)
    found: list[str] = []
    for table, names in sealing.SEALED.items():
        for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):  # noqa: S608 - names of our own
            found.extend(row)
    connection.close()
    return found


def test_nothing_personal_lies_readable_on_the_disk(engine: Engine, file: Path, fill: MakeAll) -> None:
    fill(engine, 2)
    engine.dispose()
    raw = b"".join(each.read_bytes() for each in file.parent.glob("ivr.db*"))
    for text in (ROOM, "13912345678", "六 点 半", "请问几点叫醒您", "0630"):
        assert text.encode() not in raw
    assert all(text.startswith("sealed:") for text in columns(file))
    assert len(columns(file)) == 14


def test_a_missing_key_is_told_and_nothing_is_changed(engine: Engine, file: Path, url: str, fill: MakeAll) -> None:
    fill(engine, 1)
    engine.dispose()
    keys = file.with_name("keys")
    kept, before = keys.read_bytes(), file.read_bytes()
    keys.unlink()
    with pytest.raises(
        StoreError, match=r"keys: key \w+, which rows of this database are sealed with, is not here: rest"
    ):
        open_engine(url)
    assert not keys.exists()
    assert file.read_bytes() == before
    keys.write_bytes(kept)
    again = open_engine(url)
    assert [booking.room for booking in BookingStore(again).for_room(ROOM)] == [ROOM]
    again.dispose()


def test_another_key_of_the_same_name_is_told_at_the_start(engine: Engine, file: Path, url: str) -> None:
    name = ring_of(engine).active.id
    engine.dispose()
    other = KeyRing(file.with_name("other"))
    other.create()
    lines = file.with_name("other").read_text(encoding="ascii")
    file.with_name("keys").write_text(lines.replace(other.active.id, name), encoding="ascii")
    with pytest.raises(StoreError, match=f"key {name} is another one"):
        open_engine(url)


def test_keys_may_come_from_the_variable(file: Path, url: str, fill: MakeAll) -> None:
    one = "one:" + "A" * 43 + "="
    two = "two:" + "B" * 42 + "A="
    engine = open_engine(url, keys=one)
    fill(engine, 1)
    engine.dispose()
    assert not file.with_name("keys").exists()
    with pytest.raises(StoreError, match="IVR_KEYS: key one, which"):
        open_engine(url, keys=two)
    engine = open_engine(url, keys=f"{two},{one}")
    assert MessageStore(engine).latest(9)[0].phone == "13912345678"
    assert unsealed(engine) == 3
    reseal(engine, lambda _: None)
    assert retire(engine, forget=False) == ("one",)
    engine.dispose()
    open_engine(url, keys=two).dispose()


def test_a_rotation_seals_every_row_anew_and_look_ups_go_on(
    engine: Engine, file: Path, fill: MakeAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    fill(engine, 8)
    old = ring_of(engine).active
    name = renew_key(engine)
    assert unsealed(engine) == 24
    done: list[int] = []
    reseal(engine, done.append)
    assert done == [3, 3, 2] * 3
    assert unsealed(engine) == 0
    assert all(text.startswith(f"sealed:{name}:") for text in columns(file))
    assert len(BookingStore(engine).for_room(ROOM)) == 8
    assert len(MessageStore(engine).latest(9, addressee=ROOM)) == 8
    assert [turn.heard for turn in CallStore(engine).turns("call-1")] == ["六 点 半"] * 8
    assert retire(engine, forget=True) == (old.id,)
    assert [key.id for key in ring_of(engine).keys] == [name]


def test_a_rotation_that_was_stopped_goes_on_and_loses_nothing(
    engine: Engine, url: str, fill: MakeAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    fill(engine, 5)
    renew_key(engine)

    def stop(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reseal(engine, stop)
    assert unsealed(engine) == 12
    # half old, half new: everything can be read and looked up, and no room is booked twice
    assert len(BookingStore(engine).for_room(ROOM)) == 5
    assert retire(engine, forget=True) == ()
    engine.dispose()
    again = open_engine(url)
    reseal(again, lambda _: None)
    assert unsealed(again) == 0
    assert len(BookingStore(again).for_room(ROOM)) == 5
    assert len(retire(again, forget=True)) == 1
    again.dispose()


def test_a_booking_made_with_the_old_key_is_not_made_again_with_the_new(
    engine: Engine, make_booking: Callable[..., Booking]
) -> None:
    store = BookingStore(engine)
    store.add(make_booking())
    renew_key(engine)
    added = store.add(make_booking("booking-2"))
    assert (added.new, added.booking.id) == (False, "booking-1")


def test_two_processes_at_a_rotation_both_go_on(engine: Engine, url: str, make_message: Callable[..., Message]) -> None:
    other = open_engine(url)
    MessageStore(other).add(make_message())
    renew_key(engine)
    reseal(engine, lambda _: None)
    retire(engine, forget=True)
    MessageStore(other).add(make_message("message-2", created=make_message().created + timedelta(seconds=1)))
    assert unsealed(engine) == 0
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
    assert unsealed(engine) == 1
    reseal(engine, lambda _: None)
    assert unsealed(engine) == 0
    assert store.for_room("0412") == (make_booking(),)


def test_a_backup_without_its_keys_is_told_and_with_them_opens(
    engine: Engine, file: Path, fill: MakeAll, tmp_path: Path
) -> None:
    fill(engine, 1)
    (tmp_path / "restored").mkdir()
    copy = tmp_path / "restored" / "ivr.db"
    with sqlite3.connect(file) as connection:
        connection.execute("VACUUM INTO ?", (str(copy),))
    connection.close()
    with pytest.raises(StoreError, match="restore the key file from your backup"):
        open_engine(f"sqlite:///{copy}")
    shutil.copy(file.with_name("keys"), copy.with_name("keys"))
    restored = open_engine(f"sqlite:///{copy}")
    assert len(MessageStore(restored).latest(9)) == 1
    restored.dispose()
