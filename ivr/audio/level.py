"""How loud a voice is, and making it as loud as we want. Levels are dBFS: 0 dBFS is an RMS of full scale."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import maximum_filter1d
from scipy.signal import lfilter

from ivr.audio.frame import FRAME, FULL_SCALE, RATE, Samples
from ivr.audio.pcm import Fractions, check_pcm, check_rate, to_fractions, to_pcm
from ivr.errors import AudioError

FLOOR_DBFS = -100.0
"""what we call the level of digital silence; one bit of int16 lies at -90 dBFS"""

TIME_CONSTANT = 0.03
"""seconds, of both envelope filters (P.56, method B)"""

HANGOVER = 0.2
"""seconds that a voice counts as active after it fell below a threshold (P.56)"""

MARGIN_DB = 15.9
"""between the active level and the threshold that decides about activity (P.56)"""

THRESHOLDS = 2.0 ** np.arange(-16, 0)
"""of the envelope, as fractions of full scale, an octave apart over 16 bits, lowest first (P.56)"""

HELD = round(HANGOVER * RATE) // FRAME
"""frames of the hangover"""

KNEE = 0.8
"""of the ceiling: where the limiter begins to bend (lab: 2 dB below)"""


@dataclass(frozen=True)
class Level:
    """Loudness of a voice without its pauses."""

    dbfs: float
    """RMS while the voice is active; -100 without any sound"""
    activity: float
    """share of the time in which it is active, 0.0 to 1.0"""


class LevelMeter:
    """The active level of a voice that comes in frames of 20 ms at 8 kHz: what `active_level` says of them all.

    AudioError for a frame of another length or type.
    """

    def __init__(self) -> None:
        decay = math.exp(-1.0 / (RATE * TIME_CONSTANT))
        # both filters of the envelope in one
        self._filter = ([(1.0 - decay) ** 2], [1.0, -2.0 * decay, decay**2])
        self._state = np.zeros(2)
        self._held: deque[tuple[Fractions, float]] = deque(maxlen=HELD)
        """envelope and its peak, of the frames of the hangover"""
        self._active = np.zeros(len(THRESHOLDS) + 1, dtype=np.int64)
        self._energy = 0.0
        self._count = 0

    def add(self, samples: Samples) -> None:
        if len(samples) != FRAME:
            raise AudioError(f"expected {FRAME} samples, got {len(samples)}")
        sound = to_fractions(samples)
        envelope, self._state = lfilter(*self._filter, np.abs(sound), zi=self._state)
        held = np.maximum.accumulate(envelope)
        whole = list(self._held)
        if len(whole) == HELD:
            # the oldest frame is leaving the hangover: of it only what comes after each sample's place
            held = np.maximum(held, np.maximum.accumulate(whole.pop(0)[0][::-1])[::-1])
        held = np.maximum(held, max((peak for _, peak in whole), default=0.0))
        self._held.append((envelope, float(envelope.max())))
        self._active += np.bincount(np.searchsorted(THRESHOLDS, held, side="right"), minlength=len(self._active))
        self._energy += float(sound @ sound)
        self._count += FRAME

    @property
    def level(self) -> Level:
        """The level so far, as `active_level` has it."""
        if self._energy == 0.0:
            return Level(FLOOR_DBFS, 0.0)
        active = self._active[:0:-1].cumsum()[::-1]
        return _level(self._energy, self._count, active)


def swing(samples: Samples) -> float:
    """Mean square of full scale of what swings: A-law's idle line, a constant 8, has none. 0.0 for no samples."""
    if not len(samples):
        return 0.0
    sound = to_fractions(samples)
    return max(0.0, float(sound @ sound) / len(sound) - (float(sound.sum()) / len(sound)) ** 2)


def variance(samples: Samples) -> float:
    """Power around the mean, in parts of full scale: A-law's idle line is a constant 8, not 0; 0 for no samples."""
    if not len(samples):
        return 0.0
    sound = samples.astype(np.float64)
    total = float(sound.sum())
    # exact in float64 for int16; numpy's own var makes three arrays of its own
    return (float(sound @ sound) - total * total / len(sound)) / len(sound) / FULL_SCALE**2


def rms_dbfs(samples: Samples) -> float:
    """RMS level of all samples, pauses included; -100 dBFS for silence or no samples at all."""
    return _decibels(_power(to_fractions(samples)))


def active_level(samples: Samples, rate: int = RATE) -> Level:
    """Active speech level and activity factor by ITU-T P.56, method B; AudioError for wrong samples or rate."""
    check_rate(rate)
    sound = to_fractions(samples)
    power = _power(sound)
    if power == 0.0:
        return Level(FLOOR_DBFS, 0.0)
    envelope = _held_envelope(sound, rate)
    active = np.array([np.count_nonzero(envelope >= threshold) for threshold in THRESHOLDS])
    return _level(power * len(sound), len(sound), active)


def scale(samples: Samples, db: float) -> Samples:
    """Louder or quieter by `db` decibels; what leaves full scale is clipped. AudioError unless `db` is a number."""
    if not math.isfinite(db):
        raise AudioError(f"expected a gain in decibels, got {db}")
    # beyond 200 dB every sample is already zero or clipped
    return to_pcm(to_fractions(samples) * _factor(min(max(db, -200.0), 200.0)))


