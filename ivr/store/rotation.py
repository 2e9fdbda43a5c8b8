"""A new key for all personal columns: sealed anew in batches, while calls go on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from ivr.store.keys import MARK
from ivr.store.sealing import INDEXED, SEALED, known_keys, opened, register, ring_of, sealed
from ivr.store.tables import metadata, seals
from ivr.store.transaction import give_way, reading, writing

BATCH = 500
"""rows sealed anew in one transaction: a call waits no longer than for these, 0.3 s on a busy machine"""

_TABLES = tuple(metadata.tables[name] for name in SEALED)


class Rotation:
    """The change of keys of one database: `begin`, `reseal`, `retire`. Blocks; raises StoreError."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._ring = ring_of(engine)

    @property
    def key(self) -> str:
        """Id of the key that seals."""
        return self._ring.active.id

    def left(self) -> int:
        """Rows that the newest key has not sealed."""
        with reading(self._engine) as connection:
            query = [sa.select(sa.func.count()).select_from(each).where(self._stale(each)) for each in _TABLES]
            return sum(int(connection.execute(each).scalar_one()) for each in query)

    def begin(self) -> str:
        """Make a new key, which seals from now on; gives its id. StoreError where a variable has the keys."""
        with writing(self._engine) as connection:
            key = self._ring.add()
            register(connection, self._ring, known_keys(connection))
        return key.id

    def reseal(self, advance: Callable[[int], None]) -> None:
        """Seal every row with the newest key, `advance` is told how many; stopped, it goes on when called again."""
        for table in _TABLES:
            last: tuple[Any, ...] | None = None
            while True:
                with writing(self._engine) as connection:
                    rows = connection.execute(self._next(table, last)).mappings().all()
                    for row in rows:
                        connection.execute(table.update().where(*_this(table, row)).values(self._renewed(table, row)))
                if not rows:
                    break
                advance(len(rows))
                give_way()
                last = tuple(rows[-1][column] for column in table.primary_key)

    def retire(self, *, forget: bool) -> tuple[str, ...]:
        """Strike the keys that no row needs any more off the database's list; gives their ids.

        With `forget` they are taken out of the key file too: then older backups of the database can't be read any more.
        """
        with writing(self._engine) as connection:
            # with the write lock held no process can seal with an older key meanwhile
            others = set(known_keys(connection)) - {self._ring.active.id}
            used = {self._ring.active.id, *(name for name in others if _is_used(connection, name))}
            connection.execute(seals.delete().where(seals.c.id.not_in(used)))
        unused = tuple(key.id for key in self._ring.keys if key.id not in used)
        # after the commit: a key that the database still asks for must never be missing
        if forget and unused:
            self._ring.keep(used)
        return unused

    def _stale(self, table: sa.Table) -> sa.ColumnElement[bool]:
        mark = self._ring.active.mark
        return sa.or_(
            *(sa.and_(column != "", ~column.startswith(mark, autoescape=True)) for column in _personal(table))
        )

    def _next(self, table: sa.Table, last: tuple[Any, ...] | None) -> sa.Select[Any]:
        """The next rows that are to be sealed anew, in the order of their primary key."""
        key = tuple(table.primary_key)
        query = sa.select(table).where(self._stale(table)).order_by(*key).limit(BATCH)
        return query if last is None else query.where(sa.tuple_(*key) > last)

    def _renewed(self, table: sa.Table, row: sa.RowMapping) -> dict[str, Any]:
        names = {*SEALED[table.name], *INDEXED.get(table.name, {}).values()}
        plain = opened(self._engine, table, row)
        return {name: value for name, value in sealed(self._engine, table, plain).items() if name in names}


def _personal(table: sa.Table) -> list[sa.Column[Any]]:
    return [table.c[name] for name in SEALED[table.name]]


def _is_used(connection: sa.Connection, name: str) -> bool:
    mark = f"{MARK}{name}:"
    return any(
        connection.execute(
            sa.select(sa.literal(1))
            .where(sa.or_(*(column.startswith(mark, autoescape=True) for column in _personal(table))))
            .limit(1)
        ).first()
        for table in _TABLES
    )


def _this(table: sa.Table, row: sa.RowMapping) -> Iterator[sa.ColumnElement[bool]]:
    return (column == row[column] for column in table.primary_key)
