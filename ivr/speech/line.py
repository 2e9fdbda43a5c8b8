"""What kind of line a caller has: silent, too quiet, noisy, choppy, a tone. Measured from the signal (rule 2)."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import FRAME, FRAME_MS, RATE, Frame
from ivr.audio.gaps import GapFinder
from ivr.audio.level import FLOOR_DBFS, MARGIN_DB, LevelMeter, swing
from ivr.audio.tone_finder import ToneFinder
from ivr.speech.thresholds import THRESHOLDS, Thresholds

Decibels = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class LineKind(StrEnum):
    """What one listening showed of the line."""

    SILENT = "silent"
    UNANSWERED = "unanswered"
    TOO_QUIET = "too_quiet"
    NOISY = "noisy"
    CHOPPY = "choppy"
    TONE = "tone"
    NORMAL = "normal"


LOUD_DBFS, LOUD_OVER_FLOOR_DB, QUIET_FLOOR_DBFS = -50.0, 10.0, -35.0
"""a frame is loud above -50 dBFS, and 10 dB above a floor that lies under -35 (lab: linecheck.py)"""

FLOOR_FRAMES, FLOOR_PERCENTILE = 10, 10
"""frames without voice whose median is the floor; of fewer, the 10th percentile of all is (lab: linecheck.py)"""

SWING, SWING_PERCENTILE = 5, 80
"""frames between two levels that are compared, 100 ms, and how many percent of the comparisons stay below a swing"""

SHOWN = 1
"""decimals of a report's decibels"""


@dataclass(frozen=True)
class LineReport:
    """What one listening showed."""

    kind: LineKind
    level_dbfs: float | None
    """active level (P.56) of the frames with voice, less the floor's power; None without voice"""
    floor_dbfs: float
    """of the frames without voice; -100 for digital silence"""
    snr_db: float | None
    """level less floor; None without voice"""
    voice_seconds: float
    tone: ToneKind | None
    """None unless there are tones, whatever the line's kind"""
    tone_share: float
    """of the loud frames"""
    gap_share: float
    """of the voice that was lost on the way"""
    gap_seconds: float
    seconds: float
    """that were listened to"""


