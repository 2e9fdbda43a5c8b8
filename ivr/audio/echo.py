"""Our own voice taken out of what the caller's line brings: the echo's path, learnt by least squares, one a call."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from scipy import fft

from ivr.audio.frame import FRAME, FULL_SCALE, RATE, Samples
from ivr.audio.pcm import Fractions, check_pcm, to_pcm
from ivr.errors import AudioError

LONGEST_DELAY = RATE * 400 // 1000
"""samples that an echo may be late: a satellite's, a packet network's and its jitter buffer's share together"""

BEFORE = 64
"""samples that the path begins before its strongest tap: 8 ms"""

TAPS = 512
"""samples of the path, reflections and all: 64 ms (facts/speech.md, “Listening”: 512 taps after the bulk delay)"""

WINDOW = 60 * FRAME
"""samples from which a path is learnt: 1.2 s"""

HELD_OUT = 10 * FRAME
"""the last of them, which are no part of the learning and judge what was learnt: 200 ms"""

SOONEST = 30 * FRAME
"""samples of our voice before the first path: an echo that is 350 ms late has then been heard for 250 ms"""

SHORTEST_PAUSE, LONGEST_PAUSE = 5, 40
"""frames between two attempts: the shortest at first, and longer by as much whenever an attempt taught little"""

STEPS = 4
"""of conjugate gradients at an attempt, from the path so far on: 2 learn as well but later, 8 no better"""

BETTER = 0.9
"""of the energy held out that a new path must stay below to replace the old one: half a decibel"""

MUCH_BETTER = 0.6
"""of that energy: there is more to learn, soon"""

PEAK = 6.0
"""times its own RMS that the whitened correlation must peak to show a delay; noise peaks at 4 among so many lags"""

QUIET_DBFS = -50.0
"""our own sound below which nothing is learnt from it"""

LEAST_POWER = 1e-6
"""of a frame, -60 dBFS: quieter frames are not listened to more closely than these"""

DAMPING = 1e-3
"""of the mean power, added to every frequency of the preconditioner"""

RIDGE = 10.0
"""pull of every tap towards zero, where our sound has no energy at its frequency"""

SHARES = 50
"""frames of our voice over which the share of it that comes back is followed: one second"""

UNHEARD_DB = -6.0
"""share of our voice that is thought to come back before a line was heard"""

FEWEST_SHARES = 15
"""before there are as many, UNHEARD_DB stands for them"""

LEAST_ECHO = 1e-7
"""power of an echo that nobody hears, -70 dBFS"""

NOTHING_DBFS = -100.0

BLOCK = fft.next_fast_len(FRAME + TAPS, real=True)
"""samples of the transform that filters one frame"""


@dataclass(frozen=True)
class Cancelled:
    """20 ms of the caller's side without our echo."""

    samples: Samples
    """what is left, int16, shape (160,)"""
    leak_dbfs: float
    """how loud the echo is that such a frame is used to keep; -100 where there is none"""


