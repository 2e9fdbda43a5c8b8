from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.store import sealing
from ivr.store.bookings import BookingStore
from ivr.store.engine import open_engine
from ivr.store.keys import KeyRing
from ivr.store.messages import MessageStore
from ivr.store.rotation import Rotation
from ivr.store.sealing import ring_of

ROOM = "1208 西"
"""as `fill` has it"""


def columns(file: Path) -> list[str]:
    """Every text of the personal columns, as it lies on the disk."""
    connection = sqlite3.connect(file)
    found: list[str] = []
    for table, names in sealing.SEALED.items():
        for row in connection.execute(f"SELECT {', '.join(names)} FROM {table}"):  # noqa: S608 - names of our own
            found.extend(row)
    connection.close()
    return found


def test_nothing_personal_lies_readable_on_the_disk(
    engine: Engine, file: Path, fill: Callable[[Engine, int], None]
) -> None:
    fill(engine, 2)
    engine.dispose()
    raw = b"".join(each.read_bytes() for each in file.parent.glob("ivr.db*"))
    for text in (ROOM, "13912345678", "六 点 半", "请问几点叫醒您", "0630"):
        assert text.encode() not in raw
    assert all(text.startswith("sealed:") for text in columns(file))
    assert len(columns(file)) == 15


def test_a_missing_key_is_told_and_nothing_is_changed(
    engine: Engine, file: Path, url: str, fill: Callable[[Engine, int], None]
) -> None:
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


def test_keys_may_come_from_the_variable(file: Path, url: str, fill: Callable[[Engine, int], None]) -> None:
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
    assert Rotation(engine).left() == 4
    Rotation(engine).reseal(lambda _: None)
    assert Rotation(engine).retire(forget=False) == ("one",)
    engine.dispose()
    open_engine(url, keys=two).dispose()


def test_a_backup_without_its_keys_is_told_and_with_them_opens(
    engine: Engine, file: Path, fill: Callable[[Engine, int], None], tmp_path: Path
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
