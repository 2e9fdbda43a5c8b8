"""Human Mandarin, syllable by syllable: the recordings of Debian's package gcin-voice, put together to what is said.

`5.ogg` are by Chu Lo and ChionMeilin (CC BY 3.0) and are learnt from. `3.ogg` are another person's, under the LGPL,
which is no permissive licence (design.md): constants are chosen on them, the network never hears them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import soundfile

from ivr.audio.tempo import stretched
from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.building.units import INITIALS, UNIT, chinese_pinyin, syllable_units
from models.train.spoken import Sound, Spoken, spoken, usable
from models.train.text import Sentence

FOLDER = Path("/usr/share/gcin-voice/ogg")

LEARNT, TUNED = "5", "3"
"""names of the two people's recordings"""

RATE = 44_100

SEPARATE = 0.5
"""share said syllable by syllable"""

PAUSE = (0.03, 0.2)
"""seconds between such syllables"""

OVERLAP = (0.005, 0.04)
"""seconds by which syllables of the others run into each other"""

STEP_DB = 2.0
"""of level between syllables"""

SHIFTS = (0.82, 1.14)
"""of pitch and formants: a woman's recordings, and a man's"""

PACES = (0.9, 2.2)
"""factors on the length: a syllable was recorded in a quarter of a second, and callers take up to twice that; without
the long ones the tail of 六 was heard as 五"""

AUDIBLE = 0.02
"""of a syllable's peak"""

_INITIALS: Mapping[str, str] = dict(zip(INITIALS, "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ", strict=True))

_FINALS: Mapping[str, str] = {
    "a": "ㄚ", "o": "ㄛ", "e": "ㄜ", "ai": "ㄞ", "ei": "ㄟ", "ao": "ㄠ", "ou": "ㄡ", "an": "ㄢ", "en": "ㄣ",
    "ang": "ㄤ", "eng": "ㄥ", "ong": "ㄨㄥ", "er": "ㄦ", "i": "ㄧ", "ii": "", "iii": "", "ia": "ㄧㄚ",
    "ie": "ㄧㄝ", "iao": "ㄧㄠ", "iou": "ㄧㄡ", "ian": "ㄧㄢ", "in": "ㄧㄣ", "iang": "ㄧㄤ", "ing": "ㄧㄥ",
    "iong": "ㄩㄥ", "u": "ㄨ", "ua": "ㄨㄚ", "uo": "ㄨㄛ", "uai": "ㄨㄞ", "uei": "ㄨㄟ", "uan": "ㄨㄢ",
    "uen": "ㄨㄣ", "uang": "ㄨㄤ", "ueng": "ㄨㄥ", "v": "ㄩ", "ve": "ㄩㄝ", "van": "ㄩㄢ", "vn": "ㄩㄣ",
}  # fmt: skip

_TONES: Mapping[str, str] = {"1": "", "2": "2", "3": "3", "4": "4", "5": "1"}
"""how the package's folders end; the first tone is not written"""


class Gcin:
    """One person's syllables; what holds a syllable that was never recorded cannot be said."""

    name = "gcin"
    languages: tuple[Language, ...] = ("zh",)

    def __init__(self, person: str = LEARNT) -> None:
        """VoiceError where the package is missing."""
        if not FOLDER.is_dir():
            raise VoiceError("the recorded syllables are missing: apt-get install gcin-voice")
        self._person = person

    @property
    def at_once(self) -> int:
        return 4

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        return usable(sentences, lambda sentence: self._say(sentence, rng))

    def _say(self, sentence: Sentence, rng: Random) -> Spoken:
        syllables = chinese_pinyin(sentence.text)
        units = [syllable_units(syllable) for syllable in syllables]
        sounds = [_recording(self._person, written(each)) for each in units]
        shift = rng.uniform(*SHIFTS) if rng.random() < 0.8 else 1.0
        joined = _apart(sounds, rng) if rng.random() < SEPARATE else _together(sounds, rng)
        plain = [UNIT[unit] for each in units for unit in each]
        said = spoken(sentence, joined, RATE * shift, plain, None, f"{self._person}*{shift:.2f}")
        slower = stretched(said.samples.astype(np.float64), math.exp(rng.uniform(*map(math.log, PACES))))
        return replace(said, samples=slower.astype(np.int16))


def recorded(text: str, person: str) -> bool:
    """Whether this person's recordings hold every syllable."""
    names = [written(syllable_units(syllable)) for syllable in chinese_pinyin(text)]
    return all((FOLDER / name / f"{person}.ogg").is_file() for name in names)


def written(units: Sequence[str]) -> str:
    """`z_zh z_uang1` → ㄓㄨㄤ, as the package names its folders."""
    *initial, final = (unit.removeprefix("z_") for unit in units)
    return "".join(_INITIALS[each] for each in initial) + _FINALS[final[:-1]] + _TONES[final[-1]]


@cache
def _recording(person: str, name: str) -> Sound:
    """At RATE, silence cut off; VoiceError if nobody recorded it."""
    file = FOLDER / name / f"{person}.ogg"
    try:
        sound, rate = soundfile.read(file, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise VoiceError(f"{name} was not recorded by {person}") from error
    if rate != RATE:
        raise VoiceError(f"{file}: expected {RATE} Hz, got {rate}")
    mono = sound.mean(axis=1)
    peak = float(np.abs(mono).max())
    loud = np.flatnonzero(np.abs(mono) > AUDIBLE * peak)
    cut: Sound = (mono[loud[0] : loud[-1] + 1] / peak).astype(np.float32)
    return cut


def _apart(sounds: Sequence[Sound], rng: Random) -> Sound:
    pieces: list[Sound] = []
    for number, sound in enumerate(sounds):
        if number:
            pieces.append(np.zeros(int(RATE * rng.uniform(*PAUSE)), np.float32))
        pieces.append(sound * _gain(rng))
    return np.concatenate(pieces)


def _together(sounds: Sequence[Sound], rng: Random) -> Sound:
    """Each fades into the next."""
    joined = sounds[0]
    for sound in sounds[1:]:
        count = min(int(RATE * rng.uniform(*OVERLAP)), len(sound) // 3, len(joined) // 3)
        fade = np.linspace(0.0, 1.0, count, dtype=np.float32)
        following = sound * _gain(rng)
        middle = joined[len(joined) - count :] * (1 - fade) + following[:count] * fade
        joined = np.concatenate([joined[: len(joined) - count], middle, following[count:]])
    return joined


def _gain(rng: Random) -> np.float32:
    return np.float32(10 ** (rng.uniform(-STEP_DB, STEP_DB) / 20))
