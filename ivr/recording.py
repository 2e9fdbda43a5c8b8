"""Both sides of a call as one stereo file, for people who want to hear what happened."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.wav import replace_file
from ivr.errors import AudioError


class StereoRecording:
    """Collects a call through `tap`: 8 kHz PCM16, the caller left, the desk right, 0.5 MB a minute in memory twice."""

    def __init__(self) -> None:
        self._caller: list[Samples] = [silence(0)]
        self._desk: list[Samples] = [silence(0)]

    def tap(self, caller: Samples, ours: Samples) -> None:
        """Take the same 20 ms of both sides; give this to a session as its tap."""
        self._caller.append(caller)
        self._desk.append(ours)

    def samples(self) -> Samples:
        """Both sides, shape (n, 2)."""
        return np.stack([np.concatenate(self._caller), np.concatenate(self._desk)], axis=1)

    def write(self, path: Path) -> None:
        """Write the file whole or not at all, its folder made; AudioError when the disk refuses."""
        encoded = io.BytesIO()
        with wave.open(encoded, "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(self.samples().astype("<i2").tobytes())
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(path, encoded.getbuffer())
        except OSError as error:
            raise AudioError(f"cannot be written ({error}): check the folder and its free space", where=path) from error
