"""Whether a call may trust the machine's clock: what “tomorrow” is hangs on it."""

from __future__ import annotations

from datetime import datetime

from ivr.calls.desk import Desk
from ivr.calls.state import CallState
from ivr.errors import StoreError
from ivr.log import logger
from ivr.store.wall_clock import WRONG_CLOCK


async def clock_is_wrong(desk: Desk, state: CallState, now: datetime) -> bool:
    """Whether a wake-up call might be promised for a wrong day; the operator is told why."""
    if desk.wall_clock is None:
        return False
    try:
        doubt = await desk.threads.run(desk.wall_clock.doubt, state.began, now)
    except StoreError:
        # the booking itself finds that out, and says so
        return False
    if doubt:
        state.flag(WRONG_CLOCK)
        logger().error("wrong_clock", call_id=state.call_id, reason=doubt)
    return bool(doubt)
