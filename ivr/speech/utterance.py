"""One stretch of sound on its way to words: queued by the event loop, worked off in order on a few shared threads."""

from __future__ import annotations

import asyncio
import contextlib
import json
import math
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, InvalidStateError
from functools import partial
from typing import Protocol

import numpy as np

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.tones import NoiseFloor
from ivr.errors import RecognitionError
from ivr.records import Heard, Language
from ivr.speech.lexicon import UNKNOWN, spoken

CHUNK = RATE // 10
"""samples handed to Vosk at a time: 100 ms, whatever pieces arrive (design.md, “Same input, same output”)"""


class Recogniser(Protocol):
    """What we use of vosk.KaldiRecognizer; it raises bare Exceptions."""

    def AcceptWaveform(self, data: bytes) -> int: ...  # noqa: N802  Vosk's name

    def FinalResult(self) -> str: ...  # noqa: N802  Vosk's name


class Utterance:
    """One stretch of sound on its way to words; the work is done on the recogniser's threads, in order."""

    def __init__(
        self,
        language: Language,
        take: Callable[[], Recogniser],
        give_back: Callable[[Recogniser], None],
        lane: Lane,
        noise: NoiseFloor,
    ) -> None:
        self._language = language
        self._take = take
        self._give_back = give_back
        self._lane = lane
        self._noise = noise
        self._recogniser: Recogniser | None = None
        self._pending = silence(0)
        self._ended = False
        self._heard: Future[Heard] = Future()
        self._put(self._start)

    def feed(self, samples: Samples, offset: int) -> None:
        """Queue sound of 8 kHz that begins `offset` samples after the start of the call; returns at once.

        In pieces of any length: the words do not depend on the cut. Raises RecognitionError after `result` or `cancel`.
        """
        if self._ended:
            raise RecognitionError("the utterance has ended: begin another one")
        self._pending = np.concatenate([self._pending, self._noise.add(samples, offset)])
        while len(self._pending) >= CHUNK:
            self._put(partial(self._accept, self._pending[:CHUNK]))
            self._pending = self._pending[CHUNK:]

    async def result(self) -> Heard:
        """End the sound and wait for its words; RecognitionError when Vosk failed, or after `cancel` or `close`.

        Cancelling the wait gives the utterance up.
        """
        if not self._ended:
            self._ended = True
            self._put(partial(self._accept, self._pending))
            self._put(self._finish)
        return await asyncio.wrap_future(self._heard)

    def cancel(self) -> None:
        """Give the utterance up; whoever waits for its words gets a RecognitionError."""
        self._fail("the utterance was cancelled")
        if not self._ended:
            self._ended = True
            self._lane.clear()
            self._put(self._finish)

    def _put(self, job: Callable[[], None]) -> None:
        try:
            self._lane.put(job)
        except RuntimeError as error:
            raise RecognitionError("the recogniser is closed") from error

    def _start(self) -> None:
        try:
            self._recogniser = self._take()
        except Exception as error:  # noqa: BLE001  Vosk raises nothing narrower
            self._fail(f"Vosk cannot make a recogniser for {self._language} ({error})")

    def _accept(self, chunk: Samples) -> None:
        if self._recogniser is None or self._heard.done():
            return
        try:
            # its own endpoints, the answer, are ignored: endpointing is ours (design.md)
            self._recogniser.AcceptWaveform(chunk.tobytes())
        except Exception as error:  # noqa: BLE001  Vosk raises nothing narrower
            self._recogniser = None
            self._fail(f"Vosk failed on {self._language} sound ({error})")

    def _finish(self) -> None:
        recogniser, self._recogniser = self._recogniser, None
        if recogniser is None:
            return
        try:
            heard = _heard(self._language, recogniser.FinalResult())
        except Exception as error:  # noqa: BLE001  Vosk raises nothing narrower
            self._fail(f"Vosk gave no result for {self._language} sound ({error})")
            return
        self._give_back(recogniser)
        with contextlib.suppress(InvalidStateError):
            self._heard.set_result(heard)

    def _fail(self, reason: str) -> None:
        # the first word counts: a cancelled utterance may still finish
        with contextlib.suppress(InvalidStateError):
            self._heard.set_exception(RecognitionError(reason))


class Lane:
    """One owner's jobs, one after another in the order in which they came, on a pool that many lanes share.

    After each job the lane queues up again behind the others, so that nobody starves. A job must not raise.
    """

    def __init__(self, pool: Executor) -> None:
        self._pool = pool
        self._jobs: deque[Callable[[], None]] = deque()
        self._lock = threading.Lock()
        self._busy = False

    def put(self, job: Callable[[], None]) -> None:
        """Queue `job`; RuntimeError when the pool was shut down."""
        with self._lock:
            if not self._busy:
                self._pool.submit(self._step)
                self._busy = True
            self._jobs.append(job)

    def clear(self) -> None:
        """Forget the jobs that have not begun."""
        with self._lock:
            self._jobs.clear()

    def _step(self) -> None:
        with self._lock:
            job = self._jobs.popleft() if self._jobs else None
        if job is not None:
            job()
        with self._lock:
            self._busy = False
            # a pool that is shutting down takes nothing more: who shuts it has settled with every owner before
            with contextlib.suppress(RuntimeError):
                if self._jobs:
                    self._pool.submit(self._step)
                    self._busy = True


def _heard(language: Language, result: str) -> Heard:
    """Words and their mean confidence without the unknown ones at both ends (facts/models.md, trap 0)."""
    words = json.loads(result).get("result", [])
    while words and words[0]["word"] == UNKNOWN:
        del words[0]
    while words and words[-1]["word"] == UNKNOWN:
        del words[-1]
    text = spoken(" ".join(word["word"] for word in words))
    confidence = math.fsum(word["conf"] for word in words) / len(words) if words else 0.0
    return Heard(language, text, confidence)
