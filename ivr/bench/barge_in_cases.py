"""What a line brings while we speak: our echo, and over it a caller, a cough, a click, a murmur, or nothing; seeded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.signal import butter, lfilter

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.level import active_level, normalise, rms_dbfs
from ivr.audio.pcm import Fractions, to_fractions, to_pcm
from ivr.bench.caller import over_the_line
from ivr.bench.voices import Recording, recorded
from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompts import Catalogue
from ivr.records import LANGUAGES
from ivr.speech.speaker import Speaker
from ivr.speech.tts import Voice
from ivr.speech.voices import CALLER_VOICES

LENGTH = 7 * RATE
"""samples of prompt in a case"""

EARLIEST, LATEST = RATE // 2, 4 * RATE
"""when a caller or a sound begins, in samples of the prompt; the canceller knows nothing of the line at its start"""

NOISE_DBFS = -65.0
"""of the line's own noise"""

SHORTEST_DELAY, LONGEST_DELAY = RATE * 20 // 1000, RATE * 350 // 1000
"""of the echo (lab: c8_barge.py)"""

REFLECTIONS = 12
"""besides the first; within 40 ms, each weaker the later it comes"""

QUIETEST_DB, LOUDEST_DB = -8.0, 2.0
"""a caller against -20 dBFS active level (lab: c8_barge.py)"""

MURMUR_DB = -25.0
"""voices behind the caller, against -20 dBFS: what the endpointer's gate bears, too"""

AUDIBLE = 0.01
"""of a voice's peak: where it begins and ends (lab: c8_barge.py)"""


class Kind(StrEnum):
    """What there is besides our echo; only of the last do we expect that it stops us."""

    NOTHING = "nothing"
    COUGH = "cough"
    CLICK = "click or door"
    MURMUR = "murmur"
    CALLER = "caller"


@dataclass(frozen=True)
class Sounds:
    """What cases are made of, all int16 at 8 kHz and -20 dBFS active level."""

    prompts: tuple[Samples, ...]
    """the desk's own"""
    callers: tuple[Samples, ...]


def gather(
    speaker: Speaker, catalogue: Catalogue, callers: Mapping[str, Voice], recorded_callers: tuple[Recording, ...]
) -> Sounds:
    """Every prompt without variables in the desk's voice, and whatever the callers' recordings say, in all voices."""
    prompts = [
        speaker.samples(key, speakable(catalogue.text(prompt, language, {}), language), language, fixed=True)
        for language in LANGUAGES
        for key, prompt in sorted(catalogue.prompts[language].items())
        if prompt.fixed
    ]
    said = [recorded(each.path) for each in recorded_callers]
    for name, caller in CALLER_VOICES.items():
        texts = sorted({each.text for each in recorded_callers if each.language == caller.language})
        said += [callers[name].render(text, caller.language) for text in texts]
    return Sounds(tuple(prompts), tuple(normalise(each) for each in said))


@dataclass(frozen=True)
class Case:
    """One prompt and what came back meanwhile; both of LENGTH samples."""

    kind: Kind
    ours: Samples
    line: Samples
    voice_start: int | None = None
    """first sample of the caller; None where none speaks"""
    voice_end: int | None = None


