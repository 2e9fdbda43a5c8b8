"""Does the caller talk to us while we speak: decided on what is left of the line without our own echo."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
from scipy import fft

from ivr.audio.frame import FRAME, RATE, Frame, Samples
from ivr.audio.level import rms_dbfs
from ivr.audio.pcm import Fractions, to_fractions


@dataclass(frozen=True)
class BargeInRule:
    """What counts as a caller who talks to us; measured here with `ivr bench barge-in`."""

    needed: int = 7
    """frames that count, of the last `within`: 140 ms of voiced sound in 240 ms. 6 of 10 (facts/speech.md: 60 % of
    200 ms) are 20 ms sooner, and one cough in fifty stopped us"""
    within: int = 12
    least_dbfs: float = -38.0
    """quieter frames do not count. A voice at -20 dBFS has a murmur 25 dB under it mostly below; at -45 dBFS
    (facts/speech.md, which had no murmur) nine of ten murmurs stopped us"""
    over_leak_db: float = 9.0
    """a frame must be louder by as much than what our echo is used to leave"""
    periodic: float = 0.6
    """likeness of 40 ms to itself a pitch period later, 0 to 1, that counts as voiced: a cough's and a click's is less,
    or lasts less"""


@dataclass(frozen=True)
class Barged:
    """A caller who stops us."""

    voice_start: int
    """first sample of the first frame that counted, in the call; what is not voiced, an “s”, lies before it"""
    decided: int
    """first sample after the frame that decided: here the prompt stops"""


LOWEST_PITCH, HIGHEST_PITCH = 60, 400
"""of a speaker, in Hz"""


class BargeIn:
    """Follows one prompt, 20 ms at a time; one object a prompt."""

    def __init__(self, rule: BargeInRule | None = None) -> None:
        self._rule = rule or BargeInRule()
        self._counted: deque[int] = deque()
        self._before: Samples = np.zeros(FRAME, dtype=np.int16)
        self._barged: Barged | None = None

    def push(self, frame: Frame, leak_dbfs: float, *, voice: bool) -> Barged | None:
        """Take a frame without our echo, how loud the echo left in it may be, and the voice detector's word on it.

        From the frame on that decides, what it decided; before, None.
        """
        if self._barged is None and self._counts(frame, leak_dbfs, voice=voice):
            self._counted.append(frame.offset)
            while self._counted[0] <= frame.offset - self._rule.within * FRAME:
                self._counted.popleft()
            if len(self._counted) >= self._rule.needed:
                self._barged = Barged(self._counted[0], frame.end)
        self._before = frame.samples
        return self._barged

    def _counts(self, frame: Frame, leak_dbfs: float, *, voice: bool) -> bool:
        if not voice:
            return False
        level = rms_dbfs(frame.samples)
        if level < max(self._rule.least_dbfs, leak_dbfs + self._rule.over_leak_db):
            return False
        # the dearest test last: few frames come so far
        return periodicity(np.concatenate([self._before, frame.samples])) > self._rule.periodic


def periodicity(samples: Samples) -> float:
    """How like a sound is to itself one pitch period later, at the best period of 60 to 400 Hz: 0 noise, 1 a tone.

    The normalised autocorrelation of int16 samples at 8 kHz, which are to span two periods at least; 0 for silence.
    """
    sound = to_fractions(samples)
    sound -= sound.mean()
    shortest, longest = RATE // HIGHEST_PITCH, min(RATE // LOWEST_PITCH, len(sound) // 2)
    spectrum = fft.rfft(sound, 2 * len(sound))
    alike = fft.irfft(spectrum.real**2 + spectrum.imag**2)[shortest : longest + 1]
    energy: Fractions = np.concatenate([[0.0], np.cumsum(np.square(sound))])
    lags = np.arange(shortest, longest + 1)
    both = np.sqrt(energy[len(sound) - lags] * (energy[-1] - energy[lags]))
    return max(0.0, float((alike / (both + 1e-9)).max()))
