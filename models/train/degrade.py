"""What a telephone line does to speech: level, noise, codecs, losses, haste. Chance comes from a generator alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import soxr
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from ivr.audio.frame import FULL_SCALE, RATE, Samples
from ivr.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.audio.level import active_level
from ivr.audio.tempo import stretched
from ivr.audio.tones import DTMF_COLUMNS, DTMF_ROWS

Sound = npt.NDArray[np.float64]

NoiseMaker = Callable[[int, np.random.Generator], Sound]
"""(samples, generator) → noise of any size"""

PACKET = RATE // 50
"""samples in 20 ms, what one lost packet takes away"""

CALL_TONES = (350.0, 400.0, 425.0, 440.0, 450.0, 480.0, 620.0, 950.0, 1000.0, 1400.0, 1800.0, 2100.0)
"""Hz: dial, ringing, busy, special information and fax tones of several countries"""

NOTES = 110.0 * 2.0 ** (np.arange(37) / 12)
"""three octaves of music, Hz"""


@dataclass(frozen=True)
class Recipe:
    """How likely each fault is, and how bad it may get."""

    level: tuple[float, float] = (-45.0, -10.0)
    """dBFS of the active voice; below about -40 dBFS mu-law's own noise is heard"""
    noisy: float = 0.6
    """share with noise"""
    snr: tuple[float, float] = (5.0, 35.0)
    """dB of the voice over the noise"""
    kinds: tuple[str, ...] = ("white", "pink", "brown", "hum", "babble", "music", "dtmf", "tones")
    room: float = 0.3
    """share with an echo of a room or a hands-free telephone"""
    line: float = 0.6
    """share with a tilted, narrowed or clipped line"""
    codecs: tuple[str, ...] = ("ulaw", "ulaw", "alaw", "alaw", "gsm", "none")
    lossy: float = 0.2
    """share with lost packets"""
    loss: float = 0.05
    """share of packets lost at most"""
    tempo: tuple[float, float] = (0.75, 1.7)
    """factors on the length, pitch unchanged; a caller drags a short answer"""
    hasty: float = 0.5
    """share whose tempo is changed"""
    throat: tuple[float, float] = (1.0, 1.0)
    """factors on pitch and formants together, and so on the length; engines vary them already"""
    floor: float = -70.0
    """dBFS of the noise that is always there, since exact zeros never come from a line (facts/models.md, trap 0)"""


CLEAN = Recipe(noisy=0.0, room=0.0, line=0.0, codecs=("ulaw",), lossy=0.0, hasty=0.0, level=(-20.0, -20.0))
"""evaluation's “clean”: -20 dBFS, mu-law"""


def noisy(snr: float, kind: str = "pink", level: float = -20.0) -> Recipe:
    """Evaluation: one noise at one ratio, else clean."""
    return replace(CLEAN, noisy=1.0, snr=(snr, snr), kinds=(kind,), level=(level, level))


def degrade(
    samples: Samples, rng: np.random.Generator, recipe: Recipe | None = None, voices: Sequence[Samples] = ()
) -> Samples:
    """The clip as it might arrive: int16 at 8 kHz.

    Nothing is padded or cut: only tempo and throat change the length, evenly, so that the label at `i` of `n` samples
    moves to `i * len(result) / n`. `voices` are other clips for babble; without them it is made up.
    """
    recipe = recipe or Recipe()
    sound = samples.astype(np.float64)
    if len(sound) < PACKET or not sound.any():
        return samples.copy()
    sound = _hurried(sound, rng, recipe)
    if rng.random() < recipe.room:
        sound = _echoing(sound, rng)
    if rng.random() < recipe.line:
        sound = _narrowed(sound, rng)
    sound = _levelled(sound, rng.uniform(*recipe.level))
    if rng.random() < recipe.noisy:
        ratio = rng.uniform(*recipe.snr)
        kind = str(rng.choice(recipe.kinds))
        hiss = crowd(voices, len(sound), rng) if kind == "babble" and voices else noise(kind, len(sound), rng)
        sound = sound + hiss * _rms(sound) * 10.0 ** (-ratio / 20.0)
    sound += rng.normal(0.0, FULL_SCALE * 10.0 ** (recipe.floor / 20.0), len(sound))
    if rng.random() < recipe.lossy:
        sound = _lossy(sound, rng.uniform(0.0, recipe.loss), rng)
    return coded(_pcm(sound), str(rng.choice(recipe.codecs)))


def noise(kind: str, length: int, rng: np.random.Generator) -> Sound:
    """Noise of RMS 1: white, pink, brown, hum, babble, music, dtmf, tones; ValueError for any other."""
    maker = _NOISES.get(kind)
    if maker is None:
        raise ValueError(f"there is no noise {kind!r}: choose from {', '.join(_NOISES)}")
    made = maker(length, rng)
    scaled: Sound = made / max(_rms(made), 1e-9)
    return scaled


