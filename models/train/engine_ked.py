"""Held-out English by festival's diphone voice ked (research licence; Debian festvox-kdlpc16k), called as a process.

Never trained on.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random

import soundfile

from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.building.units import english_units
from models.train.english_ipa import with_letters
from models.train.spoken import Spoken, spoken
from models.train.text import Sentence

VOICE = Path("/usr/share/festival/voices/english/ked_diphone")
"""where Debian puts it"""

PATIENCE = 60
"""seconds for one sentence"""


class Ked:
    """Festival's text2wave, one process a sentence; the tempo is drawn by the seed."""

    name = "ked"
    languages: tuple[Language, ...] = ("en",)
    at_once = 1

    def __init__(self) -> None:
        """VoiceError where the program or the voice is missing."""
        program = shutil.which("text2wave")
        if program is None or not VOICE.is_dir():
            raise VoiceError("the voice ked is missing: apt-get install festival festvox-kdlpc16k", where=VOICE)
        self._program = program

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "said.wav"
            return [self._say(sentence, file, rng.uniform(0.9, 1.15)) for sentence in sentences]

    def _say(self, sentence: Sentence, file: Path, stretch: float) -> Spoken:
        wanted = f"(begin (voice_ked_diphone) (Parameter.set 'Duration_Stretch {stretch:.3f}))"
        command = [self._program, "-eval", wanted, "-o", str(file)]
        text = with_letters(sentence.text).encode()
        try:
            # the words go in by a pipe: no shell reads them
            subprocess.run(command, input=text, capture_output=True, timeout=PATIENCE, check=True)  # noqa: S603 - as said
            sound, rate = soundfile.read(file, dtype="float32")
        except (subprocess.SubprocessError, OSError, soundfile.LibsndfileError) as error:
            raise VoiceError(f"festival failed on {sentence.text!r}: {error}") from error
        return spoken(sentence, sound, rate, english_units(sentence.text), None, self.name)
