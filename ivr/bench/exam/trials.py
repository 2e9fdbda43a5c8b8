"""What is played to the model: held-out voices, the callers' recordings, human digits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from ivr.audio.frame import RATE, Samples
from ivr.audio.level import active_level, trim
from ivr.audio.resample import resample
from ivr.audio.wav import read_wav
from ivr.bench.exam.corpus import Corpus
from ivr.bench.exam.questions import Part, Question, asked, questions, trial_texts
from ivr.bench.voices import listed
from ivr.config import HOME
from ivr.dialogue.normalise import EN_DIGITS
from ivr.dialogue.prompts import read_catalogue
from ivr.errors import AudioError
from ivr.records import Language
from ivr.speech.tts import Voice

SLOTS = {"agreement": "agreement", "room": "room_number", "time": "clock_time", "half": "half_of_day", "day": "day"}
"""kind of a caller's recording → slot of the question that it answers; menus and universals answer the menu"""

T = TypeVar("T")


@dataclass(frozen=True)
class Trial:
    """One utterance and the question that it answers, or none: then it must be rejected everywhere."""

    group: str
    """the set that it belongs to"""
    name: str
    voice: str
    language: Language
    said: str
    samples: Samples
    """8 kHz, silence at the ends trimmed"""
    question: Question | None


def corpus_trials(folder: Path, part: Part = "test") -> Iterator[Trial]:
    """The held-out voices of a corpus, or those for tuning: each clip answers the first question that takes it."""
    corpus = Corpus(folder)
    for clip in corpus.clips(part):
        question = next((each for each in questions(clip.language) if each.takes(clip.text)), None)
        if question is None and not any(each.foreign(clip.text) for each in questions(clip.language)):
            continue
        place = (clip.engine, clip.name, clip.voice)
        yield trial(place, clip.language, clip.text, corpus.samples(clip), question)


def caller_trials(folder: Path) -> Iterator[Trial]:
    """The callers' recordings of the product's tests (tests/audio/callers), at the product's own questions."""
    catalogue = read_catalogue(HOME / "prompts")
    for each in listed(folder / "manifest.csv"):
        menu = tuple(phrase for words in catalogue.choices[each.language].values() for phrase in words)
        slot = SLOTS.get(each.kind)
        question = asked(slot, each.language) if slot else asked("menu_choice", each.language, menu)
        place = ("callers", each.path.name, each.voice)
        yield trial(place, each.language, each.text, read_sound(each.path), question)


def digit_trials(folder: Path, most: int = 0) -> Iterator[Trial]:
    """Human digits, `{digit}_{speaker}_{n}.wav`; `most` of each speaker and digit, 0 for all of them."""
    question = next(each for each in questions("en") if each.name == "digit")
    files = sorted(folder.glob("[0-9]_*_*.wav"))
    if not files:
        raise AudioError("expected files such as 7_jackson_12.wav", where=folder)
    for (digit, speaker), takes in groupby(files, key=lambda file: tuple(file.stem.split("_")[:2])):
        for file in list(takes)[: most or None]:
            said = EN_DIGITS[int(digit)]
            yield trial(("human digits", file.stem, speaker), "en", said, read_sound(file), question)


def voice_trials(voice: Voice, language: Language, every: int = 1) -> Iterator[Trial]:
    """What a synthetic voice says of all that is asked, or of every n-th: right answers and other speech."""
    for number, text in thinned(enumerate(trial_texts(language)), every):
        question = next((each for each in questions(language) if each.takes(text)), None)
        place = ("own voice", f"{language}-{number}", "desk")
        yield trial(place, language, text, voice.render(text, language), question)


def thinned(trials: Iterable[T], step: int) -> Iterator[T]:
    """Every `step`-th trial."""
    return (each for place, each in enumerate(trials) if place % step == 0)


def trial(
    place: tuple[str, str, str], language: Language, said: str, samples: Samples, question: Question | None
) -> Trial:
    """A trial, trimmed; `place` is set, name and voice. AudioError for a silent one."""
    group, name, voice = place
    if active_level(samples).activity == 0.0:
        raise AudioError(f"“{said}” of {voice} is silent: make it again", where=name)
    return Trial(group, name, voice, language, said, trim(samples), question)


def read_sound(path: Path) -> Samples:
    """A recording at the telephone's rate; AudioError for what is no WAV file."""
    sound = read_wav(path)
    return sound.samples if sound.rate == RATE else resample(sound.samples, sound.rate)
