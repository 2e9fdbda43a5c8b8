"""Threads for the database, so that the event loop never waits for it (design.md, rule 7)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

from ivr.errors import StoreError

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class StoreThreads:
    """A few threads that run the stores' methods; of one event loop.

    With one thread, the default, things are done in the order in which they were asked for: a call's end never
    overtakes its last turn. SQLite has one writer at a time anyway.
    """

    def __init__(self, threads: int = 1) -> None:
        self._executor = ThreadPoolExecutor(threads, thread_name_prefix="store")
        self._in_flight: set[asyncio.Future[Any]] = set()

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """Run `function(*args)` in a thread; returns or raises what it does, StoreError after `close`.

        A task that is cancelled while it waits here stops waiting at once, but the write completes: it stays in its
        place in the queue, `close` waits for it, and should it fail, the loop's exception handler is told, since
        nobody else is left to hear of it. So a cancelled write may have been stored: ask before doing it again.
        """
        try:
            submitted = self._executor.submit(copy_context().run, partial(function, *args))
        except RuntimeError as error:
            raise StoreError("the store is closed; nothing can be read or kept any more") from error
        work = asyncio.wrap_future(submitted)
        self._in_flight.add(work)
        work.add_done_callback(self._in_flight.discard)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(_tell)
            raise

    async def close(self) -> None:
        """Take no more work and wait for all that was taken. May be called again."""
        self._executor.shutdown(wait=False)
        if self._in_flight:
            await asyncio.wait(self._in_flight)


def _tell(work: asyncio.Future[Any]) -> None:
    error = None if work.cancelled() else work.exception()
    if error is not None:
        message = "the database refused what a cancelled task had asked for"
        work.get_loop().call_exception_handler({"message": message, "exception": error, "future": work})
