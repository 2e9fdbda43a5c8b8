"""What has been kept for long enough is erased, rows and files (K4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from ivr.errors import StoreError
from ivr.records import MessageStatus
from ivr.store.recordings import Recordings
from ivr.store.tables import bookings, calls, messages
from ivr.store.transaction import give_way, reading, writing
from ivr.store.wall_clock import latest_record

QUIET = timedelta(days=7)
"""house choice: a clock that says so long after the latest record is doubted, it may have jumped"""

BATCH = 500
"""rows erased in one transaction; SQLite takes at most 32,766 values in a statement"""

AHEAD = timedelta(days=1)
"""house choice: likewise a clock that says so long before it"""


@dataclass(frozen=True)
class Limits:
    """For how long things are kept."""

    messages: timedelta
    recordings: timedelta
    """of whole calls"""
    records: timedelta
    """calls with their turns, and wake-up calls"""


@dataclass(frozen=True)
class Purged:
    """How many of each were erased, or would be."""

    messages: int
    unheard: int
    """of the messages, those that nobody had listened to"""
    recordings: int
    calls: int
    wakeups: int
    strays: int
    """sound files of the messages' folder that belong to no message: a call that broke off"""

    @property
    def total(self) -> int:
        return self.messages + self.recordings + self.calls + self.wakeups + self.strays


class Retention:
    """One database and its folders of sound. Blocks; raises StoreError."""

    def __init__(self, engine: sa.Engine, messages_folder: Recordings, recordings_folder: Recordings) -> None:
        self._engine = engine
        self._messages = messages_folder
        self._recordings = recordings_folder

    def check_clock(self, now: datetime) -> None:
        """StoreError when the latest record makes the clock doubtful: a jump must not erase everything."""
        latest = latest_record(self._engine) or now
        if not latest - AHEAD <= now <= latest + QUIET:
            raise StoreError(
                f"the clock says {now:%Y-%m-%d}, the latest record is of {latest:%Y-%m-%d}: set the clock, or say that"
                " it is right (--trust-clock); nothing was erased",
                where=self._engine.url.database,
            )

    def due(self, limits: Limits, now: datetime, zone: ZoneInfo) -> Purged:
        """What `purge` would erase at `now` (aware); nothing is changed."""
        old = _old_messages(now - limits.messages)
        with reading(self._engine) as connection:

            def count(table: sa.Table, *which: sa.ColumnElement[bool]) -> int:
                query = sa.select(sa.func.count()).select_from(table).where(*which)
                return int(connection.execute(query).scalar_one())

            return Purged(
                messages=count(messages, old),
                unheard=count(messages, old, messages.c.status == MessageStatus.NEW),
                recordings=len(self._old_recordings(limits, now, zone)),
                calls=count(calls, calls.c.started < now - limits.records),
                wakeups=count(bookings, bookings.c.due < now - limits.records),
                strays=len(self._strays(connection, limits, now, zone)),
            )

    def purge(self, limits: Limits, now: datetime, zone: ZoneInfo) -> None:
        """Erase it, in batches, so that no call waits for long.

        Rows first: a power cut leaves no row without its sound, and the next purge takes what is left of the sound.
        """
        self._purge_messages(_old_messages(now - limits.messages))
        with reading(self._engine) as connection:
            strays = self._strays(connection, limits, now, zone)
        for file in strays:
            self._messages.remove(file)
        self._purge_recordings(self._old_recordings(limits, now, zone))
        # turns go with their call
        self._purge_rows(calls, calls.c.started < now - limits.records)
        self._purge_rows(bookings, bookings.c.due < now - limits.records)

    def _purge_messages(self, old: sa.ColumnElement[bool]) -> None:
        query = sa.select(messages.c.id, messages.c.audio, messages.c.caller_clip).where(old).limit(BATCH)
        while True:
            with writing(self._engine) as connection:
                rows = connection.execute(query).all()
                connection.execute(messages.delete().where(messages.c.id.in_([row.id for row in rows])))
            if not rows:
                return
            for row in rows:
                for file in filter(None, (row.audio, row.caller_clip)):
                    self._messages.remove(file)
            give_way()

    def _purge_recordings(self, files: tuple[str, ...]) -> None:
        for start in range(0, len(files), BATCH):
            batch = files[start : start + BATCH]
            with writing(self._engine) as connection:
                connection.execute(calls.update().where(calls.c.recording.in_(batch)).values(recording=""))
            for file in batch:
                self._recordings.remove(file)
            give_way()

    def _purge_rows(self, table: sa.Table, old: sa.ColumnElement[bool]) -> None:
        batch = sa.select(table.c.id).where(old).limit(BATCH)
        while True:
            with writing(self._engine) as connection:
                erased = connection.execute(table.delete().where(table.c.id.in_(batch))).rowcount
            if erased < BATCH:
                return
            give_way()

    def _old_recordings(self, limits: Limits, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
        return self._recordings.before((now - limits.recordings).astimezone(zone).date())

    def _strays(self, connection: sa.Connection, limits: Limits, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
        """Old files that no message refers to."""
        found = self._messages.before((now - limits.messages).astimezone(zone).date())
        if not found:
            return ()
        query: sa.Select[Any] = sa.select(messages.c.audio, messages.c.caller_clip)
        named = {file for row in connection.execute(query) for file in row if file}
        return tuple(file for file in found if file not in named)


def _old_messages(before: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(messages.c.created < before, messages.c.status == MessageStatus.DELETED)
