"""Zips to model folders: whole or not at all, and nothing outside."""

from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from ivr.errors import IvrError, ModelError
from ivr.speech.install import check_name, discard, install, locked
from ivr.speech.models import describe, find_model, open_model
from ivr.speech.unpack import top_folder, unpacked_size
from tests.model_server import WORDS, model_files, zipped

NAME = "vosk-model-small-en-us-0.15"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    folder = tmp_path / "models"
    folder.mkdir()
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.zip"
    path.write_bytes(zipped(NAME, model_files()))
    return path


def left(site: Path) -> list[str]:
    return [entry.name for entry in site.iterdir()]


def refused(file: Path, site: Path, told: str) -> None:
    with pytest.raises(ModelError, match=told):
        install(file, NAME, site)
    assert left(site) == []


def test_a_model_is_installed_with_the_sums_of_its_files_and_can_be_opened(
    file: Path, site: Path, tmp_path: Path
) -> None:
    path = install(file, NAME, site)
    assert left(site) == [NAME]
    assert find_model("en", None, site) == path
    model = open_model(path, tmp_path / "cache")
    assert model.vocabulary == set(WORDS)
    # of wide band and with dither, as the publisher makes it: opened through a copy of its settings
    assert model.path != path
    lines = (model.path / "conf/mfcc.conf").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["--dither=0", "--allow-upsample=true"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o755


def test_damage_after_the_installation_is_found_at_every_start(file: Path, site: Path, tmp_path: Path) -> None:
    path = install(file, NAME, site)
    open_model(path, tmp_path / "cache")
    with (path / "am/final.mdl").open("r+b") as damaged:
        damaged.write(b"damage")
    with pytest.raises(ModelError, match="is not what SHA256SUMS says"):
        open_model(path, tmp_path / "cache")


@pytest.mark.parametrize("name", ["../outside", "/outside", f"{NAME}/../../outside", "a\\..\\outside", "C:/outside"])
def test_a_file_that_would_lie_outside_is_refused(site: Path, tmp_path: Path, name: str) -> None:
    file = tmp_path / "model.zip"
    file.write_bytes(zipped(NAME, model_files()))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, "x")
    refused(file, site, "outside the model's folder")
    assert not (tmp_path / "outside").exists()


def test_a_link_in_a_zip_is_refused(file: Path, site: Path) -> None:
    link = zipfile.ZipInfo(f"{NAME}/graph/words.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    refused(file, site, "outside the model's folder")


def test_a_zip_bomb_is_refused_before_a_byte_is_unpacked(file: Path, site: Path) -> None:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}/zeros", bytes(10_000_000))
    with pytest.raises(ModelError, match="more than 8 times"):
        unpacked_size(file)
    refused(file, site, "more than 8 times")


def test_a_zip_that_lies_about_the_size_of_a_file_is_refused(file: Path, site: Path) -> None:
    data = file.read_bytes()
    size = len(model_files()["am/final.mdl"]).to_bytes(4, "little")
    assert data.count(size) == 4
    file.write_bytes(data.replace(size, (1000).to_bytes(4, "little")))
    refused(file, site, "is no zip, or a damaged one")


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_file_that_is_there_twice_is_refused(file: Path, site: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(f"{NAME}/README", "another")
    refused(file, site, "a file twice")


@pytest.mark.parametrize("content", [b"", b"no zip at all", zipped(NAME, model_files())[:-100]])
def test_what_is_no_zip_is_refused(file: Path, site: Path, content: bytes) -> None:
    file.write_bytes(content)
    refused(file, site, "is no zip, or a damaged one")


def test_a_damaged_file_in_a_zip_is_refused(file: Path, site: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    refused(file, site, "is no zip, or a damaged one .*CRC")


def test_a_zip_that_is_not_there_is_told(site: Path, tmp_path: Path) -> None:
    refused(tmp_path / "none.zip", site, "none.zip: cannot be read: No such file")


def test_a_zip_with_more_than_one_folder_is_refused(file: Path, site: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("beside", "x")
    refused(file, site, "expected one folder")


def test_what_a_mac_adds_to_a_zip_does_no_harm(file: Path, site: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(f"__MACOSX/{NAME}/._README", "x")
        archive.writestr(f"{NAME}/.DS_Store", "x")
    assert not (install(file, NAME, site) / ".DS_Store").exists()


def test_a_zip_of_something_else_is_refused(file: Path, site: Path) -> None:
    files = model_files()
    del files["graph/HCLr.fst"]
    file.write_bytes(zipped(NAME, files))
    refused(file, site, r"not one that the desk can use: graph/HCLr.fst: missing")


def test_a_fixed_graph_is_refused_unless_it_is_wanted_and_even_then_serves_no_language(file: Path, site: Path) -> None:
    """A model for dictation in the folder must not take the desk's ears away."""
    file.write_bytes(zipped(NAME, model_files(fixed=True)))
    refused(file, site, "fixed graph")
    path = install(file, NAME, site, any_graph=True)
    assert find_model("en", None, site) != path
    assert (describe(path).grammar, describe(path).words) == (False, len(WORDS))
    with pytest.raises(ModelError, match="made for dictation"):
        open_model(path, site)


def test_a_full_disk_is_found_before_anything_is_written(file: Path, site: Path) -> None:
    with pytest.raises(ModelError, match="too little space: needs 0 MB, free are 0 MB") as caught:
        install(file, NAME, site, free=lambda _: 300_000)
    assert caught.value.where == str(site)
    assert left(site) == []


def test_a_disk_that_fills_up_meanwhile_leaves_nothing_behind(
    file: Path, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    refused(file, site, "cannot be written: No space left on device")


def test_two_commands_at_once_do_not_collide(site: Path) -> None:
    with locked(site), pytest.raises(ModelError, match="another `ivr models get`"), locked(site):
        pass
    with locked(site):
        pass


def test_what_a_power_cut_left_half_done_is_cleared_by_the_next_command(site: Path) -> None:
    for name in (".unpacking-abc", ".removed-abc", "vosk-model-small-en-us-0.15"):
        (site / name / "am").mkdir(parents=True)
    with locked(site):
        assert sorted(left(site)) == [".lock", "vosk-model-small-en-us-0.15"]


def test_a_folder_that_cannot_be_made_is_told_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="IVR_MODELS names another folder"), locked(tmp_path / "file" / "models"):
        pass


def test_a_model_that_is_discarded_leaves_nothing_behind(file: Path, site: Path) -> None:
    discard(install(file, NAME, site))
    assert left(site) == []


def test_a_link_to_a_model_is_discarded_and_the_model_stays(file: Path, site: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    model = install(file, NAME, elsewhere)
    (site / NAME).symlink_to(model)
    discard(site / NAME)
    assert left(site) == []
    assert (model / "am/final.mdl").is_file()


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a b", "x" * 200])
def test_a_name_that_is_no_folders_name_is_refused(name: str) -> None:
    with pytest.raises(IvrError, match="cannot be a model's name"):
        check_name(name)


def test_the_folder_in_a_zip_is_its_name(file: Path) -> None:
    assert top_folder(file) == NAME
