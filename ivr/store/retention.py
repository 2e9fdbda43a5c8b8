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
from ivr.store.transaction import reading, writing

QUIET = timedelta(days=7)
"""house choice: a clock that says so long after the latest record is doubted, it may have jumped"""

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
        with reading(self._engine) as connection:
            columns = (calls.c.started, messages.c.created, bookings.c.created)
            found = [connection.execute(sa.select(sa.func.max(column))).scalar() for column in columns]
        latest = max((each for each in found if each is not None), default=now)
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
        """Erase it: rows first, so that a power cut leaves no row without its sound; the next purge takes the rest."""
        recordings = self._old_recordings(limits, now, zone)
        with writing(self._engine) as connection:
            old = _old_messages(now - limits.messages)
            rows = connection.execute(sa.select(messages.c.audio, messages.c.caller_clip).where(old)).all()
            connection.execute(messages.delete().where(old))
            connection.execute(calls.update().where(calls.c.recording.in_(recordings)).values(recording=""))
            # turns go with their call
            connection.execute(calls.delete().where(calls.c.started < now - limits.records))
            connection.execute(bookings.delete().where(bookings.c.due < now - limits.records))
            strays = self._strays(connection, limits, now, zone)
        for file in {file for row in rows for file in row if file}.union(strays):
            self._messages.remove(file)
        for file in recordings:
            self._recordings.remove(file)

    def _old_recordings(self, limits: Limits, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
        return self._recordings.before((now - limits.recordings).astimezone(zone).date())

    def _strays(self, connection: sa.Connection, limits: Limits, now: datetime, zone: ZoneInfo) -> tuple[str, ...]:
        """Old files that no message refers to."""
        found = self._messages.before((now - limits.messages).astimezone(zone).date())
        if not found:
            return ()
        query: sa.Select[Any] = sa.select(messages.c.audio, messages.c.caller_clip)
        named = {file for row in connection.execute(query) for file in row}
        return tuple(file for file in found if file not in named)


def _old_messages(before: datetime) -> sa.ColumnElement[bool]:
    return sa.or_(messages.c.created < before, messages.c.status == MessageStatus.DELETED)
