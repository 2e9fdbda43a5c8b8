"""Messages that callers left, as they are kept (M1, M3). Their sound lies in files of the messages' folder."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from ivr.records import Message, MessageKind, MessageStatus
from ivr.store.sealing import looked_up, opened, sealed
from ivr.store.tables import messages
from ivr.store.transaction import reading, writing

_HEARD = (MessageStatus.HEARD, MessageStatus.DELIVERED)


class MessageStore:
    """The messages of one database. Each method is one transaction, blocks, and raises StoreError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, message: Message) -> None:
        """Keep `message`, whose files are finished; on the disk when this returns, and only then said (rule 9).

        The same message may be added again, after an error whose outcome is unknown.
        """
        with writing(self._engine) as connection:
            if connection.execute(sa.select(messages.c.id).where(messages.c.id == message.id)).first() is None:
                connection.execute(messages.insert(), sealed(self._engine, messages, asdict(message)))

    def get(self, message_id: str) -> Message | None:
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(messages).where(messages.c.id == message_id)).mappings().first()
        return None if row is None else self._record(row)

    def of_call(self, call_id: str) -> tuple[Message, ...]:
        """What was left in one call, whatever became of it, the first one first."""
        query = sa.select(messages).where(messages.c.call_id == call_id)
        return self._find(query.order_by(messages.c.created, messages.c.id))

    def latest(  # noqa: PLR0913 - each is a filter
        self,
        limit: int | None,
        *,
        addressee: str | None = None,
        kind: MessageKind | None = None,
        status: MessageStatus | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> tuple[Message, ...]:
        """At most `limit` messages (None: all), the latest first; deleted ones only by their status.

        They were left at `since` or later and before `until` (both aware).
        """
        query = sa.select(messages).order_by(messages.c.created.desc(), messages.c.id.desc())
        deleted = messages.c.status == MessageStatus.DELETED
        query = query.where(~deleted if status is None else messages.c.status == status)
        if addressee is not None:
            query = query.where(looked_up(self._engine, messages, "addressee", addressee))
        if kind is not None:
            query = query.where(messages.c.kind == kind)
        if since is not None:
            query = query.where(messages.c.created >= since)
        if until is not None:
            query = query.where(messages.c.created < until)
        return self._find(query if limit is None else query.limit(max(limit, 0)))

    def mark(self, message_id: str, status: MessageStatus, now: datetime) -> bool:
        """Say what became of a message at `now` (aware); False where there is none of that id, or it was deleted."""
        there = (messages.c.id == message_id, messages.c.status != MessageStatus.DELETED)
        changes: dict[str, Any] = {"status": status}
        if status in _HEARD:
            # when it was first heard
            changes["heard_at"] = sa.func.coalesce(messages.c.heard_at, sa.literal(now, messages.c.heard_at.type))
        with writing(self._engine) as connection:
            changed = connection.execute(messages.update().where(*there).values(changes))
        return changed.rowcount == 1

    def _find(self, query: sa.Select[Any]) -> tuple[Message, ...]:
        with reading(self._engine) as connection:
            return tuple(self._record(row) for row in connection.execute(query).mappings())

    def _record(self, row: sa.RowMapping) -> Message:
        return Message(**opened(self._engine, messages, row))
