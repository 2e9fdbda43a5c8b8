"""Recognition with Vosk: narrow grammars, many utterances on few threads, the same words for the same sound always.

The only importer of vosk.
"""

from __future__ import annotations

import json
import threading
import weakref
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

import vosk

from ivr.audio.frame import RATE
from ivr.audio.tones import NoiseFloor
from ivr.errors import ModelError, RecognitionError
from ivr.records import Language
from ivr.speech.graph import REMEDY
from ivr.speech.lexicon import UNKNOWN, Lexicon, lexicon_of
from ivr.speech.models import SpeechModel
from ivr.speech.utterance import Lane, Recogniser, Utterance

NOISE_DBFS = -70.0
"""floor under everything: exact zeros become words (facts/models.md, trap 0)"""

SPARE_RECOGNISERS = 16
"""kept for reuse, whatever their questions; one takes about 3 MB"""

KEPT_GRAMMARS = 256
"""of questions asked so far, so that their phrases are checked once"""


class VoskRecogniser:
    """Hears the phrases of one question at a time in each utterance; many utterances share a few threads.

    Folders that serve two languages are loaded once. Use it from one event loop; `close` it at the end. Raises
    ModelError when Vosk cannot load a model.
    """

    def __init__(self, models: Mapping[Language, SpeechModel], threads: int = 2) -> None:
        loaded = {path: load(path) for path in {model.path for model in models.values()}}
        self._loaded = {language: loaded[model.path] for language, model in models.items()}
        self._models = dict(models)
        self._shelf = _Shelf()
        self._noise = NoiseFloor(NOISE_DBFS)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="vosk")
        self._open: weakref.WeakSet[Utterance] = weakref.WeakSet()
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def grammar(self, language: Language, phrases: tuple[str, ...]) -> str:
        """Vosk's grammar for these phrases; remembered, so a site that asks for all of them at start-up never waits.

        Raises RecognitionError, naming the word, when the model of `language` cannot hear a phrase, or without any
        phrase: Vosk would end the process, or leave the word out in silence.
        """
        model = self._models.get(language)
        if model is None:
            raise RecognitionError(f"no speech model is loaded for {language}: name one in the settings")
        try:
            return _grammar(lexicon_of(model.vocabulary), language, phrases, rejects=UNKNOWN in model.vocabulary)
        except ModelError as error:
            raise RecognitionError(str(error), where=model.path) from error

    def begin(self, language: Language, phrases: tuple[str, ...]) -> Utterance:
        """Start to listen for `phrases`; raises RecognitionError as `grammar` does, or after `close`."""
        if self._closed:
            raise RecognitionError("the recogniser is closed")
        key = (language, self.grammar(language, phrases))
        take = partial(self._shelf.take, key, partial(recogniser, self._loaded[language], key[1]))
        utterance = Utterance(language, take, partial(self._shelf.put, key), Lane(self._pool), self._noise)
        self._open.add(utterance)
        return utterance

    def close(self) -> None:
        """Cancel what is still being heard and end the threads; returns when they have ended, in milliseconds."""
        self._closed = True
        for utterance in list(self._open):
            utterance.cancel()
        self._pool.shutdown()


@lru_cache(maxsize=KEPT_GRAMMARS)
def _grammar(lexicon: Lexicon, language: Language, phrases: tuple[str, ...], *, rejects: bool) -> str:
    """As `VoskRecogniser.grammar`; ModelError for a word that the model lacks."""
    words = {" ".join(lexicon.segment(phrase, language)) for phrase in phrases}
    if not words or "" in words:
        raise RecognitionError(f"expected {language} phrases to listen for, got none or an empty one")
    return grammar(words, rejects=rejects)


class _Shelf:
    """Recognisers at rest: one for 5000 phrases takes 9 to 24 ms to make.

    Only `FinalResult` leaves one as good as new; after `Reset` alone the end of the last sound still colours the next.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: list[tuple[tuple[Language, str], Recogniser]] = []

    def take(self, key: tuple[Language, str], make: Callable[[], Recogniser]) -> Recogniser:
        """A rested recogniser for language and grammar, the one used last; `make` gives one when there is none."""
        with self._lock:
            for place in reversed(range(len(self._spare))):
                if self._spare[place][0] == key:
                    return self._spare.pop(place)[1]
        return make()

    def put(self, key: tuple[Language, str], recogniser: Recogniser) -> None:
        with self._lock:
            self._spare.append((key, recogniser))
            del self._spare[:-SPARE_RECOGNISERS]


def load(path: Path) -> vosk.Model:
    """The model at `path` in Vosk, which logs nothing; ModelError when it cannot be loaded."""
    vosk.SetLogLevel(-1)
    try:
        return vosk.Model(str(path))
    except Exception as error:  # vosk raises nothing narrower
        raise ModelError(f"Vosk cannot load this model ({error}); {REMEDY}", where=path) from error


def grammar(phrases: Iterable[str], *, rejects: bool) -> str:
    """Vosk's grammar for phrases that are cut into the model's words; with `rejects`, other speech becomes `[unk]`."""
    entries = {*phrases, UNKNOWN} if rejects else set(phrases)
    # plain UTF-8: Vosk's own JSON reader does not know \u escapes (facts/speech.md)
    return json.dumps(sorted(entries), ensure_ascii=False)


def recogniser(model: vosk.Model, grammar: str) -> vosk.KaldiRecognizer:
    """A recogniser for a grammar, which must be sound: Vosk ends the process over a broken one."""
    made = vosk.KaldiRecognizer(model, RATE, grammar)
    made.SetWords(enable_words=True)  # else there is no confidence
    return made
