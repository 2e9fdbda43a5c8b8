"""The path of an echo, learnt from what was sent and what came: where it begins, and its taps by least squares."""

from __future__ import annotations

import math

import numpy as np
from scipy import fft

from ivr.audio.frame import FRAME, RATE
from ivr.audio.pcm import Fractions

BEFORE = 64
"""samples that the path begins before its strongest tap: 8 ms"""

TAPS = 512
"""samples of the path, reflections and all: 64 ms (facts/speech.md, “Listening”: 512 taps after the bulk delay)"""

WINDOW = 60 * FRAME
"""samples from which a path is learnt: 1.2 s"""

HELD_OUT = 10 * FRAME
"""the last of them, which are no part of the learning and judge what was learnt: 200 ms"""

PEAK = 6.0
"""times its own RMS that the whitened correlation must peak to show a delay; noise peaks at 4 among so many lags"""

LEAST_POWER = 1e-6
"""of a frame, -60 dBFS: quieter frames are not listened to more closely than these"""

DAMPING = 1e-3
"""of the mean power, added to every frequency of the preconditioner"""

RIDGE = 10.0
"""pull of every tap towards zero, where our sound has no energy at its frequency"""

SIZE = 10240
"""of the transforms over a window: 1.3 % more than they need, and a product of small primes"""


def find_lag(sent: Fractions, came: Fractions, longest: int) -> int | None:
    """Find how late a path begins, in samples below `longest`, by a whitened correlation; None where it has no peak.

    Both end at the same sample; `sent` is longer than `came` by `longest` at least.
    """
    # what came is laid at the end of as much silence, so that no lag of ours wraps round
    size = fft.next_fast_len(len(sent), real=True)
    product = fft.rfft(np.concatenate([np.zeros(len(sent) - len(came)), came]), size) * np.conj(fft.rfft(sent, size))
    band = slice(size * 300 // RATE, size * 3400 // RATE)
    white = np.zeros_like(product)
    white[band] = product[band] / (np.abs(product[band]) + 1e-12)
    lags = np.abs(fft.irfft(white, size)[:longest])
    peak = int(lags.argmax())
    return max(0, peak - BEFORE) if lags[peak] > PEAK * np.sqrt(np.mean(np.square(lags))) else None


def echoed(sent: Fractions, path: Fractions) -> Fractions:
    """The echo of `sent` where all of it is known: from its sample TAPS - 1 on."""
    size = fft.next_fast_len(len(sent), real=True)
    echo: Fractions = fft.irfft(fft.rfft(sent, size) * fft.rfft(path, size), size)
    return echo[TAPS - 1 : len(sent)]


def power(sound: Fractions) -> float:
    """Mean square."""
    return float(sound @ sound) / len(sound)


def decibels(energy: float) -> float:
    """A power in dB, -100 at the least."""
    return 10.0 * math.log10(energy + 1e-10)


class Problem:
    """Least squares: the path of TAPS samples whose echo, weighed frame by frame, comes nearest to what came.

    `came` are WINDOW samples, the last HELD_OUT of which judge only; `sent` are as many and the TAPS - 1 before them;
    `path` is what is known so far.
    """

    def __init__(self, sent: Fractions, came: Fractions, path: Fractions) -> None:
        self._size = SIZE
        self._came = came
        self._sent = fft.rfft(sent, self._size)
        self._path = path
        self._rest = came - self._echo(path)
        powers = np.square(self._rest).reshape(-1, FRAME).mean(axis=1) + LEAST_POWER
        self._weights = np.repeat(1.0 / powers, FRAME)
        self._weights[-HELD_OUT:] = 0.0
        self._inverse = 1.0 / self._spectrum(sent[TAPS - 1 :] * np.sqrt(self._weights))

    def solve(self, steps: int) -> Fractions:
        """Go `steps` of preconditioned conjugate gradients from the path so far towards the best one."""
        path = self._path.copy()
        slope = self._back(self._weights * self._rest) - RIDGE * path
        better = self._precondition(slope)
        way, before = better, float(slope @ better)
        for _ in range(steps):
            if before <= 0.0:
                break
            bend = self._back(self._weights * self._echo(way)) + RIDGE * way
            length = before / float(way @ bend)
            path += length * way
            slope -= length * bend
            better = self._precondition(slope)
            after = float(slope @ better)
            way, before = better + after / before * way, after
        return path

    def rest(self, path: Fractions) -> Fractions:
        """What `path` leaves of the samples held out."""
        rest = self._rest if path is self._path else self._came - self._echo(path)
        return rest[-HELD_OUT:]

    def shares(self, path: Fractions) -> list[float]:
        """How many dB of its echo `path` leaves in each frame held out."""
        rest = self.rest(path)
        pairs = zip(rest.reshape(-1, FRAME), (self._came[-HELD_OUT:] - rest).reshape(-1, FRAME), strict=True)
        return [decibels(power(left)) - decibels(power(echo)) for left, echo in pairs]

    def _echo(self, path: Fractions) -> Fractions:
        sound: Fractions = fft.irfft(self._sent * fft.rfft(path, self._size), self._size)
        return sound[TAPS - 1 : TAPS - 1 + WINDOW]

    def _back(self, rest: Fractions) -> Fractions:
        """What each tap has to do with `rest`: the transpose of `_echo`."""
        spread = np.zeros(self._size)
        spread[TAPS - 1 : TAPS - 1 + WINDOW] = rest
        taps: Fractions = fft.irfft(np.conj(self._sent) * fft.rfft(spread), self._size)
        return taps[:TAPS]

    def _spectrum(self, sound: Fractions) -> Fractions:
        pieces = sound[: len(sound) // TAPS * TAPS].reshape(-1, TAPS)
        power: Fractions = np.square(np.abs(fft.rfft(pieces, 2 * TAPS, axis=1))).sum(axis=0)
        power += RIDGE + DAMPING * power.mean()
        return power

    def _precondition(self, taps: Fractions) -> Fractions:
        shaped: Fractions = fft.irfft(fft.rfft(taps, 2 * TAPS) * self._inverse, 2 * TAPS)
        return shaped[:TAPS]
