"""One prompt spoken into this machine's microphone: until the speaker falls silent, or says that it is over."""

from __future__ import annotations

import queue
from collections.abc import Callable

import numpy as np

from ivr.audio.frame import FRAME, RATE, Frame, Samples, silence
from ivr.audio.resample import Resampler
from ivr.channels.microphone import PATIENCE, Device
from ivr.errors import AudioError, LineBroke
from ivr.speech.vad import WebrtcVoiceDetector

VOICE_FRAMES = 15
"""frames of 20 ms with a voice: somebody has begun to speak, 0.3 s"""
STILL_SECONDS = 1.5
"""without a voice after it: longer than a pause between two sentences (0.7 s at rate 110, facts/speech.md)"""
LONGEST_WAIT = 10.0
"""seconds for the first word"""
LONGEST = 60.0
"""seconds of one prompt; the longest of the house has 20"""


def record(device: Device, stopped: Callable[[], bool] = lambda: False, *, patience: float = PATIENCE) -> Samples:
    """Record at the device's rate until silence after a voice, `stopped`, or Ctrl-C; the device is let go of after it.

    `stopped` is asked after every 20 ms. Raises LineBroke when the device refuses, or gives nothing for `patience`
    seconds, AudioError when nobody spoke.
    """
    arrived: queue.SimpleQueue[Samples | None] = queue.SimpleQueue()

    def block(recorded: Samples, played: Samples, _lost: bool, _late: bool) -> None:  # noqa: FBT001 - see Block
        played[:] = 0
        arrived.put(recorded.copy())

    kept: list[Samples] = []
    ears = _Ears(device.rate)
    device.start(block, lambda: arrived.put(None))
    try:
        while not (ears.over or stopped()):
            piece = arrived.get(timeout=patience)
            if piece is None:
                raise LineBroke("the sound device stopped: was it unplugged?")
            kept.append(piece)
            ears.hear(piece)
    except queue.Empty:
        raise LineBroke("the sound device gives no sound: was it unplugged?") from None
    except KeyboardInterrupt:
        # whoever ends it so wants to keep it
        pass
    finally:
        device.stop()
    if not ears.voiced:
        raise AudioError("no voice was heard: is it the right microphone? `ivr talk --list-devices` shows them")
    return np.concatenate(kept)


class _Ears:
    """Whether a voice was heard, and whether it is over, by frames of 20 ms at 8 kHz."""

    def __init__(self, rate: int) -> None:
        self._resampler = None if rate == RATE else Resampler(rate, RATE, quality="MQ")
        self._detector = WebrtcVoiceDetector()
        self._pending = silence(0)
        self._position = 0
        self._voice = 0
        self._still = 0

    def hear(self, piece: Samples) -> None:
        self._pending = np.concatenate([self._pending, self._resampler.push(piece) if self._resampler else piece])
        while len(self._pending) >= FRAME:
            frame = Frame(self._pending[:FRAME], RATE, self._position)
            self._pending, self._position = self._pending[FRAME:], frame.end
            heard = self._detector.is_voice(frame)
            self._voice += heard
            self._still = 0 if heard else self._still + FRAME

    @property
    def voiced(self) -> bool:
        return self._voice >= VOICE_FRAMES

    @property
    def over(self) -> bool:
        limit = STILL_SECONDS if self.voiced else LONGEST_WAIT
        return self._still >= limit * RATE or self._position >= LONGEST * RATE
