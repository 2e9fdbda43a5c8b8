"""How often our own echo, a cough or a click stops us, and how soon a caller does: over synthetic lines, seeded.

`ivr bench barge-in` prints the table. Every case is the first prompt of its call: the canceller begins knowing nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import webrtcvad

from ivr.audio.echo import EchoCanceller
from ivr.audio.frame import FRAME, RATE, Frame, frames, seconds
from ivr.audio.level import rms_dbfs
from ivr.bench.barge_in_cases import LENGTH, Case, Kind, Sounds, make_case
from ivr.speech.barge_in import BargeIn
from ivr.speech.vad import WebrtcVoiceDetector

ECHOES_DB = (-20, -30, -10, None)
"""the echo against what we send: the promised ones, a harsher one, and a line of which the exchange takes it out"""

PATIENCE = RATE // 5
"""samples after the caller's last in which a stop still counts as heard"""

PLAIN_MODE, PLAIN_DBFS = 3, -45.0
"""webrtcvad without a canceller, for comparison: 60 % of 200 ms, over -45 dBFS (lab: c9_nlms.py)"""


@dataclass(frozen=True)
class Outcome:
    """What one case came to; samples of the prompt."""

    kind: Kind
    echo_db: int | None
    """None where there is no echo"""
    voice_start: int | None
    voice_end: int | None
    stopped: int | None
    """where we stopped; None if we did not"""
    plain: int | None
    """where webrtcvad alone would have stopped us"""


@dataclass(frozen=True)
class Tally:
    """One detector over the cases of one echo, or of one kind of them."""

    cases: int
    false: int
    """stops before or without a caller's voice"""
    calls: int
    """cases with a caller whom no false stop kept from speaking"""
    missed: int
    """of these: no stop until PATIENCE after the caller's last sample"""
    waits_ms: tuple[float, ...]
    """from the caller's first sample to the stop, of those who were heard"""

    def wait(self, percent: float) -> float | None:
        """A percentile of the waits in ms; None without any."""
        return float(np.percentile(self.waits_ms, percent)) if self.waits_ms else None


@dataclass(frozen=True)
class Measured:
    """A whole run."""

    outcomes: tuple[Outcome, ...]
    cpu_seconds: float
    """of this process, for canceller, voice detector and decision"""
    prompt_seconds: float

    @property
    def cpu_percent(self) -> float:
        """Share of one core that a call takes while a prompt plays."""
        return 100.0 * self.cpu_seconds / self.prompt_seconds


def plan(cases: int) -> Iterator[tuple[int | None, Kind, int]]:
    """(echo, kind, number) of every case of a run with `cases` of each kind at each echo."""
    return ((echo_db, kind, number) for echo_db in ECHOES_DB for kind in Kind for number in range(cases))


def measure(sounds: Sounds, cases: int, seed: int, tell: Callable[[], None] = lambda: None) -> Measured:
    """Run `cases` of each kind at each echo; `tell` is called after each. The same seed gives the same outcomes."""
    outcomes, cpu = [], 0.0
    for echo_db, kind, number in plan(cases):
        # every case has numbers of its own, so that more cases leave the first ones as they were
        random = np.random.RandomState([seed, -(echo_db or 0), list(Kind).index(kind), number])
        case = make_case(kind, echo_db, sounds, random)
        start = time.process_time()
        stopped = ours(case)
        cpu += time.process_time() - start
        outcomes.append(Outcome(kind, echo_db, case.voice_start, case.voice_end, stopped, plain(case)))
        tell()
    return Measured(tuple(outcomes), cpu, len(outcomes) * seconds(LENGTH))


def ours(case: Case) -> int | None:
    """Where a call of ours stops; all of the prompt is worked through, as the processor's time is measured here."""
    canceller, detector, barge_in = EchoCanceller(), WebrtcVoiceDetector(), BargeIn()
    stopped = None
    for sent, came in zip(frames(case.ours), frames(case.line), strict=True):
        left = canceller.push(sent.samples, came.samples)
        frame = Frame(left.samples, RATE, came.offset)
        stopped = barge_in.push(frame, left.leak_dbfs, voice=detector.is_voice(frame))
    return None if stopped is None else stopped.decided


def plain(case: Case) -> int | None:
    """Where webrtcvad on the line as it is would stop."""
    vad, recent = webrtcvad.Vad(PLAIN_MODE), [False] * 10
    for frame in frames(case.line):
        voice = vad.is_speech(frame.samples.tobytes(), RATE) and rms_dbfs(frame.samples) > PLAIN_DBFS
        recent = [*recent[1:], voice]
        if voice and sum(recent) >= 6:
            return frame.offset + FRAME
    return None


def tally(outcomes: Sequence[Outcome], *, alone: bool = False) -> Tally:
    """Count what became of cases, ours or, with `alone`, webrtcvad's."""
    false = calls = missed = 0
    waits = []
    for each in outcomes:
        stopped = each.plain if alone else each.stopped
        if stopped is not None and (each.voice_start is None or stopped <= each.voice_start):
            false += 1
        elif each.voice_start is not None and each.voice_end is not None:
            calls += 1
            if stopped is None or stopped > each.voice_end + PATIENCE:
                missed += 1
            else:
                waits.append(1000.0 * seconds(stopped - each.voice_start))
    return Tally(len(outcomes), false, calls, missed, tuple(waits))


def by_echo(outcomes: Sequence[Outcome], echo_db: int | None) -> tuple[Outcome, ...]:
    """The outcomes at one echo; None: of lines without echo."""
    return tuple(each for each in outcomes if each.echo_db == echo_db)
