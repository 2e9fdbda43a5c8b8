"""Training speech by flite (CMU, BSD-like): four American and Scottish voices, with the times that it tells itself."""

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
from ivr.speech.building.units import UNIT
from models.train.english_ipa import with_letters
from models.train.spoken import Span, Spoken, spoken, usable
from models.train.text import Sentence

VOICES = {"slt": (150, 230), "rms": (75, 130), "awb": (90, 160), "kal16": (75, 140), "kal": (80, 130)}
"""mean pitch in Hz that still sounds like somebody; kal is the 8 kHz diphone voice"""

REDUCED = {"ax": "AH", "axr": "ER", "ix": "IH"}
SILENT = ("pau", "ssil", "brth")

PATIENCE = 30
"""seconds for one sentence"""


class Flite:
    """The command line program of Debian's package flite."""

    name = "flite"
    languages: tuple[Language, ...] = ("en",)

    def __init__(self) -> None:
        """VoiceError where the program is missing."""
        program = shutil.which("flite")
        if program is None:
            raise VoiceError("flite is missing: apt-get install flite")
        self._program = program

    @property
    def at_once(self) -> int:
        return 1

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        with tempfile.TemporaryDirectory() as folder:
            return usable(sentences, lambda sentence: self._say(sentence, Path(folder) / "said.wav", rng))

    def _say(self, sentence: Sentence, file: Path, rng: Random) -> Spoken:
        voice = rng.choice(list(VOICES))
        pitch = rng.randint(*VOICES[voice])
        stretch = rng.uniform(0.75, 1.35)
        shift = rng.uniform(0.88, 1.15)
        written = with_letters(sentence.text)
        command = [self._program, "-psdur", "-voice", voice, "--setf", f"duration_stretch={stretch * shift:.3f}"]
        command += ["--setf", f"int_f0_target_mean={pitch}", "-t", written, "-o", str(file)]
        try:
            # the words are an argument of their own: no shell reads them
            told = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout  # noqa: S603 - as said
            sound, rate = soundfile.read(file, dtype="float32")
        except (subprocess.SubprocessError, OSError, soundfile.LibsndfileError) as error:
            raise VoiceError(f"flite failed on {sentence.text!r}: {error}") from error
        spans = [Span(span.unit, span.end / shift) for span in _spans(told)]
        units = [span.unit for span in spans if span.unit]
        return spoken(sentence, sound, rate * shift, units, spans, f"{voice}*{shift:.2f}")


def _spans(told: str) -> list[Span]:
    """`pau:0.201 t:0.266 …`: phones and the seconds at which they end. VoiceError for a phone that is none of ours."""
    spans: list[Span] = []
    for each in told.split():
        phone, _, end = each.partition(":")
        name = REDUCED.get(phone, phone.upper())
        if phone not in SILENT and f"e_{name}" not in UNIT:
            raise VoiceError(f"flite told of a phone that is no ARPAbet: {each!r}")
        spans.append(Span(0 if phone in SILENT else UNIT[f"e_{name}"], float(end)))
    return spans
