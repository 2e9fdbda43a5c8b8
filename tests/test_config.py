from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest
from pydantic import ValidationError

from ivr.config import HOME, Settings, load_settings
from ivr.errors import SettingsError


def test_the_defaults_just_work() -> None:
    settings = load_settings({})
    assert settings.languages == ("zh", "en")
    assert (settings.flows, settings.prompts) == (HOME / "flows", HOME / "prompts")
    assert settings.database_url == f"sqlite:///{Path.home()}/.local/share/ivr/ivr.db"
    assert len(settings.rooms) == 240
    assert settings.room_lengths == (3, 4)
    assert settings.house("zh") == "云间酒店"
    assert settings.zone.key == "Asia/Shanghai"
    assert settings.model("zh") is settings.model("en") is None


def test_a_variable_wins_over_the_file_which_wins_over_the_default(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_text(
        'house_en = "Inn"\nspeed = 120\nday_boundary = 05:00:00\nrooms = ["101-103", "201"]\n', encoding="utf-8"
    )
    settings = load_settings({"IVR_SETTINGS": str(file), "IVR_SPEED": "200", "HOME": "/", "IVR_HOUSE_EN": ""})
    assert (settings.house("en"), settings.speed, settings.day_boundary) == ("Inn", 200, time(5))
    assert settings.rooms == ("101", "102", "103", "201")
    assert load_settings({}, file).speed == 120


def test_paths_are_absolute_and_home_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    settings = load_settings({"IVR_DATA": "~/here", "IVR_FLOWS": "there", "IVR_MODEL_ZH": "m"})
    assert (settings.data, settings.flows, settings.model("zh")) == (
        tmp_path / "here",
        tmp_path / "there",
        tmp_path / "m",
    )
    assert load_settings({"IVR_DATABASE": "sqlite:////x.db"}).database_url == "sqlite:////x.db"


@pytest.mark.parametrize(
    ("text", "rooms"),
    [
        ("1201-1203", ("1201", "1202", "1203")),
        ("008-011", ("008", "009", "010", "011")),
        (" 101 , 103 ,", ("101", "103")),
        ("101,101-102", ("101", "102")),
        ("０１０１", ("0101",)),
    ],
)
def test_rooms_are_numbers_and_ranges(text: str, rooms: tuple[str, ...]) -> None:
    assert load_settings({"IVR_ROOMS": text}).rooms == rooms


@pytest.mark.parametrize(("text", "moment"), [("04:00", time(4)), ("4:30", time(4, 30)), ("23:59", time(23, 59))])
def test_a_time_of_day_is_hours_and_minutes(text: str, moment: time) -> None:
    assert load_settings({"IVR_DAY_BOUNDARY": text}).day_boundary == moment


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("IVR_SPEED", "fast", "integer"),
        ("IVR_SPEED", "99", "greater than or equal to 100"),
        ("IVR_TIMEZONE", "Moon/Base", "must be an IANA name such as Asia/Shanghai"),
        ("IVR_TIMEZONE", "../etc/passwd", "must be an IANA name"),
        ("IVR_TIMEZONE", "Asia", "must be an IANA name"),
        ("IVR_LANGUAGES", "zh,de", "'zh' or 'en'"),
        ("IVR_LANGUAGES", "zh,zh", "names a language twice"),
        ("IVR_LANGUAGES", ",", "'zh' or 'en'"),
        ("IVR_DAY_BOUNDARY", "4", "must be a time of day such as 04:00"),
        ("IVR_DAY_BOUNDARY", "24:00", "must be a time of day"),
        ("IVR_DAY_BOUNDARY", "04:00Z", "must be a time of day"),
        ("IVR_ROOMS", "12A", "“12A” is no room or range such as 1201-1220"),
        ("IVR_ROOMS", "1220-1201", "is no room or range"),
        ("IVR_ROOMS", "99-101", "is no room or range"),
        ("IVR_ROOMS", ",", "at least 1"),
        ("IVR_SOONEST", "-1", "greater than or equal to 0"),
        ("IVR_THREADS", "0", "greater than or equal to 1"),
        ("IVR_DATA", "~nobody-of-that-name/x", "write out the whole path"),
    ],
)
def test_a_bad_variable_is_named_with_its_value_and_what_was_expected(name: str, value: str, words: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({name: value})
    assert f"{name} = '{value}'" in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('speed = "fast"\n', "site.toml:1: speed = 'fast': "),
        ("rooms = [101]\n", "must be text such as 101-120,201"),
        ("rooms = 101\n", "must be text such as 101-120,201"),
        ('rooms = ["12A"]\n', "“12A” is no room"),
        ("day_boundary = 4\n", "must be a time of day such as 04:00"),
        ('hause_en = "Inn"\n', "site.toml:1: no setting “hause_en” (did you mean house_en?)"),
        ("[site]\nspeed = 150\n", "no setting “site”"),
        ("speed = \n", "is not valid TOML: "),
        ("speed = 1\nspeed = 2\n", "line 2"),
    ],
)
def test_a_bad_file_is_named_with_what_was_expected(tmp_path: Path, text: str, words: str) -> None:
    file = tmp_path / "site.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, file)
    assert words in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name, words in (("none.toml", "No such file"), ("", "No such file")):
        with pytest.raises(SettingsError, match=words):
            load_settings({"IVR_SETTINGS": str(tmp_path / name)})


