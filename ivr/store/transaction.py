"""The three kinds of transaction; every statement of this room runs inside one of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine

from ivr.errors import StoreError
from ivr.store.faults import faults

_KIND = "ivr_kind"

GIVE_WAY_SECONDS = 0.12
"""more than the 0.1 s after which a waiting writer looks again (SQLite, main.c, sqliteDefaultBusyCallback)"""


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Take the write lock at once; what was done is on the disk when the block has ended, or undone if it raised.

    Raises StoreError.
    """
    with faults(engine.url), engine.begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """See one state of the database throughout, without the write lock. Raises StoreError."""
    with faults(engine.url), engine.connect().execution_options(**{_KIND: "reading"}) as connection, connection.begin():
        yield connection


@contextmanager
def altering(engine: Engine) -> Iterator[Connection]:
    """Write without foreign keys: rebuilding a table drops it, which would delete the rows that refer to it.

    Raises StoreError, also when a reference is broken at the end.
    """
    with faults(engine.url), engine.connect().execution_options(**{_KIND: "altering"}) as connection:
        try:
            with connection.begin():
                yield connection
                _check_references(connection)
        finally:
            # foreign keys are off in this connection: it must not go back into the pool
            connection.invalidate()


def begin(connection: Connection) -> None:
    """Begin an SQLite transaction of the connection's kind; the listener of SQLAlchemy's `begin` event.

    BEGIN IMMEDIATE for writes: after a deferred one SQLite fails at once, whatever the busy timeout
    (facts/durability.md).
    """
    kind = connection.get_execution_options().get(_KIND)
    if kind == "altering":
        # has no effect inside a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
    connection.exec_driver_sql("BEGIN" if kind == "reading" else "BEGIN IMMEDIATE")


def give_way() -> None:
    """Between two of many transactions: let those who wait write first. Without it a call's write waits in vain."""
    time.sleep(GIVE_WAY_SECONDS)


def _check_references(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise StoreError(
            f"a migration would leave a row of {broken[0]} without the row of {broken[2]} that it belongs to;"
            " nothing was changed, restore a backup or ask for help",
            where=connection.engine.url.database,
        )