def make_case(kind: Kind, echo_db: float | None, sounds: Sounds, random: np.random.RandomState) -> Case:
    """A case of `kind` with an echo of `echo_db` against what we send, or none; one state of `random`, one case."""
    ours = _prompt(sounds.prompts, random)
    line = np.zeros(LENGTH) if echo_db is None else _echo(over_the_line(ours), echo_db, random)
    at, start, end = int(random.randint(EARLIEST, LATEST)), None, None
    match kind:
        case Kind.CALLER:
            voice = _louder(to_fractions(_one(sounds.callers, random)), random.uniform(QUIETEST_DB, LOUDEST_DB))
            _lay(line, voice, at)
            heard = np.flatnonzero(np.abs(voice) > AUDIBLE * np.abs(voice).max())
            start, end = at + int(heard[0]), at + int(heard[-1]) + 1
        case Kind.COUGH:
            for cough in _coughs(random):
                _lay(line, cough, at)
                at += len(cough) + int(random.randint(RATE // 4, RATE))
        case Kind.CLICK:
            _lay(line, _door(random) if random.uniform() < 0.5 else _click(random), at)
        case Kind.MURMUR:
            line += _murmur(sounds.callers, random)
        case _:
            pass
    line += random.standard_normal(LENGTH) * 10.0 ** (NOISE_DBFS / 20.0)
    return Case(kind, ours, over_the_line(to_pcm(line)), start, end)


def _one(sounds: Sequence[Samples], random: np.random.RandomState) -> Samples:
    return sounds[int(random.randint(len(sounds)))]


def _prompt(prompts: Sequence[Samples], random: np.random.RandomState) -> Samples:
    """Prompts one after another with the desk's breath between them, cut to LENGTH."""
    pieces, breath = [_one(prompts, random)], silence(RATE // 5)
    while sum(map(len, pieces)) < LENGTH:
        pieces += [breath, _one(prompts, random)]
    return np.concatenate(pieces)[:LENGTH]


def _echo(ours: Samples, echo_db: float, random: np.random.RandomState) -> Fractions:
    """Our own sound, later and weaker: a bulk delay and reflections that fade by 20 dB in 40 ms."""
    path = np.zeros(RATE * 40 // 1000)
    path[0] = 1.0
    places = random.randint(1, len(path), REFLECTIONS)
    path[places] += random.uniform(-0.6, 0.6, REFLECTIONS) * 10.0 ** (-places / len(path))
    delay = int(random.randint(SHORTEST_DELAY, LONGEST_DELAY))
    echo: Fractions = np.convolve(to_fractions(ours), path)[: len(ours)]
    gain = 10.0 ** ((echo_db + rms_dbfs(ours) - rms_dbfs(to_pcm(echo))) / 20.0)
    return np.concatenate([np.zeros(delay), echo[:-delay] * gain])


def _louder(sound: Fractions, db: float) -> Fractions:
    louder: Fractions = sound * 10.0 ** (db / 20.0)
    return louder


def _lay(line: Fractions, sound: Fractions, at: int) -> None:
    part = sound[: len(line) - at]
    line[at : at + len(part)] += part


def _coughs(random: np.random.RandomState) -> tuple[Fractions, ...]:
    """One cough, or two of a fit."""
    return tuple(_cough(random) for _ in range(1 + int(random.uniform() < 0.4)))


def _cough(random: np.random.RandomState) -> Fractions:
    """A cough of 150 to 300 ms: a burst of noise, then its weaker middle, then a short voiced tail.

    Synthetic: no recorded coughs are at hand. The three phases, and a spectrum of broad humps between 400 and 3000 Hz
    in the first two, are those that descriptions of the sound agree upon; levels and lengths are drawn at random.
    """
    count = int(random.randint(RATE * 150 // 1000, RATE * 300 // 1000))
    times = np.arange(count) / count
    noise = random.standard_normal(count)
    low, high = random.uniform(300.0, 700.0), random.uniform(1800.0, 3200.0)
    shaped = lfilter(*butter(2, [low, high], "band", fs=RATE), noise) + 0.2 * noise
    burst = random.uniform(0.15, 0.3)
    envelope = np.where(times < burst, 1.0, random.uniform(0.25, 0.6) * np.exp(-3.0 * (times - burst)))
    envelope *= np.minimum(1.0, np.arange(count) / (0.004 * RATE))
    tail = times > random.uniform(0.6, 0.75)
    pitch = random.uniform(120.0, 320.0) * (1.0 - 0.3 * times)
    voiced = sum(np.sin(number * 2.0 * np.pi * np.cumsum(pitch) / RATE) / number for number in range(1, 8))
    sound = shaped * envelope / np.sqrt(np.mean(shaped**2)) + tail * voiced * random.uniform(0.1, 0.5)
    sound *= np.minimum(1.0, (1.0 - times) * count / (0.01 * RATE))
    return _louder(sound / np.sqrt(np.mean(sound**2)), random.uniform(-30.0, -14.0))


def _click(random: np.random.RandomState) -> Fractions:
    """One to four clicks of a switch, a receiver or a bad contact: resonances that die within 10 ms."""
    sound = np.zeros(RATE // 4)
    for _ in range(int(random.randint(1, 5))):
        times = np.arange(RATE // 50) / RATE
        fade = np.exp(-times / random.uniform(0.0005, 0.004))
        click = np.sin(2.0 * np.pi * random.uniform(400.0, 3000.0) * times + random.uniform(0.0, 6.0)) * fade
        _lay(sound, _louder(click, random.uniform(-18.0, -3.0)), int(random.randint(len(sound))))
    return sound


def _door(random: np.random.RandomState) -> Fractions:
    """A door that falls shut: a low thump of 100 to 300 ms with a rattle on its beginning."""
    times = np.arange(int(random.randint(RATE // 10, RATE * 3 // 10))) / RATE
    thump = sum(
        np.sin(2.0 * np.pi * random.uniform(70.0, 350.0) * times + random.uniform(0.0, 6.0)) * np.exp(-times / fade)
        for fade in random.uniform(0.02, 0.08, 4)
    )
    rattle = random.standard_normal(len(times)) * np.exp(-times / random.uniform(0.005, 0.03))
    sound = 0.5 * thump + rattle
    return _louder(sound / np.abs(sound).max() * np.minimum(1.0, times * 500.0), random.uniform(-20.0, -6.0))


def _murmur(callers: Sequence[Samples], random: np.random.RandomState) -> Fractions:
    """One to three people who talk to each other far from the telephone, all the time."""
    murmur = np.zeros(LENGTH)
    for _ in range(int(random.randint(1, 4))):
        at = int(random.randint(RATE // 2))
        while at < LENGTH:
            voice = _one(callers, random)
            _lay(murmur, to_fractions(voice), at)
            at += len(voice) + int(random.randint(RATE // 2))
    murmur /= 4.0
    return _louder(murmur, -20.0 + MURMUR_DB - active_level(to_pcm(murmur)).dbfs)
