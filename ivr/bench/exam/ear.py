"""A model behind unmodified Vosk: fixed grammars in, words out."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ivr.audio.frame import RATE, Samples
from ivr.bench.exam.questions import plain
from ivr.errors import ModelError
from ivr.records import Language
from ivr.speech.graph import vocabulary
from ivr.speech.lexicon import UNKNOWN, Lexicon, spoken
from ivr.speech.vosk_asr import grammar, load, recogniser

CHUNK = RATE // 5
"""samples pushed at a time"""


class Ear:
    """Loads a model once and keeps a recogniser for each grammar; ModelError for a model that Vosk refuses."""

    def __init__(self, model: Path) -> None:
        began = time.perf_counter()
        self._model = load(model)
        self.load_seconds = time.perf_counter() - began
        self.busy_seconds = 0.0
        """processor time spent in listening"""
        self.heard_seconds = 0.0
        """sound listened to"""
        self._lexicon = Lexicon(vocabulary(model))
        self._recognisers: dict[tuple[tuple[str, ...], bool], Any] = {}

    def hear(self, phrases: tuple[str, ...], language: Language, samples: Samples, *, rejects: bool) -> str:
        """What was heard of `phrases`, in the form of `plain`; with `rejects`, `[unk]` may stand in it."""
        vosk = self._recogniser(phrases, language, rejects=rejects)
        began = time.thread_time()
        chunks = (samples[start : start + CHUNK].tobytes() for start in range(0, len(samples), CHUNK))
        said = [json.loads(vosk.Result())["text"] for chunk in chunks if vosk.AcceptWaveform(chunk)]
        said.append(json.loads(vosk.FinalResult())["text"])
        self.busy_seconds += time.thread_time() - began
        self.heard_seconds += len(samples) / RATE
        return _stripped(" ".join(said), language)

    def missing(self, phrases: Sequence[str], language: Language) -> tuple[str, ...]:
        """Phrases that this model has no words for: Vosk would leave words out of them in silence."""
        return tuple(phrase for phrase in phrases if self._lexicon.missing(phrase, language))

    def _recogniser(self, phrases: tuple[str, ...], language: Language, *, rejects: bool) -> Any:  # noqa: ANN401 - Vosk's
        key = (phrases, rejects)
        if key not in self._recognisers:
            known = set(phrases) - set(self.missing(phrases, language))
            if not known:
                raise ModelError(f"the model knows no word of {', '.join(phrases[:3])} …")
            words = {" ".join(self._lexicon.segment(phrase, language)) for phrase in known}
            self._recognisers[key] = recogniser(self._model, grammar(words, rejects=rejects))
        return self._recognisers[key]


class Ears:
    """One ear for each language; languages that share a model share its ear."""

    def __init__(self, models: Mapping[Language, Path]) -> None:
        self.ears = {path: Ear(path) for path in dict.fromkeys(models.values())}
        self.languages = tuple(models)
        self._of = {language: self.ears[path] for language, path in models.items()}

    @property
    def load_seconds(self) -> float:
        return sum(ear.load_seconds for ear in self.ears.values())

    @property
    def speed(self) -> float:
        """Processor seconds for a second of sound."""
        heard = sum(ear.heard_seconds for ear in self.ears.values())
        return sum(ear.busy_seconds for ear in self.ears.values()) / heard if heard else 0.0

    def hear(self, phrases: tuple[str, ...], language: Language, samples: Samples, *, rejects: bool) -> str:
        return self._of[language].hear(phrases, language, samples, rejects=rejects)

    def missing(self, phrases: Sequence[str], language: Language) -> tuple[str, ...]:
        return self._of[language].missing(phrases, language)


def _stripped(text: str, language: Language) -> str:
    """`[unk]` at the ends goes where a word stands between: it is no part of the answer (facts/models.md, trap 0)."""
    words = text.split()
    while len(words) > 1 and words[0] == UNKNOWN:
        del words[0]
    while len(words) > 1 and words[-1] == UNKNOWN:
        del words[-1]
    return plain(spoken(" ".join(words)), language)
