from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from ivr.config import Settings
from ivr.desk.site import SiteFiles, read_site
from ivr.errors import SettingsError


def test_a_site_without_files_has_the_rooms_and_hours_of_the_settings() -> None:
    site = read_site(Settings(rooms="101-103"))
    assert list(site.directory.rooms) == ["101", "102", "103"]
    assert site.room_lengths == (3,)
    assert not site.directory.kept
    assert site.calendar.part(datetime.fromisoformat("2026-11-21 23:00")) == "night"


def test_the_table_of_rooms_wins_once_it_has_rows(tmp_path: Path) -> None:
    settings = Settings(site=tmp_path, rooms="101-103")
    (tmp_path / "rooms.csv").write_text("room\n")
    assert list(read_site(settings).directory.rooms) == ["101", "102", "103"]
    (tmp_path / "rooms.csv").write_text("room\n80\n1201\n")
    site = read_site(settings)
    assert list(site.directory.rooms) == ["80", "1201"]
    assert site.room_lengths == (2, 4)


def test_guests_come_and_go_while_the_desk_runs(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_text("room,name_zh\n1208,王\n", encoding="utf-8")
    files = SiteFiles(Settings(site=tmp_path))

    def names() -> list[str]:
        return [guest.surname_zh for guest in files().directory.guests]

    assert names() == ["王"]
    path.write_text("room,name_zh\n1208,王\n1209,李\n", encoding="utf-8")
    assert names() == ["王", "李"]
    # a fault in what was saved keeps what was right, until it is mended
    path.write_text("room,name_zh\n9999,张\n", encoding="utf-8")
    assert names() == ["王", "李"]
    path.write_text("room,name_zh\n1210,张\n", encoding="utf-8")
    os.utime(path, ns=(1, 1))
    assert names() == ["张"]


def test_a_fault_at_the_start_stops_it(tmp_path: Path) -> None:
    (tmp_path / "register.csv").write_text("room,name_zh\n9999,张\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="no room 9999"):
        SiteFiles(Settings(site=tmp_path))
