"""Kaldi's MFCC in torch: what the decoder computes from sound, and therefore what the network must learn from."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from models.train.kaldi import Array

FRAME_SECONDS, STEP_SECONDS = 0.025, 0.010

PREEMPHASIS, LIFTER, POVEY = 0.97, 22.0, 0.85
"""Kaldi's defaults; the Povey window is a Hann window to this power"""

FLOOR = float(np.finfo(np.float32).eps)
"""of a bin's energy before the logarithm, Kaldi's"""

WARP_STEP = 0.01
"""warps are rounded to it, so that few filter banks are ever built"""

KNEE = 0.8
"""of the highest frequency: above it a warped axis bends back, so that both ends stay where they were"""


@dataclass(frozen=True)
class Bands:
    """A filter bank: as many cepstra are kept as there are bins."""

    rate: int
    """samples a second"""
    bins: int
    low: float
    """Hz"""
    high: float
    """Hz"""


TELEPHONE = Bands(8000, 30, 20.0, 3872.0)
"""conf/mfcc.conf of our model: exactly the lower 30 of WIDE's filters (facts/models.md)"""

WIDE = Bands(16000, 40, 20.0, 7600.0)
"""conf/mfcc.conf of the Korean model"""


class Mfcc(nn.Module):
    """Samples of int16 size (…, n) → cepstra (…, frames, bins), no dither, frames only where they fit whole."""

    window: Tensor
    cosines: Tensor

    def __init__(self, bands: Bands = TELEPHONE) -> None:
        super().__init__()
        self.bands = bands
        self.length = round(FRAME_SECONDS * bands.rate)
        self.step = round(STEP_SECONDS * bands.rate)
        self.size = 1 << (self.length - 1).bit_length()
        self.register_buffer("window", _single(np.hanning(self.length) ** POVEY), persistent=False)
        self.register_buffer("cosines", _single(_cosines(bands.bins)), persistent=False)

    def forward(self, samples: Tensor, warp: float = 1.0) -> Tensor:
        """`warp` stretches the frequency axis as another vocal tract would: 0.9 … 1.1 are human."""
        return self.cepstra(samples, self.filters(warp).to(samples.device))

    def filters(self, warp: float = 1.0) -> Tensor:
        """(size / 2 + 1, bins): the filter bank on a warped axis."""
        return _filters(self.bands, self.size, round(warp / WARP_STEP))

    def cepstra(self, samples: Tensor, filters: Tensor) -> Tensor:
        """With a filter bank for all, or one each: (B, size / 2 + 1, bins) for (B, n) samples."""
        missing = self.length - samples.shape[-1]
        if missing > 0:
            samples = nn.functional.pad(samples, (0, missing))
        frames = samples.unfold(-1, self.length, self.step)
        frames = frames - frames.mean(-1, keepdim=True)
        before = torch.cat([frames[..., :1], frames[..., :-1]], -1)
        spectrum = torch.fft.rfft((frames - PREEMPHASIS * before) * self.window, self.size)
        power = spectrum.real.square() + spectrum.imag.square()
        cepstra: Tensor = (power @ filters).clamp_min(FLOOR).log() @ self.cosines
        return cepstra


def frames(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.float32]:
    """Cepstra (frames, 30) of 8 kHz samples."""
    with torch.no_grad():
        cepstra: Array = _telephone()(torch.from_numpy(samples.astype(np.float32))).numpy()
    return cepstra


def frame_count(samples: int) -> int:
    """How many frames `frames` makes of so many samples at 8 kHz."""
    length, step = round(FRAME_SECONDS * TELEPHONE.rate), round(STEP_SECONDS * TELEPHONE.rate)
    return 1 + max(0, samples - length) // step


@lru_cache(maxsize=1)
def _telephone() -> Mfcc:
    return Mfcc()


def _cosines(bins: int) -> Array:
    """(bins, cepstra): the orthonormal cosine transform with Kaldi's liftering of the cepstra."""
    orders = np.arange(bins)
    cosines = math.sqrt(2 / bins) * np.cos(math.pi / bins * (orders[:, None] + 0.5) * orders)
    cosines[:, 0] = math.sqrt(1 / bins)
    lifted: Array = cosines * (1 + LIFTER / 2 * np.sin(math.pi * orders / LIFTER))
    return lifted


@lru_cache(maxsize=100)
def _filters(bands: Bands, size: int, warp: int) -> Tensor:
    """(size / 2 + 1, bins): triangles at equal distances on the mel scale; `warp` counts WARP_STEPs."""
    centres = np.arange(size // 2) * bands.rate / size
    mels = _mel(_warped(centres, bands.high, warp * WARP_STEP))
    edges = np.linspace(_mel(np.array(bands.low)), _mel(np.array(bands.high)), bands.bins + 2)
    left, middle, right = edges[:-2], edges[1:-1], edges[2:]
    rising = (mels[:, None] - left) / (middle - left)
    falling = (right - mels[:, None]) / (right - middle)
    filters = np.zeros((size // 2 + 1, bands.bins))
    filters[:-1] = np.maximum(np.minimum(rising, falling), 0)
    return _single(filters)


def _mel(hertz: Array) -> Array:
    mels: Array = 1127.0 * np.log(1 + hertz / 700.0)
    return mels


def _warped(hertz: Array, high: float, warp: float) -> Array:
    knee = KNEE * high
    beyond = knee * warp + (hertz - knee) * (high - knee * warp) / (high - knee)
    return np.where(hertz < knee, hertz * warp, beyond)


def _single(values: Array) -> Tensor:
    return torch.from_numpy(values.astype(np.float32))
