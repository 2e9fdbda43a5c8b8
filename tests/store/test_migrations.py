from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Call, Turn
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.migrations import _config, migrate
from ivr.store.tables import metadata
from ivr.store.transaction import altering, reading, writing


def test_the_migrations_make_the_tables_that_the_code_expects(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_checks_and_partial_indexes_agree_too(engine: Engine, tmp_path: Path) -> None:
    direct = sa.create_engine(f"sqlite:///{tmp_path}/direct.db")
    metadata.create_all(direct)
    assert _details(engine) == _details(direct)
    direct.dispose()


def _details(engine: Engine) -> list[object]:
    """What Alembic's comparison does not look at."""
    details: list[object] = []
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in sorted(metadata.tables):
            checks = {str(check["name"]): str(check["sqltext"]) for check in inspector.get_check_constraints(table)}
            assert checks
            details.append((table, checks, inspector.get_foreign_keys(table)))
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"
        details.extend(connection.exec_driver_sql(query).all())
    return details


def test_three_starters_at_once_all_pass(start: Callable[..., Any], url: str, file: Path) -> None:
    for journal in ("delete", "wal"):
        where = url.replace("ivr.db", f"{journal}.db")
        children = [start("open", where, journal) for _ in range(3)]
        assert [child.stdout.readline() for child in children] == ["ready\n"] * 3
        for child in children:
            child.stdin.write("go\n")
            child.stdin.flush()
        assert [child.communicate()[0] for child in children] == ["opened\n"] * 3
        with sqlite3.connect(file.with_name(f"{journal}.db")) as connection:
            assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [("0005",)]
        connection.close()


def test_calls_and_bookings_of_the_first_schema_are_kept_by_the_next(file: Path, url: str) -> None:
    file.parent.mkdir()
    bare = sa.create_engine(url)
    config = _config()
    with altering(bare) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO calls VALUES ('call-1', 'wav', '8001', '2026-11-22T06:30:00.000000+00:00', NULL, 9.5, 'zh',"
            " 'finished', 'goodbye', '[]', '')"
        )
        connection.exec_driver_sql(
            "INSERT INTO turns VALUES ('call-1', 1, 'reception/choose', '[]', 'x', 'zh', 1, 'speech', 'wake_up',"
            " '叫醒', '', '', -20.5, 0, 100, 150, 200, 300)"
        )
        connection.exec_driver_sql(
            "INSERT INTO bookings VALUES ('booking-1', NULL, '0412', '2026-11-23', '06:30:00.000000', 'UTC',"
            " '2026-11-23T06:30:00.000000+00:00', 'zh', '2026-11-22T06:30:00.000000+00:00', 'booked')"
        )
    bare.dispose()
    engine = open_engine(url)
    store = CallStore(engine)
    call, (turn,) = store.get("call-1"), store.turns("call-1")
    assert call is not None
    assert (call.seconds, call.line_quality, call.snr_db, call.caller) == (9.5, "", None, "")
    assert (turn.heard, turn.level_dbfs, turn.line, turn.stopped_by) == ("叫醒", -20.5, "", "")
    (booking,) = BookingStore(engine).for_room("0412")
    assert booking.local_time.isoformat("minutes") == "06:30"
    engine.dispose()


def test_a_database_that_is_up_to_date_is_opened_while_another_writes(engine: Engine, url: str) -> None:
    with writing(engine):
        open_engine(url, busy_seconds=0.1).dispose()


def test_a_newer_database_is_refused_and_left_as_it_is(engine: Engine, url: str) -> None:
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0099'")
    with pytest.raises(StoreError, match=r"made by a newer version of this program .* 0099.*update the program"):
        open_engine(url)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "0099"


def test_another_programs_database_is_refused_and_left_as_it_is(file: Path, url: str) -> None:
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE guests (name)")
    with pytest.raises(StoreError, match="belongs to another program"):
        open_engine(url)
    assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("guests",)]
    connection.close()


def test_a_migration_that_fails_leaves_nothing_half_made(file: Path, url: str) -> None:
    file.parent.mkdir()
    bare = sa.create_engine(url)
    sa.event.listen(bare, "connect", lambda connection, _: _limit_pages(connection))
    sa.event.listen(bare, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with pytest.raises(StoreError, match="the disk is full"):
        migrate(bare)
    bare.dispose()
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    connection.close()
    open_engine(url).dispose()


def _limit_pages(connection: sqlite3.Connection) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA max_page_count=6")


def test_rebuilding_a_table_keeps_the_rows_that_refer_to_it(
    engine: Engine, make_call: Callable[..., Call], make_turn: Callable[..., Turn]
) -> None:
    store = CallStore(engine)
    store.begin(make_call())
    store.add_turn(make_turn())
    with altering(engine) as connection:
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("calls", recreate="always") as batch:
            batch.add_column(sa.Column("another", sa.Text))
    assert store.turns("call-1") == (make_turn(),)
    with reading(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_a_migration_that_breaks_a_reference_is_undone(
    engine: Engine, make_call: Callable[..., Call], make_turn: Callable[..., Turn]
) -> None:
    store = CallStore(engine)
    store.begin(make_call())
    store.add_turn(make_turn())
    with pytest.raises(StoreError, match="without the row of calls"), altering(engine) as connection:
        connection.exec_driver_sql("DELETE FROM calls")
    assert store.get("call-1") == make_call()
