"""Our own voice taken out of what the caller's line brings: the echo's path, learnt by least squares, one a call."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from ivr.audio.echo_path import HELD_OUT, TAPS, WINDOW, Problem, decibels, echoed, find_lag, power
from ivr.audio.frame import FRAME, FULL_SCALE, RATE, Samples
from ivr.audio.pcm import Fractions, check_pcm, to_pcm
from ivr.errors import AudioError

LONGEST_DELAY = RATE * 400 // 1000
"""samples that an echo may be late: a satellite's, a packet network's and its jitter buffer's share together"""

SOONEST = 25 * FRAME
"""samples of our voice before the first path: an echo that is 250 ms late has then been heard for 250 ms"""

SHORTEST_PAUSE, LONGEST_PAUSE = 5, 40
"""frames between two attempts: the shortest at first, and longer by as much whenever an attempt taught little"""

STEPS = 4
"""of conjugate gradients at an attempt, from the path so far on: 2 learn as well but later, 8 no better"""

BETTER = 0.9
"""of the energy held out that a new path must stay below to replace the old one: half a decibel"""

MUCH_BETTER = 0.6
"""of that energy: there is more to learn, soon"""

QUIET_DBFS = -50.0
"""our own sound below which nothing is learnt from it"""

SHARES = 50
"""frames of our voice over which the share of it that comes back is followed: one second"""

UNHEARD_DB = -6.0
"""share of our voice that is thought to come back before a line was heard"""

USUAL = 0.35
"""of these shares lie under the one that is expected: a caller over half of them does not pass for our echo"""

FEWEST_SHARES = 10
"""before there are as many, UNHEARD_DB stands for them"""

LEAST_ECHO = 1e-7
"""power of an echo that nobody hears, -70 dBFS"""

NOTHING_DBFS = -100.0


@dataclass(frozen=True)
class Cancelled:
    """20 ms of the caller's side without our echo."""

    samples: Samples
    """what is left, int16, shape (160,)"""
    leak_dbfs: float
    """how loud the echo is that such a frame is used to keep; -100 where there is none"""


class EchoCanceller:
    """Takes our echo out of the line, 20 ms at a time, all through one call; deterministic.

    Every 100 to 800 ms the path is learnt anew from the last 1.2 s, by a few steps of preconditioned conjugate
    gradients towards the least squares; frames that are loud for another reason than our echo weigh little. A new path
    replaces the old one only if it leaves less of 200 ms that it was not learnt from, so that neither a caller who
    talks over us nor silence spoils what is known. The delay comes from a whitened correlation. On the same echoes a
    frequency-domain Kalman filter of 22 parts of 20 ms took 3.5 s to what this does in one (measured here).
    """

    def __init__(self) -> None:
        self._ours = np.zeros(WINDOW + LONGEST_DELAY + TAPS)
        self._theirs = np.zeros(WINDOW)
        self._path = np.zeros(TAPS)
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
        self._loudness.append(power(self._ours[-FRAME:]))

    def _left(self) -> tuple[Fractions, float]:
        """The last frame without its echo, and the power of the echo, or of what there was to come back."""
        theirs = self._theirs[-FRAME:]
        if self._lag is None:
            return theirs, max(self._loudness)
        echo = echoed(self._sent(FRAME, self._lag), self._path)
        left = theirs - echo
        # a path that has just changed must not add to what came
        return (left if power(left) < power(theirs) else theirs), power(echo)

    def _sent(self, count: int, lag: int) -> Fractions:
        """What can sound in the last `count` samples of a path that begins `lag` samples late."""
        end = len(self._ours) - lag
        return self._ours[end - count - TAPS + 1 : end]

    def _leak(self, left: Fractions, echo: float) -> float:
        """The usual share of the echo, with a path of its own, or of our voice, that is left."""
        loudest, level = max(self._loudness), decibels(power(left))
        # a path that is just learnt has to show first what it leaves
        proven = self._lag is not None and len(self._kept) >= FEWEST_SHARES
        reference = echo if proven else loudest
        usual = _usual(self._kept if proven else self._returned)
        if self._lag is not None:
            if echo > LEAST_ECHO:
                self._kept.append(level - decibels(echo))
        # before the longest delay has passed nothing may have come back yet
        elif self._heard > LONGEST_DELAY and loudest > LEAST_ECHO:
            self._returned.append(level - decibels(loudest))
        return NOTHING_DBFS if reference < LEAST_ECHO else max(NOTHING_DBFS, decibels(reference) + usual)

    def _learn(self) -> bool:
        """Try for a better path; False when there was little to learn."""
        if self._lag is not None and self._fails(self._lag):
            self._take(None, np.zeros(TAPS))
            return True
        lag = find_lag(self._ours, self._theirs, LONGEST_DELAY) if self._lag is None else self._lag
        if lag is None or decibels(power(self._sent(HELD_OUT, lag))) < QUIET_DBFS:
            return False
        problem = Problem(self._sent(WINDOW, lag), self._theirs, self._path)
        path = problem.solve(STEPS)
        before, after = power(problem.rest(self._path)), power(problem.rest(path))
        if after < BETTER * before:
            if self._lag is None:
                self._kept.extend(problem.shares(path))
            self._take(lag, path)
        return after < MUCH_BETTER * before

    def _take(self, lag: int | None, path: Fractions) -> None:
        if lag is None:
            self._kept.clear()
        self._lag, self._path = lag, path

    def _fails(self, lag: int) -> bool:
        """Whether the path adds more than it takes away: then it has changed."""
        theirs = self._theirs[-HELD_OUT:]
        return power(theirs) < BETTER * power(theirs - echoed(self._sent(HELD_OUT, lag), self._path))


def _usual(shares: deque[float]) -> float:
    return sorted(shares)[int(USUAL * len(shares))] if len(shares) >= FEWEST_SHARES else UNHEARD_DB
