"""Keys pressed on a telephone, decoded from their sound: DTMF by ITU-T Q.23 and Q.24, 20 ms after another."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import FRAME, FULL_SCALE, RATE, Frame
from ivr.audio.tones import DTMF_COLUMNS, DTMF_KEYS, DTMF_ROWS
from ivr.errors import AudioError

HOP = FRAME // 2
"""samples between two looks: 10 ms, so that 40 ms of tone fill two looks at least"""

WINDOW = 200
"""samples of one look: 25 ms, the longest that still leaves a pause of 40 ms open (Q.24)"""

POINTS = 1024
"""of the spectrum, the window filled up with zeros: 7.8 Hz apart, between them a parabola finds the peak"""

QUIETEST_DBFS = -42.0
"""of the two tones together; 7 dB under the quietest that must be decoded, for the edges of a short tone"""

FREQUENCY_SHARE = 0.025
"""how far a tone may lie from its frequency: half way between 1.5 %, to be taken, and 3.5 %, to be refused (Q.24)"""

HIGH_OVER_LOW_DB, LOW_OVER_HIGH_DB = 6.0, 10.0
"""between the two tones; Q.24's table asks for 4 and 8 (AT&T); two more for noise and codec at 15 dB"""

PURITY = 0.82
"""share of the window's power that the two tones must hold in every look: 0.97 at an SNR of 15 dB, less at an edge"""

PUREST = 0.92
"""that they must hold in one look before a key counts. Of 18 minutes of callers and human syllables one second reached
0.86 at the right frequencies (measured here: tests/audio/test_keypad.py)"""

BEGIN = 2
"""looks in a row with one key that begin it: 40 ms of tone always give them, 20 ms hardly ever (Q.24)"""

END = 3
"""looks in a row without it that end it: a break of 10 ms gives two, a pause of 40 ms gives five (Q.24)"""

_QUIETEST = 10.0 ** (QUIETEST_DBFS / 10.0)

_LOW, _HIGH = (640.0, 1000.0), (1140.0, 1720.0)
"""Hz in which the two groups are looked for: Q.23's with 4 % around"""

_HANN = np.hanning(WINDOW + 2)[1:-1] / FULL_SCALE
_TO_POWER = 2.0 / float(np.sum(_HANN * FULL_SCALE)) ** 2
_WINDOW_POWER = 1.0 / float(np.sum(np.square(_HANN * FULL_SCALE)))

Power = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Peak:
    """The strongest line of a group."""

    hertz: float
    power: float


@dataclass(frozen=True)
class _Look:
    """What one window shows."""

    key: str = ""
    purity: float = 0.0


_NOTHING = _Look()


class KeypadDecoder:
    """Hears keypad tones in one call's sound; frames of 20 ms at 8 kHz, in order. AudioError for another frame.

    A key is reported once, 20 to 40 ms after its tone began, and again after a pause of 40 ms. Tones of 40 ms at
    -35 dBFS and louder count, within 2.5 % of their frequency, the low group at most 10 dB stronger, the high group 6.
    """

    def __init__(self) -> None:
        self._tail = np.zeros(WINDOW - HOP)
        self._seen = _NOTHING
        self._times = 0
        self._key = ""
        self._missed = 0

    @property
    def sounding(self) -> str:
        """The key whose tone sounds now; empty between keys."""
        return self._key

    def push(self, frame: Frame) -> str:
        """Take the next 20 ms; the keys that began in it, most often none."""
        if frame.rate != RATE or len(frame.samples) != FRAME:
            raise AudioError(f"expected {FRAME} samples at {RATE} Hz, got {len(frame.samples)} at {frame.rate} Hz")
        sound = np.concatenate([self._tail, frame.samples])
        self._tail = sound[-len(self._tail) :]
        looks = np.stack([sound[HOP * number : HOP * number + WINDOW] for number in range(FRAME // HOP)]) * _HANN
        return "".join(self._follow(look) for look in _seen(looks))

    def _follow(self, look: _Look) -> str:
        """One look further; the key that begins with it."""
        same = bool(look.key) and look.key == self._seen.key
        self._times = self._times + 1 if same else 1
        self._seen = _Look(look.key, max(look.purity, self._seen.purity)) if same else look
        self._missed = 0 if look.key and look.key == self._key else self._missed + 1
        if self._missed >= END:
            self._key = ""
        if look.key and look.key != self._key and self._times >= BEGIN and self._seen.purity >= PUREST:
            self._key, self._missed = look.key, 0
            return look.key
        return ""


def _seen(looks: Power) -> list[_Look]:
    """What each of the windowed looks shows; `looks` has the shape (looks, WINDOW)."""
    powers = np.square(looks).sum(axis=1) * _WINDOW_POWER
    if powers.max() < _QUIETEST:
        return [_NOTHING] * len(looks)
    spectra = np.square(np.abs(np.fft.rfft(looks, POINTS, axis=1))) * _TO_POWER
    return [_look(spectrum, float(power)) for spectrum, power in zip(spectra, powers, strict=True)]


def _look(spectrum: Power, power: float) -> _Look:
    low, high = _strongest(spectrum, *_LOW), _strongest(spectrum, *_HIGH)
    purity = (low.power + high.power) / power if power >= _QUIETEST else 0.0
    if purity < PURITY or not -LOW_OVER_HIGH_DB <= 10.0 * math.log10(high.power / low.power) <= HIGH_OVER_LOW_DB:
        return _NOTHING
    row, column = _nearest(low.hertz, DTMF_ROWS), _nearest(high.hertz, DTMF_COLUMNS)
    return _NOTHING if row is None or column is None else _Look(DTMF_KEYS[4 * row + column], purity)


def _strongest(spectrum: Power, lowest: float, highest: float) -> _Peak:
    first, last = round(lowest * POINTS / RATE), round(highest * POINTS / RATE)
    place = first + int(spectrum[first:last].argmax())
    before, here, after = (math.log(float(value) + 1e-30) for value in spectrum[place - 1 : place + 2])
    bend = before - 2.0 * here + after
    # at the edge of the band the strongest need be no peak: what it belongs to lies outside
    shift = min(0.5, max(-0.5, 0.5 * (before - after) / bend)) if bend < 0.0 else 0.0
    return _Peak((place + shift) * RATE / POINTS, math.exp(here - 0.25 * (before - after) * shift))


def _nearest(hertz: float, frequencies: tuple[float, ...]) -> int | None:
    """Place of the frequency that `hertz` is meant to be."""
    errors = [abs(hertz / each - 1.0) for each in frequencies]
    best = min(range(len(errors)), key=errors.__getitem__)
    return best if errors[best] <= FREQUENCY_SHARE else None
