from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Booking, Turn
from ivr.store.bookings import BookingStore
from ivr.store.pool import StoreThreads


async def test_the_loop_goes_on_while_the_database_works() -> None:
    threads, gate = StoreThreads(), threading.Event()
    waiting = asyncio.create_task(threads.run(gate.wait, 10))
    await asyncio.sleep(0)
    gate.set()
    assert await waiting is True
    await threads.close()


async def test_results_and_errors_reach_the_caller(engine: Engine, make_booking: Callable[..., Booking]) -> None:
    threads, store = StoreThreads(), BookingStore(engine)
    assert (await threads.run(store.add, make_booking())).new
    with pytest.raises(StoreError, match="breaks its rules"):
        await threads.run(store.add, make_booking(minutes=5))
    await threads.close()


async def test_work_is_done_in_the_order_in_which_it_was_asked_for() -> None:
    threads, done = StoreThreads(), list[int]()
    await asyncio.gather(*(threads.run(done.append, number) for number in range(50)))
    assert done == list(range(50))
    await threads.close()


async def test_the_callers_context_goes_along() -> None:
    call_id = contextvars.ContextVar("call_id", default="none")
    call_id.set("call-1")
    threads = StoreThreads()
    assert await threads.run(call_id.get) == "call-1"
    await threads.close()


async def test_the_write_of_a_cancelled_task_is_completed(engine: Engine, make_booking: Callable[..., Booking]) -> None:
    threads, gate, store = StoreThreads(), threading.Event(), BookingStore(engine)
    held = asyncio.create_task(threads.run(gate.wait, 10))
    task = asyncio.create_task(threads.run(store.add, make_booking()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.set()
    await threads.close()
    assert store.get("booking-1") == make_booking()
    assert await held is True


async def test_the_failure_of_a_cancelled_tasks_write_is_told_to_the_loop(
    engine: Engine, make_turn: Callable[..., Turn]
) -> None:
    threads, gate, told = StoreThreads(), threading.Event(), list[BaseException]()
    asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context["exception"]))

    def fail() -> None:
        gate.wait(10)
        raise StoreError("the disk is full")

    task = asyncio.create_task(threads.run(fail))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    gate.set()
    await threads.close()
    assert [str(error) for error in told] == ["the disk is full"]


async def test_after_closing_nothing_is_taken_any_more() -> None:
    threads = StoreThreads()
    await threads.close()
    await threads.close()
    with pytest.raises(StoreError, match="closed"):
        await threads.run(int, "1")
