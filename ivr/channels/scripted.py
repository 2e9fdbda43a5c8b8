"""A closed-loop caller: what it says is put on the line while the call runs, because it follows our prompts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.audio.frame import FRAME, RATE, Frame, Samples, silence
from ivr.channels.base import Inbound
from ivr.errors import CallerHungUp, LineBroke, WeHungUp

LONGEST = 15 * 60 * RATE
"""samples after which a scripted call is broken off: a script that never ends is a fault of the script"""


@dataclass(frozen=True)
class _Cue:
    at: int
    samples: Samples
    keys: str
    hangs_up: bool


class ScriptedChannel:
    """A line whose caller is told what to do next: `speak`, `press`, `ring_off`."""

    name = "scenario"

    def __init__(self, line: str) -> None:
        self.line = line
        self.position = 0
        """samples of the call so far"""
        self._cues: list[_Cue] = []
        self._over = False

    def speak(self, at: int, samples: Samples) -> None:
        """Say `samples` (8 kHz) from sample `at` on."""
        self._cues.append(_Cue(at, samples, "", hangs_up=False))

    def press(self, at: int, keys: str, gap: int = RATE // 4) -> None:
        """Press `keys` one after the other, `gap` samples apart."""
        for number, key in enumerate(keys):
            self._cues.append(_Cue(at + number * gap, silence(0), key, hangs_up=False))

    def ring_off(self, at: int) -> None:
        """Hang up at sample `at`."""
        self._cues.append(_Cue(at, silence(0), "", hangs_up=True))

    async def answer(self) -> None:
        """Nothing rings here."""

    async def send(self, samples: Samples) -> None:
        """The script hears our prompts by their events, not by their sound."""

    async def receive(self) -> Inbound:
        if self._over:
            raise WeHungUp("the scripted call is over")
        if self.position >= LONGEST:
            raise LineBroke(f"the script of “{self.line}” never ends: 15 minutes are enough")
        start, end = self.position, self.position + FRAME
        due = [cue for cue in self._cues if cue.at < end]
        if any(cue.hangs_up for cue in due):
            raise CallerHungUp("the caller hung up")
        samples = np.zeros(FRAME, dtype=np.int32)
        for cue in due:
            self._mix(samples, cue, start)
        keys = "".join(cue.keys for cue in due)
        self._cues = [cue for cue in self._cues if cue.at + len(cue.samples) >= end and (cue.at >= end or not cue.keys)]
        self.position = end
        return Inbound(Frame(np.clip(samples, -32768, 32767).astype(np.int16), RATE, start), keys)

    def _mix(self, samples: np.ndarray[tuple[int], np.dtype[np.int32]], cue: _Cue, start: int) -> None:
        offset = start - cue.at
        piece = cue.samples[max(0, offset) : max(0, offset + FRAME)]
        if len(piece):
            lead = max(0, -offset)
            samples[lead : lead + len(piece)] += piece

    async def hang_up(self) -> None:
        self._over = True
