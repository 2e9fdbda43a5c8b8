"""A call by microphone: as a replay, but live, and the caller hangs up with Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Iterator

from ivr import replay
from ivr.audio.frame import Samples
from ivr.calls.equipment import Equipment
from ivr.calls.line import Tap
from ivr.calls.state import Observer
from ivr.channels.microphone import MicrophoneChannel
from ivr.clock import SystemClock


async def talk(
    gear: Equipment,
    database: str,
    channel: MicrophoneChannel,
    observers: tuple[Observer, ...] = (),
    taps: tuple[Tap, ...] = (),
) -> replay.Replayed:
    """Take the call, store it in the database of that URL, and read back what was stored. Raises StoreError."""

    def tap(caller: Samples, ours: Samples) -> None:
        for each in taps:
            each(caller, ours)

    with _hangs_up(channel):
        return await replay.replay(gear, database, channel, SystemClock(), observers, tap)


@contextlib.contextmanager
def _hangs_up(channel: MicrophoneChannel) -> Iterator[None]:
    """Ctrl-C hangs up, so that the call ends as calls do and is stored; a second one stops the program."""
    loop = asyncio.get_running_loop()

    def ring_off() -> None:
        loop.remove_signal_handler(signal.SIGINT)
        channel.ring_off()

    loop.add_signal_handler(signal.SIGINT, ring_off)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGINT)
