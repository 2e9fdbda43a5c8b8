from __future__ import annotations

import codecs
import re
import shlex
import tomllib
from pathlib import Path

import pytest

from ivr.config import Settings, load_settings
from ivr.desk.calendar import read_calendar
from ivr.desk.directory import read_register
from ivr.desk.rooms import numbered, read_rooms
from ivr.desk.site import read_site
from ivr.dialogue.flow import read_flows
from ivr.errors import FlowError, SettingsError
from ivr.site_folder import FILES, FOLDERS, TEMPLATE, copy_flow, make_site
from tests.conftest import Ivr

EXAMPLES = {"speed": 150, "model_zh": "models/my-model", "model_en": "models/my-model"}
"""settings without a value of their own, as the example shows them"""


def uncommented(name: str) -> str:
    """An example with its examples in force."""
    text = (TEMPLATE / name).read_text(encoding="utf-8")
    if name == "site.toml":
        return re.sub(r"^# (?=\w+ = |\[hours\])", "", text, flags=re.MULTILINE)
    return re.sub(r"^# (?=\d)", "", text, flags=re.MULTILINE)


def test_a_new_site_is_the_program_as_it_came(tmp_path: Path) -> None:
    made = make_site(tmp_path / "new" / "hotel")
    assert all(each.new for each in made)
    assert [each.path.name for each in made[len(FOLDERS) :]] == list(FILES)
    settings = load_settings({}, tmp_path / "new" / "hotel")
    assert settings.model_copy(update={"site": None}) == Settings()
    site = read_site(settings)
    assert len(site.directory.rooms) == 240
    assert not site.directory.kept
    assert site.calendar.dates == {}


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('house_en = "Inn"\n')
    made = {each.path.name: each.new for each in make_site(tmp_path)}
    assert not made["site.toml"]
    assert made["rooms.csv"]
    assert load_settings({}, tmp_path).house_en == "Inn"
    assert not any(each.new for each in make_site(tmp_path))


def test_tables_begin_with_the_mark_without_which_excel_garbles_chinese(tmp_path: Path) -> None:
    make_site(tmp_path)
    for path in tmp_path.glob("*.csv"):
        assert path.read_bytes().startswith(codecs.BOM_UTF8)
    assert not (tmp_path / "site.toml").read_bytes().startswith(codecs.BOM_UTF8)


def test_the_example_of_the_settings_shows_every_one_with_its_default() -> None:
    values = tomllib.loads(uncommented("site.toml"))
    hours = values.pop("hours")
    # a secret, and what only a developer wants, are no business of a site
    hidden = {"site", "keys", "flows", "prompts", "models", "models_url", "hours"}
    assert set(values) == set(Settings.model_fields) - hidden
    fresh = Settings()
    for name in values.keys() - EXAMPLES:
        assert getattr(Settings.model_validate({name: values[name]}), name) == getattr(fresh, name)
    assert {name: values[name] for name in EXAMPLES} == EXAMPLES
    assert Settings.model_validate({"hours": {"every_day": hours["every_day"]}}) == fresh.model_copy()
    assert Settings.model_validate({"hours": hours}).hours[6] == ()


def test_the_examples_of_the_tables_can_be_read(tmp_path: Path) -> None:
    for name in FILES[1:]:
        (tmp_path / name).write_text(uncommented(name), encoding="utf-8")
    assert [room.extension for room in read_rooms(tmp_path / "rooms.csv")] == ["1208", "8209"]
    guests = read_register(tmp_path / "register.csv", numbered(("1208", "1209")))
    assert [guest.address for guest in guests] == ["mr 王", "mr smith"]
    assert len(read_calendar(tmp_path / "calendar.csv", Settings().hours).dates) == 8


def test_a_flow_is_copied_once_and_then_used(tmp_path: Path) -> None:
    make_site(tmp_path)
    settings = load_settings({}, tmp_path)
    path = copy_flow(settings, "no_luck")
    assert path == tmp_path / "flows" / "no_luck.yaml"
    assert read_flows(settings.flow_folders)["no_luck"].path == path
    with pytest.raises(FlowError, match="is there already, and stays as it is"):
        copy_flow(settings, "no_luck")
    with pytest.raises(FlowError, match="the program has no flow “no_lock”; did you mean “no_luck”"):
        copy_flow(settings, "no_lock")
    with pytest.raises(SettingsError, match="`ivr init FOLDER` makes one"):
        copy_flow(Settings(), "no_luck")


def test_the_commands_tell_what_they_made(ivr: Ivr, tmp_path: Path) -> None:
    first = ivr("init", tmp_path / "hotel")
    assert first.code == 0
    assert f"made: {tmp_path / 'hotel' / 'rooms.csv'}" in first.out
    again = ivr("init", tmp_path / "hotel", "--json")
    assert {each["new"] for each in again.data["files"]} == {False}
    copied = ivr("--settings", tmp_path / "hotel", "flows", "copy", "no_luck", "--json")
    assert copied.data == {"path": str(tmp_path / "hotel" / "flows" / "no_luck.yaml")}
    assert ivr("--settings", tmp_path / "hotel", "flows", "copy", "no_luck").code == 2


def test_a_folder_that_cannot_be_written_is_told(ivr: Ivr, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    ended = ivr("init", tmp_path / "file" / "hotel")
    assert ended.code == 2
    assert "cannot be written: Not a directory" in ended.err


def test_the_next_command_can_be_pasted_whatever_the_folder_is_called(ivr: Ivr, tmp_path: Path) -> None:
    folder = tmp_path / "新 酒店"
    last = ivr("init", folder).out.splitlines()[-1].removeprefix("next: ")
    assert shlex.split(last) == ["ivr", "--settings", str(folder), "doctor"]
