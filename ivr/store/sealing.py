"""Personal columns: sealed on their way in, opened on their way out, sealed anew when the key changes (K4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from ivr.errors import StoreError
from ivr.store.keys import KeyRing, missing
from ivr.store.tables import bookings, calls, messages, seals, turns
from ivr.store.transaction import reading, writing

SEALED: Mapping[str, tuple[str, ...]] = {
    turns.name: ("said", "heard", "keys", "value"),
    bookings.name: ("room",),
    messages.name: ("addressee", "phone"),
    calls.name: ("caller",),
}
"""personal columns by table"""

INDEXED: Mapping[str, Mapping[str, str]] = {
    calls.name: {"caller": "caller_index"},
    bookings.name: {"room": "room_index"},
    messages.name: {"addressee": "addressee_index"},
}
"""those that are looked up, and where their blind index stands"""

RING = "ivr_keys"
"""execution option of an engine"""

_PROOF = "front desk"
_PROOF_PLACE = "seals.proof"


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
        known = known_keys(connection)
    _check(ring, known)
    if ring.keys and ring.active.id in known:
        return
    with writing(engine) as connection:
        # another starter may have been here since
        known = known_keys(connection)
        _check(ring, known)
        if not ring.keys:
            ring.create()
        register(connection, ring, known)


def known_keys(connection: sa.Connection) -> dict[str, str]:
    """The proof of each key that rows may be sealed with."""
    return {row.id: row.proof for row in connection.execute(sa.select(seals.c.id, seals.c.proof))}


def _check(ring: KeyRing, known: Mapping[str, str]) -> None:
    here = {key.id for key in ring.keys}
    for name, proof in known.items():
        if name not in here:
            raise StoreError(missing(name), where=ring.where)
        ring.open(proof, _PROOF_PLACE)


def register(connection: sa.Connection, ring: KeyRing, known: Mapping[str, str]) -> None:
    """Note the key that seals: from now on this database does not open without it."""
    if ring.active.id not in known:
        proof = ring.seal(_PROOF, _PROOF_PLACE)
        connection.execute(seals.insert(), {"id": ring.active.id, "proof": proof})


def _place(table: sa.Table, column: str) -> str:
    return f"{table.name}.{column}"