class LineCheck:
    """One listening's line: frames of 20 ms at 8 kHz with the detector's word in, in order, and one report out.

    From the prompt's end on, at best with the frames before an early voice. `wait` is the question's, in samples.
    Raises AudioError for a frame of another shape.
    """

    def __init__(self, wait: int = 5 * RATE, thresholds: Thresholds = THRESHOLDS) -> None:
        self._wait = wait
        self._thresholds = thresholds
        self._finder = ToneFinder()
        self._gaps = GapFinder()
        self._meter = LevelMeter()
        self._powers: list[float] = []
        self._voiced: list[bool] = []
        self._keyed: list[bool] = []
        self._began = 0
        self.tone_sounds = False
        """whether the last frame belongs to a tone: voice detectors take it for speech (facts/speech.md)"""

    def add(self, frame: Frame, voice: bool, *, key: bool = False) -> None:  # noqa: FBT001  the detector's plain answer
        """Take the next 20 ms; `key` says that a keypad tone sounds in it (`KeypadDecoder.sounding`)."""
        self.tone_sounds = self._finder.push(frame)
        if not self._powers:
            self._began = frame.offset
        self._powers.append(swing(frame.samples))
        self._voiced.append(voice)
        self._keyed.append(key)
        self._gaps.add(frame.samples)
        if voice:
            self._meter.add(frame.samples)

    @property
    def certain_tone(self) -> ToneKind | None:
        """A tone about which there is no doubt any more, so that nobody need wait: a fax, a busy line."""
        return self._finder.certain

    def report(self, own_level: float | None = None) -> LineReport:
        """What kind of line it is; `own_level` is the caller's level so far in this call, dBFS, if it is known."""
        dbfs = _decibels(np.array(self._powers))
        called = np.array(self._voiced, dtype=bool)
        voiced = np.zeros_like(called) if self._is_steady(dbfs, called) else called
        tones = self._tones()
        loud = _loud(dbfs)
        # what was called voice and is none is the noise
        floor = _floor(dbfs, voiced if voiced.any() or not called.any() else ~called)
        level = self._level(floor) if voiced.any() else None
        lost = 0 if level is None else self._lost(dbfs, level)
        active = self._meter.level.activity * int(voiced.sum()) * FRAME
        report = LineReport(
            kind=LineKind.NORMAL,
            level_dbfs=level,
            floor_dbfs=floor,
            snr_db=None if level is None else level - floor,
            voice_seconds=_seconds(voiced),
            tone=self._tone_kind(),
            tone_share=float(np.mean(tones[loud])) if loud.any() else 0.0,
            gap_share=lost / active if active else 0.0,
            gap_seconds=lost / RATE,
            seconds=len(dbfs) * FRAME / RATE,
        )
        return _rounded(report, self._kind(report, own_level, _seconds(tones), self._is_endless(dbfs, voiced, level)))

    def _kind(self, found: LineReport, own_level: float | None, tone_seconds: float, endless: bool) -> LineKind:  # noqa: FBT001, PLR0911  one line a kind, in their order
        bounds = self._thresholds
        if found.tone_share > bounds.tone_share and tone_seconds >= bounds.tone_seconds:
            return LineKind.TONE
        level, snr = found.level_dbfs, found.snr_db
        if level is None or snr is None or found.voice_seconds < bounds.voice_seconds or snr < bounds.voice_snr:
            return LineKind.NOISY if found.floor_dbfs > bounds.noisy_floor else LineKind.SILENT
        if found.gap_share >= bounds.gap_share and found.gap_seconds >= bounds.gap_seconds:
            return LineKind.CHOPPY
        if own_level is not None and level <= own_level - bounds.under_own:
            return LineKind.UNANSWERED
        if level < bounds.quiet_level:
            return LineKind.TOO_QUIET
        if snr < bounds.noisy_snr:
            return LineKind.NOISY
        return LineKind.UNANSWERED if endless else LineKind.NORMAL

    def _is_steady(self, dbfs: Decibels, called: Flags) -> bool:
        """Whether what the detector called voice swings as little as noise: it takes noise that rises for voice."""
        if _seconds(called) < self._thresholds.steady_seconds:
            return False
        swings = np.abs(dbfs[SWING:] - dbfs[:-SWING])[called[SWING:] & called[:-SWING]]
        return len(swings) > 0 and bool(np.percentile(swings, SWING_PERCENTILE) < self._thresholds.steady_db)

    def _level(self, floor: float) -> float:
        """The voice's active level without the noise under it."""
        power = 10.0 ** (self._meter.level.dbfs / 10.0) - 10.0 ** (floor / 10.0)
        return max(FLOOR_DBFS, 10.0 * math.log10(power)) if power > 0.0 else FLOOR_DBFS

    def _tones(self) -> Flags:
        """The frames in which a tone sounds."""
        flags = np.array(self._keyed, dtype=bool)
        for tone in self._finder.tones:
            flags[(tone.start - self._began) // FRAME : (tone.end - self._began) // FRAME] = True
        return flags

    def _tone_kind(self) -> ToneKind | None:
        heard = sum(tone.end - tone.start for tone in self._finder.tones)
        return ToneKind.DTMF if sum(self._keyed) * FRAME > heard else self._finder.kind

    def _lost(self, dbfs: Decibels, level: float) -> int:
        """Samples of the voice that were lost; what is lost between the words nobody misses."""
        lost = 0
        for gap in self._gaps.gaps:
            beside = dbfs[max(0, gap.start // FRAME - 1) : gap.end // FRAME + 2]
            if beside.max() >= level - MARGIN_DB:
                lost += gap.end - gap.start
        return lost

    def _is_endless(self, dbfs: Decibels, voiced: Flags, level: float | None) -> bool:
        """Whether somebody has talked for the whole wait without an end: not to us (design.md, “unanswered”)."""
        if level is None:
            return False
        spoken = np.flatnonzero(voiced & (dbfs >= level - self._thresholds.endless_db))
        if len(spoken) == 0 or (spoken[-1] + 1 - spoken[0]) * FRAME < self._wait:
            return False
        pauses = np.diff(np.append(spoken, len(dbfs))) - 1
        return bool(pauses.max() * FRAME < self._thresholds.trailing)


def _decibels(powers: Decibels) -> Decibels:
    found: Decibels = 10.0 * np.log10(np.maximum(powers, 10.0 ** (FLOOR_DBFS / 10.0)))
    return found


def _loud(dbfs: Decibels) -> Flags:
    if len(dbfs) == 0:
        return np.zeros(0, dtype=bool)
    floor = float(np.percentile(dbfs, 10))
    loud: Flags = dbfs > max(LOUD_DBFS, floor + LOUD_OVER_FLOOR_DB if floor < QUIET_FLOOR_DBFS else LOUD_DBFS)
    return loud


def _floor(dbfs: Decibels, voiced: Flags) -> float:
    if len(dbfs) == 0:
        return FLOOR_DBFS
    quiet = dbfs[~voiced]
    lowest = float(np.percentile(dbfs, FLOOR_PERCENTILE))
    # over babble, which is voice to the detector, the frames without it are the troughs
    return max(lowest, float(np.median(quiet))) if len(quiet) >= FLOOR_FRAMES else lowest


def _seconds(flags: Flags) -> float:
    return round(int(flags.sum()) * FRAME_MS / 1000, 2)


def _rounded(found: LineReport, kind: LineKind) -> LineReport:
    return replace(
        found,
        kind=kind,
        level_dbfs=None if found.level_dbfs is None else round(found.level_dbfs, SHOWN),
        floor_dbfs=round(found.floor_dbfs, SHOWN),
        snr_db=None if found.snr_db is None else round(found.snr_db, SHOWN),
        tone_share=round(found.tone_share, 2),
        gap_share=round(min(1.0, found.gap_share), 3),
        gap_seconds=round(found.gap_seconds, 3),
    )
