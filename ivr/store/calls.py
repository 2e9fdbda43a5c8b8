"""Calls and their turns, as they are kept (K1)."""

from __future__ import annotations

from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from ivr.errors import StoreError
from ivr.records import Call, Language, Turn
from ivr.store.owner import Life, life_of, this_process
from ivr.store.recordings import Recovered
from ivr.store.sealing import looked_up, opened, sealed
from ivr.store.tables import calls, turns
from ivr.store.transaction import reading, writing

LONGEST_CALL = timedelta(hours=6)
"""house choice: an open call older than this is over, even where its process cannot be looked at"""

_CALL = [calls.c[field.name] for field in fields(Call)]


class CallStore:
    """The calls of one database. Each method is one transaction, blocks, and raises StoreError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._owner = this_process()

    def begin(self, call: Call) -> None:
        """Keep a call that has just started; this process answers for it until `finish`. It may be said again."""
        with writing(self._engine) as connection:
            if connection.execute(sa.select(calls.c.id).where(calls.c.id == call.id)).first() is None:
                connection.execute(calls.insert(), self._row(call) | {"owner": self._owner})

    def add_turn(self, turn: Turn) -> None:
        """Keep one turn of a call that was begun; it may be said again."""
        same = (turns.c.call_id == turn.call_id, turns.c.number == turn.number)
        with writing(self._engine) as connection:
            if connection.execute(sa.select(turns.c.number).where(*same)).first() is None:
                connection.execute(turns.insert(), sealed(self._engine, turns, asdict(turn)))

    def finish(self, call: Call) -> None:
        """Make the call's record what `call` says; it may be said again."""
        with writing(self._engine) as connection:
            changed = connection.execute(calls.update().where(calls.c.id == call.id).values(self._row(call)))
        if changed.rowcount != 1:
            raise StoreError(
                f"call {call.id} was never begun, so its end cannot be kept", where=self._engine.url.database
            )

    def get(self, call_id: str) -> Call | None:
        with reading(self._engine) as connection:
            row = connection.execute(sa.select(*_CALL).where(calls.c.id == call_id)).mappings().first()
        return None if row is None else self._record(row)

    def turns(self, call_id: str) -> tuple[Turn, ...]:
        """Return the turns of a call in their order; empty for a call that we don't know."""
        with reading(self._engine) as connection:
            query = sa.select(turns).where(turns.c.call_id == call_id).order_by(turns.c.number)
            return tuple(Turn(**opened(self._engine, turns, row)) for row in connection.execute(query).mappings())

    def recovered(self, found: tuple[Recovered, ...]) -> int:
        """Tell interrupted calls that their recordings were mended, see Recordings.recover; returns how many."""
        if not found:
            return 0
        with writing(self._engine) as connection:
            changed = [
                connection.execute(
                    calls.update().where(calls.c.id == each.name, calls.c.recording == "").values(recording=each.file)
                )
                for each in found
            ]
        return sum(each.rowcount for each in changed)

    def latest(  # noqa: PLR0913 - each is a filter
        self,
        limit: int | None,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        outcome: str | None = None,
        language: Language | None = None,
        caller: str | None = None,
    ) -> tuple[Call, ...]:
        """At most `limit` calls (None: all), the latest first, begun at `since` or later and before `until` (aware)."""
        query = sa.select(*_CALL).order_by(calls.c.started.desc(), calls.c.id.desc())
        if limit is not None:
            query = query.limit(max(limit, 0))
        if since is not None:
            query = query.where(calls.c.started >= since)
        if until is not None:
            query = query.where(calls.c.started < until)
        if outcome is not None:
            query = query.where(calls.c.outcome == outcome)
        if language is not None:
            query = query.where(calls.c.language == language)
        if caller is not None:
            query = query.where(looked_up(self._engine, calls, "caller", caller))
        with reading(self._engine) as connection:
            return tuple(self._record(row) for row in connection.execute(query).mappings())

    def mark_interrupted(self, now: datetime) -> int:
        """Close the calls that dead processes left open: outcome `failed`, ending `interrupted`; returns how many.

        Calls of living processes stay open; where life can't be told, those that began within LONGEST_CALL before
        `now` (aware) do. `ended` stays None: nobody saw the end. To be called at every start.
        """
        is_open = calls.c.outcome == "open"
        query = sa.select(calls.c.id, calls.c.owner, calls.c.started).where(is_open)
        with writing(self._engine) as connection:
            left = [row.id for row in connection.execute(query) if _is_over(row.owner, row.started, now)]
            for call_id in left:
                connection.execute(
                    calls.update().where(calls.c.id == call_id, is_open).values(outcome="failed", ending="interrupted")
                )
        return len(left)

    def _row(self, call: Call) -> dict[str, Any]:
        return sealed(self._engine, calls, asdict(call))

    def _record(self, row: sa.RowMapping) -> Call:
        return Call(**opened(self._engine, calls, row))


def _is_over(owner: str, started: datetime, now: datetime) -> bool:
    life = life_of(owner)
    return life is Life.DEAD or (life is Life.UNKNOWN and started < now - LONGEST_CALL)
