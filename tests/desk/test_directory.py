from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from ivr.desk.directory import TITLES, Guest, directory, read_register
from ivr.desk.rooms import Room, numbered, read_rooms
from ivr.dialogue.spoken_values import name
from ivr.dialogue.understand import person
from ivr.errors import SettingsError

ROOMS = numbered(("1208", "1209"))
HEADER = "room,name_zh,name_en,title,language,arrival,departure\n"


def register(path: Path, rows: str) -> tuple[Guest, ...]:
    path.write_text(HEADER + rows, encoding="utf-8")
    return read_register(path, ROOMS)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_rooms_are_read_in_order_with_their_extensions(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    path.write_text("房号,分机,楼层,房型\n1208,８２０８,12,双床房\n0101,,1,\n", encoding="utf-8")
    rooms = read_rooms(path)
    assert rooms == (Room("1208", "8208", "12", "双床房"), Room("0101", "0101", "1"))
    found = directory(rooms)
    assert (found.room_at("8208"), found.room_at("0101"), found.room_at("1208"), found.room_at("")) == (
        "1208",
        "0101",
        "",
        "",
    )


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("12A,", "“12A” is no room: expected up to six digits, such as 1208"),
        # digits, but none that a telephone has
        ("١٢٠٩,", "“١٢٠٩” is no room"),
        ("1209,१२०९", "“१२०९” is no extension"),
        ("1209,x", "“x” is no extension: expected digits, or nothing"),
        ("1208,8209", "room 1208 stands in line 2 already: remove one of them"),
        ("1209,8208", "extension 8208 belongs to the room in line 2: give each its own"),
    ],
)
def test_a_bad_room_is_told_with_its_line(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "rooms.csv"
    path.write_text(f"room,extension\n1208,8208\n{row}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=words) as caught:
        read_rooms(path)
    assert caught.value.where == f"{path}:3"


def test_a_guest_is_one_from_arrival_until_noon_of_departure(tmp_path: Path) -> None:
    guests = register(tmp_path / "r.csv", "1208,王小明,,先生,zh,2026-11-20,2026-11-22\n1208,,Smith,Mr,,2026-11-22,\n")
    found = directory(ROOMS, guests)

    def names(moment: str) -> list[str]:
        return [guest.surname_zh or guest.surname_en for guest in found.guests_of("1208", at(moment))]

    assert names("2026-11-19 23:59") == []
    assert names("2026-11-20 00:00") == names("2026-11-21 12:00") == ["王"]
    assert names("2026-11-22 11:59") == ["王", "Smith"]
    assert names("2026-11-22 12:00") == names("2030-01-01 00:00") == ["Smith"]
    assert found.guest("1208", at("2026-11-22 11:59")) is None
    assert found.guests_of("1209", at("2026-11-21 12:00")) == ()


@pytest.mark.parametrize(
    ("names", "called", "not_called"),
    [
        ("王小明,", ("王", "汪", "wang"), ("黄", "张", "smith")),
        # what sounds the same cannot be told apart by telephone, and tones hardly
        ("章,", ("张", "zhang"), ("王",)),
        ("欧阳娜,", ("欧阳", "ouyang"), ("欧", "阳")),
        ("曾,", ("曾", "zeng"), ("ceng",)),
        (",Smith", ("smith",), ("史", "王")),
        (',"Smith, John"', ("smith",), ("john",)),
        (",Wang", ("wang", "王"), ("张",)),
        ("史密斯,Smith", ("smith", "史"), ()),
        ("Smith,", ("smith",), ("王",)),
        ("约翰·史密斯,", ("史密斯",), ("约", "史", "smith")),
        ("约翰・史密斯,Smith", ("史密斯", "smith"), ("约",)),
        ("Müller,", ("Müller", "muller"), ("M",)),
        ("𠮷田,", ("𠮷",), ()),
    ],
)
def test_a_surname_matches_by_its_sound(
    tmp_path: Path, names: str, called: tuple[str, ...], not_called: tuple[str, ...]
) -> None:
    (guest,) = register(tmp_path / "r.csv", f"1208,{names},,,,\n")
    assert all(guest.is_called(each) for each in called)
    assert not any(guest.is_called(each) for each in not_called)


def test_a_match_needs_room_and_name(tmp_path: Path) -> None:
    found = directory(ROOMS, register(tmp_path / "r.csv", "1208,王,,,,,\n1208,李,,,,,\n"))
    now = at("2026-11-21 12:00")
    assert found.matches("1208", "王", now)
    assert found.matches("1208", "李", now)
    assert not found.matches("1209", "王", now)
    assert not found.matches("9999", "王", now)


def test_a_guest_is_addressed_in_both_languages(tmp_path: Path) -> None:
    rows = "1208,王小明,,先生,,,\n1208,史,Smith,Mrs.,,,\n1208,,Van Dyke,Dr,,,\n1208,李,,,,,\n"
    guests = register(tmp_path / "r.csv", rows)
    assert [name(guest.address, "zh") for guest in guests[:3]] == ["王先生", "史太太", "Van Dyke医生"]
    assert [name(guest.address, "en") for guest in guests[:3]] == ["Mister Wang", "Missus Smith", "Doctor Van Dyke"]
    # without a title there is no polite address
    assert guests[3].address == ""


@pytest.mark.parametrize(
    ("names", "zh", "en"),
    [
        ("约翰·史密斯,Smith", "Smith先生", "Mister Smith"),
        # a surname that callers may bear
        ("布鲁斯·李,", "李先生", "Mister Li"),
        ("Müller,", "Müller先生", "Mister Müller"),
        ("José García,", "José García先生", "Mister José García"),
    ],
)
def test_a_foreign_guest_is_addressed_by_surname(tmp_path: Path, names: str, zh: str, en: str) -> None:
    (guest,) = register(tmp_path / "r.csv", f"1208,{names},先生,,,\n")
    assert (name(guest.address, "zh"), name(guest.address, "en")) == (zh, en)


def test_a_foreign_name_in_characters_alone_addresses_nobody(tmp_path: Path) -> None:
    (guest,) = register(tmp_path / "r.csv", "1208,约翰·史密斯,,先生,,,\n")
    assert guest.address == ""


def test_the_titles_are_those_that_prompts_can_say() -> None:
    assert set(TITLES) == set(person.TITLES["zh"])


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1299,王,,,,,", "there is no room 1299 in rooms.csv, nor in `rooms` of site.toml"),
        ("1208,,,mr,,,", "no name: expected name_zh or name_en"),
        ("1208,王,,先森,,,", "“先森” is no title: expected mr, ms, miss"),
        ("1208,王,,,fr,,", "“fr” is no language: expected zh or en, or nothing"),
        ("1208,王,,,,2026-11-22,2026-11-20", "departure 2026-11-20 before arrival 2026-11-22"),
        ("1208,王,,,,22 Nov,", "“22 Nov” is no date such as 2026-11-22"),
    ],
)
def test_a_bad_guest_is_told_with_the_line(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "register.csv"
    with pytest.raises(SettingsError, match=words) as caught:
        register(path, f"1209,王,,,,,\n{row}\n")
    assert caught.value.where == f"{path}:3"


def test_two_of_one_surname_share_a_room_and_a_line_that_stands_there_twice_counts_once(tmp_path: Path) -> None:
    rows = "1208,王大明,,先生,,,\n1208,王小明,,先生,,,\n1209,李,,女士,,,\n1209,李,,女士,,,\n"
    found = directory(ROOMS, register(tmp_path / "r.csv", rows))
    now = at("2026-11-21 12:00")
    assert [guest.address for guest in found.guests_of("1208", now)] == ["mr 王", "mr 王"]
    assert [guest.address for guest in found.guests_of("1209", now)] == ["ms 李"]


def test_a_guest_without_dates_stays_always(tmp_path: Path) -> None:
    (guest,) = register(tmp_path / "r.csv", "1208,王,,,,,\n")
    assert (guest.arrival, guest.departure) == (date.min, date.max)
