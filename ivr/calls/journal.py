"""The call's record, written while it happens. A record that cannot be written must not end the call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ivr.calls.state import CallState
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Call, Turn
from ivr.store.calls import CallStore
from ivr.store.pool import StoreThreads

UNRECORDED = "unrecorded"
"""flag of a call whose rows were late or are missing"""


class Journal:
    """Writes one call's rows in their order (K1).

    When the database fails, that is logged once, the call is marked, and what was missed is written at its end: no
    caller waits at every turn for a database that is away.
    """

    def __init__(self, store: CallStore, threads: StoreThreads) -> None:
        self._store = store
        self._threads = threads
        self._missed: list[Callable[[], None]] = []

    async def begin(self, call: Call) -> None:
        await self._write(partial(self._store.begin, call), call.id)

    async def add(self, turn: Turn, state: CallState) -> None:
        if not await self._write(partial(self._store.add_turn, turn), turn.call_id):
            state.flag(UNRECORDED)

    async def finish(self, call: Call) -> None:
        """Write what was missed and how the call ended; one row that is refused does not cost the others."""
        missed, self._missed = self._missed, []
        missed.append(partial(self._store.finish, call))
        for write in missed:
            await self._try(write, call.id)

    async def _write(self, write: Callable[[], None], call_id: str) -> bool:
        if not self._missed and await self._try(write, call_id):
            return True
        self._missed.append(write)
        return False

    async def _try(self, write: Callable[[], None], call_id: str) -> bool:
        try:
            await self._threads.run(write)
        except StoreError as error:
            logger().error("call_not_recorded", call_id=call_id, reason=str(error))
            return False
        return True