def test_a_file_in_the_encoding_of_chinese_windows_is_told_with_its_line_and_the_remedy(tmp_path: Path) -> None:
    file = tmp_path / "site.toml"
    file.write_bytes('speed = 150\nhouse_zh = "湖畔宾馆"\n'.encode("gbk"))
    with pytest.raises(SettingsError, match="is not UTF-8 text: save it as UTF-8") as caught:
        load_settings({}, file)
    assert caught.value.where == f"{file}:2"


def test_a_misspelt_variable_is_refused_with_the_nearest_right_one() -> None:
    with pytest.raises(SettingsError, match=r"no setting IVR_SPED \(did you mean IVR_SPEED\?\); there is IVR_DATA"):
        load_settings({"IVR_SPED": "150"})


def test_settings_do_not_change_under_our_feet() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Settings().speed = 120  # type: ignore[misc] # that it can't be done is the point


def test_a_site_is_a_folder_or_its_file_and_paths_are_seen_from_there(tmp_path: Path) -> None:
    site = tmp_path / "hotel"
    site.mkdir()
    (site / "site.toml").write_text(
        'data = "data"\nmodel_en = "/models/en"\nmodels = "~/m"\n[hours]\nsunday = "closed"\nweekdays = "8:00-18:00"\n'
    )
    settings = load_settings({}, site)
    assert settings == load_settings({"IVR_SETTINGS": str(site / "site.toml")})
    assert settings == load_settings({"IVR_SETTINGS": str(site)})
    assert (settings.site, settings.data, settings.model_en) == (site, site / "data", Path("/models/en"))
    assert settings.models == Path.home() / "m"
    assert settings.hours[6] == ()
    assert load_settings({}).site is None


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("sqlite:///desk.db", "sqlite:///{site}/desk.db"),
        ("sqlite+pysqlite:///var/desk.db", "sqlite+pysqlite:///{site}/var/desk.db"),
        ("sqlite:////var/desk.db", "sqlite:////var/desk.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
    ],
)
def test_a_database_of_the_file_is_seen_from_there(tmp_path: Path, written: str, meant: str) -> None:
    (tmp_path / "site.toml").write_text(f'database = "{written}"\n', encoding="utf-8")
    assert load_settings({}, tmp_path).database_url == meant.format(site=tmp_path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('house_en = "Inn"\n', encoding="utf-8-sig")
    assert load_settings({}, tmp_path).house_en == "Inn"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('# hours\nspeed = 150\n[hours]\ntusday = "8:00-18:00"\n', 4, "“tusday” is no day"),
        ('[hours]\nsunday = "closed"\nmonday = "8-18"\n', 3, "monday = '8-18': “8-18” is no such thing"),
        ('[hours]\nsunday = "closed"\nhouse_en = "Inn"\n', 3, "house_en = 'Inn': “house_en” is no day"),
        ('[hours]\nsunday = "closed"\nhouse_en = "Inn"\n', 3, "a setting belongs above [hours]: move it there"),
        ("[hours]\nsoonest = 9\n", 2, "a setting belongs above [hours]: move it there"),
        ('\n[hours]\nsunday = "closed"\n', 2, "needs at least one day that is not closed"),
        ('\nhours = "8-18"\n', 2, "“8-18” is no such thing as 07:00-12:00"),
        ('house_en = "Inn"\n  speed = 999\n', 2, "less than or equal to 220"),
        ('\nsite = "elsewhere"\n', 2, "no setting “site”"),
    ],
)
def test_a_bad_setting_is_told_with_its_line(tmp_path: Path, text: str, line: int, words: str) -> None:
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, tmp_path)
    assert caught.value.where == f"{tmp_path / 'site.toml'}:{line}"
    assert words in str(caught.value)
