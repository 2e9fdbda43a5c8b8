"""Wake-up bookings, as they are kept (W1)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa

from ivr.records import Booking, BookingStatus
from ivr.store.sealing import looked_up, opened, sealed
from ivr.store.tables import bookings
from ivr.store.transaction import reading, writing


@dataclass(frozen=True)
class Added:
    """What came of adding a booking."""

    booking: Booking
    """the one that stands: ours, or the one that this room had at this instant already"""
    new: bool
    """False where the room had one already; then nothing was stored"""


class BookingStore:
    """The bookings of one database. Each method is one transaction, blocks, and raises StoreError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, booking: Booking, in_place_of: str = "") -> Added:
        """Keep `booking` unless its room is booked at the same instant; on the disk when this returns (rule 9).

        The booking `in_place_of`, unless it is the one that stands, is cancelled in the same transaction: at no moment
        has the guest none, or two (W4).

        The same booking may be added again, after an error whose outcome is unknown.
        """
        # the write lock is held from the look to the insert; a unique index guards databases without such a lock
        with writing(self._engine) as connection:
            same = (self._of_room(booking.room), bookings.c.due == booking.due, _BOOKED)
            row = connection.execute(sa.select(bookings).where(*same)).mappings().first()
            if in_place_of and (row is None or row["id"] != in_place_of):
                old = bookings.update().where(bookings.c.id == in_place_of, _BOOKED)
                connection.execute(old.values(status=BookingStatus.CANCELLED))
            if row is None or booking.status is not BookingStatus.BOOKED:
                connection.execute(bookings.insert(), sealed(self._engine, bookings, asdict(booking)))
                return Added(booking, new=True)
        standing = self._record(row)
        return Added(standing, new=standing.id == booking.id)

    def get(self, booking_id: str) -> Booking | None:
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(bookings).where(bookings.c.id == booking_id)).mappings().first()
        return None if row is None else self._record(row)

    def for_room(self, room: str, status: BookingStatus | None = BookingStatus.BOOKED) -> tuple[Booking, ...]:
        """All bookings of a room, past ones too, the earliest due first; None means of every status."""
        query = sa.select(bookings).where(self._of_room(room))
        return self._find(query if status is None else query.where(bookings.c.status == status))

    def of_call(self, call_id: str) -> tuple[Booking, ...]:
        """What was booked in one call, whatever became of it, the earliest due first."""
        return self._find(sa.select(bookings).where(bookings.c.call_id == call_id))

    def upcoming(self, now: datetime, limit: int) -> tuple[Booking, ...]:
        """At most `limit` bookings that stand and are due at `now` (aware) or later, the next one first."""
        return self._find(sa.select(bookings).where(_BOOKED, bookings.c.due >= now).limit(max(limit, 0)))

    def cancel(self, booking_id: str) -> bool:
        """Cancel a booking that stands; False where there is none of that id, or it was cancelled before."""
        with writing(self._engine) as connection:
            update = bookings.update().where(bookings.c.id == booking_id, _BOOKED)
            changed = connection.execute(update.values(status=BookingStatus.CANCELLED))
        return changed.rowcount == 1

    def _find(self, query: sa.Select[tuple[object, ...]]) -> tuple[Booking, ...]:
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(bookings.c.due, bookings.c.id)).mappings()
            return tuple(self._record(row) for row in rows)

    def _of_room(self, room: str) -> sa.ColumnElement[bool]:
        return looked_up(self._engine, bookings, "room", room)

    def _record(self, row: sa.RowMapping) -> Booking:
        return Booking(**opened(self._engine, bookings, row))


_BOOKED = bookings.c.status == BookingStatus.BOOKED
