"""Folders that lie over one another: what a site has of its own replaces the program's file of the same name."""

from __future__ import annotations

from pathlib import Path

Folders = Path | tuple[Path, ...]
"""one folder, or several, of which the later ones win"""


def layers(folders: Folders) -> tuple[Path, ...]:
    """The folders, the program's own first."""
    return (folders,) if isinstance(folders, Path) else folders


def layered(folders: Folders, pattern: str) -> dict[str, Path]:
    """Name → the file that counts, by name."""
    found = {path.name: path for folder in layers(folders) for path in folder.glob(pattern)}
    return dict(sorted(found.items()))


def shown(folders: Folders) -> str:
    """The folders, for a message."""
    return " + ".join(map(str, layers(folders)))
