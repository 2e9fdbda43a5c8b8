"""A call taken: talked to its end, its sound kept where the site says so."""

from __future__ import annotations

from ivr.calls.equipment import Equipment, Office, session
from ivr.calls.line import Tap
from ivr.calls.recorder import CallRecording
from ivr.calls.state import Observer
from ivr.channels.base import Channel
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Call


async def take_call(
    gear: Equipment, room: Office, channel: Channel, observers: tuple[Observer, ...] = (), tap: Tap | None = None
) -> Call:
    """One call from answer to hang-up; both sides are kept where the site says so, and the caller does not object."""
    if not gear.settings.record_calls or room.call_sound is None:
        return await session(gear, room, channel, observers, tap).run()
    day = room.clock.now().astimezone(gear.settings.zone).date()
    recording = CallRecording(room.call_sound, day, room.writer, tap)
    try:
        ended = await session(gear, room, channel, observers, recording=recording).run()
    except BaseException:
        await recording.close()
        raise
    call = await recording.finish(ended)
    try:
        await room.threads.run(room.calls.finish, call)
    except StoreError as error:
        logger().error("call_not_recorded", call_id=call.id, reason=str(error))
    return call
