"""Training speech by espeak-ng (GPL program; its sound is free): many voices, with the times of its phoneme events."""

from __future__ import annotations

import re
from collections.abc import Sequence
from random import Random

import numpy as np

from ivr.audio.frame import FULL_SCALE
from ivr.records import Language
from ivr.speech.building.units import UNIT, chinese_pinyin, english_units, pinyin_units, syllable_units
from models.train.english_ipa import sounds, with_letters
from models.train.espeak import Phone, espeak
from models.train.spoken import Sound, Span, Spoken, spoken, usable
from models.train.text import Sentence

UNUSABLE = re.compile(
    r"whisper|croak|robo|Demonic|Alien|iven|UniRobot|grandp|shelby|Storm|Tweaky|klatt6|zac|fast|travis|norbert|Gene"
)
"""variants that no caller sounds like (lab)"""

MANDARIN = "sit/cmn-Latn-pinyin"
AMERICAN = "gmw/en-US"
BRITISH = ("gmw/en", "gmw/en-GB-x-rp", "gmw/en-GB-scotland")
"""they drop or change sounds of the dictionary: its units without times, for the alignment to find"""

PAUSE = 0.03
"""seconds; espeak marks the ends of words, and what is shorter is none"""

EARLY = 0.035
"""seconds by which a sound comes before its event: measured as for Kokoro"""

CAREFUL = 0.2
"""share of Mandarin said syllable by syllable"""


class EspeakEngine:
    """The library in this process, each sentence by another variant."""

    name = "espeak"
    languages: tuple[Language, ...] = ("zh", "en")

    def __init__(self) -> None:
        """VoiceError where espeakng-loader's data is missing."""
        self._espeak = espeak()
        self._variants = [name for name in self._espeak.variants if not UNUSABLE.search(name)]
        self._counts: dict[str, int] = {}

    @property
    def at_once(self) -> int:
        return 4

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        return usable(
            sentences,
            lambda sentence: (
                self._chinese(sentence, rng) if sentence.language == "zh" else self._english(sentence, rng)
            ),
        )

    def _chinese(self, sentence: Sentence, rng: Random) -> Spoken:
        syllables = chinese_pinyin(sentence.text)
        gap = " " if rng.random() < CAREFUL else ""
        places = iter(syllables)
        written = " ".join(gap.join(next(places) for _ in stretch) for stretch in sentence.text.split())
        counts = [self._count(syllable) for syllable in syllables]
        voice, said, phones = self._say(written, MANDARIN, rng)
        real = [phone for phone in phones if phone.ipa]
        spans = None
        if len(real) == sum(counts):
            spans = _spans(phones, _chinese_sounds(syllables, counts), self._espeak.rate)
        return spoken(sentence, said, self._espeak.rate, pinyin_units(syllables), spans, voice)

    def _english(self, sentence: Sentence, rng: Random) -> Spoken:
        written = with_letters(sentence.text)
        if rng.random() < 0.25:
            voice, said, _ = self._say(written, rng.choice(BRITISH), rng)
            return spoken(sentence, said, self._espeak.rate, english_units(sentence.text), None, voice)
        voice, said, phones = self._say(written, AMERICAN, rng)
        units = [tuple(unit for sound in sounds(phone.ipa) for unit in sound.units) for phone in phones if phone.ipa]
        spans = _spans(phones, units, self._espeak.rate)
        return spoken(sentence, said, self._espeak.rate, [span.unit for span in spans if span.unit], spans, voice)

    def _say(self, text: str, language: str, rng: Random) -> tuple[str, Sound, tuple[Phone, ...]]:
        variant = rng.choice(self._variants)
        said = self._espeak.say(
            text, f"{language}+{variant}", rng.randrange(115, 215), rng.randrange(20, 80), rng.randrange(30, 75)
        )
        return f"{language.rsplit('/', 1)[1]}+{variant}", (said.samples / FULL_SCALE).astype(np.float32), said.phones

    def _count(self, syllable: str) -> int:
        """How many phonemes espeak makes of a syllable of pinyin."""
        if syllable not in self._counts:
            said = self._espeak.say(syllable, MANDARIN)
            self._counts[syllable] = sum(1 for phone in said.phones if phone.ipa)
        return self._counts[syllable]


def _chinese_sounds(syllables: Sequence[str], counts: Sequence[int]) -> list[tuple[int, ...]]:
    """Units of each phoneme: of a syllable the first is its initial, if it has one; the second begins its final."""
    found: list[tuple[int, ...]] = []
    for syllable, count in zip(syllables, counts, strict=True):
        names = [UNIT[name] for name in syllable_units(syllable)]
        # a lone phoneme is both: w of 五, for one
        starts = [(names[0],), (names[1],)] if len(names) == 2 and count > 1 else [tuple(names)]
        found += starts + [()] * (count - len(starts))
    return found


def _spans(phones: Sequence[Phone], units: Sequence[tuple[int, ...]], rate: int) -> list[Span]:
    """Spans of all phonemes and pauses; a phoneme without units of its own goes on with the one before."""
    starts = [max(0.0, phone.start / rate - EARLY) for phone in phones]
    spans = [Span(0, starts[0])]
    each = iter(units)
    for phone, start, end in zip(phones, starts, starts[1:], strict=False):
        own = next(each) if phone.ipa else ()
        if own:
            spans += [Span(unit, start + (end - start) * (place + 1) / len(own)) for place, unit in enumerate(own)]
        elif phone.ipa or end - start < PAUSE:
            spans[-1] = Span(spans[-1].unit, end)
        else:
            spans.append(Span(0, end))
    return spans
