"""A database that is ready for use: safe settings, folder made, schema up to date."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError

from ivr.errors import StoreError
from ivr.store.keys import KEYS_FILE, KeyRing
from ivr.store.migrations import migrate
from ivr.store.sealing import RING, unlock
from ivr.store.transaction import begin, reading

BUSY_SECONDS = 5.0
"""how long a statement waits for another program's lock; house choice, not measured"""

_POLL_SECONDS = 0.02

_MIXED = (
    "a program with a newer SQLite has turned this database to a journal (WAL) that can lose rows with ours;"
    " stop one of the two, then start this one again"
)


@dataclass(frozen=True)
class Journal:
    """SQLite's journal_mode and the `synchronous` that makes a commit durable with it."""

    mode: str
    synchronous: str


WAL = Journal("wal", "FULL")
DELETE = Journal("delete", "EXTRA")


def journal_for(version: tuple[int, ...]) -> Journal:
    """WAL where this SQLite library is free of the WAL-reset bug, which can lose committed rows; else the old journal.

    Fixed in 3.51.3, 3.50.7 and 3.44.6 (facts/durability.md).
    """
    fixed = version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)
    return WAL if fixed else DELETE


def journal_mode(engine: Engine) -> str:
    """The journal that the database really uses; a network disk may refuse the one that we chose. StoreError."""
    with reading(engine) as connection:
        return str(connection.exec_driver_sql("PRAGMA journal_mode").scalar())


def open_engine(
    url: str,
    *,
    keys: str = "",
    busy_seconds: float = BUSY_SECONDS,
    version: tuple[int, ...] = sqlite3.sqlite_version_info,
) -> Engine:
    """Open the database of `url`, for example `sqlite:///var/ivr.db`; make its folder, migrate its schema.

    `keys` are those of the variable IVR_KEYS; without them the file `keys` beside the database holds them, made with a
    new database. `version` is the SQLite library's. A commit is on the disk when it returns. Dispose of the engine when
    done. Raises StoreError, which names the file: not ours, of a newer program, locked, read-only, full, damaged, a key
    missing.
    """
    parsed = _parse(url)
    file = Path(str(parsed.database))
    ring = KeyRing(file.with_name(KEYS_FILE), keys)
    _make_folder(file)
    # parameters are personal data: no error message may show them
    engine = create_engine(
        parsed, connect_args={"timeout": busy_seconds}, hide_parameters=True, execution_options={RING: ring}
    )
    _tune(engine, journal_for(version), busy_seconds)
    try:
        migrate(engine)
        unlock(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


@contextlib.contextmanager
def engine_of(url: str, *, keys: str = "") -> Iterator[Engine]:
    """As `open_engine`, disposed of at the end."""
    engine = open_engine(url, keys=keys)
    try:
        yield engine
    finally:
        engine.dispose()


def _parse(url: str) -> URL:
    expected = "expected sqlite:///folder/file.db (four slashes before an absolute path)"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        # the URL itself is not repeated: it may hold a password
        raise StoreError(f"this is no database URL; {expected}") from error
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite"}:
        raise StoreError(f"databases of the kind {parsed.drivername} are not supported yet; {expected}")
    if parsed.host or parsed.query:
        raise StoreError(f"a database URL with a host or options is not understood; {expected}")
    if parsed.database in {None, "", ":memory:"}:
        raise StoreError(f"a database in memory would forget what was promised; {expected}")
    return parsed


def _make_folder(file: Path) -> None:
    """Make folder and file for our eyes only (K4); what is there already keeps its rights."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"its folder cannot be made ({error.strerror}: {error.filename}); name another or mend this one", where=file
        ) from error
    with contextlib.suppress(OSError):
        # whatever is wrong with the file, opening it will tell
        os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))


def _tune(engine: Engine, journal: Journal, busy_seconds: float) -> None:
    def connected(connection: sqlite3.Connection, _record: object) -> None:
        # we say BEGIN ourselves: the driver's own is deferred, and comes too late for DDL
        connection.isolation_level = None
        cursor = connection.cursor()
        try:
            mode = _set_journal(cursor, journal, time.monotonic() + busy_seconds)
            # a file system without shared memory stays with the old journal, which needs EXTRA
            cursor.execute(f"PRAGMA synchronous={journal.synchronous if mode == journal.mode else DELETE.synchronous}")
            cursor.execute("PRAGMA foreign_keys=ON")
        finally:
            cursor.close()

    def began(connection: Connection) -> None:
        begin(connection)
        # a program with a newer SQLite may have turned the file to WAL since we connected
        if journal == DELETE and connection.exec_driver_sql("PRAGMA journal_mode").scalar() == WAL.mode:
            raise StoreError(_MIXED, where=engine.url.database)

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", began)


def _set_journal(cursor: sqlite3.Cursor, journal: Journal, deadline: float) -> str:
    """Change the journal where it differs; returns the mode that holds. `deadline` is monotonic seconds."""
    (mode,) = cursor.execute("PRAGMA journal_mode").fetchone()
    while mode != journal.mode:
        try:
            (mode,) = cursor.execute(f"PRAGMA journal_mode={journal.mode}").fetchone()
        except sqlite3.OperationalError as error:
            # two starters that change it at once: SQLite does not wait for the busy timeout here
            if error.sqlite_errorname != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(_POLL_SECONDS)
        else:
            break
    return str(mode)
