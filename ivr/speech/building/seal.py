"""SHA256SUMS of a finished model: the product refuses one whose files are not what it says (ivr/speech/models.py)."""

from __future__ import annotations

import hashlib
from pathlib import Path

from ivr.speech.models import SUMS

PARTS = ("am", "conf", "graph")


def seal(folder: Path) -> None:
    """Write the sums of everything that Vosk reads; to be done anew after each change of the graph."""
    files = sorted(file for part in PARTS for file in (folder / part).rglob("*") if file.is_file())
    lines = (f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.relative_to(folder)}\n" for file in files)
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def size(folder: Path) -> int:
    """Bytes of everything in the model's folder."""
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
