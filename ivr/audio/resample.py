"""From one sample rate to another, at once or as the sound arrives."""

from __future__ import annotations

from typing import Literal

import numpy as np
import soxr

from ivr.audio.frame import FULL_SCALE, RATE, Samples
from ivr.audio.pcm import check_pcm, check_rate, to_pcm
from ivr.errors import AudioError

Quality = Literal["HQ", "MQ", "LQ", "QQ"]
"""soxr's recipes: HQ is transparent; LQ narrows the band a little and answers sooner; QQ, cubic, answers at once, for
detectors only: it lets images through"""


def resample(samples: Samples, from_rate: int, to_rate: int = RATE) -> Samples:
    """Convert a whole sound by soxr HQ (facts/speech.md); about `len(samples) * to_rate / from_rate` samples.

    Raises AudioError for samples that are not int16 mono and for rates outside 8 to 48 kHz.
    """
    stream = Resampler(from_rate, to_rate)
    return np.concatenate([stream.push(samples), stream.flush()])


class Resampler:
    """Converts a stream, frame by frame; the pieces put together equal what `resample` makes of the whole.

    soxr works in blocks: most pushes of 20 ms give nothing, then several frames come at once. Measured lag behind
    the input, least to most: HQ 12-175 ms, MQ 10-118 ms, LQ 4-61 ms; QQ, from 8 to 16 kHz, under 1 ms; the pieces'
    lengths depend on the rates.
    Raises AudioError for wrong samples or rates, and for a push after `flush`.
    """

    def __init__(self, from_rate: int, to_rate: int = RATE, *, quality: Quality = "HQ") -> None:
        check_rate(from_rate)
        check_rate(to_rate)
        # floats: the rounding to int16, and that nothing is dithered, stay in our own hands
        self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32", quality=quality)
        self._flushed = False

    def push(self, samples: Samples) -> Samples:
        """Take `samples` in, give out what is ready, possibly nothing."""
        check_pcm(samples)
        if self._flushed:
            raise AudioError("the stream was flushed: a new stream needs a new Resampler")
        return self._convert(samples, last=False)

    def flush(self) -> Samples:
        """Give out the samples still inside; the stream is then over."""
        if self._flushed:
            return np.zeros(0, dtype=np.int16)
        self._flushed = True
        return self._convert(np.zeros(0, dtype=np.int16), last=True)

    def _convert(self, samples: Samples, *, last: bool) -> Samples:
        return to_pcm(self._stream.resample_chunk(samples.astype(np.float32) / np.float32(FULL_SCALE), last=last))
