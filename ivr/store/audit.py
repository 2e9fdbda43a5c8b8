"""Who took records out of the house, erased them, or changed the keys: only ever added to (K4)."""

from __future__ import annotations

import getpass
import os
from dataclasses import asdict, fields
from datetime import datetime

import sqlalchemy as sa

from ivr.records import AuditAction, AuditEntry
from ivr.store.tables import audit
from ivr.store.transaction import reading, writing

_ENTRY = [audit.c[field.name] for field in fields(AuditEntry)]


class AuditStore:
    """The audit of one database. Each method is one transaction, blocks, and raises StoreError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def add(self, action: AuditAction, detail: str, rows: int, now: datetime) -> None:
        """Keep what this process's user did at `now` (aware); `detail` names nobody. To be said before it is done."""
        with writing(self._engine) as connection:
            connection.execute(audit.insert(), asdict(AuditEntry(now, action, _who(), detail, rows)))

    def latest(self, limit: int) -> tuple[AuditEntry, ...]:
        """At most `limit` entries, the last one first."""
        query = sa.select(*_ENTRY).order_by(audit.c.number.desc()).limit(max(limit, 0))
        with reading(self._engine) as connection:
            return tuple(AuditEntry(**row) for row in connection.execute(query).mappings())


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return f"user {os.getuid()}"
