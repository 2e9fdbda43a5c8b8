"""Personal columns: sealed on their way in, opened on their way out, sealed anew when the key changes (K4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from ivr.errors import StoreError
from ivr.store.keys import MARK, KeyRing, missing
from ivr.store.tables import bookings, messages, seals, turns
from ivr.store.transaction import reading, writing

SEALED: Mapping[str, tuple[str, ...]] = {
    turns.name: ("said", "heard", "keys", "value"),
    bookings.name: ("room",),
    messages.name: ("addressee", "phone"),
}
"""personal columns by table"""

INDEXED: Mapping[str, Mapping[str, str]] = {
    bookings.name: {"room": "room_index"},
    messages.name: {"addressee": "addressee_index"},
}
"""those that are looked up, and where their blind index stands"""

RING = "ivr_keys"
"""execution option of an engine"""

BATCH = 500
"""rows sealed anew in one transaction: a call that is being recorded waits no longer than for these"""

_PROOF = "front desk"
_PROOF_PLACE = "seals.proof"
_TABLES = (turns, bookings, messages)


def ring_of(engine: sa.Engine) -> KeyRing:
    """The keys of an engine that `open_engine` made."""
    ring: KeyRing = engine.get_execution_options()[RING]
    return ring


def sealed(engine: sa.Engine, table: sa.Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a new row of `table`, sealed and indexed. To be called with the write lock held."""
    ring = ring_of(engine)
    row = dict(values)
    for column, index in INDEXED.get(table.name, {}).items():
        row[index] = ring.index(values[column], _place(table, column))
    for column in SEALED[table.name]:
        row[column] = ring.seal(values[column], _place(table, column))
    return row


def opened(engine: sa.Engine, table: sa.Table, row: sa.RowMapping) -> dict[str, Any]:
    """A row of `table` as its record has it: opened, without the indexes."""
    ring = ring_of(engine)
    indexes = INDEXED.get(table.name, {}).values()
    record = {str(column): value for column, value in row.items() if column not in indexes}
    personal = {column: ring.open(record[column], _place(table, column)) for column in SEALED[table.name]}
    return record | personal


def looked_up(engine: sa.Engine, table: sa.Table, column: str, text: str) -> sa.ColumnElement[bool]:
    """Rows whose personal `column` is `text`."""
    index = table.c[INDEXED[table.name][column]]
    return index.in_(ring_of(engine).indexes(text, _place(table, column)))


def unlock(engine: sa.Engine) -> None:
    """Check that every key that this database knows is here, and the right one; make the first key of a new database.

    Raises StoreError that names the key and what to restore. Nothing is written where all is well.
    """
    ring = ring_of(engine)
    with reading(engine) as connection:
        known = _known(connection)
    _check(ring, known)
    if ring.keys and ring.active.id in known:
        return
    with writing(engine) as connection:
        # another starter may have been here since
        known = _known(connection)
        _check(ring, known)
        if not ring.keys:
            ring.create()
        _register(connection, ring, known)


def unsealed(engine: sa.Engine) -> int:
    """Rows that another key than the newest has sealed, or none."""
    ring = ring_of(engine)
    with reading(engine) as connection:
        counts = [
            connection.execute(sa.select(sa.func.count()).select_from(table).where(_stale(table, ring.active.mark)))
            for table in _TABLES
        ]
        return sum(count.scalar_one() for count in counts)


def renew_key(engine: sa.Engine) -> str:
    """Begin a rotation: a new key, which seals from now on; gives its id. StoreError where a variable has the keys."""
    ring = ring_of(engine)
    with writing(engine) as connection:
        key = ring.add()
        _register(connection, ring, _known(connection))
    return key.id


def reseal(engine: sa.Engine, advance: Callable[[int], None]) -> None:
    """Seal every row with the newest key, in batches; `advance` is told how many. It may be stopped and begun again."""
    for table in _TABLES:
        last: tuple[Any, ...] | None = None
        while True:
            with writing(engine) as connection:
                rows = connection.execute(_next(table, ring_of(engine).active.mark, last)).mappings().all()
                for row in rows:
                    connection.execute(
                        table.update().where(*_this(table, row)).values(_renewed(engine, table, row)),
                    )
            if not rows:
                break
            advance(len(rows))
            last = tuple(rows[-1][column.name] for column in table.primary_key)


def retire(engine: sa.Engine, *, forget: bool) -> tuple[str, ...]:
    """Strike the keys that no row needs any more off the database's list; gives their ids.

    With `forget` they are taken out of the key file too: then older backups of the database can't be read any more.
    """
    ring = ring_of(engine)
    with writing(engine) as connection:
        # with the write lock held no process can seal with an older key meanwhile
        used = {ring.active.id} | {
            name
            for name in _known(connection)
            if any(
                connection.execute(sa.select(sa.literal(1)).where(_sealed_by(table, name)).limit(1)).first()
                for table in _TABLES
            )
        }
        connection.execute(seals.delete().where(seals.c.id.not_in(used)))
        if forget:
            return ring.keep(used)
    return tuple(key.id for key in ring.keys if key.id not in used)


def _known(connection: sa.Connection) -> dict[str, str]:
    return {row.id: row.proof for row in connection.execute(sa.select(seals.c.id, seals.c.proof))}


def _check(ring: KeyRing, known: Mapping[str, str]) -> None:
    here = {key.id for key in ring.keys}
    for name, proof in known.items():
        if name not in here:
            raise StoreError(missing(name), where=ring.where)
        ring.open(proof, _PROOF_PLACE)


def _register(connection: sa.Connection, ring: KeyRing, known: Mapping[str, str]) -> None:
    if ring.active.id not in known:
        proof = ring.seal(_PROOF, _PROOF_PLACE)
        connection.execute(seals.insert(), {"id": ring.active.id, "proof": proof})


def _place(table: sa.Table, column: str) -> str:
    return f"{table.name}.{column}"


def _stale(table: sa.Table, mark: str) -> sa.ColumnElement[bool]:
    columns = [table.c[name] for name in SEALED[table.name]]
    return sa.or_(*(sa.and_(column != "", ~column.startswith(mark, autoescape=True)) for column in columns))


def _sealed_by(table: sa.Table, name: str) -> sa.ColumnElement[bool]:
    columns = [table.c[column] for column in SEALED[table.name]]
    return sa.or_(*(column.startswith(f"{MARK}{name}:", autoescape=True) for column in columns))


def _next(table: sa.Table, mark: str, last: tuple[Any, ...] | None) -> sa.Select[Any]:
    """The next rows that are not sealed with the key of `mark`, in the order of their primary key."""
    key = tuple(table.primary_key)
    query = sa.select(table).where(_stale(table, mark)).order_by(*key).limit(BATCH)
    return query if last is None else query.where(sa.tuple_(*key) > last)


def _this(table: sa.Table, row: sa.RowMapping) -> Iterator[sa.ColumnElement[bool]]:
    return (column == row[column.name] for column in table.primary_key)


def _renewed(engine: sa.Engine, table: sa.Table, row: sa.RowMapping) -> dict[str, Any]:
    names = {*SEALED[table.name], *INDEXED.get(table.name, {}).values()}
    plain = opened(engine, table, row)
    return {name: value for name, value in sealed(engine, table, plain).items() if name in names}
