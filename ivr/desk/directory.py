"""Who stays where: rooms and the register of guests, `register.csv`. What it knows is told to no one else (T2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType

from pypinyin import lazy_pinyin

from ivr.desk.rooms import Room
from ivr.desk.table import Faults, day, read_table
from ivr.records import LANGUAGES, Language

CHECK_OUT = time(12)
"""until then a departing guest is one; house rule, later only by arrangement"""

TITLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mr": ("mr.", "mister", "先生", "男"),
        "ms": ("ms.", "女士", "女"),
        "miss": ("小姐",),
        "mrs": ("mrs.", "太太", "夫人"),
        "doctor": ("dr", "dr.", "医生", "大夫", "博士"),
        "professor": ("prof", "prof.", "教授"),
        "manager": ("经理",),
    }
)
"""title, as the prompts' type `name` has it → how it is written"""

_COMPOUND = frozenset(
    {
        *("欧阳", "上官", "司马", "司徒", "诸葛", "东方", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙"),
        *("宇文", "轩辕", "端木", "南宫", "独孤", "呼延", "万俟", "闻人", "澹台", "申屠", "太史", "东郭", "百里"),
    }
)
"""surnames of two characters"""

_HAN = re.compile(r"[〇\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""a Chinese character (Unicode: CJK unified ideographs with their extensions)"""

_DOT = re.compile("[·•‧・]")
"""between given name and surname of a foreign name in characters (GB/T 15834), as keyboards have it"""

_READINGS: Mapping[str, str] = MappingProxyType(
    {"曾": "zeng", "单": "shan", "仇": "qiu", "解": "xie", "查": "zha", "区": "ou", "盖": "ge", "朴": "piao"}
    | {"任": "ren", "翟": "zhai", "乐": "yue", "缪": "miao", "覃": "qin", "尉迟": "yuchi", "万俟": "moqi"}
)
"""surnames that are read otherwise than the character elsewhere"""

_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "room": ("房号", "房间", "客房"),
        "name_zh": ("姓名", "中文姓名", "中文名"),
        "name_en": ("英文姓名", "英文名"),
        "title": ("称谓", "称呼", "性别"),
        "language": ("语言",),
        "arrival": ("入住", "入住日期", "到店"),
        "departure": ("离店", "离店日期", "退房"),
    }
)
_LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {"zh": "zh", "中文": "zh", "chinese": "zh", "en": "en", "英文": "en", "英语": "en", "english": "en"}
)


@dataclass(frozen=True)
class Guest:
    """One line of the register."""

    room: str
    surname_zh: str
    surname_en: str
    """either may be empty, not both"""
    title: str
    """one of TITLES, or empty"""
    language: Language | None
    arrival: date
    departure: date

    def stays(self, at: datetime) -> bool:
        """Whether the guest is in the house at a local time."""
        today = at.date()
        return self.arrival <= today and (today < self.departure or (today == self.departure and at.time() < CHECK_OUT))

    @property
    def address(self) -> str:
        """As the prompts' type `name` has it, the surname in both scripts: `mr 王/wang`; empty without either."""
        # a foreign name in characters is not how its guest is addressed
        chinese = self.surname_zh if self.surname_zh == surname_zh(self.surname_zh) else ""
        names = "/".join(filter(None, (chinese, self.surname_en.lower())))
        return f"{self.title} {names}" if self.title and names else ""

    def is_called(self, surname: str) -> bool:
        """Whether a surname that was said is this guest's: by its sound without tones.

        张 and 章 are one sound, and 王 is heard as 汪 (tests/calls/night/change_from_outside_by_name_zh).
        """
        return spelt(surname) in {spelt(self.surname_zh), spelt(self.surname_en)} - {""}


def spelt(surname: str) -> str:
    """As it is written in English, in small letters without accents: 王 → wang, Van Dyke → vandyke, Müller → muller."""
    letters = _READINGS.get(surname) or "".join(lazy_pinyin(surname)) if _HAN.search(surname) else surname
    return "".join(letter for letter in unicodedata.normalize("NFKD", letters.lower()) if letter.isalpha())


