"""The telephone network's two codecs, mu-law and A-law, exact by ITU-T G.711.

G.711 leaves open which way a sample goes that lies exactly on a decision value. Here it goes outwards, alike on both
sides of zero, as in libsndfile and Asterisk; G.191's reference code differs on such negative samples only.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import Samples
from ivr.audio.pcm import check_pcm

Codes = npt.NDArray[np.uint8]

ULAW_BIAS = 132
"""33 on G.711's 14-bit scale: it makes every segment begin at a power of two"""

ULAW_CLIP = 32635
"""8158 on the 14-bit scale, and its lost quarters: the last magnitude that the eighth segment holds"""


def _ulaw_encoder() -> Codes:
    """Code of every int16 value, indexed by the value seen as uint16."""
    values = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    biased = np.minimum(np.abs(values), ULAW_CLIP) + ULAW_BIAS
    segment = np.frexp(biased)[1] - 8
    step = (biased >> (segment + 3)) & 15
    sign = np.where(values < 0, 0x80, 0)
    # G.711 sends every bit of mu-law inverted
    codes: Codes = (~(sign | segment << 4 | step)).astype(np.uint8)
    return codes


def _ulaw_decoder() -> Samples:
    """Sample of every code: the middle of its step."""
    codes = ~np.arange(256, dtype=np.int32)
    magnitude = ((((codes & 15) << 3) + ULAW_BIAS) << (codes >> 4 & 7)) - ULAW_BIAS
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw_encoder() -> Codes:
    """Code of every int16 value, indexed by the value seen as uint16."""
    values = np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)
    magnitude = np.minimum(np.abs(values), 32767) >> 4
    # the first two segments share one step size: below 32 the magnitude is segment and step in one
    segment = np.maximum(np.frexp(magnitude)[1] - 4, 0)
    step = magnitude >> np.maximum(segment - 1, 0) & 15
    sign = np.where(values < 0, 0, 0x80)
    # G.711 sends every second bit of A-law inverted
    codes: Codes = ((sign | segment << 4 | step) ^ 0x55).astype(np.uint8)
    return codes


def _alaw_decoder() -> Samples:
    """Sample of every code: the middle of its step."""
    codes = np.arange(256, dtype=np.int32) ^ 0x55
    segment = codes >> 4 & 7
    step = (codes & 15) << 4 | 8
    magnitude = np.where(segment == 0, step, (step + 256) << np.maximum(segment - 1, 0))
    return np.where(codes & 0x80, magnitude, -magnitude).astype(np.int16)


_ULAW_CODES = _ulaw_encoder()
_ULAW_SAMPLES = _ulaw_decoder()
_ALAW_CODES = _alaw_encoder()
_ALAW_SAMPLES = _alaw_decoder()


def encode_ulaw(samples: Samples) -> bytes:
    """One mu-law byte a sample; AudioError unless int16 mono."""
    return _encode(_ULAW_CODES, samples)


def decode_ulaw(data: bytes) -> Samples:
    """One sample a mu-law byte, within ±32124."""
    return _ULAW_SAMPLES[np.frombuffer(data, dtype=np.uint8)]


def encode_alaw(samples: Samples) -> bytes:
    """One A-law byte a sample; AudioError unless int16 mono."""
    return _encode(_ALAW_CODES, samples)


def decode_alaw(data: bytes) -> Samples:
    """One sample an A-law byte, within ±32256 and never 0: A-law knows no zero."""
    return _ALAW_SAMPLES[np.frombuffer(data, dtype=np.uint8)]


def _encode(codes: Codes, samples: Samples) -> bytes:
    check_pcm(samples)
    return codes[samples.view(np.uint16)].tobytes()
