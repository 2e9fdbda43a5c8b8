"""Twenty milliseconds of telephone sound, and what every room agrees on about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ivr.errors import AudioError

Samples = npt.NDArray[np.int16]
"""PCM, mono, signed 16 bit, shape (n,)"""

RATE = 8000
"""samples a second inside the house: narrow-band telephony"""

FRAME_MS = 20
FRAME = RATE * FRAME_MS // 1000
"""samples in one frame"""

FULL_SCALE = 32768.0


@dataclass(frozen=True)
class Frame:
    """20 ms of PCM at `rate`, starting `offset` samples after the beginning of its stream."""

    samples: Samples
    rate: int
    offset: int

    def __post_init__(self) -> None:
        if self.samples.dtype != np.int16 or self.samples.ndim != 1:
            raise AudioError(f"a frame is int16 mono, got {self.samples.dtype} with {self.samples.ndim} axes")

    @property
    def end(self) -> int:
        """Offset of the first sample after this frame."""
        return self.offset + len(self.samples)


def silence(count: int) -> Samples:
    """`count` samples of digital silence."""
    return np.zeros(count, dtype=np.int16)


def frames(samples: Samples, rate: int = RATE) -> Iterator[Frame]:
    """Cut `samples` into 20 ms frames; the last one is filled up with silence."""
    size = rate * FRAME_MS // 1000
    for offset in range(0, len(samples), size):
        piece = samples[offset : offset + size]
        if len(piece) < size:
            piece = np.concatenate([piece, silence(size - len(piece))])
        yield Frame(piece, rate, offset)


def seconds(count: int, rate: int = RATE) -> float:
    """Length of `count` samples in seconds."""
    return count / rate
