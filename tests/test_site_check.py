"""Faults planted in a site, each told with its place and with how to mend it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ivr import doctor
from ivr.config import HOME, Settings, load_settings
from ivr.errors import SettingsError
from ivr.site_check import calendar, overlay, register, rooms, wording
from ivr.site_folder import copy_flow, make_site
from tests.conftest import Ivr

HEADER = "room,name_zh,name_en,title,language,arrival,departure\n"


@pytest.fixture
def hotel(tmp_path: Path) -> Path:
    make_site(tmp_path / "hotel")
    return tmp_path / "hotel"


def settings(hotel: Path) -> Settings:
    return load_settings({"IVR_DATA": str(hotel.parent / "data")}, hotel)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def ago(days: int) -> str:
    return (date.today() - timedelta(days=days)).isoformat()  # noqa: DTZ011 - two days more or less do no harm here


def test_a_new_site_is_all_well(hotel: Path) -> None:
    for look in (rooms, register, calendar, overlay, wording):
        check = look(settings(hotel))
        assert (check.state, check.remedy) == ("ok", ""), check


def test_what_a_site_has_is_told(hotel: Path) -> None:
    write(hotel / "rooms.csv", "room,extension\n1208,8208\n1209,\n")
    write(hotel / "register.csv", f"{HEADER}1208,王,,先生,,{ago(3)},\n1209,,Nguyen,ms,,,\n")
    write(hotel / "calendar.csv", f"date,hours\n{ago(-30)},closed\n{ago(30)},closed\n")
    copy_flow(settings(hotel), "no_luck")
    assert rooms(settings(hotel)).found == f"2, 1208 to 1209, of {hotel}/rooms.csv, 1 with another extension"
    found = register(settings(hotel)).found
    assert found.startswith("2 guests, 2 of them here now; the surnames of room 1209 are not among")
    assert "王" not in found
    assert "Nguyen" not in found
    assert calendar(settings(hotel)).found.endswith("; 1 single dates to come")
    assert overlay(settings(hotel)).found == f"flows: no_luck; files of prompts: 0; in {hotel}"


def test_a_register_that_nobody_keeps_up_is_told(hotel: Path) -> None:
    write(hotel / "register.csv", f"{HEADER}1208,王,,,,{ago(20)},{ago(10)}\n1209,李,,,,,\n")
    check = register(settings(hotel))
    assert check.state == "warning"
    assert check.found == "2 guests, 1 of them here now; 1 left more than 2 days ago"
    assert check.remedy == f"save {hotel}/register.csv anew at every check-in and check-out"


def test_a_calendar_without_a_day_to_come_is_told(hotel: Path) -> None:
    write(hotel / "calendar.csv", f"date,hours\n{ago(400)},closed\n")
    check = calendar(settings(hotel))
    assert (check.state, check.remedy) == ("warning", f"add the coming holidays to {hotel}/calendar.csv")
    assert ago(400) in check.found


FLOW = "flow: {0}\nabout: A test.\nstart: end\nexits: [done]\nsteps:\n  end:\n    finish: done\n"


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("flows/no_lick.yaml", FLOW.format("no_lick"), "replaces none of the program's flows, and no flow leads to it"),
        ("flows/no_luck.yml", FLOW.format("no_luck"), "is not read"),
        ("flows/old/no_luck.yaml", FLOW.format("no_luck"), "lies where nobody reads it"),
        ("prompts/reception.yaml", "greeting: Hello\n", "lies where nobody reads it"),
        ("prompts/zh/reception.greeting.wav", "", "is never played"),
        ("prompts/zh/recordings/reception.greeting.mp3", "", "is never played"),
    ],
)
def test_what_nobody_will_ever_meet_is_told(hotel: Path, name: str, text: str, words: str) -> None:
    write(hotel / name, text)
    check = overlay(settings(hotel))
    assert check.state == "warning"
    assert check.found == f"{hotel / name}: {words}"
    assert check.remedy


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("Rooms.csv", "save it under the name rooms.csv"),
        ("registr.csv", "save it under the name register.csv"),
        ("rooms.xlsx", "save it as “CSV UTF-8” under the name rooms.csv"),
        ("客房.csv", "the tables are rooms.csv, register.csv and calendar.csv"),
        ("sites.toml", "save it under the name site.toml"),
    ],
)
def test_a_table_by_another_name_is_told(hotel: Path, name: str, remedy: str) -> None:
    write(hotel / name, "room\n1208\n")
    check = overlay(settings(hotel))
    assert (check.state, check.found, check.remedy) == ("warning", f"{hotel / name}: is not read", remedy)


def test_the_spreadsheet_that_a_table_was_saved_from_may_lie_beside_it(hotel: Path) -> None:
    write(hotel / "rooms.csv", "room\n1208\n")
    for name in ("rooms.xlsx", "~$rooms.xlsx", ".rooms.csv", "hotline.toml"):
        write(hotel / name, "")
    assert overlay(settings(hotel)).state == "ok"


def test_words_of_the_site_are_checked_like_the_programs(hotel: Path) -> None:
    write(hotel / "prompts" / "zh" / "goodbye.yaml", "farewell: 喂，谢谢您，再见！\n")
    check = wording(settings(hotel))
    assert check.state == "warning"
    assert f"{hotel}/prompts/zh/goodbye.yaml:1: “goodbye.farewell”: “喂” is not said to guests (S15)" in check.found


def plant_room(hotel: Path) -> None:
    write(hotel / "rooms.csv", "room\n1208\n1208\n")


def plant_guest(hotel: Path) -> None:
    write(hotel / "register.csv", f"{HEADER}9999,王,,,,,\n1208,王,,先森,,,\n")


def plant_day(hotel: Path) -> None:
    write(hotel / "calendar.csv", "date,hours\n2027-02-30,closed\n")


def plant_flow(hotel: Path) -> None:
    write(hotel / "flows" / "no_luck.yaml", FLOW.format("no_luck").replace("finish", "finnish"))


def plant_recording(hotel: Path) -> None:
    text = HOME / "flows" / "no_luck.yaml"
    write(hotel / "prompts" / "zh" / "recordings" / "goodbye.no_sound.wav", text.read_text(encoding="utf-8"))


def plant_keys(hotel: Path) -> None:
    write(hotel.parent / "data" / "keys", "broken\n")


PLANTED = {
    "rooms": (plant_room, "hotel/rooms.csv:3: room 1208 stands in line 2 already"),
    "register": (plant_guest, "hotel/register.csv:3: “先森” is no title"),
    "calendar": (plant_day, "hotel/calendar.csv:2: “2027-02-30”: there is no such day"),
    "database": (plant_keys, "keys:1"),
    "flows and prompts": (plant_flow, "hotel/flows/no_luck.yaml:6"),
    "recordings": (plant_recording, "recordings/goodbye.no_sound.wav: "),
}
"""what the doctor looks at → a fault of it, and the place that is told"""


HIDDEN = {
    "clock": "database",
    "keys": "database",
    "own flows and prompts": "flows and prompts",
    "wording": "flows and prompts",
}
"""what cannot be looked at because of these faults → where the fault is told"""


def test_every_planted_fault_is_found_with_its_place_and_how_to_mend_it(ivr: Ivr, hotel: Path) -> None:
    for plant, _ in PLANTED.values():
        plant(hotel)
    ended = ivr("--settings", hotel, "doctor", "--json")
    found = {each["name"]: each for each in ended.data["checks"]}
    assert ended.code == 1
    assert found["disk"]["state"] == "ok"
    for name, (_, place) in PLANTED.items():
        assert found[name]["state"] == "wrong", name
        assert found[name]["remedy"]
        # once: what else it keeps from being looked at names it
        assert [each["name"] for each in found.values() if place in each["found"]] == [name]
    for name, cause in HIDDEN.items():
        assert (found[name]["state"], found[name]["remedy"]) == ("warning", f"mend {cause} first")


def test_a_room_that_is_not_there_is_told_once_the_rooms_are_right(hotel: Path) -> None:
    plant_guest(hotel)
    with pytest.raises(SettingsError, match=r"register\.csv:2: there is no room 9999"):
        register(settings(hotel))


def test_a_key_file_that_others_may_read_is_told(hotel: Path) -> None:
    chosen = settings(hotel)
    assert doctor._keys(chosen).state == "ok"
    (chosen.data / "keys").chmod(0o644)
    found = doctor._keys(chosen)
    assert (found.state, found.remedy) == ("warning", f"chmod 600 {chosen.data / 'keys'}")
