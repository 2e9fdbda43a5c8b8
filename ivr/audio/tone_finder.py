"""Stable tones in a call's sound, found while it comes in: dial, busy, ringback, fax. A voice is never so steady."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ivr.audio.cadence import Meaning, Tone, ToneKind, meaning
from ivr.audio.frame import FRAME, FULL_SCALE, RATE, Frame
from ivr.audio.level import swing
from ivr.errors import AudioError

WINDOW = 4 * FRAME
"""samples of one look: 80 ms (facts/speech.md, “Kinds of line”)"""

POINTS = 1024
"""of the spectrum: lines 7.8 Hz apart"""

BAND = (200.0, 3600.0)
"""Hz in which a tone is looked for, and against which it is weighed"""

LOWEST_HERTZ = (390.0, 340.0)
"""of a tone alone and of a pair: no network sends lower ones (E.180), but most voices' first harmonic is lower"""

HARMONIC, HARMONIC_WITHIN = (2.0, 3 / 2, 4 / 3), 0.025
"""two lines so far apart are a voice's neighbouring harmonics; the pairs of networks and keypads stay clear of it"""

BESIDE = 4
"""spectral lines at either side that belong to a tone: the window's main lobe, 31 Hz; 440 and 480 Hz stay apart"""

PURITY = 0.95
"""share of the energy in one or two tones (facts/speech.md)"""

STEADY_HERTZ = 2.5
"""by which a tone may lie off its first look. 6 Hz from look to look (facts/speech.md) let a flat first tone of a human
pass for half a second, 2.5 Hz in all hardly any (measured here: tests/audio/test_tone_finder.py)"""

STEADY = 4
"""looks in a row that make a tone: 80 ms (facts/speech.md)"""

SECOND = 0.1
"""of the first tone's power that the second must have to be named, a fifth of that to be counted (lab: linecheck.py)"""

QUIETEST_DBFS = -50.0
"""of a frame; below it there is nothing to find (lab: linecheck.py)"""

DROP_DB = 10.0
"""under its level so far a tone is over"""

BRIDGE = 4
"""looks that may fail within a tone: V.25 turns the phase of 2100 Hz every 450 ms, which spoils a window"""

NAMED_BY = 50
"""looks that name a tone's frequencies: its first second, so that asking for it costs no more as it goes on"""

HISTORY = 12
"""frames of which the level is kept, to date a tone's beginning back"""

Power = npt.NDArray[np.float64]

_HANN = np.hanning(WINDOW) / FULL_SCALE
_FIRST, _LAST = (round(edge * POINTS / RATE) for edge in BAND)


@dataclass
class _Sounding:
    """The tone that sounds now."""

    start: int
    end: int
    from_the_start: bool
    dbfs: float
    looks: list[tuple[float, ...]]
    failed: int = 0

    def tone(self, *, over: bool) -> Tone:
        # a second tone that only some looks see is none
        size = 2 if 2 * sum(len(each) == 2 for each in self.looks) > len(self.looks) else 1
        same = [each for each in self.looks if len(each) == size] or [each[:size] for each in self.looks]
        hertz = tuple(float(np.median(column)) for column in zip(*same, strict=True))
        return Tone(hertz, self.start, self.end, over and not self.from_the_start)