def coded(samples: Samples, codec: str) -> Samples:
    """Through a codec and back: ulaw, alaw, gsm (a likeness: narrowed, its noise shaped like speech), none."""
    if codec == "ulaw":
        return decode_ulaw(encode_ulaw(samples))
    if codec == "alaw":
        return decode_alaw(encode_alaw(samples))
    return _gsm_like(samples) if codec == "gsm" else samples


def _hurried(sound: Sound, rng: np.random.Generator, recipe: Recipe) -> Sound:
    throat = rng.uniform(*recipe.throat)
    if abs(throat - 1.0) > 0.01:
        sound = soxr.resample(sound, RATE * throat, RATE)
    if rng.random() < recipe.hasty:
        low, high = recipe.tempo
        sound = stretched(sound, math.exp(rng.uniform(math.log(low), math.log(high))))
    return sound


def _echoing(sound: Sound, rng: np.random.Generator) -> Sound:
    length = round(RATE * rng.uniform(0.08, 0.45))
    response = rng.normal(size=length) * np.exp(-6.9 * np.arange(length) / length) * rng.uniform(0.03, 0.2)
    response[0] = 1.0
    echoed: Sound = fftconvolve(sound, response)[: len(sound)]
    return echoed


def _narrowed(sound: Sound, rng: np.random.Generator) -> Sound:
    """Tilt, two bumps, and by chance the edges of the telephone band."""
    spectrum = np.fft.rfft(sound)
    frequency = np.linspace(0.0, RATE / 2, len(spectrum))
    gain = rng.uniform(-7.0, 7.0) * (frequency / (RATE / 2) - 0.5) * 2.0
    for _ in range(2):
        middle, width = rng.uniform(200.0, 3800.0), rng.uniform(200.0, 900.0)
        gain += rng.uniform(-5.0, 5.0) * np.exp(-(((frequency - middle) / width) ** 2))
    if rng.random() < 0.5:
        gain -= 24.0 * np.log2(np.maximum(rng.uniform(120.0, 350.0) / np.maximum(frequency, 15.0), 1.0))
    if rng.random() < 0.4:
        gain -= 40.0 * np.maximum(frequency - rng.uniform(3000.0, 3800.0), 0.0) / 400.0
    narrowed: Sound = np.fft.irfft(spectrum * 10.0 ** (gain / 20.0), len(sound))
    return narrowed


def _levelled(sound: Sound, level: float) -> Sound:
    peak = float(np.abs(sound).max())
    if peak <= 0.0:
        return sound
    # measured at a size where int16 neither clips nor rounds
    found = active_level(_pcm(sound * (16_000.0 / peak)))
    levelled: Sound = sound * (16_000.0 / peak * 10.0 ** ((level - found.dbfs) / 20.0))
    return levelled


def _lossy(sound: Sound, share: float, rng: np.random.Generator) -> Sound:
    """Packets go in bursts; what fills a gap is nothing, or the packet before at half its size."""
    sound = sound.copy()
    repeats = rng.random() < 0.5
    lost = False
    for start in range(PACKET, len(sound), PACKET):
        lost = rng.random() < (0.4 if lost else share)
        if lost:
            piece = sound[start : start + PACKET]
            before = sound[start - PACKET : start]
            piece[:] = before[: len(piece)] * 0.5 if repeats else 0.0
    return sound


def _gsm_like(samples: Samples) -> Samples:
    """GSM 06.10 keeps an error of about a tenth of the voice: noise that follows its short-time envelope."""
    sound = samples.astype(np.float64)
    envelope = np.sqrt(sosfilt(_lowpass(60.0), np.square(sound)).clip(0.0))
    # drawn from the sound itself, so that a codec is no source of chance
    rng = np.random.default_rng(int(np.abs(sound).sum()) % 2**32)
    error = sosfilt(_lowpass(2600.0), rng.normal(size=len(sound))) * envelope * 0.12
    return _pcm(sosfilt(_lowpass(3500.0), sound) + error)


@lru_cache(maxsize=8)
def _lowpass(edge: float) -> npt.NDArray[np.float64]:
    made: npt.NDArray[np.float64] = butter(4 if edge > 1000.0 else 1, edge, fs=RATE, output="sos")
    return made


def crowd(voices: Sequence[Samples], length: int, rng: np.random.Generator) -> Sound:
    """Three to six of these clips at once, each from anywhere in it, as noise of RMS 1."""
    mixed = np.zeros(length)
    for _ in range(int(rng.integers(3, 7))):
        voice = voices[int(rng.integers(len(voices)))].astype(np.float64)
        turned = np.take(voice, np.arange(length) + int(rng.integers(len(voice))), mode="wrap")
        mixed += turned / max(_rms(turned), 1.0) * rng.uniform(0.4, 1.0)
    scaled: Sound = mixed / max(_rms(mixed), 1e-9)
    return scaled


