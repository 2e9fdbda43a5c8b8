"""Whether the machine's clock can be believed: a wake-up call must not be promised for a wrong day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

import ivr
from ivr.clock import Clock
from ivr.store.tables import bookings, calls, messages
from ivr.store.transaction import reading, writing

APART = timedelta(minutes=5)
"""house choice: what a clock that is set by the network, and calls that go on at once, never come to"""

TOLD = ("wav", "scenario")
"""channels whose time may be told by whoever starts them"""

UNPACKED = timedelta(days=1)
"""house choice: a file's time may come from a machine in another zone, written as local time"""


WRONG_CLOCK = "wrong_clock"
"""flag of a call whose times cannot be believed: no wake-up call was promised in it"""

_COUNTED = (calls.c.channel.not_in(TOLD), sa.type_coerce(calls.c.flags, sa.Text).not_like(f'%"{WRONG_CLOCK}"%'))


class WallClock:
    """The clock against what is known: the program's files, the records, the call that goes on. Blocks; StoreError."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def doubt(self, began: datetime | None = None, now: datetime | None = None) -> str:
        """What speaks against the clock, and what to do; empty when nothing does.

        `began` is the clock's time when a call came in, `now` the call's own time since then (both aware).
        """
        says = self._clock.now()
        installed = _installed()
        if says < installed - UNPACKED:
            return _told(says, f"this program was installed on {installed:%Y-%m-%d}")
        latest = self._latest_call()
        if latest is not None and says < latest - APART:
            told = _told(says, f"a call came in at {latest:%Y-%m-%d %H:%M}")
            return f"{told}; if the clock is right: ivr doctor --trust-clock"
        if began is not None and says < began - APART:
            return _told(says, f"it stepped back: the call came in at {began:%Y-%m-%d %H:%M}")
        if now is not None and says > now + APART:
            return _told(says, f"it stepped forward: the call has come to {now:%Y-%m-%d %H:%M}")
        return ""

    def trust(self) -> int:
        """The clock is right: calls of a later time, made while it was ahead, speak against it no more; how many."""
        ahead = (calls.c.started > self._clock.now() + APART, *_COUNTED)
        with writing(self._engine) as connection:
            found = connection.execute(sa.select(calls.c.id, calls.c.flags).where(*ahead)).all()
            for call_id, flags in found:
                changed = calls.update().where(calls.c.id == call_id)
                connection.execute(changed.values(flags=(*flags, WRONG_CLOCK)))
        return len(found)

    def _latest_call(self) -> datetime | None:
        """Replays may be of any time: only calls by the machine's clock count."""
        query = sa.select(sa.func.max(calls.c.started)).where(*_COUNTED)
        with reading(self._engine) as connection:
            found: datetime | None = connection.execute(query).scalar()
        return found


def latest_record(engine: sa.Engine) -> datetime | None:
    """When the latest call, message or booking was made; None in an empty database. StoreError."""
    columns = (calls.c.started, messages.c.created, bookings.c.created)
    with reading(engine) as connection:
        found = [connection.execute(sa.select(sa.func.max(column))).scalar() for column in columns]
    return max((each for each in found if each is not None), default=None)


def _installed() -> datetime:
    """When this program's files were written: no right clock is before that."""
    return datetime.fromtimestamp(Path(ivr.__file__).stat().st_mtime, UTC)


def _told(says: datetime, against: str) -> str:
    return f"the clock says {says:%Y-%m-%d %H:%M} (UTC), but {against}: set the clock (timedatectl set-ntp true)"
