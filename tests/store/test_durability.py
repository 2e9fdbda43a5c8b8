from __future__ import annotations

import collections
import itertools
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Call, Turn
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.transaction import writing


def test_what_was_acknowledged_survives_kill_9(start: Callable[..., Any], url: str, file: Path) -> None:
    names = [f"room{number}" for number in range(3)]
    children = [start("book", url, name, "100000") for name in names]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for enough, child in enumerate(children, start=1):
        child.stdin.write("go\n")
        child.stdin.flush()
        seen = [child.stdout.readline().strip() for _ in range(20 * enough)]
        child.kill()
        seen += child.communicate()[0].splitlines()
        assert _sound(file)
        engine = open_engine(url)
        kept = [booking.id for booking in BookingStore(engine).for_room(seen[0].partition("-")[0])]
        engine.dispose()
        # one more may have been committed without the time to say so
        assert kept[: len(seen)] == seen
        assert len(kept) - len(seen) in {0, 1}


def test_two_processes_that_write_at_once_see_no_lock(start: Callable[..., Any], url: str) -> None:
    children = [start("book", url, name, "60") for name in ("left", "right")]
    for child in children:
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.stdin.write("go\n")
        child.stdin.flush()
    assert [child.communicate()[0].splitlines()[-1] for child in children] == ["done", "done"]
    engine = open_engine(url)
    assert [len(BookingStore(engine).for_room(room)) for room in ("left", "right")] == [60, 60]
    engine.dispose()


def test_a_full_disk_is_told_and_nothing_is_half_written(
    engine: Engine, file: Path, make_call: Callable[..., Call], make_turn: Callable[..., Turn]
) -> None:
    store = CallStore(engine)
    store.begin(make_call())
    with writing(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")
    kept = _until_full(store, make_turn)
    assert store.turns("call-1") == tuple(make_turn(number) for number in range(kept))
    with writing(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=100000")
    store.add_turn(make_turn(kept))
    assert _sound(file)


def _until_full(store: CallStore, make_turn: Callable[..., Turn]) -> int:
    numbers = itertools.count()
    with pytest.raises(StoreError, match="the disk is full and nothing of this was stored"):
        collections.deque(map(store.add_turn, map(make_turn, numbers)), maxlen=0)
    return next(numbers) - 1


def test_a_write_that_the_kernel_refuses_is_told_and_nothing_is_half_written(
    start: Callable[..., Any], url: str, file: Path
) -> None:
    child = start("fill", url, str(file))
    *acknowledged, last = child.communicate()[0].splitlines()
    assert "nothing of this was stored" in last
    assert _sound(file)
    engine = open_engine(url)
    assert [booking.id for booking in BookingStore(engine).for_room("full")] == acknowledged
    assert acknowledged
    engine.dispose()


def _sound(file: Path) -> bool:
    connection = sqlite3.connect(file)
    (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return str(answer) == "ok"
