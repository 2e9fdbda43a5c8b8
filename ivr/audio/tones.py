"""Sounds that we make ourselves: call progress tones, keypad tones, and the faint noise of a line."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.pcm import Fractions, check_pcm, check_rate, to_pcm
from ivr.errors import AudioError

DTMF_ROWS = (697.0, 770.0, 852.0, 941.0)
DTMF_COLUMNS = (1209.0, 1336.0, 1477.0, 1633.0)
DTMF_KEYS = "123A456B789C*0#D"
"""row by row (ITU-T Q.23); frequencies in Hz"""

RAMP_MS = 2
"""at both ends of a tone, so that it does not click"""

RING = 2 * RATE
"""samples after which our noise repeats: two seconds"""

QUIETEST_NOISE_DBFS = -90.0
"""about one bit; below it rounding would bring digital silence back"""


def tone(frequencies: Sequence[float], seconds: float, dbfs: float, rate: int = RATE) -> Samples:
    """`seconds` of equally strong sines at `frequencies` in Hz, together at `dbfs` RMS, with ramps of 2 ms.

    Raises AudioError for a rate outside 8 to 48 kHz, a frequency outside 0 to half the rate, a negative or endless
    length, and a level at which the sum would clip.
    """
    check_rate(rate)
    _check_tone(frequencies, seconds, dbfs, rate)
    times = np.arange(round(seconds * rate)) / rate
    amplitude = 10.0 ** (dbfs / 20.0) * math.sqrt(2.0 / len(frequencies))
    waves = np.zeros(len(times))
    for frequency in frequencies:
        waves += amplitude * np.sin(2.0 * np.pi * frequency * times)
    return to_pcm(waves * _ramps(len(times), rate))


def dtmf(keys: str, on_ms: int = 100, off_ms: int = 100, dbfs: float = -13.0, rate: int = RATE) -> Samples:
    """Keypad tones (ITU-T Q.23), each `on_ms` at `dbfs` for the pair and then `off_ms` of digital silence.

    Raises AudioError for a key other than 0-9 * # A-D, and for lengths or a level that make no tone.
    """
    if on_ms <= 0 or off_ms < 0:
        raise AudioError(f"expected on_ms > 0 and off_ms >= 0, got {on_ms} and {off_ms}")
    pause = silence(round(rate * off_ms / 1000))
    pieces = [silence(0)]
    for key in keys:
        pieces += [tone(_pair(key), on_ms / 1000, dbfs, rate), pause]
    return np.concatenate(pieces)


def noise_floor(count: int, dbfs: float = -70.0, seed: int = 0) -> Samples:
    """`count` samples of Gaussian noise at `dbfs` RMS: what `NoiseFloor` makes of silence at the stream's start."""
    return NoiseFloor(dbfs, seed).add(silence(count), 0)


class NoiseFloor:
    """A faint, repeatable line noise: the recogniser turns digital silence into words (facts/models.md, trap 0).

    The same seed gives the same noise at the same offset of a stream, however the stream is cut, so that a live call
    and its replay agree. Raises AudioError for a level outside -90 to 0 dBFS or a seed outside 0 to 2**32 - 1.
    """

    def __init__(self, dbfs: float = -70.0, seed: int = 0) -> None:
        if not QUIETEST_NOISE_DBFS <= dbfs <= 0.0:
            raise AudioError(f"expected a noise level from {QUIETEST_NOISE_DBFS} to 0 dBFS, got {dbfs}")
        if not 0 <= seed < 2**32:
            raise AudioError(f"expected a seed from 0 to 2**32 - 1, got {seed}")
        # numpy promises this old generator's numbers for ever, and the new one's not: golden reports need the promise
        source = np.random.RandomState(seed)
        self._ring = to_pcm(source.standard_normal(RING) * 10.0 ** (dbfs / 20.0)).astype(np.int32)

    def add(self, samples: Samples, offset: int) -> Samples:
        """Lay the noise under `samples`, which begin `offset` samples after the start of their stream."""
        check_pcm(samples)
        start = offset % RING
        whole = self._ring if start + len(samples) <= RING else np.resize(np.roll(self._ring, -start), len(samples))
        noise = whole[start : start + len(samples)] if whole is self._ring else whole
        mixed: Samples = np.clip(samples + noise, -32768, 32767).astype(np.int16)
        return mixed


def _check_tone(frequencies: Sequence[float], seconds: float, dbfs: float, rate: int) -> None:
    if not frequencies or not all(0 < frequency < rate / 2 for frequency in frequencies):
        raise AudioError(f"expected frequencies between 0 and {rate / 2:g} Hz, got {list(frequencies)}")
    if not (math.isfinite(seconds) and seconds >= 0):
        raise AudioError(f"expected a tone's length in seconds, got {seconds}")
    loudest = -10.0 * math.log10(2.0 * len(frequencies))
    if not (math.isfinite(dbfs) and dbfs <= loudest):
        raise AudioError(f"expected at most {loudest:.2f} dBFS for {len(frequencies)} sines, got {dbfs}: it would clip")


def _pair(key: str) -> tuple[float, float]:
    place = DTMF_KEYS.find(key)
    if place < 0:
        raise AudioError(f"there is no key {key!r}: expected 0-9 * # A-D")
    return DTMF_ROWS[place // 4], DTMF_COLUMNS[place % 4]


def _ramps(count: int, rate: int) -> Fractions:
    """One, but for the raised cosines at both ends; a very short tone is all ramp."""
    rise = min(rate * RAMP_MS // 1000, count // 2)
    gain = np.ones(count)
    curve = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / max(rise, 1))
    gain[:rise] = curve
    gain[count - rise :] = curve[::-1]
    return gain
