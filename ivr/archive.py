"""What the site has kept, to be looked at, taken out and erased: calls, wake-up bookings, messages."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from ivr.config import Settings
from ivr.errors import IvrError
from ivr.log import logger
from ivr.records import Booking, Call, Message, MessageStatus, Turn
from ivr.store.audit import AuditStore
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import engine_of
from ivr.store.messages import MessageStore
from ivr.store.recordings import Recordings, messages_of, recordings_of
from ivr.store.retention import Limits, Purged, Retention
from ivr.store.rotation import Rotation

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Archive:
    """The records of one database. Every method raises StoreError."""

    calls: CallStore
    bookings: BookingStore
    messages: MessageStore
    sound: Recordings
    """of the messages"""
    retention: Retention
    rotation: Rotation
    audit: AuditStore

    def message(self, message_id: str) -> tuple[Message, Path | None]:
        """One message and where its sound is, if it has one; IvrError when there is none of that id."""
        message = self.messages.get(message_id)
        if message is None:
            raise IvrError(f"no message “{message_id}”: `ivr messages list` shows their ids")
        return message, self.sound.path(message.audio) if message.audio else None

    def sound_of(self, message_id: str) -> tuple[Message, Path]:
        """Likewise; IvrError when only a number was left, to be called back."""
        message, file = self.message(message_id)
        if file is None:
            raise IvrError(f"“{message_id}” has no sound: its caller is to be called back, see `ivr messages show`")
        return message, file

    def mark(self, message_id: str, status: MessageStatus, now: datetime) -> None:
        """Say what became of a message at `now`; IvrError when there is none of that id, or it was deleted."""
        if not self.messages.mark(message_id, status, now):
            raise IvrError(f"no message “{message_id}” that is not deleted: `ivr messages list` shows their ids")

    def call(self, call_id: str) -> tuple[Call, tuple[Turn, ...], tuple[Booking, ...]]:
        """One call with its turns and what was booked in it; IvrError when there is none of that id."""
        call = self.calls.get(call_id)
        if call is None:
            raise IvrError(f"no call “{call_id}”: `ivr calls list` shows their ids")
        return call, self.calls.turns(call_id), self.bookings.of_call(call_id)

    def wakeups(self, room: str | None, now: datetime | None, limit: int) -> tuple[Booking, ...]:
        """Wake-up calls that stand, of one room or of all, due at `now` (aware) or later; None: past ones too."""
        start = _BEGINNING if now is None else now
        if room is None:
            return self.bookings.upcoming(start, limit)
        return tuple(each for each in self.bookings.for_room(room) if each.due >= start)[:limit]


@contextlib.contextmanager
def archive(settings: Settings) -> Iterator[Archive]:
    """The site's database; StoreError when it cannot be opened."""
    with engine_of(settings.database_url, keys=settings.keys) as engine:
        sound = messages_of(engine)
        yield Archive(
            CallStore(engine),
            BookingStore(engine),
            MessageStore(engine),
            sound,
            Retention(engine, sound, recordings_of(engine)),
            Rotation(engine),
            AuditStore(engine),
        )


def limits(settings: Settings) -> Limits:
    """For how long the site keeps what it has."""
    return Limits(
        messages=timedelta(days=settings.keep_messages_days),
        recordings=timedelta(days=settings.keep_recordings_days),
        records=timedelta(days=settings.keep_records_days),
    )


@dataclass(frozen=True)
class Span:
    """From the beginning of a day to the end of another; None: without bound."""

    since: datetime | None
    """aware; inside"""
    until: datetime | None
    """aware; outside"""


def span(since: datetime | None, until: datetime | None, settings: Settings) -> Span:
    """The days from `since` to `until`, both included, as the house's clock has them; only the dates count."""

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), tzinfo=settings.zone)

    return Span(
        None if since is None else midnight(since.date()),
        None if until is None else midnight(until.date() + timedelta(days=1)),
    )


def purge(kept: Archive, settings: Settings, now: datetime, *, dry_run: bool, trust_clock: bool) -> Purged:
    """Erase what is older than the site's limits at `now`; tells how many. StoreError when the clock is doubtful."""
    if not trust_clock:
        kept.retention.check_clock(now)
    allowed = limits(settings)
    found = kept.retention.due(allowed, now, settings.zone)
    if found.total and not dry_run:
        kept.audit.add("purge", ", ".join(f"{name} {count}" for name, count in asdict(found).items()), found.total, now)
        kept.retention.purge(allowed, now, settings.zone)
        logger().info("purged", **asdict(found))
    return found


@dataclass(frozen=True)
class Rotated:
    """What a change of keys did."""

    key: str
    """the id of the one that seals now"""
    rows: int
    """sealed anew"""
    unused: tuple[str, ...]
    """ids of the keys that no row needs any more"""

    def told(self, *, forgotten: bool) -> str:
        unused = ", ".join(self.unused)
        verb = "removed" if forgotten else "no longer needed, but for older backups"
        return f"{self.rows} rows sealed with key {self.key}" + (f"; {verb}: {unused}" if unused else "")


def rotate(kept: Archive, now: datetime, advance: Callable[[int, int], None], *, forget: bool) -> Rotated:
    """Seal everything with a new key, or go on where an earlier change was stopped; `advance` gets (done, of).

    With keys from the variable the operator puts the new one first. StoreError when there is none, or it is no news.
    """
    total = kept.rotation.left()
    if total == 0:
        kept.rotation.begin()
        total = kept.rotation.left()
    kept.audit.add("rotate", f"key {kept.rotation.key}", total, now)
    done = 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        advance(done, total)

    kept.rotation.reseal(count)
    unused = kept.rotation.retire(forget=forget)
    logger().info("keys_rotated", rows=done)
    return Rotated(kept.rotation.key, done, unused)
