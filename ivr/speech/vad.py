"""Is there a voice in these 20 ms: WebRTC's detector on a signal whose noise floor is brought to one level first."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
import webrtcvad

from ivr.audio.frame import FRAME, RATE, Frame, Samples, frames
from ivr.audio.level import variance
from ivr.audio.tones import noise_floor
from ivr.errors import AudioError
from ivr.speech.floor import Floor

MODE = 1
"""of 0 to 3, 3 the strictest; 0 and 1 gain most from the scaling (facts/speech.md, “Listening”)"""

FLOOR_DBFS = -45.0
"""where the noise floor is brought: stationary noise is told apart at .89 to .92 instead of .70 (facts/speech.md)"""

LEAST_GAIN_DB, MOST_GAIN_DB = -30.0, 30.0
"""floors between -75 and -15 dBFS are brought to the level; beyond, the line is dead or no voice can be told"""

STEP_DB = 6.0
"""the gain stays until it is this far off, and then webrtcvad starts anew: it would take noise that rises under it for
voice for two seconds and more (measured here: tests/speech/test_vad.py)"""

WARM_UP = 6
"""frames of our own noise at FLOOR_DBFS for a new webrtcvad, which calls its first five frames voice whatever they are;
more than ten teach it to take pink noise for voice (measured here)"""


class VoiceDetector(Protocol):
    """Tells voice from everything else, one frame of 20 ms after another; each call has its own."""

    def is_voice(self, frame: Frame) -> bool: ...


class WebrtcVoiceDetector:
    """webrtcvad behind a gain that follows the noise floor; 8 kHz frames of 20 ms, in order, of one call only.

    It takes tones for speech and cannot tell babble at 10 dB or less from the caller (facts/speech.md): the line check
    and the endpointer's energy gate deal with these. Raises AudioError for a frame of another shape.
    """

    def __init__(self) -> None:
        self._floor = Floor()
        self._gain_db: float | None = None
        self._vad = _fresh_vad()

    def is_voice(self, frame: Frame) -> bool:
        if frame.rate != RATE or len(frame.samples) != FRAME:
            raise AudioError(f"expected {FRAME} samples at {RATE} Hz, got {len(frame.samples)} at {frame.rate} Hz")
        # without its mean: A-law's idle line is a constant 8, not 0
        power = variance(frame.samples)
        if power == 0.0:
            return False
        self._floor.add(10.0 * math.log10(power))
        return bool(self._vad.is_speech(_louder(frame.samples, self._gain()).tobytes(), RATE))

    def _gain(self) -> float:
        wanted = min(MOST_GAIN_DB, max(LEAST_GAIN_DB, FLOOR_DBFS - self._floor.dbfs))
        if self._gain_db is None or abs(wanted - self._gain_db) > STEP_DB:
            self._gain_db = wanted
            self._vad = _fresh_vad()
        return self._gain_db


def _fresh_vad() -> webrtcvad.Vad:
    vad = webrtcvad.Vad(MODE)
    for frame in frames(noise_floor(WARM_UP * FRAME, FLOOR_DBFS)):
        vad.is_speech(frame.samples.tobytes(), RATE)
    return vad


def _louder(samples: Samples, db: float) -> Samples:
    # clipping a loud voice does no harm here: webrtcvad hears voice in it all the same (tests/speech/test_vad.py)
    louder: Samples = np.clip(np.rint(samples * 10.0 ** (db / 20.0)), -32768, 32767).astype(np.int16)
    return louder
