"""Messages into the store, whatever verb has them: a refusal is logged and flagged, never swallowed (rule 9, M3)."""

from __future__ import annotations

from ivr.calls.desk import Desk
from ivr.calls.state import NOT_STORED, CallState
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Message

FRONT_DESK = "front_desk"
"""department to which goes what is for nobody else"""


async def stored(desk: Desk, state: CallState, message: Message, refused: str) -> bool:
    """Whether `message` is on the disk; where it is not, the log has a line `refused`."""
    try:
        await desk.threads.run(desk.messages.add, message)
    except StoreError as error:
        logger().error(refused, call_id=state.call_id, error=error.code, reason=str(error))
        state.flag(NOT_STORED)
        return False
    return True