class EchoCanceller:
    """Takes our echo out of the line, 20 ms at a time, all through one call; deterministic.

    Every 100 to 200 ms the path is learnt anew from the last 1.2 s, by a few steps of preconditioned conjugate
    gradients towards the least squares; frames that are loud for another reason than our echo weigh little. A new path
    replaces the old one only if it leaves less of 200 ms that it was not learnt from, so that neither a caller who
    talks over us nor silence spoils what is known. The delay comes from a whitened correlation. On the same echoes a
    frequency-domain Kalman filter of 22 parts of 20 ms took 3.5 s to what this does in one (measured here).
    """

    def __init__(self) -> None:
        self._ours = np.zeros(WINDOW + LONGEST_DELAY + TAPS)
        self._theirs = np.zeros(WINDOW)
        self._path = np.zeros(TAPS)
        self._turned = fft.rfft(self._path, BLOCK)
        self._lag: int | None = None
        """samples by which the path's first tap is late; None while no path is known"""
        self._sounding = 0
        """samples until the last of our sound cannot come back any more"""
        self._heard = 0
        """samples of the call in which our sound could come back"""
        self._pause = self._until = SHORTEST_PAUSE
        self._loudness: deque[float] = deque(maxlen=LONGEST_DELAY // FRAME)
        """power of our last frames, any of which may come back now"""
        self._returned: deque[float] = deque(maxlen=SHARES)
        """dB of our voice that came back, while no path is known"""
        self._kept: deque[float] = deque(maxlen=SHARES)
        """dB of the echo that the path leaves"""

    def push(self, ours: Samples, theirs: Samples) -> Cancelled:
        """Take what we send and what comes in the same 20 ms, int16 at 8 kHz; AudioError unless 160 samples each."""
        for samples in (ours, theirs):
            check_pcm(samples)
            if len(samples) != FRAME:
                raise AudioError(f"expected {FRAME} samples, got {len(samples)}")
        self._sounding = LONGEST_DELAY + TAPS if ours.any() else max(0, self._sounding - FRAME)
        if not self._sounding:
            # nothing is kept of such frames: what is kept ends with our silence, so that it may go on here later
            return Cancelled(theirs, NOTHING_DBFS)
        self._keep(ours, theirs)
        left, echo = self._left()
        leak = self._leak(left, echo)
        self._heard += FRAME
        self._until -= 1
        if self._heard >= SOONEST and self._until <= 0:
            self._pause = SHORTEST_PAUSE if self._learn() else min(LONGEST_PAUSE, self._pause + SHORTEST_PAUSE)
            self._until = self._pause
        return Cancelled(theirs if self._lag is None else to_pcm(left), leak)

    def _keep(self, ours: Samples, theirs: Samples) -> None:
        for kept, new in ((self._ours, ours), (self._theirs, theirs)):
            kept[:-FRAME] = kept[FRAME:]
            kept[-FRAME:] = new / FULL_SCALE
        self._loudness.append(_power(self._ours[-FRAME:]))

    def _left(self) -> tuple[Fractions, float]:
        """The last frame without its echo, and the power of the echo, or of what there was to come back."""
        theirs = self._theirs[-FRAME:]
        if self._lag is None:
            return theirs, max(self._loudness)
        turned = fft.rfft(self._sent(FRAME, self._lag), BLOCK)
        echo = fft.irfft(turned * self._turned, BLOCK)[TAPS - 1 : TAPS - 1 + FRAME]
        left = theirs - echo
        # a path that has just changed must not add to what came
        return (left if _power(left) < _power(theirs) else theirs), _power(echo)

    def _sent(self, count: int, lag: int) -> Fractions:
        """What can sound in the last `count` samples of a path that begins `lag` samples late."""
        end = len(self._ours) - lag
        return self._ours[end - count - TAPS + 1 : end]

    def _leak(self, left: Fractions, echo: float) -> float:
        """The usual share of the echo, with a path of its own, or of our voice, that is left."""
        loudest, level = max(self._loudness), _decibels(_power(left))
        # a path that is just learnt has to show first what it leaves
        proven = self._lag is not None and len(self._kept) >= FEWEST_SHARES
        reference = echo if proven else loudest
        usual = _median(self._kept if proven else self._returned)
        if self._lag is not None:
            if echo > LEAST_ECHO:
                self._kept.append(level - _decibels(echo))
        # before the longest delay has passed nothing may have come back yet
        elif self._heard > LONGEST_DELAY and loudest > LEAST_ECHO:
            self._returned.append(level - _decibels(loudest))
        return NOTHING_DBFS if reference < LEAST_ECHO else max(NOTHING_DBFS, _decibels(reference) + usual)

    def _learn(self) -> bool:
        """Try for a better path; False when there was little to learn."""
        if self._lag is not None and self._fails(self._lag):
            self._take(None, np.zeros(TAPS))
            return True
        lag = self._find() if self._lag is None else self._lag
        if lag is None or _decibels(_power(self._sent(HELD_OUT, lag))) < QUIET_DBFS:
            return False
        problem = _Problem(self._sent(WINDOW, lag), self._theirs, self._path)
        path = problem.solve(STEPS)
        before, after = problem.held_out(self._path), problem.held_out(path)
        if after < BETTER * before:
            self._take(lag, path)
        return after < MUCH_BETTER * before

    def _take(self, lag: int | None, path: Fractions) -> None:
        if lag != self._lag:
            self._kept.clear()
        self._lag, self._path, self._turned = lag, path, fft.rfft(path, BLOCK)

    def _fails(self, lag: int) -> bool:
        """Whether the path adds more than it takes away: then it has changed."""
        size = fft.next_fast_len(HELD_OUT + TAPS, real=True)
        echo = fft.irfft(fft.rfft(self._sent(HELD_OUT, lag), size) * fft.rfft(self._path, size), size)
        theirs = self._theirs[-HELD_OUT:]
        return _power(theirs) < BETTER * _power(theirs - echo[TAPS - 1 : TAPS - 1 + HELD_OUT])

    def _find(self) -> int | None:
        """The lag at which the path begins, by the peak of a whitened correlation; None where there is no peak."""
        # what came is laid at the end of as much silence, so that both end together and no lag of ours wraps round
        size = fft.next_fast_len(len(self._ours), real=True)
        ours = fft.rfft(self._ours, size)
        came = fft.rfft(np.concatenate([np.zeros(len(self._ours) - WINDOW), self._theirs]), size)
        product = came * np.conj(ours)
        band = slice(size * 300 // RATE, size * 3400 // RATE)
        white = np.zeros_like(product)
        white[band] = product[band] / (np.abs(product[band]) + 1e-12)
        lags = np.abs(fft.irfft(white, size)[:LONGEST_DELAY])
        peak = int(lags.argmax())
        return max(0, peak - BEFORE) if lags[peak] > PEAK * np.sqrt(np.mean(np.square(lags))) else None


class _Problem:
    """Least squares: the path whose echo, weighed frame by frame, comes nearest to what came."""

    def __init__(self, sent: Fractions, came: Fractions, path: Fractions) -> None:
        self._size = 10240
        self._came = came
        self._sent = fft.rfft(sent, self._size)
        self._path = path
        self._rest = came - self._echo(path)
        powers = np.square(self._rest).reshape(-1, FRAME).mean(axis=1) + LEAST_POWER
        self._weights = np.repeat(1.0 / powers, FRAME)
        self._weights[-HELD_OUT:] = 0.0
        self._inverse = 1.0 / self._spectrum(sent[TAPS - 1 :] * np.sqrt(self._weights))

    def solve(self, steps: int) -> Fractions:
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

    def held_out(self, path: Fractions) -> float:
        rest = self._rest if path is self._path else self._came - self._echo(path)
        return float(np.square(rest[-HELD_OUT:]).sum())

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


def _median(shares: deque[float]) -> float:
    return sorted(shares)[len(shares) // 2] if len(shares) >= FEWEST_SHARES else UNHEARD_DB


def _power(sound: Fractions) -> float:
    return float(sound @ sound) / len(sound)


def _decibels(power: float) -> float:
    return 10.0 * math.log10(power + 1e-10)