@dataclass(frozen=True)
class Directory:
    """The rooms, and who stays in them."""

    rooms: Mapping[str, Room]
    """by number"""
    extensions: Mapping[str, str]
    """extension → room"""
    guests: tuple[Guest, ...] = ()
    kept: bool = False
    """whether the site keeps a register at all"""

    def room_at(self, extension: str) -> str:
        """The room whose telephone that is; empty for any other."""
        return self.extensions.get(extension, "")

    def guests_of(self, room: str, at: datetime) -> tuple[Guest, ...]:
        """Who stays in a room at a local time."""
        return tuple(guest for guest in self.guests if guest.room == room and guest.stays(at))

    def guest(self, room: str, at: datetime) -> Guest | None:
        """The guest of a room, where it is clear who that is."""
        found = self.guests_of(room, at)
        return found[0] if len(found) == 1 else None

    def matches(self, room: str, surname: str, at: datetime) -> bool:
        """Whether somebody of that surname stays in that room (T2)."""
        return any(guest.is_called(surname) for guest in self.guests_of(room, at))


def directory(rooms: Iterable[Room], guests: tuple[Guest, ...] | None = None) -> Directory:
    """Of rooms and guests; `None`: the site keeps no register."""
    known = {room.number: room for room in rooms}
    extensions = {room.extension: room.number for room in known.values()}
    return Directory(known, extensions, guests or (), kept=guests is not None)


def read_register(path: Path, rooms: Iterable[Room] | None) -> tuple[Guest, ...]:
    """The guests of `register.csv`, in its order, of equal lines one; SettingsError with file and line.

    `rooms` are those that there are; None: not known, any will do.
    """
    faults, found = Faults(path), list[Guest]()
    known = None if rooms is None else {room.number for room in rooms}
    seen = set[tuple[str, ...]]()
    for row in read_table(path, _COLUMNS, ("room",), faults):
        # whole lines: two of one surname may share a room
        whole = tuple(row.cells.values())
        if whole in seen:
            continue
        seen.add(whole)
        try:
            guest = registered(row.cells)
        except ValueError as error:
            faults.add(row.line, str(error))
            continue
        if known is not None and guest.room not in known:
            faults.add(row.line, f"there is no room {guest.room} in rooms.csv, nor in `rooms` of site.toml")
        else:
            found.append(guest)
    faults.check()
    return tuple(found)


def registered(row: Mapping[str, str]) -> Guest:
    """The guest of one line of the register, by its columns; ValueError with what was expected."""
    if not row["name_zh"] and not row["name_en"]:
        raise ValueError("no name: expected name_zh or name_en")
    arrival = day(row["arrival"]) if row["arrival"] else date.min
    departure = day(row["departure"]) if row["departure"] else date.max
    if departure < arrival:
        raise ValueError(f"departure {departure} before arrival {arrival}")
    # a foreign guest often stands in the column of Chinese names
    foreign = "" if _HAN.search(row["name_zh"]) else row["name_zh"]
    return Guest(
        room=row["room"],
        surname_zh="" if foreign else surname_zh(row["name_zh"]),
        surname_en=surname_en(row["name_en"] or foreign),
        title=_title(row["title"]),
        language=_language(row["language"]),
        arrival=arrival,
        departure=departure,
    )


def surname_zh(name: str) -> str:
    """王小明 → 王, 欧阳娜 → 欧阳; the last part of a foreign name in characters: 约翰·史密斯 → 史密斯."""
    *given, last = _DOT.split(name)
    if given:
        return last.strip()
    return name[:2] if name[:2] in _COMPOUND else name[:1]


def surname_en(name: str) -> str:
    """Smith, John → Smith; without a comma all of it: van Dyke is one surname."""
    return name.partition(",")[0].strip()


def _title(written: str) -> str:
    if not written:
        return ""
    for title, others in TITLES.items():
        if written.lower() in (title, *others):
            return title
    raise ValueError(f"“{written}” is no title: expected {', '.join(TITLES)}, or 先生, 女士 …, or nothing")


def _language(written: str) -> Language | None:
    if not written:
        return None
    language = _LANGUAGES.get(written.lower())
    if language is None:
        raise ValueError(f"“{written}” is no language: expected {' or '.join(LANGUAGES)}, or nothing")
    return language
