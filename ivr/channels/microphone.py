"""A call by microphone and loudspeaker: the sound device's thread on one side, the call's 20 ms on the other."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable
from typing import Protocol

import numpy as np

from ivr.audio.frame import FRAME, RATE, Frame, Samples, silence
from ivr.audio.resample import Resampler
from ivr.channels.base import Inbound
from ivr.errors import CallerHungUp, LineBroke, WeHungUp
from ivr.log import logger

PRIME = 3
"""blocks of silence played first: 60 ms, in which the event loop may be late"""

MOST_WAITING = 50
"""recorded blocks that may wait, one second; older ones are dropped and counted"""

MOST_AHEAD = 20
"""blocks that may wait to be played: after a hitch the desk must not lag behind for the rest of the call"""

PATIENCE = 2.0
"""seconds without a block after which the device is taken for gone: an unplugged one says nothing"""

Block = Callable[[Samples, Samples, bool, bool], None]
"""gets what was recorded, fills what is to be played (both int16, shape (block,)), and is told whether the device lost
recorded sound or had none to play; it never waits"""


class Device(Protocol):
    """A microphone and a loudspeaker that run in step."""

    rate: int
    """samples a second"""

    block: int
    """samples in 20 ms"""

    def start(self, block: Block, ended: Callable[[], None]) -> None:
        """Call `block` for every 20 ms, and `ended` when the device stops, each from any thread. LineBroke."""

    def stop(self) -> None:
        """Stop and let go of the device; twice is harmless."""


class Keys(Protocol):
    """Where the caller presses keys."""

    def pressed(self) -> str:
        """Keys 0-9 * # since the last question."""


class NoKeys:
    """No keypad at all."""

    def pressed(self) -> str:
        return ""


class MicrophoneChannel:
    """The caller sits before this machine. `ring_off` is the caller's hang-up: Ctrl-C."""

    name = "microphone"
    key_sounds = True
    caller = ""
    inside = False

    def __init__(self, device: Device, line: str, keys: Keys | None = None, *, patience: float = PATIENCE) -> None:
        self.line = line
        self.overruns = 0
        """blocks that were recorded and lost"""
        self.underruns = 0
        """blocks that were played as silence because ours came too late"""
        self._device = device
        self._keys = keys or NoKeys()
        self._patience = patience
        self._arrived: asyncio.Queue[Samples | None] = asyncio.Queue()
        self._playing = _Playing(device.block)
        same = device.rate == RATE
        self._inwards = None if same else Resampler(device.rate, RATE, quality="MQ")
        self._outwards = None if same else Resampler(RATE, device.rate, quality="MQ")
        self._pending = silence(0)
        self._position = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._over: type[CallerHungUp | WeHungUp | LineBroke] | None = None

    async def answer(self) -> None:
        """Start the device; LineBroke when it refuses."""
        self._loop = asyncio.get_running_loop()
        self._device.start(self._block, lambda: self._tell(None))

    async def send(self, samples: Samples) -> None:
        self._playing.add(samples if self._outwards is None else self._outwards.push(samples))

    async def receive(self) -> Inbound:
        while len(self._pending) < FRAME:
            block = await self._next()
            self._pending = np.concatenate([self._pending, self._inwards.push(block) if self._inwards else block])
        samples, self._pending = self._pending[:FRAME], self._pending[FRAME:]
        frame = Frame(samples, RATE, self._position)
        self._position = frame.end
        return Inbound(frame, self._keys.pressed())

    def ring_off(self) -> None:
        """The caller hangs up."""
        self._end(CallerHungUp)

    async def hang_up(self) -> None:
        self._end(WeHungUp)
        self._device.stop()
        if self.overruns or self.underruns:
            logger().warning("sound_lost", overruns=self.overruns, underruns=self.underruns)

    async def _next(self) -> Samples:
        block = None
        if self._over is None:
            try:
                async with asyncio.timeout(self._patience):
                    block = await self._arrived.get()
            except TimeoutError:
                self._end(LineBroke)
        if block is None:
            self._end(LineBroke)
        if self._over is CallerHungUp:
            raise CallerHungUp("the caller hung up")
        if self._over is WeHungUp:
            raise WeHungUp("the call by microphone is over")
        if block is None:
            raise LineBroke(f"the sound device “{self.line}” gives no more sound: was it unplugged?")
        return block

    def _end(self, how: type[CallerHungUp | WeHungUp | LineBroke]) -> None:
        """The first end counts; who waits for sound is woken."""
        self._over = self._over or how
        self._arrived.put_nowait(None)

    def _block(self, recorded: Samples, played: Samples, lost: bool, late: bool) -> None:  # noqa: FBT001 - see Block
        """In the device's thread."""
        self.overruns += lost
        self.underruns += self._playing.take(played) or late
        self._tell(recorded.copy())

    def _tell(self, block: Samples | None) -> None:
        # the loop may have closed between the last block and the device's end
        with contextlib.suppress(RuntimeError):
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._arrive, block)

    def _arrive(self, block: Samples | None) -> None:
        if self._arrived.qsize() >= MOST_WAITING:
            self._arrived.get_nowait()
            self.overruns += 1
        self._arrived.put_nowait(block)


class _Playing:
    """What is still to be played: added by the call, taken by the device's thread, in whole blocks."""

    def __init__(self, block: int) -> None:
        self._block = block
        self._rest = silence(0)
        # a deque's ends are safe between threads
        self._blocks: deque[Samples] = deque([silence(block)] * PRIME, maxlen=MOST_AHEAD)

    def add(self, samples: Samples) -> None:
        rest = np.concatenate([self._rest, samples])
        whole = len(rest) // self._block * self._block
        self._blocks.extend(rest[:whole].reshape(-1, self._block))
        self._rest = rest[whole:]

    def take(self, into: Samples) -> bool:
        """Fill a block; True when there was none."""
        try:
            into[:] = self._blocks.popleft()
        except IndexError:
            into[:] = 0
            return True
        return False
