"""Windows of telephone sound whose kind of line is known: what the line check is measured with."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Samples
from ivr.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.audio.level import active_level
from ivr.audio.pcm import Fractions, to_fractions, to_pcm
from ivr.bench.line_sounds import KEYPAD, NOISES, TONES, Source, lossy, network_tone, pink, talk, white
from ivr.speech.line import LineKind

WAIT = 5 * RATE
"""samples that the question waits (house rule S4)"""

SPEECH_DBFS = -20.0
"""active level of the callers' recordings"""

LINE_FLOOR = -68.0
"""dBFS, of a good line (lab: sig.py)"""


@dataclass(frozen=True)
class LineCase:
    """One listening of a known kind; int16, 8 kHz, four to six seconds."""

    name: str
    """`kind-number`, and what is in it"""
    kind: LineKind
    samples: Samples
    own_level: float | None = None
    """the caller's level so far, dBFS"""
    tone: ToneKind | None = None


def cases(voices: Sequence[Samples], count: int, seed: int) -> tuple[LineCase, ...]:
    """`count` cases of each kind over `voices` at -20 dBFS; one seed gives one result for ever."""
    return tuple(
        MAKERS[kind](f"{kind}-{number:03d}", _source(f"{seed}/{kind}/{number}"), voices)
        for kind in LineKind
        for number in range(count)
    )


def over_noise(voices: Sequence[Samples], noise: str, snr: float, seed: str) -> Samples:
    """A voice at about -22 dBFS over `noise`: a point of the curve over SNR (lab: c4_class.py)."""
    return _over_noise(_source(seed), voices, noise, snr, -2.0)


def at_level(voices: Sequence[Samples], dbfs: float, seed: str) -> Samples:
    """A voice at `dbfs` on a good line: a point of the curve over level."""
    source = _source(seed)
    return _line(source, _said(source, voices, _count(source)) * _factor(dbfs - SPEECH_DBFS))


def _normal(name: str, source: Source, voices: Sequence[Samples]) -> LineCase:
    noise, snr, gain = _noise(source), source.uniform(17, 40), source.uniform(-14, 6)
    return LineCase(f"{name} {noise} {snr:.0f} dB", LineKind.NORMAL, _over_noise(source, voices, noise, snr, gain))


def _noisy(name: str, source: Source, voices: Sequence[Samples]) -> LineCase:
    noise, snr, gain = _noise(source), source.uniform(-3, 6), source.uniform(-8, 4)
    return LineCase(f"{name} {noise} {snr:.0f} dB", LineKind.NOISY, _over_noise(source, voices, noise, snr, gain))


def _too_quiet(name: str, source: Source, voices: Sequence[Samples]) -> LineCase:
    gain, floor = source.uniform(-38, -27), source.uniform(-72, -66)
    sound = _line(source, _said(source, voices, _count(source)) * _factor(gain), floor)
    return LineCase(f"{name} {SPEECH_DBFS + gain:.0f} dBFS", LineKind.TOO_QUIET, sound)


def _silent(name: str, source: Source, _: Sequence[Samples]) -> LineCase:
    count, floor = _count(source), source.uniform(-70, -48)
    make = (None, white, pink, pink)[source.randint(4)]
    if make is None:
        return LineCase(f"{name} digital", LineKind.SILENT, _coded(source, np.zeros(count)))
    sound = make(source, count) * _factor(floor)
    return LineCase(f"{name} {make.__name__} {floor:.0f} dBFS", LineKind.SILENT, _line(source, sound))


def _tone(name: str, source: Source, _: Sequence[Samples]) -> LineCase:
    names = (*TONES, KEYPAD)
    what = names[source.randint(len(names))]
    sound = network_tone(what, source, _count(source)) * _factor(source.uniform(-30, -9))
    kind = ToneKind.DTMF if what == KEYPAD else TONES[what].kind
    return LineCase(f"{name} {what}", LineKind.TONE, _line(source, sound, source.uniform(-70, -45)), tone=kind)


def _choppy(name: str, source: Source, voices: Sequence[Samples]) -> LineCase:
    noise, snr, gain = _noise(source), source.uniform(25, 40), source.uniform(-14, 6)
    share, repeat = source.uniform(0.05, 0.2), bool(source.randint(2))
    whole = _over_noise(source, voices, noise, snr, gain)
    sound = lossy(whole, source, share, repeat=repeat)
    return LineCase(f"{name} {share:.0%} {'repeated' if repeat else 'silent'}", LineKind.CHOPPY, sound)


def _unanswered(name: str, source: Source, voices: Sequence[Samples]) -> LineCase:
    if source.randint(2):
        own, under = source.uniform(-26, -14), source.uniform(14, 22)
        murmur = talk(source, _count(source), voices, (0.2, 0.9)) * _factor(own - under - SPEECH_DBFS)
        sound = _line(source, murmur, own - under - source.uniform(18, 30))
        return LineCase(f"{name} murmur {under:.0f} dB under", LineKind.UNANSWERED, sound, own)
    # longer than the wait: nobody stops to hear what we have to say
    endless = talk(source, WAIT + RATE, voices) * _factor(source.uniform(-14, 0))
    return LineCase(f"{name} endless", LineKind.UNANSWERED, _line(source, endless))


Maker = Callable[[str, Source, Sequence[Samples]], LineCase]

MAKERS: Mapping[LineKind, Maker] = MappingProxyType(
    {
        LineKind.SILENT: _silent,
        LineKind.UNANSWERED: _unanswered,
        LineKind.TOO_QUIET: _too_quiet,
        LineKind.NOISY: _noisy,
        LineKind.CHOPPY: _choppy,
        LineKind.TONE: _tone,
        LineKind.NORMAL: _normal,
    }
)


def _over_noise(source: Source, voices: Sequence[Samples], noise: str, snr: float, gain: float) -> Samples:
    """SNR is the voice's active level less the noise's RMS over the whole window."""
    count = _count(source)
    sound = _said(source, voices, count)
    sound += NOISES[noise](source, count, voices) * _factor(SPEECH_DBFS - snr)
    return _line(source, sound * _factor(gain))


def _said(source: Source, voices: Sequence[Samples], count: int) -> Fractions:
    """One utterance, sometimes two, that begin and end within the window; -20 dBFS."""
    sound = np.zeros(count)
    said = to_fractions(voices[source.randint(len(voices))])
    if source.randint(2):
        pause = np.zeros(round(RATE * source.uniform(0.0, 0.3)))
        said = np.concatenate([said, pause, to_fractions(voices[source.randint(len(voices))])])
    said = said[: count - RATE]
    start = round(source.uniform(0.3 * RATE, count - 0.6 * RATE - len(said)))
    sound[start : start + len(said)] = said
    level = active_level(to_pcm(said)).dbfs
    return sound * _factor(SPEECH_DBFS - level)


def _noise(source: Source) -> str:
    return tuple(NOISES)[source.randint(len(NOISES))]


def _count(source: Source) -> int:
    return round(source.uniform(4.0, 6.0) * 50) * RATE // 50


def _line(source: Source, sound: Fractions, floor: float = LINE_FLOOR) -> Samples:
    return _coded(source, sound + white(source, len(sound)) * _factor(floor))


def _coded(source: Source, sound: Fractions) -> Samples:
    samples = to_pcm(sound)
    if source.randint(2):
        return decode_alaw(encode_alaw(samples))
    return decode_ulaw(encode_ulaw(samples))


def _source(seed: str) -> Source:
    return np.random.RandomState(zlib.crc32(seed.encode()))


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))
