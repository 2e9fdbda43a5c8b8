"""The noise floor of a line: what it is like when nobody speaks, although somebody mostly does."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import deque

from ivr.audio.frame import FRAME_MS

SHARE = 0.1
"""the floor is the 10th percentile of the levels of 20 ms (facts/speech.md)"""

WINDOW = 4000 // FRAME_MS
"""frames over which the percentile is taken: four seconds, in which every speaker pauses for 0.4 s"""


class Floor:
    """The floor of the last four seconds, from their first frame on; levels in dBFS, one a frame."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque()
        self._sorted: list[float] = []

    def add(self, dbfs: float) -> None:
        if len(self._recent) == WINDOW:
            del self._sorted[bisect_left(self._sorted, self._recent.popleft())]
        self._recent.append(dbfs)
        insort(self._sorted, dbfs)

    @property
    def dbfs(self) -> float:
        """IndexError before the first frame."""
        return self._sorted[int(SHARE * len(self._sorted))]
