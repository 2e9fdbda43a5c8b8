"""What every engine hands over: telephone sound with its units, each with its time, ready for the corpus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr

from ivr.audio.frame import RATE, Samples
from ivr.bench.exam.corpus import HOP
from ivr.errors import VoiceError
from ivr.records import Language
from models.train.text import Sentence

Sound = npt.NDArray[np.float32]

EDGE = 12
"""10 ms steps of silence kept at both ends"""

AUDIBLE = 0.02
"""of the peak: what lies under it at the ends is silence"""

FADE = 3
"""10 ms steps in which a last sound dies away below the audible"""

PEAK = 20_000
"""of int16: room for noise to be added; the level is varied in degrade.py"""

SHORTEST, LONGEST = 0.15, 12.0
"""seconds of a usable clip"""


@dataclass(frozen=True)
class Span:
    """A unit (0 for silence) and when it ends, in seconds."""

    unit: int
    end: float


@dataclass(frozen=True)
class Spoken:
    """A sentence as one voice said it."""

    sentence: Sentence
    samples: Samples
    units: tuple[int, ...]
    durations: tuple[int, ...] | None
    pauses: tuple[int, ...] | None
    voice: str

    @property
    def seconds(self) -> float:
        return len(self.samples) / RATE


class Engine(Protocol):
    """A source of speech; everything random comes from `seed`."""

    name: str
    languages: tuple[Language, ...]

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        """Say some sentences, of one language, by one voice each; what cannot be said is left out. VoiceError."""
        ...

    @property
    def at_once(self) -> int:
        """How many sentences a call should hold."""
        ...


def usable(sentences: Sequence[Sentence], say: Callable[[Sentence], Spoken]) -> list[Spoken]:
    """What `say` made of them; a sentence that it has no voice for, or that came out unusable, is left out."""
    found: list[Spoken] = []
    for sentence in sentences:
        try:
            found.append(say(sentence))
        except VoiceError:
            # too short, too long, silent, or of sounds that are none of ours: the next one will do
            continue
    return found


def spoken(  # noqa: PLR0913, PLR0917 - what an engine tells of one text
    sentence: Sentence,
    sound: Sound,
    rate: float,
    units: Sequence[int],
    spans: Sequence[Span] | None,
    voice: str,
) -> Spoken:
    """Bring a sound of any rate to the telephone's, trim its silent ends and count the steps of each span.

    A `rate` that is not the true one shifts pitch and formants together, as another throat would. VoiceError if
    nothing is audible, the clip is too short or too long, or the spans are of other units than `units`.
    """
    narrow: Sound = soxr.resample(sound, rate, RATE).astype(np.float32)
    peak = float(np.abs(narrow).max()) if len(narrow) else 0.0
    if peak <= 0.0:
        raise VoiceError(f"nothing was said to {sentence.text!r}")
    loud = np.flatnonzero(np.abs(narrow) > AUDIBLE * peak)
    first, last = int(loud[0]) // HOP, int(loud[-1]) // HOP + 1
    start, end = max(0, first - EDGE), min(len(narrow) // HOP, last + EDGE)
    durations, pauses = None, None
    if spans is not None:
        if [span.unit for span in spans if span.unit] != list(units):
            raise VoiceError(f"the units of {sentence.text!r} and their times do not agree")
        spans = _ended(spans, (last + FADE) * HOP / RATE)
        # a soft onset lies under the audible: never cut into a unit
        start, end = min(start, _first(spans)), max(end, min(_last(spans), len(narrow) // HOP))
        durations, pauses = _steps(spans, start, end)
    seconds = (end - start) * HOP / RATE
    if not SHORTEST <= seconds <= LONGEST:
        raise VoiceError(f"{sentence.text!r} took {seconds:.1f} s")
    samples = (narrow[start * HOP : end * HOP] * (PEAK / peak)).astype(np.int16)
    return Spoken(sentence, samples, tuple(units), durations, pauses, voice)


def _ended(spans: Sequence[Span], audible: float) -> list[Span]:
    """No unit lasts longer than there is sound: Kokoro counts silence to the last one."""
    return [Span(span.unit, min(span.end, audible)) if span.unit else span for span in spans]


def _first(spans: Sequence[Span]) -> int:
    """The step in which the first unit begins."""
    return round(spans[0].end * RATE / HOP) if spans[0].unit == 0 else 0


def _last(spans: Sequence[Span]) -> int:
    """The step in which the last unit ends."""
    return round(max(span.end for span in spans if span.unit) * RATE / HOP)


def _steps(spans: Sequence[Span], start: int, end: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Steps of each unit, and of the silence around them, between two steps of the sound."""
    durations: list[int] = []
    pauses = [0]
    here = start
    for span in spans:
        there = min(max(round(span.end * RATE / HOP), here), end)
        if span.unit:
            durations.append(there - here)
            pauses.append(0)
        else:
            pauses[-1] += there - here
        here = there
    pauses[-1] += end - here
    return tuple(durations), tuple(pauses)