class ToneFinder:
    """Follows one call's sound, or a part of it; frames of 20 ms at 8 kHz, in order. AudioError for another frame.

    A tone is known 160 ms after it began; tones under -50 dBFS, and with noise nearer than 13 dB, are not found.
    """

    def __init__(self) -> None:
        self._window = np.zeros(WINDOW)
        self._began: int | None = None
        self._now = 0
        self._levels: deque[float] = deque(maxlen=HISTORY)
        self._run: list[tuple[float, ...]] = []
        self._sounding: _Sounding | None = None
        self._over: list[Tone] = []

    @property
    def tones(self) -> tuple[Tone, ...]:
        """Every tone so far, the one that sounds now last."""
        now = () if self._sounding is None else (self._sounding.tone(over=False),)
        return (*self._over, *now)

    @property
    def meaning(self) -> Meaning | None:
        """What the tones so far are; None without any."""
        return meaning(self.tones, self._now)

    @property
    def kind(self) -> ToneKind | None:
        found = self.meaning
        return None if found is None else found.kind

    @property
    def certain(self) -> ToneKind | None:
        """The kind, once nothing could change it: a fax after one burst of 1100 Hz or 0.6 s of 2100 Hz."""
        found = self.meaning
        return found.kind if found is not None and found.certain else None

    def push(self, frame: Frame) -> bool:
        """Take the next 20 ms; True while a tone is known to sound."""
        if frame.rate != RATE or len(frame.samples) != FRAME:
            raise AudioError(f"expected {FRAME} samples at {RATE} Hz, got {len(frame.samples)} at {frame.rate} Hz")
        self._began = frame.offset if self._began is None else self._began
        self._now = frame.end
        self._window = np.concatenate([self._window[FRAME:], frame.samples])
        dbfs = _decibels(swing(frame.samples))
        self._levels.append(dbfs)
        hertz = _steady_lines(self._window) if dbfs >= QUIETEST_DBFS else ()
        self._run = (
            [*self._run[1 - STEADY :], hertz] if hertz and _is_near(self._run[:1], hertz) else [hertz] * bool(hertz)
        )
        if self._sounding is not None:
            self._go_on(self._sounding, frame, hertz, dbfs)
        if self._sounding is None and len(self._run) == STEADY:
            self._begin(frame, dbfs)
        return self._sounding is not None

    def _begin(self, frame: Frame, dbfs: float) -> None:
        back = 0
        for level in reversed(self._levels):
            if level < dbfs - DROP_DB or back == STEADY + WINDOW // FRAME - 1:
                break
            back += 1
        earliest = self._over[-1].end if self._over else self._began or 0
        start = max(earliest, frame.end - back * FRAME)
        self._sounding = _Sounding(start, frame.end, start == self._began, dbfs, list(self._run))

    def _go_on(self, tone: _Sounding, frame: Frame, hertz: tuple[float, ...], dbfs: float) -> None:
        if dbfs < tone.dbfs - DROP_DB:
            self._end(tone)
        elif hertz and _is_near(tone.looks[:1], hertz):
            if len(tone.looks) < NAMED_BY:
                tone.looks.append(hertz)
            tone.end, tone.failed = frame.end, 0
        else:
            tone.failed += 1
            if tone.failed > BRIDGE or len(self._run) == STEADY:
                self._end(tone)

    def _end(self, tone: _Sounding) -> None:
        self._over.append(tone.tone(over=True))
        self._sounding = None
        self._run = []


def _is_near(looks: list[tuple[float, ...]], hertz: tuple[float, ...]) -> bool:
    """Whether `hertz` is the same tone as the first of `looks`; from none everything goes on."""
    first = looks[0] if looks else hertz
    # a second tone near the limit of being named may come and go
    named = zip(first, hertz, strict=True) if len(first) == len(hertz) else ((_nearest(first, hertz)),)
    return all(abs(before - now) <= STEADY_HERTZ for before, now in named)


def _nearest(first: tuple[float, ...], hertz: tuple[float, ...]) -> tuple[float, float]:
    return min(((a, b) for a in first for b in hertz), key=lambda pair: abs(pair[0] - pair[1]))


def _steady_lines(window: Power) -> tuple[float, ...]:
    """The one or two tones, lowest first, that hold nearly all of the window's energy; none if nothing does."""
    power = np.square(np.abs(np.fft.rfft(window * _HANN, POINTS)))
    total = float(power[_FIRST:_LAST].sum())
    first, strength = _take(power)
    second, rest = _take(power)
    if strength + rest * (rest > SECOND / 5 * strength) < PURITY * total or total == 0.0:
        return ()
    lines = tuple(sorted((first, second))) if rest > SECOND * strength else (first,)
    sung = len(lines) == 2 and any(abs(lines[1] / lines[0] / each - 1.0) < HARMONIC_WITHIN for each in HARMONIC)
    return () if sung or lines[0] < LOWEST_HERTZ[len(lines) - 1] else lines


def _take(power: Power) -> tuple[float, float]:
    """The strongest tone's frequency and energy; it is taken out of `power`."""
    place = _FIRST + int(power[_FIRST:_LAST].argmax())
    before, here, after = (math.log(float(value) + 1e-30) for value in power[place - 1 : place + 2])
    bend = before - 2.0 * here + after
    shift = min(0.5, max(-0.5, 0.5 * (before - after) / bend)) if bend < 0.0 else 0.0
    lines = slice(place - BESIDE, place + BESIDE + 1)
    strength = float(power[lines].sum())
    power[lines] = 0.0
    return (place + shift) * RATE / POINTS, strength


def _decibels(power: float) -> float:
    return 10.0 * math.log10(power) if power > 0.0 else -math.inf
