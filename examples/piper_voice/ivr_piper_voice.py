"""Piper as a voice of the front desk: the `piper` program in a process of its own for each text, with a watchdog.

Options (the site's `voice_options`): `zh`, `en`: the model of each language, a file that has its `.json` beside it;
`program`: the executable, `piper` without it; `scale_zh`, `scale_en`: Piper's length scale at 150 characters a minute,
1.0 without it, longer is slower; `seconds`: after which a text is given up, 20 without it.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from ivr.audio.frame import Samples
from ivr.audio.wav import read_wav
from ivr.errors import AudioError, VoiceError
from ivr.records import Language
from ivr.speech.tts import finish
from ivr.speech.voice_plugins import VoiceOptions

USUAL_SPEED = 150
"""Chinese characters a minute at which a scale is meant as it is"""


class PiperVoice:
    """One process a text; at a time one, for each takes all cores. VoiceError when it fails, hangs, or says nothing."""

    def __init__(
        self, program: str, models: Mapping[Language, Path], scales: Mapping[Language, float], seconds: float
    ) -> None:
        self._program = program
        self._models = dict(models)
        self._scales = dict(scales)
        self._seconds = seconds
        self._lock = threading.Lock()
        chosen = (
            f"{language}={path.stem},{path.stat().st_size},{scales[language]:g}" for language, path in models.items()
        )
        self.name = " ".join(("piper", *chosen))

    def render(self, text: str, language: Language) -> Samples:
        if language not in self._models:
            raise VoiceError(f"piper has no model for {language}: give it by voice_options, {language}=MODEL.onnx")
        with self._lock, tempfile.TemporaryDirectory(prefix="ivr-piper-") as folder:
            file = Path(folder) / "said.wav"
            self._run(text, language, file)
            try:
                sound = read_wav(file)
                return finish(sound.samples, sound.rate)
            except AudioError as error:
                raise VoiceError(f"piper gave no sound for {len(text)} characters: {error}") from error

    def _run(self, text: str, language: Language, file: Path) -> None:
        """Without noise, so that the same text gives the same samples."""
        options = {
            "--model": self._models[language],
            "--output_file": file,
            "--length_scale": f"{self._scales[language]:g}",
            "--noise_scale": 0,
            "--noise_w": 0,
        }
        words = [self._program, *(str(word) for pair in options.items() for word in pair)]
        try:
            process = subprocess.Popen(  # noqa: S603 - the site's own program
                words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True
            )
        except OSError as error:
            raise VoiceError(f"piper cannot be started: {error}") from error
        try:
            # it takes a line for a text
            _, told = process.communicate(" ".join(text.split()).encode() + b"\n", timeout=self._seconds)
        except subprocess.TimeoutExpired:
            raise VoiceError(f"piper said nothing for {self._seconds:g} s") from None
        finally:
            _end(process)
        if process.returncode:
            last = told.decode("utf-8", "replace").strip().splitlines()[-1:]
            raise VoiceError(f"piper failed ({process.returncode}): {' '.join(last)}")


def piper(options: VoiceOptions) -> PiperVoice:
    """The entry point. VoiceError for a program or a model that is not there, or a number that is none."""
    given = dict(options.options)
    program = shutil.which(given.get("program", "piper"))
    if program is None:
        raise VoiceError(
            f"no program “{given.get('program', 'piper')}”: pip install piper-tts, or name it by voice_options"
        )
    models: dict[Language, Path] = {}
    scales: dict[Language, float] = {}
    for language in get_args(Language):
        if language in given:
            models[language] = Path(given[language]).expanduser()
            if not models[language].is_file():
                raise VoiceError(f"no such model: {models[language]}")
        scales[language] = _number(given, f"scale_{language}", 1.0) * USUAL_SPEED / options.speed
    if not models:
        raise VoiceError("piper needs a model: voice_options = zh=MODEL.onnx,en=MODEL.onnx")
    return PiperVoice(program, models, scales, _number(given, "seconds", 20.0))


def _number(given: Mapping[str, str], name: str, usual: float) -> float:
    try:
        found = float(given.get(name, usual))
    except ValueError:
        found = 0.0
    if not 0.0 < found < 1000.0:
        raise VoiceError(f"{name}={given.get(name)}: expected a number over 0")
    return found


def _end(process: subprocess.Popen[bytes]) -> None:
    """With all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stderr):
        if pipe is not None:
            pipe.close()
