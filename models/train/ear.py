"""A model behind unmodified Vosk: fixed grammars in, words out."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path

import vosk

from ivr.audio.frame import RATE, Samples
from ivr.errors import ModelError
from ivr.records import Language
from models.train.questions import plain

UNKNOWN = "[unk]"

CHUNK = RATE // 5
"""samples pushed at a time"""


class Ear:
    """Loads a model once and keeps a recogniser for each grammar; ModelError for a model that Vosk refuses."""

    def __init__(self, model: Path) -> None:
        vosk.SetLogLevel(-1)
        began = time.perf_counter()
        try:
            self._model = vosk.Model(str(model))
        except Exception as error:  # vosk raises nothing narrower
            raise ModelError(f"Vosk cannot load this model ({error})", where=model) from error
        self.load_seconds = time.perf_counter() - began
        self.busy_seconds = 0.0
        """processor time spent in listening"""
        self.heard_seconds = 0.0
        """sound listened to"""
        self._recognisers: dict[tuple[tuple[str, ...], bool], vosk.KaldiRecognizer] = {}

    def knows(self, word: str) -> bool:
        return bool(self._model.vosk_model_find_word(word) >= 0)

    def hear(self, phrases: tuple[str, ...], language: Language, samples: Samples, *, rejects: bool) -> str:
        """What was heard of `phrases`, in the form of `plain`; with `rejects`, `[unk]` may stand in it."""
        recogniser = self._recogniser(phrases, language, rejects=rejects)
        began = time.thread_time()
        chunks = (samples[start : start + CHUNK].tobytes() for start in range(0, len(samples), CHUNK))
        said = [json.loads(recogniser.Result())["text"] for chunk in chunks if recogniser.AcceptWaveform(chunk)]
        said.append(json.loads(recogniser.FinalResult())["text"])
        self.busy_seconds += time.thread_time() - began
        self.heard_seconds += len(samples) / RATE
        return _stripped(" ".join(said), language)

    def missing(self, phrases: Sequence[str], language: Language) -> tuple[str, ...]:
        """Phrases that this model has no words for: Vosk would leave words out of them in silence."""
        return tuple(phrase for phrase in phrases if self._words(phrase, language) is None)

    def _recogniser(self, phrases: tuple[str, ...], language: Language, *, rejects: bool) -> vosk.KaldiRecognizer:
        key = (phrases, rejects)
        if key not in self._recognisers:
            known = (self._words(phrase, language) for phrase in phrases)
            grammar = sorted({words for words in known if words}) + [UNKNOWN] * rejects
            if not grammar:
                raise ModelError(f"the model knows no word of {', '.join(phrases[:3])} …")
            # plain UTF-8: Vosk's own JSON reader does not know \u escapes (facts/speech.md)
            self._recognisers[key] = vosk.KaldiRecognizer(self._model, RATE, json.dumps(grammar, ensure_ascii=False))
        return self._recognisers[key]

    def _words(self, phrase: str, language: Language) -> str | None:
        parts = phrase.lower().split()
        if language == "en":
            return phrase.lower() if all(map(self.knows, parts)) else None
        covered = [self._cover(part) for part in parts]
        return None if None in covered else " ".join(word for words in covered if words for word in words)

    def _cover(self, text: str) -> tuple[str, ...] | None:
        """The fewest of the model's words, the longer ones first, as the product cuts phrases."""
        best: list[tuple[str, ...] | None] = [*[None] * len(text), ()]
        for start in reversed(range(len(text))):
            for end in range(len(text), start, -1):
                rest = best[end]
                found = best[start]
                if rest is None or (found is not None and len(found) <= len(rest) + 1):
                    continue
                if self.knows(text[start:end]):
                    best[start] = (text[start:end], *rest)
        return best[0]


def _stripped(text: str, language: Language) -> str:
    """`[unk]` at the ends goes where a word stands between: it is no part of the answer (facts/models.md, trap 0)."""
    words = text.split()
    while len(words) > 1 and words[0] == UNKNOWN:
        del words[0]
    while len(words) > 1 and words[-1] == UNKNOWN:
        del words[-1]
    return plain(" ".join(words), language)
