"""The call's own clock: a channel that is always spoken to and heard in the same 20 ms."""

from __future__ import annotations

from collections.abc import Callable

from ivr.audio.frame import FRAME, Samples, silence
from ivr.channels.base import Channel, Inbound

Tap = Callable[[Samples, Samples], None]
"""gets (caller, ours) of every 20 ms"""


class Line:
    """A channel in full duplex, counted in samples from the answer."""

    def __init__(self, channel: Channel, tap: Tap | None = None) -> None:
        self._channel = channel
        self._tap = tap
        self.position = 0
        """samples of the call so far"""

    async def answer(self) -> None:
        await self._channel.answer()

    async def exchange(self, ours: Samples | None = None) -> Inbound:
        """Play 20 ms (silence when there is nothing to say), take 20 ms; CallerHungUp or LineBroke at the end."""
        sent = silence(FRAME) if ours is None else ours
        await self._channel.send(sent)
        inbound = await self._channel.receive()
        self.position = inbound.frame.end
        if self._tap is not None:
            self._tap(inbound.frame.samples, sent)
        return inbound

    async def hang_up(self) -> None:
        await self._channel.hang_up()
