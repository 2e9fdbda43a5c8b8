"""The lines over which the model is examined: level, noise, codec, loss, haste; and the sounds that are no speech."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import soundfile

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.audio.level import active_level, scale
from ivr.audio.pcm import Fractions, to_fractions, to_pcm
from ivr.audio.tempo import stretched
from ivr.audio.tones import dtmf, tone

LEAD, TAIL = round(0.3 * RATE), round(0.6 * RATE)
"""samples of quiet line around an utterance"""

FLOOR_DBFS = -72.0
"""of the line itself: exact zeros become words (facts/models.md, trap 0)"""

LOST_MS = 20
"""one packet"""


@dataclass(frozen=True)
class Condition:
    """One kind of line."""

    name: str
    level: float = -20.0
    """active speech level, dBFS (P.56)"""
    snr: float | None = None
    """dB of speech over pink noise, which lies under the pauses too"""
    codec: str = "ulaw"
    loss: float = 0.0
    """share of packets that became silence"""
    pace: float = 1.0
    """times as fast as it was said, at the same pitch"""


CLEAN = Condition("clean")

REPORTED = (CLEAN, Condition("snr10", snr=10.0), Condition("minus20", level=-40.0))
"""the three columns of the targets: −20 dB is 20 dB under the level of `clean`"""

ROBUST = (
    *REPORTED,
    Condition("snr5", snr=5.0),
    Condition("loud", level=-10.0),
    Condition("faint", level=-45.0),
    Condition("alaw", codec="alaw"),
    Condition("gsm", codec="gsm"),
    Condition("loss5", loss=0.05),
    Condition("slow", pace=0.75),
    Condition("fast", pace=1.3),
)

NOISES = (CLEAN, *(Condition(f"snr{db}", snr=float(db)) for db in (20, 15, 10, 5, 0)))
"""the curve over noise"""

LEVELS = (
    Condition("loud", level=-10.0),
    CLEAN,
    Condition("minus10", level=-30.0),
    Condition("minus20", level=-40.0),
    Condition("faint", level=-45.0),
)
"""the curve over level"""

KNOWN: Mapping[str, Condition] = {each.name: each for each in (*ROBUST, *NOISES, *LEVELS)}


def over(samples: Samples, condition: Condition, seed: str) -> Samples:
    """`samples` as they arrive over such a line, quiet before and after; one seed gives one result for ever."""
    source = _source(f"{seed}/{condition.name}")
    samples = to_pcm(stretched(to_fractions(samples), 1.0 / condition.pace))
    voice = np.concatenate([silence(LEAD), samples, silence(TAIL)])
    voice = scale(voice, condition.level - active_level(samples).dbfs)
    sound = to_fractions(voice) + _noise(source, len(voice), FLOOR_DBFS)
    if condition.snr is not None:
        sound += _pink(source, len(voice)) * _factor(condition.level - condition.snr)
    return _lossy(_coded(to_pcm(sound), condition.codec), condition.loss, source)


def no_speech(seconds: float = 3.0) -> Mapping[str, Samples]:
    """Name → a sound without speech at ordinary levels, over mu-law, on the same line noise."""
    count = round(seconds * RATE)
    makers: Mapping[str, Callable[[np.random.RandomState], Fractions]] = {
        "silence": lambda _: np.zeros(count),
        "hiss": lambda source: _noise(source, count, -50.0),
        "white": lambda source: _noise(source, count, -26.0),
        "pink": lambda source: _pink(source, count) * _factor(-26.0),
        "pink, loud": lambda source: _pink(source, count) * _factor(-16.0),
        "clicks": lambda source: np.where(source.random_sample(count) < 0.0005, 0.5, 0.0),
        "bursts like coughs": lambda source: _coughs(source, count),
        "hum 50 Hz": lambda _: _hum(count, 50.0),
        "hum 60 Hz": lambda _: _hum(count, 60.0),
        "dial tone 450": lambda _: _tones((450.0,), seconds, -20.0),
        "dial tone 350+440": lambda _: _tones((350.0, 440.0), seconds, -20.0),
        "busy 450": lambda _: _tones((450.0,), seconds, -20.0) * _cadence(count, 0.35),
        "fax 1100": lambda _: _tones((1100.0,), seconds, -20.0),
        "answering machine's 1000": lambda _: _tones((1000.0,), seconds, -20.0) * _cadence(count, 0.5),
        "chords": lambda source: _chords(source, count),
        **{f"key {key}": _key(key, count) for key in "0123456789*#"},
    }
    return {name: _floored(make(_source(name)), name) for name, make in makers.items()}


def _key(key: str, count: int) -> Callable[[np.random.RandomState], Fractions]:
    pressed = to_fractions(dtmf(key * 5, on_ms=200, off_ms=400))
    return lambda _: np.resize(pressed, count)


def _floored(sound: Fractions, name: str) -> Samples:
    floor = _noise(_source(f"{name}/floor"), len(sound), FLOOR_DBFS)
    return _coded(to_pcm(sound + floor), "ulaw")


def _source(seed: str) -> np.random.RandomState:
    """Numpy promises this old generator's numbers for ever."""
    return np.random.RandomState(zlib.crc32(seed.encode()))


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def _noise(source: np.random.RandomState, count: int, dbfs: float) -> Fractions:
    noise: Fractions = source.standard_normal(count) * _factor(dbfs)
    return noise


