"""Slower and faster at the same pitch."""

from __future__ import annotations

import numpy as np

from ivr.audio.pcm import Fractions

WINDOW, HOP, SEARCH = 240, 120, 60
"""samples at 8 kHz: two windows overlap by half, and one is set where it fits the last within 7.5 ms"""

UNHEARD = 0.01
"""change of length that is left alone"""


def stretched(sound: Fractions, factor: float) -> Fractions:
    """Longer by `factor`: overlapping windows, each set where it fits the last one (WSOLA, Verhelst and Roelands 1993).

    `sound` is mono of 8 kHz at any scale; shorter than two windows it stays as it is.
    """
    if abs(factor - 1.0) < UNHEARD or len(sound) < 2 * WINDOW:
        return sound
    length = round(len(sound) * factor)
    shape = np.hanning(WINDOW + 1)[:WINDOW]
    padded = np.concatenate([np.zeros(SEARCH), sound, np.zeros(2 * WINDOW + SEARCH)])
    out, weight = np.zeros(length + WINDOW), np.zeros(length + WINDOW)
    source = SEARCH
    for place in range(0, length, HOP):
        wanted = min(SEARCH + round(place / factor), len(padded) - WINDOW - SEARCH)
        source = _fitting(padded, source, wanted) if place else wanted
        out[place : place + WINDOW] += padded[source : source + WINDOW] * shape
        weight[place : place + WINDOW] += shape
    joined: Fractions = (out / np.maximum(weight, 0.1))[:length]
    return joined


def _fitting(padded: Fractions, source: int, wanted: int) -> int:
    """Where near `wanted` the sound goes on most like after the window at `source`."""
    following = padded[source + HOP : source + HOP + WINDOW]
    around = padded[wanted - SEARCH : wanted + SEARCH + WINDOW]
    found = wanted - SEARCH + int(np.argmax(np.correlate(around, following, mode="valid")))
    return min(found, len(padded) - WINDOW - HOP)