def normalise(samples: Samples, rate: int = RATE, level: float = -20.0, ceiling: float = -1.0) -> Samples:
    """Bring a voice to an active level of `level` dBFS, its peaks bent softly to stay below `ceiling` dBFS.

    Silence stays silence. The limiter costs peaky voices level: over 467 recordings none in the median, 0.9 dB in the
    worst. Raises AudioError for wrong samples or rate, and unless `level` < `ceiling` <= 0. Levels: facts/speech.md.
    """
    if not FLOOR_DBFS <= level < ceiling <= 0.0:
        raise AudioError(f"expected {FLOOR_DBFS} <= level < ceiling <= 0 dBFS, got level {level}, ceiling {ceiling}")
    found = active_level(samples, rate)
    if found.activity == 0.0:
        return samples.copy()
    return to_pcm(_limit(to_fractions(samples) * _factor(level - found.dbfs), _factor(ceiling)))


def trim(samples: Samples, rate: int = RATE, *, keep_ms: int = 50, below_db: float = 40.0) -> Samples:
    """Cut the silence at both ends to `keep_ms` milliseconds; shorter silence is left as it is.

    Silent is what lies `below_db` under the loudest 10 ms. Of a sound without any sample but zero the first
    `2 * keep_ms` stay. Raises AudioError for wrong samples or rate, or a negative margin.
    """
    check_rate(rate)
    if keep_ms < 0 or not below_db > 0:
        raise AudioError(f"expected keep_ms >= 0 and below_db > 0, got {keep_ms} and {below_db}")
    keep, hop = rate * keep_ms // 1000, rate // 100
    powers = _hop_powers(samples, hop)
    if not powers.any():
        return samples[: 2 * keep].copy()
    loud = np.flatnonzero(powers >= powers.max() * 10.0 ** (-below_db / 10.0))
    start = max(0, int(loud[0]) * hop - keep)
    return samples[start : (int(loud[-1]) + 1) * hop + keep].copy()


def _level(energy: float, count: int, active: npt.NDArray[np.int64]) -> Level:
    """The level of `count` samples with this sum of squares, `active` of them at each threshold, lowest first."""
    whole = _decibels(energy / count)
    level = _where_margin_is_met(energy, active)
    # a click too short for the envelope meets no threshold: then all of it counts as active
    # and of a longer one so few samples that its power, over them alone, would be more than there can be
    dbfs = whole if level is None else min(max(level, FLOOR_DBFS), 0.0)
    return Level(dbfs, min(1.0, 10.0 ** ((whole - dbfs) / 10.0)))


def _power(sound: Fractions) -> float:
    return float(np.mean(np.square(sound))) if len(sound) else 0.0


def _decibels(power: float) -> float:
    return max(FLOOR_DBFS, 10.0 * math.log10(power)) if power > 0.0 else FLOOR_DBFS


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def _held_envelope(sound: Fractions, rate: int) -> Fractions:
    """P.56's twice smoothed envelope; each value is held for the hangover, so that counting it counts activity."""
    decay = math.exp(-1.0 / (rate * TIME_CONSTANT))
    smooth = lfilter([1.0 - decay], [1.0, -decay], np.abs(sound))
    smooth = lfilter([1.0 - decay], [1.0, -decay], smooth)
    hold = math.ceil(HANGOVER * rate)
    # the window is the sample itself and the `hold` before it
    held: Fractions = maximum_filter1d(smooth, size=hold + 1, origin=hold - (hold + 1) // 2, mode="constant", cval=0.0)
    return held


def _where_margin_is_met(energy: float, active: npt.NDArray[np.int64]) -> float | None:
    """Find the level that lies MARGIN_DB above its own threshold; None if the sound reached no threshold.

    `energy` is the sum of squares, `active` the samples active at each threshold, lowest threshold first. From below,
    the first two thresholds with the margin between them count; between them the level is interpolated.
    """
    reached = active > 0
    if not reached.any():
        return None
    levels = 10.0 * np.log10(energy / active[reached])
    margins = levels - 20.0 * np.log10(THRESHOLDS[reached])
    within = np.flatnonzero(margins <= MARGIN_DB)
    if len(within) == 0:
        return float(levels[-1])
    upper = int(within[0])
    if upper == 0:
        return float(levels[0])
    return float(np.interp(MARGIN_DB, margins[[upper, upper - 1]], levels[[upper, upper - 1]]))


def _limit(sound: Fractions, ceiling: float) -> Fractions:
    """Straight below the knee, above it a tanh whose slope meets the straight line's and whose end is the ceiling."""
    knee = KNEE * ceiling
    room = ceiling - knee
    size = np.abs(sound)
    bent = knee + room * np.tanh((size - knee) / room)
    return np.where(size > knee, np.copysign(bent, sound), sound)


def _hop_powers(samples: Samples, hop: int) -> Fractions:
    """Mean square of each `hop` samples, the last ones filled up with silence."""
    check_pcm(samples)
    count = -(-len(samples) // hop)
    padded = np.zeros(count * hop)
    padded[: len(samples)] = samples
    powers: Fractions = np.square(padded / FULL_SCALE).reshape(count, hop).mean(axis=1)
    return powers
