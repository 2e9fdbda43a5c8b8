"""The rooms of the house, with the extensions of their telephones: `rooms.csv`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ivr.desk.table import Faults, read_table

_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
_EXTENSION = re.compile(r"\d{1,8}", re.ASCII)

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "room": ("房号", "房间", "客房"),
        "extension": ("分机", "分机号"),
        "floor": ("楼层",),
        "kind": ("房型", "类型"),
    }
)


@dataclass(frozen=True)
class Room:
    """One room."""

    number: str
    extension: str
    """of its telephone; most houses give it the room's number"""
    floor: str = ""
    kind: str = ""


def numbered(numbers: Iterable[str]) -> tuple[Room, ...]:
    """Rooms whose telephones have their numbers."""
    return tuple(Room(number, number) for number in numbers)


def read_rooms(path: Path) -> tuple[Room, ...]:
    """The rooms of `rooms.csv`, in its order; SettingsError with file and line. Empty for a file without rows."""
    faults, found = Faults(path), list[Room]()
    rooms: dict[str, int] = {}
    extensions: dict[str, int] = {}
    for row in read_table(path, _COLUMNS, ("room",), faults):
        number, extension = row["room"], row["extension"] or row["room"]
        if not _NUMBER.fullmatch(number):
            faults.add(row.line, f"“{number}” is no room: expected up to six digits, such as 1208")
        elif not _EXTENSION.fullmatch(extension):
            faults.add(row.line, f"“{extension}” is no extension: expected digits, or nothing where it is the room's")
        elif number in rooms:
            faults.add(row.line, f"room {number} stands in line {rooms[number]} already: remove one of them")
        elif extension in extensions:
            message = f"extension {extension} belongs to the room in line {extensions[extension]}: give each its own"
            faults.add(row.line, message)
        else:
            found.append(Room(number, extension, row["floor"], row["kind"]))
        rooms.setdefault(number, row.line)
        extensions.setdefault(extension, row.line)
    faults.check()
    return tuple(found)
