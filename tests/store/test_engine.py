from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Booking
from ivr.store.bookings import BookingStore
from ivr.store.engine import DELETE, WAL, Journal, journal_for, open_engine
from ivr.store.transaction import reading, writing

OLD = (3, 40, 1)
NEW = (3, 51, 3)


@pytest.mark.parametrize(
    ("version", "journal"),
    [
        ((3, 37, 0), DELETE),
        ((3, 40, 1), DELETE),
        ((3, 44, 5), DELETE),
        ((3, 44, 6), WAL),
        ((3, 44, 9), WAL),
        ((3, 45, 0), DELETE),
        ((3, 49, 1), DELETE),
        ((3, 50, 6), DELETE),
        ((3, 50, 7), WAL),
        ((3, 51, 0), DELETE),
        ((3, 51, 2), DELETE),
        ((3, 51, 3), WAL),
        ((3, 52, 0), WAL),
        ((4, 0, 0), WAL),
    ],
)
def test_wal_is_used_only_where_sqlite_cannot_lose_rows_by_it(version: tuple[int, int, int], journal: Journal) -> None:
    assert journal_for(version) == journal


@pytest.mark.parametrize(
    ("version", "expected"), [(OLD, ("delete", 3, 1)), (NEW, ("wal", 2, 1))], ids=["delete", "wal"]
)
def test_every_connection_is_durable_and_keeps_foreign_keys(
    url: str, version: tuple[int, int, int], expected: tuple[str, int, int]
) -> None:
    engine = open_engine(url, version=version)
    with reading(engine) as first, reading(engine) as second:
        for connection in (first, second):
            found = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
            assert tuple(found) == expected
    engine.dispose()


def test_a_wal_database_goes_back_to_the_old_journal_with_an_older_sqlite(url: str) -> None:
    open_engine(url, version=NEW).dispose()
    engine = open_engine(url, version=OLD)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "delete"
    engine.dispose()


def test_an_older_sqlite_refuses_while_a_newer_one_uses_the_wal(url: str) -> None:
    newer = open_engine(url, version=NEW)
    with reading(newer), pytest.raises(StoreError, match="locked"):
        open_engine(url, version=OLD, busy_seconds=0.1)
    newer.dispose()


def test_an_older_sqlite_stops_when_a_newer_one_turns_to_the_wal(url: str) -> None:
    older = open_engine(url, version=OLD)
    assert BookingStore(older).cancel("any") is False
    newer = open_engine(url, version=NEW)
    with pytest.raises(StoreError, match=r"newer SQLite .* stop one of the two"):
        BookingStore(older).cancel("any")
    assert BookingStore(newer).cancel("any") is False
    newer.dispose()
    older.dispose()


def test_a_write_locks_out_writers_from_its_beginning_but_not_readers(engine: Engine, file: Path) -> None:
    with writing(engine), reading(engine) as reader:
        assert reader.exec_driver_sql("SELECT count(*) FROM calls").scalar() == 0
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
        other.close()


def test_a_read_locks_out_no_writer(engine: Engine, file: Path) -> None:
    with reading(engine):
        other = sqlite3.connect(file, timeout=0, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        other.close()


@pytest.fixture
def old(url: str) -> Iterator[Engine]:
    """With the old journal, whatever SQLite runs the tests: there readers and writers can be in each other's way."""
    engine = open_engine(url, busy_seconds=0.2, version=OLD)
    yield engine
    engine.dispose()


def test_a_lock_that_another_program_holds_is_waited_for_and_then_named(old: Engine, url: str, file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    before = time.monotonic()
    with pytest.raises(StoreError, match=r"ivr\.db: another program keeps the database locked"):
        BookingStore(old).cancel("any")
    assert 0.15 < time.monotonic() - before < 3
    with pytest.raises(StoreError, match="locked"):
        open_engine(url, busy_seconds=0.1, version=OLD)
    other.execute("ROLLBACK")
    other.close()
    assert BookingStore(old).cancel("any") is False


def test_the_change_to_the_wal_waits_for_a_writer_too(old: Engine, url: str) -> None:
    with writing(old):
        before = time.monotonic()
        with pytest.raises(StoreError, match="locked"):
            open_engine(url, busy_seconds=0.2, version=NEW)
        assert time.monotonic() - before > 0.15


def test_a_commit_that_a_reader_holds_up_too_long_leaves_nothing(
    old: Engine, file: Path, make_booking: Callable[..., Booking]
) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN")
    other.execute("SELECT count(*) FROM bookings").fetchall()
    with pytest.raises(StoreError, match="locked"):
        BookingStore(old).add(make_booking())
    other.execute("ROLLBACK")
    other.close()
    assert BookingStore(old).get("booking-1") is None
    assert BookingStore(old).add(make_booking()).new


def test_the_folder_is_made(tmp_path: Path) -> None:
    open_engine(f"sqlite:///{tmp_path}/a/b 100%/ivr.db").dispose()
    assert (tmp_path / "a" / "b 100%" / "ivr.db").exists()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match=r"file/ivr\.db: its folder cannot be made"):
        open_engine(f"sqlite:///{tmp_path}/file/ivr.db")
    with pytest.raises(StoreError, match="its folder cannot be made"):
        open_engine("sqlite:////proc/ivr/ivr.db")


def test_a_folder_that_takes_no_files_is_named() -> None:
    with pytest.raises(StoreError, match=r"/proc/self/ivr\.db: the database cannot be opened"):
        open_engine("sqlite:////proc/self/ivr.db")


def test_a_folder_in_the_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the database cannot be opened; expected a file"):
        open_engine(f"sqlite:///{tmp_path}")


def test_a_database_that_may_only_be_read_says_so(engine: Engine) -> None:
    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(StoreError, match="the database cannot be written; check who owns the file"):
        BookingStore(engine).cancel("any")


def test_a_file_that_is_no_database_is_left_alone(file: Path, url: str) -> None:
    file.parent.mkdir()
    file.write_text("room,name\n" * 200)
    with pytest.raises(StoreError, match="not an SQLite database; move the file away"):
        open_engine(url)
    assert file.read_text() == "room,name\n" * 200


def test_a_damaged_database_says_that_a_backup_is_needed(
    engine: Engine, file: Path, url: str, make_booking: Callable[..., Booking]
) -> None:
    for number in range(200):
        BookingStore(engine).add(make_booking(f"booking-{number}", number))
    engine.dispose()
    page = 4096
    content = file.read_bytes()
    file.write_bytes(content[: 2 * page] + b"\xff" * (len(content) - 2 * page))
    with pytest.raises(StoreError, match="damaged; move it away and restore the last backup"):
        _read_all(url)


def _read_all(url: str) -> None:
    engine = open_engine(url)
    try:
        BookingStore(engine).for_room("0412")
    finally:
        engine.dispose()


@pytest.mark.parametrize(
    "url",
    ["", "ivr.db", "sqlite://", "sqlite:///:memory:", "sqlite://host/ivr.db", "sqlite:///a.db?mode=ro", "mysql://h/d"],
)
def test_a_url_that_we_cannot_use_is_told_what_is_expected(url: str) -> None:
    with pytest.raises(StoreError, match="expected sqlite:///"):
        open_engine(url)


def test_a_password_in_a_wrong_url_is_not_repeated() -> None:
    with pytest.raises(StoreError) as caught:
        open_engine("postgresql://ivr:secret@h/d")
    assert "secret" not in str(caught.value)
