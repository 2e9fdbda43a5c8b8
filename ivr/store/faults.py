"""What a database says when it refuses, in words that tell a person what to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic.util.exc import CommandError
from sqlalchemy import URL
from sqlalchemy.exc import SQLAlchemyError, StatementError

from ivr.errors import StoreError

_ADVICE = {
    "SQLITE_BUSY": "another program keeps the database locked; end it (a backup? a second copy of us?) and try again",
    "SQLITE_LOCKED": "another connection of ours keeps the database locked; try again",
    "SQLITE_FULL": "the disk is full and nothing of this was stored; free some space and try again",
    "SQLITE_IOERR": "the disk failed or is full and nothing of this was stored; check its space and its health",
    "SQLITE_READONLY": "the database cannot be written; check who owns the file and its folder, and their mount",
    "SQLITE_PERM": "the database may not be opened; check who owns the file and its folder",
    "SQLITE_CANTOPEN": "the database cannot be opened; expected a file in a folder that we may write to",
    "SQLITE_NOTADB": "this is not an SQLite database; move the file away or name another one",
    "SQLITE_CORRUPT": "the database is damaged; move it away and restore the last backup",
    "SQLITE_CONSTRAINT": "the database refused a record that breaks its rules",
}
"""by the primary result code, https://www.sqlite.org/rescode.html"""


@contextmanager
def faults(url: URL) -> Iterator[None]:
    """Turn every error of the database's libraries inside the block into a StoreError that names the file of `url`."""
    try:
        yield
    except (SQLAlchemyError, CommandError) as error:
        raise StoreError(_sentence(error), where=url.database) from error
    except (UnicodeEncodeError, OverflowError) as error:
        # the driver's own, unwrapped: a file name that is no UTF-8, a number beyond 64 bits
        raise StoreError(f"a value cannot be stored ({error})", where=url.database) from error


def _sentence(error: Exception) -> str:
    """Advice and the library's own words, without the statement's parameters: they are personal data."""
    cause = error.orig if isinstance(error, StatementError) and error.orig is not None else error
    primary = "_".join(str(getattr(cause, "sqlite_errorname", "")).split("_")[:2])
    return f"{_ADVICE.get(primary, 'the database failed')} ({cause})"
