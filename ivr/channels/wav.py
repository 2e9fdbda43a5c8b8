"""A call from a WAV: the caller's side is a file, as fast as it can be read."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.audio.frame import FRAME, RATE, Frame, Samples, frames, silence
from ivr.channels.base import Inbound
from ivr.errors import CallerHungUp, WeHungUp


class WavChannel:
    """Plays `samples` (8 kHz) as the caller; when they end the caller hangs up after `linger` seconds of silence."""

    name = "wav"
    key_sounds = True

    def __init__(
        self, samples: Samples, line: str, linger: float = 30.0, *, caller: str = "", inside: bool = False
    ) -> None:
        self.line = line
        self.caller = caller
        self.inside = inside
        self._frames: Iterator[Frame] = frames(samples)
        self._position = 0
        self._end = len(samples) + round(linger * RATE)
        self._over = False

    async def answer(self) -> None:
        """Nothing rings here."""

    async def send(self, samples: Samples) -> None:
        """A file does not listen."""

    async def receive(self) -> Inbound:
        if self._over:
            raise WeHungUp("the call from the file is over")
        if self._position >= self._end:
            raise CallerHungUp("the recording ended")
        frame = next(self._frames, None) or Frame(silence(FRAME), RATE, self._position)
        self._position = frame.end
        return Inbound(frame)

    async def hang_up(self) -> None:
        self._over = True
