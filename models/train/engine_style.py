"""Kokoro for figures: one sentence a run, by the held-out voice jf_nezumi or by mixes that nothing is trained on."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.building.units import chinese_pinyin, chinese_units, english_units
from models.train import chinese_ipa, english_ipa, kokoro_graph
from models.train.engine_kokoro import JITTER, RATE, on_processor
from models.train.engine_kokoro import symbols as known_symbols
from models.train.espeak import espeak
from models.train.kokoro_styles import HELD_OUT
from models.train.spoken import Sound, Spoken, spoken
from models.train.text import Sentence

(NEZUMI,) = HELD_OUT

Vector = npt.NDArray[np.float32]
Voices = Mapping[str, Vector]
"""name → a style of 256 numbers for each length of a text"""


@dataclass(frozen=True)
class Manner:
    """How one sentence is said."""

    styles: Vector
    """one for each length"""
    speed: float
    shift: float
    """of pitch and formants together"""
    name: str


def held_out(voices: Voices, rng: Random) -> Manner:
    """The voice that is kept from training, as it is."""
    return Manner(voices[NEZUMI], rng.uniform(0.9, 1.1), 1.0, NEZUMI)


def mixed(voices: Voices, rng: Random) -> Manner:
    """A new mix of the other voices for each sentence, with another throat."""
    names = sorted(set(voices) - {NEZUMI})
    drawn = [rng.gammavariate(0.6, 1.0) + 1e-6 for _ in names]
    shares = [each / sum(drawn) for each in drawn]
    noise = np.random.default_rng(rng.getrandbits(64)).normal(0.0, JITTER, 256)
    styles = sum(share * voices[name] for share, name in zip(shares, names, strict=True)) + noise
    shift = rng.uniform(0.92, 1.1)
    return Manner(styles.astype(np.float32), rng.uniform(0.85, 1.15), shift, f"mix*{shift:.2f}")


class KokoroStyle:
    """One session on one thread."""

    languages: tuple[Language, ...] = ("zh", "en")
    at_once = 1

    def __init__(self, name: str, manner: Callable[[Voices, Random], Manner], cache: Path) -> None:
        """`cache` keeps the joined model. VoiceError where a package is missing."""
        self.name = name
        self._manner = manner
        self._session = on_processor(kokoro_graph.assembled(cache))
        self._ids = known_symbols()
        with np.load(io.BytesIO(kokoro_graph.data("voices_ja.npz"))) as voices:
            self._voices = {name: voices[name].reshape(-1, 256) for name in voices.files}

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        return [self._say(sentence, self._manner(self._voices, rng)) for sentence in sentences]

    def _say(self, sentence: Sentence, manner: Manner) -> Spoken:
        numbers = self._numbers(symbols(sentence))
        given = {
            "tokens": np.array([[0, *numbers, 0]], dtype=np.int64),
            "style": manner.styles[len(numbers) - 1].reshape(1, 256),
            # shifting up shortens: speak slower before
            "speed": np.array([manner.speed / manner.shift], dtype=np.float32),
        }
        sound: Sound = np.asarray(self._session(given)[0], dtype=np.float32).ravel()
        chinese = sentence.language == "zh"
        units = chinese_units(sentence.text) if chinese else english_units(sentence.text)
        return spoken(sentence, sound, RATE * manner.shift, units, None, manner.name)

    def _numbers(self, text: str) -> list[int]:
        unknown = sorted(set(text) - set(self._ids))
        if unknown:
            raise VoiceError(f"Kokoro has no sound for {unknown[0]!r} in {text!r}")
        return [self._ids[symbol] for symbol in text]


def symbols(sentence: Sentence) -> str:
    """How Kokoro writes it, with a full stop."""
    if sentence.language == "zh":
        found = chinese_ipa.sounds(chinese_pinyin(sentence.text))
    else:
        found = english_ipa.sounds(espeak().ipa(english_ipa.with_letters(sentence.text)).strip())
    return "".join(sound.symbols for sound in found) + "."
