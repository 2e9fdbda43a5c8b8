"""Values out of a binary nnet3 file."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch

from ivr.errors import ModelError


class Components:
    """Looks values up in a binary nnet3 file, by component and field, without reading what lies between."""

    def __init__(self, data: bytes, where: Path | None = None) -> None:
        """`where` the bytes come from is named in errors."""
        self._data = data
        self._where = where

    def has(self, component: str) -> bool:
        return f"<ComponentName> {component} ".encode() in self._data

    def values(self, component: str, field: str) -> torch.Tensor:
        """A vector or a matrix of floats; ModelError where there is none of that name, or not all of it."""
        start = self._find(f"<ComponentName> {component} ", 0, len(self._data), component)
        after = self._data.find(b"<ComponentName>", start)
        end = after if after >= 0 else len(self._data)
        place = self._find(f"<{field}> ", start, end, f"{component} <{field}>")
        kind, place = self._data[place : place + 3], place + 3
        if kind not in {b"FV ", b"FM "}:
            raise ModelError(
                f"{component} <{field}> is {kind!r}, expected a vector or a matrix of floats", where=self._where
            )
        try:
            sizes = [self._size(place)] if kind == b"FV " else [self._size(place), self._size(place + 5)]
            read = np.frombuffer(self._data, "<f4", int(np.prod(sizes)), place + 5 * len(sizes))
        except (struct.error, ValueError) as error:
            raise ModelError(f"{component} <{field}> is cut off: copy the model again", where=self._where) from error
        return torch.from_numpy(read.reshape(sizes).astype(np.float32))

    def _find(self, text: str, start: int, end: int, what: str) -> int:
        place = self._data.find(text.encode(), start, end)
        if place < 0:
            raise ModelError(f"the network has no {what}", where=self._where)
        return place + len(text)

    def _size(self, place: int) -> int:
        """An int32 after its byte that tells its length."""
        size: int = struct.unpack_from("<i", self._data, place + 1)[0]
        return size
