"""What is on a line besides the caller: hiss, hum, music, other people; each seeded, so that a call can be replayed."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Literal, get_args

import numpy as np

from ivr.audio.frame import RATE, Samples
from ivr.audio.level import active_level, scale
from ivr.audio.pcm import Fractions, to_fractions, to_pcm
from ivr.bench.voices import recorded, recordings

NoiseKind = Literal["white", "pink", "hum", "music", "babble"]
NOISES: tuple[NoiseKind, ...] = get_args(NoiseKind)

TALKERS = 6
"""voices at once: fewer could be understood"""


def noise(kind: NoiseKind, count: int, dbfs: float, recorded_in: Path) -> Samples:
    """`count` samples of a noise at `dbfs` RMS; `babble` is made of the recordings in a folder. The same every time."""
    source = seeded(kind)
    match kind:
        case "white":
            sound = source.standard_normal(count)
        case "pink":
            sound = pink(source, count)
        case "hum":
            sound = hum(count, 50.0)
        case "music":
            sound = chords(source, count)
        case "babble":
            sound = babble(source, count, recorded_in)
    return to_pcm(sound / np.sqrt(np.mean(np.square(sound))) * factor(dbfs))


def seeded(seed: str) -> np.random.RandomState:
    """Numpy promises this old generator's numbers for ever."""
    return np.random.RandomState(zlib.crc32(seed.encode()))


def factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))


def pink(source: np.random.RandomState, count: int) -> Fractions:
    """Power falls with frequency; RMS 1."""
    spectrum = np.fft.rfft(source.standard_normal(count))
    shaped = np.fft.irfft(spectrum / np.sqrt(np.arange(len(spectrum)) + 20.0), count)
    sound: Fractions = shaped / shaped.std()
    return sound


def hum(count: int, hertz: float) -> Fractions:
    """Of the mains, with its odd harmonics."""
    times = np.arange(count) / RATE
    waves = [np.sin(2 * np.pi * hertz * harmonic * times) / harmonic for harmonic in (1, 2, 3, 5, 7)]
    sound: Fractions = 0.05 * np.sum(waves, axis=0)
    return sound


def chords(source: np.random.RandomState, count: int) -> Fractions:
    """Music on hold, crudely: every half second another triad with overtones; RMS 1."""
    times = np.arange(count) / RATE
    sound = np.zeros(count)
    for start in range(0, count, RATE // 2):
        root = 220.0 * 2 ** (source.randint(0, 12) / 12)
        part = slice(start, start + RATE // 2)
        for step in (0, 4, 7):
            for harmonic in (1, 2, 3):
                sound[part] += np.sin(2 * np.pi * root * 2 ** (step / 12) * harmonic * times[part]) / harmonic
    music: Fractions = sound / np.sqrt(np.mean(np.square(sound)))
    return music


def babble(source: np.random.RandomState, count: int, folder: Path) -> Fractions:
    """Six recorded callers at once, each talking on and on."""
    voices = [each.path for each in recordings(folder)]
    sound = np.zeros(count)
    for _ in range(TALKERS):
        said: list[Fractions] = []
        while sum(map(len, said)) < count:
            samples = recorded(voices[source.randint(len(voices))])
            said.append(to_fractions(scale(samples, -20.0 - active_level(samples).dbfs)))
        sound += np.concatenate(said)[:count]
    return sound
