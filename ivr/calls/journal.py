"""The call's record, written while it happens. A record that cannot be written must not end the call."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ivr.calls.state import CallState
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Call, Turn
from ivr.store.calls import CallStore
from ivr.store.pool import StoreThreads

UNRECORDED = "unrecorded"
"""flag of a call whose rows were late or are missing"""

Record = TypeVar("Record", Call, Turn)


class Journal:
    """Writes one call's rows in their order (K1).

    When the database fails, that is logged once, the call is marked, and what was missed is written at its end: no caller
    waits at every turn for a database that is away.
    """

    def __init__(self, store: CallStore, threads: StoreThreads) -> None:
        self._store = store
        self._threads = threads
        self._missed: list[tuple[Callable[[Call], None], Call] | tuple[Callable[[Turn], None], Turn]] = []

    async def begin(self, call: Call) -> None:
        await self._write(self._store.begin, call, call.id)

    async def add(self, turn: Turn, state: CallState) -> None:
        if not await self._write(self._store.add_turn, turn, turn.call_id):
            state.flag(UNRECORDED)

    async def finish(self, call: Call) -> None:
        missed, self._missed = self._missed, []
        for write, record in missed:
            await self._write(write, record, call.id)
        await self._write(self._store.finish, call, call.id)

    async def _write(self, write: Callable[[Record], None], record: Record, call_id: str) -> bool:
        if not self._missed:
            try:
                await self._threads.run(write, record)
            except StoreError as error:
                logger().error("call_not_recorded", call_id=call_id, reason=str(error))
            else:
                return True
        self._missed.append((write, record))  # type: ignore[arg-type]  # a method and its own kind of record
        return False
