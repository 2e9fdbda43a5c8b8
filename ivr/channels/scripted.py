"""A closed-loop caller: what it says is put on the line while the call runs, because it follows our prompts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.audio.frame import FRAME, RATE, Frame, Samples, silence
from ivr.channels.base import Inbound
from ivr.errors import CallerHungUp, LineBroke, WeHungUp

LONGEST = 15 * 60 * RATE
"""samples after which a scripted call is broken off: a script that never ends is a fault of the script"""


ECHO_DELAY = 60 * RATE // 1000
"""samples between what we send and its echo"""


@dataclass(frozen=True)
class _Cue:
    at: int
    samples: Samples
    keys: str
    hangs_up: bool


class ScriptedChannel:
    """A line whose caller is told what to do next: `speak`, `press`, `ring_off`."""

    name = "scenario"
    key_sounds = True

    def __init__(self, line: str, caller: str = "", *, inside: bool = False) -> None:
        self.line = line
        self.caller = caller
        self.inside = inside
        self.position = 0
        """samples of the call so far"""
        self._cues: list[_Cue] = []
        self._surroundings: list[tuple[int, Samples]] = [(0, silence(0))]
        self._lost = 0.0
        self._losses = np.random.RandomState(0)
        self._echo = 0.0
        self._ours = np.zeros(ECHO_DELAY, dtype=np.float64)
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

    def surround(self, at: int, samples: Samples) -> None:
        """Lay `samples` under the line from sample `at` on, again and again; none of them end it."""
        self._surroundings.append((at, samples))

    def lose(self, share: float) -> None:
        """Lose that share of the caller's packets of 20 ms, always the same ones."""
        self._lost = share

    def echo(self, db: float) -> None:
        """Bring our own voice back, so many decibels (negative) under what we sent, 60 ms late."""
        self._echo = 10.0 ** (db / 20.0)

    async def answer(self) -> None:
        """Nothing rings here."""

    async def send(self, samples: Samples) -> None:
        """The script hears our prompts by their events; their sound only comes back as an echo."""
        self._ours = np.concatenate([self._ours[-ECHO_DELAY:], samples])

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
        self._spoil(samples, start)
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

    def _spoil(self, samples: np.ndarray[tuple[int], np.dtype[np.int32]], start: int) -> None:
        """What the line does to a frame: noise, our echo, loss."""
        around = next(sound for at, sound in reversed(self._surroundings) if at <= start)
        if len(around):
            samples += around[np.arange(start, start + FRAME) % len(around)]
        if self._echo:
            samples += np.rint(self._ours[:FRAME] * self._echo).astype(np.int32)
        if self._lost and self._losses.random_sample() < self._lost:
            samples[:] = 0

    async def hang_up(self) -> None:
        self._over = True
