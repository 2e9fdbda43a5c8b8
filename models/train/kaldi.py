"""Kaldi's binary format, so far as a model file needs it: tokens, numbers, vectors, matrices."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

BINARY = b"\0B"
"""what every binary file begins with"""

FALSE = b"F"


def token(text: str) -> bytes:
    return text.encode() + b" "


def integer(value: int) -> bytes:
    return b"\x04" + struct.pack("<i", value)


def single(value: float) -> bytes:
    """A number of four bytes."""
    return b"\x04" + struct.pack("<f", value)


def double(value: float) -> bytes:
    """A number of eight bytes: `<Count>` fields (facts/models.md, trap 5)."""
    return b"\x08" + struct.pack("<d", value)


def integers(values: Iterable[int]) -> bytes:
    """A vector of int32."""
    array = np.fromiter(values, dtype="<i4")
    return integer(len(array)) + array.tobytes()


def vector(values: Array | Iterable[float]) -> bytes:
    """A vector of floats; an empty one stands for missing statistics."""
    array = np.asarray(values, dtype="<f4").ravel()
    return token("FV") + integer(len(array)) + array.tobytes()


def matrix(values: Array) -> bytes:
    """A matrix of floats, row by row."""
    array = np.ascontiguousarray(values, dtype="<f4")
    return token("FM") + integer(array.shape[0]) + integer(array.shape[1]) + array.tobytes()


def field(name: str, value: bytes) -> bytes:
    """`<Name> value`."""
    return token(f"<{name}>") + value
