"""Holes in a voice: packets that were lost on the way and came out as silence, or as the packet before once more."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import RATE, Samples
from ivr.audio.pcm import check_pcm

MS = RATE // 1000
"""samples in a millisecond"""

SHORTEST_MS, LONGEST_MS = 15, 200
"""of silence in a voice that count as loss: packets are 20 ms and more; a longer hole is a line that fell silent"""

EDGE_MS = 5
"""right before a hole: there a lost packet cuts a voice at its full size, while a closing mouth lets it die away"""

AROUND_MS = 60
"""of the voice before the hole, against which its edge is weighed: a closing mouth takes that long at most"""

EDGE_SHARE = 0.25
"""of the voice's peak that its edge must reach (measured here: tests/audio/test_gaps.py)"""

LOUD = 260
"""peak that is a voice: a sine at -45 dBFS; below it nobody misses a packet"""

OFF_GRID = 4
"""samples: the voice's last or first may happen to have the hole's value"""

PACKET_STEP, OFF_STEP = 10 * MS, 2
"""samples: every packet is a multiple of 10 ms (RFC 3551), but for a neighbour that happens to have the hole's value"""

PACKETS_MS = (20, 30)
"""lengths that packets have (RFC 3551: 20 ms unless agreed otherwise)"""


@dataclass(frozen=True)
class Gap:
    """Sound that was lost: samples of the stretch, the end is the first after it."""

    start: int
    end: int


CHUNK_MS = 1000
"""that are looked at together, so that no frame and no report costs more than a millisecond"""

CONTEXT_MS = LONGEST_MS + AROUND_MS
"""of sound on either side of a gap's first sample that decide about it"""


class GapFinder:
    """Finds the gaps of a stream, as `find_gaps` finds them in a whole sound; 8 kHz, in order.

    Positions count from the first sample added.
    """

    def __init__(self) -> None:
        self._pieces: list[Samples] = []
        self._first = 0
        """sample of the stream with which the pieces begin"""
        self._decided = 0
        """gaps that begin before this sample are known"""
        self._count = 0
        self._gaps: list[Gap] = []

    def add(self, samples: Samples) -> None:
        self._pieces.append(samples)
        self._count += len(samples)
        if self._count - self._decided >= (CHUNK_MS + CONTEXT_MS) * MS:
            self._look(self._count - CONTEXT_MS * MS)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """All gaps so far, but for one that is not over yet."""
        open_ones = [gap for gap in self._found() if gap.start >= self._decided]
        return (*self._gaps, *open_ones)

    def _look(self, until: int) -> None:
        """Decide about the gaps that begin before sample `until`, and forget the sound that is needed no more."""
        self._gaps += [gap for gap in self._found() if self._decided <= gap.start < until]
        self._decided = until
        kept = max(self._first, until - CONTEXT_MS * MS)
        sound = np.concatenate(self._pieces)
        self._pieces, self._first = [sound[kept - self._first :]], kept

    def _found(self) -> tuple[Gap, ...]:
        if not self._pieces:
            return ()
        found = find_gaps(np.concatenate(self._pieces))
        return tuple(Gap(gap.start + self._first, gap.end + self._first) for gap in found)


def find_gaps(samples: Samples) -> tuple[Gap, ...]:
    """The losses in 8 kHz sound, in order and apart from each other; AudioError unless int16 mono.

    Found are runs of one value cut into a voice, holes of whole packets on one grid of packets beside a voice, and
    packets repeated bit by bit; not comfort noise, nor speech that a decoder made up. Digital silence between words,
    and an idle line, are no loss: there the voice had died away before.
    A pure tone whose period divides a packet looks like repeated packets: ask for tones first.
    """
    check_pcm(samples)
    lost = np.zeros(len(samples), dtype=bool)
    for start, end in _constant(samples):
        lost[start:end] = True
    for packet in PACKETS_MS:
        for start, end in _repeated(samples, packet * MS):
            lost[start:end] = True
    starts, ends = _runs(lost)
    return tuple(Gap(int(start), int(end)) for start, end in zip(starts, ends, strict=True))


def _constant(samples: Samples) -> list[tuple[int, int]]:
    """Stretches of one value in a voice, or at its edge."""
    starts, ends = _runs(np.diff(samples, prepend=samples[:1]) == 0)
    long = (ends - starts >= SHORTEST_MS * MS) & (ends - starts <= LONGEST_MS * MS) & (starts > 0)
    runs = list(zip(starts[long].tolist(), ends[long].tolist(), strict=True))
    gridded = _on_one_grid(runs)
    return [run for run in runs if _is_lost(samples, *run, packet=run in gridded)]


def _on_one_grid(runs: list[tuple[int, int]]) -> set[tuple[int, int]]:
    """The runs that are whole packets, and lie on one grid of packets with another that is."""
    size = PACKETS_MS[0] * MS
    whole = [run for run in runs if abs((run[1] - run[0] + size // 2) % size - size // 2) <= OFF_GRID]
    return {
        run
        for run in whole
        if any(other != run and abs((other[0] - run[0] + size // 2) % size - size // 2) <= OFF_GRID for other in whole)
    }


def _is_lost(samples: Samples, start: int, end: int, *, packet: bool) -> bool:
    """Whether a voice breaks off here, or, in a hole of whole packets, is there on one side at least."""
    around = samples[max(0, start - AROUND_MS * MS) : start]
    before, after = _peak(around), _peak(samples[end : end + AROUND_MS * MS])
    if packet:
        return max(before, after) >= LOUD
    # some synthetic voices close their mouths into digital silence, as abruptly as a loss, but not in whole packets
    off = (end - start + PACKET_STEP // 2) % PACKET_STEP - PACKET_STEP // 2
    if abs(off) > OFF_STEP:
        return False
    return after >= LOUD and _peak(around[-EDGE_MS * MS :]) >= max(LOUD, EDGE_SHARE * before)


def _repeated(samples: Samples, packet: int) -> list[tuple[int, int]]:
    """Stretches that equal those one packet before them, and are no silence."""
    if len(samples) <= packet:
        return []
    starts, ends = _runs(samples[packet:] == samples[:-packet])
    long = ends - starts >= packet * 9 // 10
    return [
        (start + packet, end + packet)
        for start, end in zip(starts[long].tolist(), ends[long].tolist(), strict=True)
        if _peak(samples[start + packet : end + packet]) >= LOUD
    ]


def _runs(flags: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """First places of the runs of True, and the first places after them."""
    edges = np.diff(flags.astype(np.int8), prepend=0, append=0)
    return np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)


def _peak(samples: Samples) -> int:
    return int(np.abs(samples.astype(np.int32)).max()) if len(samples) else 0
