"""How prompts sound: level, clipping, silence at the ends, pace; the voice and recordings by the same rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ivr.audio.frame import Samples
from ivr.audio.level import active_level, rms_dbfs
from ivr.errors import AudioError
from ivr.records import Language
from ivr.sample import units
from ivr.speech.tts import LEVEL_DBFS

FASTEST: Mapping[Language, float] = MappingProxyType({"zh": 1.3, "en": 1.5})
SLOWEST = 0.7
"""of the house's pace, for one prompt. The desk's own voice has 0.81 to 1.25 in Chinese, 0.81 to 1.3 in English, where
short words run ahead (measured here: `ivr prompts check --json`)"""

ON_AVERAGE = 10 / 150
"""over all prompts: S16 gives 140 to 160 for a pace of 150"""

OFF_LEVEL = 1.5
"""dB off the house's level, of what callers get; the limiter costs a peaky voice 0.9 (ivr/audio/level.py)"""

TOO_QUIET = LEVEL_DBFS - 20.0
"""dBFS of a recording as it was made: louder by more than 20 dB, a quiet office (-65 dBFS) is heard in the prompt"""

FLAT = 3
"""samples in a row at the peak, twice or more in one sound: the tops of the wave are cut off. A top of 200 Hz at 48 kHz
that is over LOUD moves by several units from sample to sample; none of 600 human recordings is called clipped, nor is
any prompt of the desk's voice (measured here)"""
LOUD = 8000
"""of int16: the peak of a sound that is loud enough to tell"""

STILL_DB = 20.0
"""below the active level lies what is no speech"""
LONGEST_STILL = 0.3
"""seconds of no speech at an end, of what callers get"""
AT_ONCE_DB = 15.0
"""a recording that begins or ends louder than this below its level begins or ends within a sound"""
ROOM_DBFS = -90.0
"""one bit of int16: no room is stiller. What is was not made by a microphone, and may begin at once, as espeak does"""

HOP = 0.01
"""seconds"""


@dataclass(frozen=True)
class Sound:
    """One prompt's sound, measured."""

    seconds: float
    level_dbfs: float
    """active level, ITU-T P.56"""
    clipped: int
    """places where the top of the wave is cut off"""
    lead: float
    """seconds before the first speech"""
    tail: float
    """seconds after the last"""
    per_minute: float
    """Chinese characters or English words, pauses included"""


def measured(samples: Samples, rate: int, spoken: str, language: Language) -> Sound:
    """Measure a sound in which `spoken`, free of figures, is said. Raises AudioError for silence and wrong samples."""
    level = active_level(samples, rate)
    if level.activity == 0.0:
        raise AudioError("nothing but silence")
    loud = np.flatnonzero(_hops(samples, rate) >= level.dbfs - STILL_DB)
    first, last = (int(loud[0]), int(loud[-1])) if len(loud) else (0, 0)
    length = len(samples) / rate
    return Sound(
        seconds=length,
        level_dbfs=level.dbfs,
        clipped=_clipped(samples),
        lead=first * HOP,
        tail=max(0.0, length - (last + 1) * HOP),
        per_minute=units(spoken, language) / length * 60,
    )


def heard_faults(sound: Sound, language: Language, pace: float) -> Iterator[str]:
    """What is wrong with a sound as callers get it, at a house's pace, Chinese characters a minute (S16)."""
    unit = "characters" if language == "zh" else "words"
    told = f"{sound.per_minute:.0f} {unit} a minute, expected {SLOWEST * pace:.0f} to {FASTEST[language] * pace:.0f}"
    if sound.per_minute > FASTEST[language] * pace:
        yield f"too fast: {told} (S16)"
    elif sound.per_minute < SLOWEST * pace:
        yield f"too slow: {told} (S16)"
    if abs(sound.level_dbfs - LEVEL_DBFS) > OFF_LEVEL:
        yield f"level {sound.level_dbfs:.1f} dBFS, expected {LEVEL_DBFS:.0f}"
    if sound.clipped:
        yield f"clipped in {sound.clipped} places (S16)"
    for still, where in ((sound.lead, "before the first word"), (sound.tail, "after the last word")):
        if still > LONGEST_STILL:
            yield f"{still:.1f} s of noise or silence {where}"


def recorded_faults(samples: Samples, rate: int) -> Iterator[str]:
    """What is wrong with a recording as it was made, before its level is set and its ends are cut."""
    level = active_level(samples, rate)
    clipped = _clipped(samples)
    if clipped:
        yield f"clipped in {clipped} places: record it again, quieter (S16)"
    if level.dbfs < TOO_QUIET:
        yield f"too quiet: {level.dbfs:.0f} dBFS, expected {TOO_QUIET:.0f} at least; record it again, closer"
    hops = _hops(samples, rate)
    for place, where in ((0, "begins"), (-1, "ends")):
        if hops[place] > level.dbfs - AT_ONCE_DB and hops.min() > ROOM_DBFS:
            yield f"{where} within a sound: leave a moment of silence, or a word is cut off"


def without_echo(heard: list[str], raw: list[str]) -> list[str]:
    """What callers get wrong of a recording, but for the clipping that was told of the file already."""
    return [fault for fault in heard if not (raw and fault.startswith("clipped"))]


def _hops(samples: Samples, rate: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Level of each 10 ms, dBFS."""
    hop = round(rate * HOP)
    return np.array(
        [rms_dbfs(samples[place : place + hop]) for place in range(0, max(1, len(samples) - hop // 2), hop)]
    )


def _clipped(samples: Samples) -> int:
    """Stretches of FLAT samples and more at the peak, on either side; 0 for a single one, which may be chance."""
    size = np.abs(samples.astype(np.int32))
    if size.max() < LOUD:
        return 0
    # int16 reaches one further below than above
    top = size >= size.max() - 1
    edges = np.flatnonzero(np.diff(np.concatenate([[0], top.astype(np.int8), [0]])))
    stretches = int(np.count_nonzero(edges[1::2] - edges[::2] >= FLAT))
    return stretches if stretches > 1 else 0