def _coloured(power: float) -> NoiseMaker:
    """Noise whose amplitude falls with frequency to this power: 0 white, 0.5 pink, 1 brown."""

    def make(length: int, rng: np.random.Generator) -> Sound:
        spectrum = np.fft.rfft(rng.normal(size=length))
        frequency = np.linspace(0.0, RATE / 2, len(spectrum)) + 20.0
        made: Sound = np.fft.irfft(spectrum / frequency**power, length)
        return made

    return make


def _hum(length: int, rng: np.random.Generator) -> Sound:
    """Mains and its harmonics, with some hiss."""
    time = np.arange(length) / RATE
    mains = float(rng.choice([50.0, 60.0])) * (1.0 + rng.normal(0.0, 0.002))
    waves = sum(np.sin(2 * np.pi * mains * k * time + rng.uniform(0.0, 6.3)) / k for k in range(1, 14))
    return np.asarray(waves) + rng.normal(0.0, 0.15, length)


def _babble(length: int, rng: np.random.Generator) -> Sound:
    """Five made-up talkers: buzz through two formants that jump with every syllable."""
    mixed = np.zeros(length)
    for _ in range(5):
        pitch = rng.uniform(85.0, 240.0)
        place = 0
        while place < length:
            count = min(int(RATE * rng.uniform(0.12, 0.32)), length - place)
            phase = np.cumsum(np.full(count, pitch * rng.uniform(0.85, 1.2) / RATE))
            buzz = np.diff(np.floor(phase), prepend=0.0) + rng.normal(0.0, 0.05, count)
            for formant in (rng.uniform(250.0, 850.0), rng.uniform(900.0, 2600.0)):
                buzz = lfilter([1.0], _resonance(formant, 120.0), buzz)
            mixed[place : place + count] += buzz * np.hanning(count) * (rng.random() < 0.8)
            place += count
    return mixed + rng.normal(0.0, 1e-3, length)


def _music(length: int, rng: np.random.Generator) -> Sound:
    """Chords with overtones and a melody over them, struck at an even pace."""
    mixed = np.zeros(length)
    beat = int(RATE * rng.uniform(0.18, 0.5))
    root = int(rng.integers(12))
    for start in range(-int(rng.integers(beat)), length, beat):
        steps = rng.choice([0, 4, 7, 12, 16, 19], 3, replace=False) + root + rng.choice([0, 5, 7])
        time = np.arange(2 * beat) / RATE
        struck = np.zeros(len(time))
        for note in NOTES[np.minimum(steps, len(NOTES) - 1)]:
            for overtone in range(1, 5):
                struck += np.sin(2 * np.pi * note * overtone * time) / overtone**1.5
        struck *= np.exp(-time * rng.uniform(2.0, 7.0))
        first, last = max(start, 0), min(start + len(struck), length)
        mixed[first:last] += struck[first - start : last - start]
    return mixed + rng.normal(0.0, 1e-3, length)


def _dtmf(length: int, rng: np.random.Generator) -> Sound:
    """Keys pressed now and then."""
    made = rng.normal(0.0, 0.01, length)
    place = int(rng.integers(max(1, min(length, RATE // 4))))
    while place < length:
        count = min(int(RATE * rng.uniform(0.06, 0.25)), length - place)
        made[place : place + count] += _sines((rng.choice(DTMF_ROWS), rng.choice(DTMF_COLUMNS)), count)
        place += count + int(RATE * rng.uniform(0.08, 0.8))
    return made


def _tones(length: int, rng: np.random.Generator) -> Sound:
    """A tone of the exchange or two, steady or in a cadence."""
    frequencies = tuple(float(each) for each in rng.choice(CALL_TONES, int(rng.integers(1, 3)), replace=False))
    made = _sines(frequencies, length)
    if rng.random() < 0.6:
        on, off = rng.uniform(0.1, 1.0, 2)
        made = made * ((np.arange(length) / RATE + rng.uniform(0.0, 1.0)) % (on + off) < on)
    return made + rng.normal(0.0, 0.01, length)


def _sines(frequencies: Sequence[float], count: int) -> Sound:
    time = np.arange(count) / RATE
    return np.asarray(sum(np.sin(2 * np.pi * frequency * time) for frequency in frequencies), dtype=np.float64)


def _resonance(frequency: float, width: float) -> list[float]:
    """Denominator of a resonator at `frequency`, `width` Hz wide."""
    radius = math.exp(-math.pi * width / RATE)
    return [1.0, -2.0 * radius * math.cos(2.0 * math.pi * frequency / RATE), radius * radius]


def _rms(sound: Sound) -> float:
    return float(np.sqrt(np.mean(np.square(sound)))) if len(sound) else 0.0


def _pcm(sound: Sound) -> Samples:
    return np.clip(np.round(sound), -FULL_SCALE, FULL_SCALE - 1.0).astype(np.int16)


_NOISES: Mapping[str, NoiseMaker] = {
    "white": _coloured(0.0),
    "pink": _coloured(0.5),
    "brown": _coloured(1.0),
    "hum": _hum,
    "babble": _babble,
    "music": _music,
    "dtmf": _dtmf,
    "tones": _tones,
}
