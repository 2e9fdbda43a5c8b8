"""The little of OpenFst's file format that we read: a model's words, and whether its graph is whole."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import ModelError

REMEDY = "copy the model again, or name another folder in the settings"

FST_MAGIC = 2125659606
SYMBOLS_MAGIC = 2125658996
ADDON_MAGIC = 446681434
"""first words of a machine, of a symbol table, and of what a look-ahead machine wraps (OpenFst 1.7 and 1.8)"""

HAS_INPUT_SYMBOLS, HAS_OUTPUT_SYMBOLS = 1, 2
"""flags in a header"""

ARC_BYTES = 16
STATE_BYTES = {"const": 20, "vector": 12}
"""what one arc and one state take on the disk"""


def vocabulary(path: Path) -> frozenset[str]:
    """Every word of the model in folder `path`: the symbol table in graph/Gr.fst, or else graph/words.txt.

    Vosk looks in this order too. Raises ModelError, naming the file, for one that cannot be understood.
    """
    grammar = path / "graph/Gr.fst"
    try:
        words = _header(_Reader(grammar.read_bytes())).words
    except (OSError, UnicodeDecodeError, struct.error, ValueError) as error:
        raise ModelError(f"the model's words cannot be read ({error}); {REMEDY}", where=grammar) from error
    return listed_words(path) if words is None else _words(words, grammar)


def listed_words(path: Path) -> frozenset[str]:
    """Every word in graph/words.txt of the model in folder `path`; ModelError when there is none."""
    listed = path / "graph/words.txt"
    try:
        lines = listed.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"the model's words cannot be read ({error}); {REMEDY}", where=listed) from error
    return _words([line.split()[0] for line in lines if line.strip()], listed)


def _words(symbols: list[str], where: Path) -> frozenset[str]:
    # <eps>, <s>, #0 and !SIL are marks of the graph, no words
    found = frozenset(word for word in symbols if not word.startswith(("<", "#", "!")))
    if not found:
        raise ModelError(f"holds no words; {REMEDY}", where=where)
    return found


def check_graph(path: Path) -> None:
    """Raise ModelError unless the machine in graph/HCLr.fst is whole: Vosk loads half of one and ends the process.

    What a look-ahead machine adds behind its states and arcs is not checked.
    """
    file = path / "graph/HCLr.fst"
    try:
        _walk(_Reader(file.read_bytes()))
    except (OSError, UnicodeDecodeError, struct.error, ValueError) as error:
        raise ModelError(f"the model's graph is broken or cut short ({error}); {REMEDY}", where=file) from error


def _walk(reader: _Reader) -> None:
    header = _header(reader)
    if header.kind.endswith("lookahead"):
        if reader.number("<i") != ADDON_MAGIC:
            raise ValueError("expected a wrapped machine")
        header = _header(reader)
    needed = header.states * STATE_BYTES.get(header.kind, 0) + header.arcs * ARC_BYTES
    if needed > reader.left:
        raise ValueError(f"expected {needed} more bytes, found {reader.left}")


@dataclass(frozen=True)
class _Header:
    kind: str
    states: int
    arcs: int
    words: list[str] | None
    """the output symbols, the input symbols where there are no others; None without both"""


def _header(reader: _Reader) -> _Header:
    """Read up to the first state."""
    if reader.number("<i") != FST_MAGIC:
        raise ValueError("expected an OpenFst file")
    kind, _arc_type = reader.text(), reader.text()
    _version, flags = reader.number("<i"), reader.number("<i")
    _properties, _start, states, arcs = (reader.number("<q") for _ in range(4))
    words = None
    if flags & HAS_INPUT_SYMBOLS:
        words = _symbols(reader)
    if flags & HAS_OUTPUT_SYMBOLS:
        words = _symbols(reader)
    return _Header(kind, states, arcs, words)


def _symbols(reader: _Reader) -> list[str]:
    if reader.number("<i") != SYMBOLS_MAGIC:
        raise ValueError("expected a symbol table")
    reader.text()
    _next, count = reader.number("<q"), reader.number("<q")
    words = []
    for _ in range(count):
        words.append(reader.text())
        reader.number("<q")
    return words


class _Reader:
    """Walks through little-endian binary data; struct.error or ValueError past its end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def number(self, kind: str) -> int:
        (value,) = struct.unpack_from(kind, self._data, self._at)
        self._at += struct.calcsize(kind)
        return int(value)

    def text(self) -> str:
        size = self.number("<i")
        if not 0 <= size <= self.left:
            raise ValueError("the file ends too soon")
        piece = self._data[self._at : self._at + size]
        self._at += size
        return piece.decode("utf-8")
