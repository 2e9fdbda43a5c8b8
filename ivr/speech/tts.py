"""Text to speech: what a voice is, and the one that pyttsx3 gives us."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from types import TracebackType
from typing import Protocol, Self

from ivr.audio.frame import RATE, Samples
from ivr.audio.level import normalise, trim
from ivr.audio.resample import resample
from ivr.errors import AudioError, VoiceError
from ivr.records import Language
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voices import DEFAULT_VOICES, VoiceChoice

DSP = 1
"""version of `finish`: raise it when the same espeak sound would come out otherwise, so that caches are left behind"""

LEVEL_DBFS = -20.0
"""active level (ITU-T P.56) of everything we say (facts/speech.md)"""
CEILING_DBFS = -1.0
KEEP_MS = 20
"""silence kept at both ends"""

LONGEST = 500
"""characters in one text; a prompt has under 200, and pyttsx3's time grows with the square of the length"""


class Voice(Protocol):
    """Something that speaks. Synchronous and thread-safe; the same text gives the same samples always."""

    @property
    def name(self) -> str:
        """Stable identity, versions and settings included: a cache key."""

    def render(self, text: str, language: Language) -> Samples:
        """Speak `text`: int16, 8 kHz, active level -20 dBFS, ceiling -1 dBFS, silence trimmed. Raises VoiceError."""


class Pyttsx3Voice:
    """pyttsx3 on espeak-ng, one voice for each language, in a worker process that starts at the first text.

    Pass a `worker` to let several voices share one process; its owner closes it. Raises VoiceError at `render` for
    a voice that espeak lacks, a text that it cannot say, or a worker that fails twice.
    """

    def __init__(
        self, voices: Mapping[Language, VoiceChoice] = DEFAULT_VOICES, worker: SpeechWorker | None = None
    ) -> None:
        self._voices = dict(voices)
        self._worker = worker or SpeechWorker()
        self._owns_worker = worker is None
        chosen = " ".join(f"{language}={choice}" for language, choice in sorted(self._voices.items()))
        self._name = f"{engine_name()} {chosen}"

    @property
    def name(self) -> str:
        return self._name

    def render(self, text: str, language: Language) -> Samples:
        if language not in self._voices:
            raise VoiceError(f"no voice is chosen for language {language!r}")
        _check(text)
        sound = self._worker.render(text, self._voices[language])
        try:
            return finish(sound.samples, sound.rate)
        except AudioError as error:
            raise VoiceError(f"a text of {len(text)} characters in {language} has no sound: {error}") from error

    def close(self) -> None:
        """End the worker, unless it was lent to us."""
        if self._owns_worker:
            self._worker.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def engine_name() -> str:
    """Versions of all that shapes the sound: pyttsx3, espeak (in its loader), resampler, our own processing."""
    libraries = " ".join(f"{name}-{version(name)}" for name in ("pyttsx3", "espeakng-loader", "soxr"))
    return f"{libraries} dsp-{DSP}"


def finish(samples: Samples, rate: int) -> Samples:
    """Bring speech at `rate` to the house's form: 8 kHz, trimmed, -20 dBFS active. Raises AudioError for silence."""
    narrow = trim(resample(samples, rate, RATE), RATE, keep_ms=KEEP_MS)
    if not narrow.any():
        raise AudioError("nothing but silence")
    return normalise(narrow, RATE, level=LEVEL_DBFS, ceiling=CEILING_DBFS)


def _check(text: str) -> None:
    if len(text) > LONGEST:
        raise VoiceError(f"a text of {len(text)} characters: say at most {LONGEST} at once")
    # espeak takes control characters as commands, NUL as the end; a lone surrogate is no text.
    bad = next(
        (c for c in text if (c < " " and c not in "\t\n\r") or "\x7f" <= c <= "\x9f" or "\ud800" <= c <= "\udfff"), None
    )
    if bad is not None:
        raise VoiceError(f"the text holds the control character {bad!r}: take it out")
    if not any(c.isalnum() for c in text):
        raise VoiceError("the text has no word to say")
