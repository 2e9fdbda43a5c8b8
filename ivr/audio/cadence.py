"""What a telephone tone means, from its frequencies and from how long it sounds and pauses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from ivr.audio.frame import RATE
from ivr.audio.tones import DTMF_COLUMNS, DTMF_ROWS

MS = RATE // 1000
"""samples in a millisecond"""

CNG_HERTZ, CNG_WITHIN = 1100.0, 38.0
"""a calling fax (ITU-T T.30)"""

CNG_MS = (400, 620)
"""T.30 says 500 ms ± 15 %; our frames add up to 40 ms"""

CED_HERTZ, CED_WITHIN = 2100.0, 15.0
"""a called fax or modem (ITU-T T.30, V.25)"""

CED_MS = 600
"""of 2100 Hz that make sure; T.30 sends 2.6 to 4 s of it"""

PAIRS = (
    ((350.0, 440.0), "dial"),
    ((480.0, 620.0), "busy"),
    ((440.0, 480.0), "ringback"),
    ((400.0, 450.0), "ringback"),
)
"""of North America and the United Kingdom (ITU-T E.180): two frequencies say by themselves what they mean"""

PAIR_KINDS = frozenset(kind for _, kind in PAIRS)

PAIR_MS = 300
"""of a pair that make sure: no voice held two such lines so long (measured here: tests/audio/test_tone_finder.py)"""

PAIR_WITHIN = 8.0
"""Hz, of each of a pair"""

PROGRESS_HERTZ = (390.0, 490.0)
"""one frequency of call progress, told apart by cadence: 450 in China, 425 in Europe, 400 and 440 elsewhere (E.180)"""

DIAL_MS = 2500
"""without a break: no ringback or busy tone sounds so long (E.180: at most 2 s)"""

BUSY_MS = (150, 800)
"""of tone and of pause: busy is .35/.35 in China, .5/.5 in Europe, congestion .7/.7 and .25/.25 (E.180)"""

RING_MS = (850, 2300)
"""of a whole tone that can only be ringback: longer than busy, shorter than dial (E.180)"""

RING_ON_MS, RING_OFF_MS = 350, 1500
"""least tone and least pause of ringback: 1/4 s in China and Europe (E.180)"""

DTMF_WITHIN = 0.025
"""share of the frequency, as for the keypad's decoder"""


class ToneKind(StrEnum):
    """The tones that a telephone network or a machine at its end sends."""

    DIAL = "dial"
    BUSY = "busy"
    RINGBACK = "ringback"
    FAX_CNG = "fax_cng"
    FAX_CED = "fax_ced"
    DTMF = "dtmf"
    OTHER = "other"


@dataclass(frozen=True)
class Tone:
    """One stretch of one stable tone."""

    hertz: tuple[float, ...]
    """one frequency, or two, lowest first"""
    start: int
    """sample of the stream, to about a frame"""
    end: int
    whole: bool
    """its beginning and its end were both heard"""

    @property
    def ms(self) -> float:
        return (self.end - self.start) / MS


@dataclass(frozen=True)
class Meaning:
    """What the tones so far are."""

    kind: ToneKind
    certain: bool
    """nothing that may follow would change it"""


def meaning(tones: Sequence[Tone], now: int) -> Meaning | None:
    """What `tones`, in order, are at sample `now`; None without any.

    The kind that sounded longest counts; what fits no cadence is OTHER.
    """
    if not tones:
        return None
    families: dict[str, list[Tone]] = {}
    for each in tones:
        families.setdefault(_family(each.hertz), []).append(each)
    family = max(families, key=lambda name: sum(each.end - each.start for each in families[name]))
    return _within(family, families[family], now)


def _within(family: str, tones: Sequence[Tone], now: int) -> Meaning:
    if family == ToneKind.FAX_CNG:
        return _cng(tones)
    if family == ToneKind.FAX_CED:
        sure = any(each.ms >= CED_MS for each in tones)
        return Meaning(ToneKind.FAX_CED if sure else ToneKind.OTHER, sure)
    if family == "progress":
        return _progress(tones, now)
    return Meaning(ToneKind(family), family in PAIR_KINDS and max(each.ms for each in tones) >= PAIR_MS)


def _cng(tones: Sequence[Tone]) -> Meaning:
    sure = any(each.whole and CNG_MS[0] <= each.ms <= CNG_MS[1] for each in tones)
    short = all(each.ms <= CNG_MS[1] for each in tones)
    return Meaning(ToneKind.FAX_CNG if short else ToneKind.OTHER, sure and short)


def _progress(tones: Sequence[Tone], now: int) -> Meaning:
    """One frequency: dial, busy or ringback by its cadence."""
    if any(each.ms >= DIAL_MS for each in tones):
        return Meaning(ToneKind.DIAL, certain=True)
    pauses = [(after.start - before.end) / MS for before, after in pairwise(tones)]
    pairs = zip(tones, pauses, strict=False)
    cycles = sum(_is_short(each.ms) and _is_short(pause) for each, pause in pairs)
    if cycles:
        return Meaning(ToneKind.BUSY, cycles > 1)
    rests = [*pauses, (now - tones[-1].end) / MS]
    rang = any(
        (pause >= RING_OFF_MS and (each.ms >= RING_ON_MS or not each.whole))
        or (each.whole and RING_MS[0] <= each.ms <= RING_MS[1])
        for each, pause in zip(tones, rests, strict=True)
    )
    return Meaning(ToneKind.RINGBACK if rang else ToneKind.OTHER, certain=False)


def _is_short(ms: float) -> bool:
    return BUSY_MS[0] <= ms <= BUSY_MS[1]


def _family(hertz: tuple[float, ...]) -> str:
    if len(hertz) == 1:
        return _single(hertz[0])
    for pair, kind in PAIRS:
        if all(abs(heard - meant) <= PAIR_WITHIN for heard, meant in zip(hertz, pair, strict=True)):
            return kind
    keypad = _is_one_of(hertz[0], DTMF_ROWS) and _is_one_of(hertz[1], DTMF_COLUMNS)
    return ToneKind.DTMF if keypad else ToneKind.OTHER


def _single(hertz: float) -> str:
    if abs(hertz - CNG_HERTZ) <= CNG_WITHIN:
        return ToneKind.FAX_CNG
    if abs(hertz - CED_HERTZ) <= CED_WITHIN:
        return ToneKind.FAX_CED
    return "progress" if PROGRESS_HERTZ[0] <= hertz <= PROGRESS_HERTZ[1] else ToneKind.OTHER


def _is_one_of(hertz: float, frequencies: tuple[float, ...]) -> bool:
    return any(abs(hertz / each - 1.0) <= DTMF_WITHIN for each in frequencies)
