"""The front desk's mouth: a recorded prompt where somebody recorded it, the synthetic voice elsewhere."""

from __future__ import annotations

import threading
from pathlib import Path

from ivr.audio.frame import Samples
from ivr.audio.wav import read_wav
from ivr.errors import AudioError
from ivr.log import logger
from ivr.overlay import Folders, layers
from ivr.records import LANGUAGES, Language
from ivr.speech.tts import Voice, finish


class Speaker:
    """Turns a prompt into samples: int16, 8 kHz, active level -20 dBFS. Thread-safe.

    `passing` says what holds a caller's own values (room, time): a voice that keeps nothing on disk (K4).
    `recordings` are the prompts' folders; `<language>/recordings/<key>.wav` in one wins over the voice, and over those
    of an earlier folder. They are looked through once, here; a recording that was added later is used after a restart.
    """

    def __init__(self, voice: Voice, recordings: Folders | None, passing: Voice | None = None) -> None:
        self._voice = voice
        self._passing = passing or voice
        self._folders = () if recordings is None else layers(recordings)
        self._files = {found: path for folder in self._folders for found, path in _find(folder).items()}
        self._recorded: dict[Path, Samples | None] = {}
        self._lock = threading.Lock()

    def samples(self, key: str, text: str, language: Language, *, fixed: bool) -> Samples:
        """Give the prompt `key`, whose words are `text`. Raises VoiceError.

        `fixed`: the words have no variables, so a recording can stand for them. A recording that broke since the
        start is logged, and the voice speaks instead: a caller must not hear silence.
        """
        path = self._files.get((language, key)) if fixed else None
        recorded = None if path is None else self._recording(path)
        if recorded is not None:
            return recorded
        return (self._voice if fixed else self._passing).render(text, language)

    def recorded_keys(self, language: Language) -> frozenset[str]:
        """Keys that have a recording, for the prompt checker to compare with its catalogue."""
        return frozenset(key for found, key in self._files if found == language)

    def check_recordings(self) -> None:
        """Read every recording, at start-up. Raises AudioError naming the first file that cannot be used."""
        for folder in self._folders:
            if not folder.is_dir():
                message = "no such folder: expected <language>/recordings/<prompt key>.wav in it"
                raise AudioError(message, where=folder)
        for path in self._files.values():
            recorded = read_recording(path)
            with self._lock:
                self._recorded[path] = recorded

    def _recording(self, path: Path) -> Samples | None:
        with self._lock:
            if path not in self._recorded:
                try:
                    self._recorded[path] = read_recording(path)
                except AudioError as error:
                    logger().warning("recording_left_out", path=str(path), reason=str(error))
                    self._recorded[path] = None
            return self._recorded[path]


def read_recording(path: Path) -> Samples:
    """Read a recorded prompt into the house's form: 8 kHz, trimmed, -20 dBFS active, read-only. Raises AudioError."""
    sound = read_wav(path)
    try:
        samples = finish(sound.samples, sound.rate)
    except AudioError as error:
        raise AudioError(f"{error}; record it again", where=path) from error
    samples.flags.writeable = False
    return samples


def _find(folder: Path) -> dict[tuple[Language, str], Path]:
    return {
        (language, path.stem): path
        for language in LANGUAGES
        for path in sorted((folder / language / "recordings").glob("*.wav"))
    }