def _pink(source: np.random.RandomState, count: int) -> Fractions:
    """Power falls with frequency; RMS 1."""
    spectrum = np.fft.rfft(source.standard_normal(count))
    shaped = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 20.0), count)
    pink: Fractions = shaped / shaped.std()
    return pink


def _hum(count: int, hertz: float) -> Fractions:
    times = np.arange(count) / RATE
    waves = [np.sin(2 * np.pi * hertz * harmonic * times) / harmonic for harmonic in (1, 2, 3, 5, 7)]
    hum: Fractions = 0.05 * np.sum(waves, axis=0)
    return hum


def _tones(hertz: tuple[float, ...], seconds: float, dbfs: float) -> Fractions:
    return to_fractions(tone(hertz, seconds, dbfs))


def _cadence(count: int, seconds: float) -> Fractions:
    """On and off, each so long."""
    return np.where(np.arange(count) // round(seconds * RATE) % 2 == 0, 1.0, 0.0)


def _chords(source: np.random.RandomState, count: int) -> Fractions:
    """Music on hold, crudely: every half second another triad with overtones."""
    times = np.arange(count) / RATE
    sound = np.zeros(count)
    for start in range(0, count, RATE // 2):
        root = 220.0 * 2 ** (source.randint(0, 12) / 12)
        part = slice(start, start + RATE // 2)
        for step in (0, 4, 7):
            for harmonic in (1, 2, 3):
                sound[part] += np.sin(2 * np.pi * root * 2 ** (step / 12) * harmonic * times[part]) / harmonic
    music: Fractions = sound / np.sqrt(np.mean(np.square(sound))) * _factor(-22.0)
    return music


def _coughs(source: np.random.RandomState, count: int) -> Fractions:
    sound = np.zeros(count)
    for start in (RATE // 2, RATE, 2 * RATE):
        size = min(RATE // 4, count - start)
        if size > 0:
            sound[start : start + size] = _pink(source, size) * np.exp(-np.arange(size) / (0.08 * RATE)) * 0.25
    return sound


def _coded(samples: Samples, codec: str) -> Samples:
    if codec == "alaw":
        return decode_alaw(encode_alaw(samples))
    if codec == "gsm":
        return _gsm(samples)
    return decode_ulaw(encode_ulaw(samples))


def _gsm(samples: Samples) -> Samples:
    """Through GSM 06.10, full rate, and back."""
    with io.BytesIO() as file:
        soundfile.write(file, samples, RATE, format="WAV", subtype="GSM610")
        file.seek(0)
        heard: Samples = soundfile.read(file, dtype="int16")[0]
    # its frames are 20 ms long, two in a block: the last one is filled up
    return np.resize(heard, len(samples)) if len(heard) < len(samples) else heard[: len(samples)]


def _lossy(samples: Samples, share: float, source: np.random.RandomState) -> Samples:
    packet = RATE * LOST_MS // 1000
    heard = samples.copy()
    for start in np.flatnonzero(source.random_sample(-(-len(samples) // packet)) < share) * packet:
        heard[start : start + packet] = 0
    return heard
