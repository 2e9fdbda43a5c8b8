"""Between int16 samples and fractions of full scale, and the rates that the house takes in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import FULL_SCALE, Samples
from ivr.errors import AudioError

Fractions = npt.NDArray[np.float64]
"""mono sound as fractions of full scale, -1.0 to 1.0, shape (n,)"""

LOWEST_RATE = 8000
HIGHEST_RATE = 48000
"""samples a second; outside lies no telephone, no microphone and no voice that we know"""


def check_pcm(samples: npt.NDArray[Any]) -> None:
    """Raise AudioError unless `samples` is int16 mono."""
    if samples.dtype != np.int16 or samples.ndim != 1:
        raise AudioError(f"expected int16 mono samples, got {samples.dtype} with {samples.ndim} axes")


def check_rate(rate: int, *, where: str | Path | None = None) -> None:
    """Raise AudioError unless `rate` lies within 8 to 48 kHz; `where` names the file, if there is one."""
    if not LOWEST_RATE <= rate <= HIGHEST_RATE:
        raise AudioError(
            f"expected {LOWEST_RATE} to {HIGHEST_RATE} samples a second, found {rate}: convert the sound to 8000",
            where=where,
        )


def to_fractions(samples: Samples) -> Fractions:
    """Int16 samples as fractions of full scale; exact, `to_pcm` gives the same samples back."""
    check_pcm(samples)
    return samples / FULL_SCALE


def to_pcm(values: npt.NDArray[np.floating[Any]]) -> Samples:
    """Round fractions of full scale to int16, halves to even; what lies beyond full scale is clipped.

    Raises AudioError for NaN, infinity, or more than one axis.
    """
    if values.ndim != 1:
        raise AudioError(f"expected mono sound, got {values.ndim} axes")
    if not np.isfinite(values).all():
        raise AudioError("the sound holds values that are no numbers (NaN or infinity)")
    # clipped before it is scaled, so that even the largest float cannot overflow
    scaled = np.rint(np.clip(values, -1.0, 1.0) * FULL_SCALE)
    samples: Samples = np.minimum(scaled, FULL_SCALE - 1).astype(np.int16)
    return samples
