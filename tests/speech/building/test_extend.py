"""Sorting a site's words, and putting a new model in its place; building its graph is tried in models/train/tests."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from ivr.errors import ModelError
from ivr.speech.building import extend as building
from ivr.speech.building.extend import SAID, earlier_words, extend, sort_words
from ivr.speech.building.words import SiteWord, read_words
from ivr.speech.install import locked
from ivr.speech.models import BUNDLED, check_model

MODEL = BUNDLED / "front-desk-zh-en"
TOLD = ["行=hang2"]


@pytest.fixture
def no_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for OpenFst's tools: the graph is the bundled one, without a new word."""

    def copy(folder: Path, words: Any, *_: Any, **__: Any) -> int:
        shutil.copytree(MODEL / "graph", folder / "graph")
        return len(list(words))

    monkeypatch.setattr(building, "build_graph", copy)
    monkeypatch.setattr(building, "plugins", lambda: None)


def models_in(folder: Path) -> list[str]:
    """What is left there, but for the lock that every command keeps."""
    return [entry.name for entry in folder.iterdir() if entry.name != ".lock"]


def test_words_are_new_or_known_or_cannot_be_said() -> None:
    found = sort_words(MODEL, read_words(["walrus", "七点半", "yes", "xqzzy", "前台酒吧"]))
    assert found.added == ("walrus", "前台酒吧")
    assert found.known == ("七点半", "yes")
    assert found.unsayable == ("xqzzy",)
    assert found.changed == ()


def test_a_character_that_was_no_word_becomes_one_with_its_word() -> None:
    assert sort_words(MODEL, read_words(["龘酒吧"])).added == ("龘酒吧", "龘")


def test_a_word_whose_sounds_are_told_is_new_or_said_otherwise() -> None:
    found = sort_words(MODEL, read_words(["xqzzy=K AH Z IY", "行=hang2", "行=xing2"]))
    assert found.added == ("xqzzy",)
    assert found.changed == ("行",)
    assert found.said == {"xqzzy": ("K AH Z IY",), "行": ("hang2", "xing2")}


def test_other_models_than_ours_are_refused(tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "theirs-en")
    (tmp_path / "theirs-en/graph/phones.txt").write_text("<eps> 0\nSIL 1\n", encoding="utf-8")
    with pytest.raises(ModelError, match="theirs-en: its sounds are not ours"):
        sort_words(tmp_path / "theirs-en", ())


def test_the_new_model_is_whole_and_remembers_the_sounds_that_were_told(tmp_path: Path, no_tools: None) -> None:
    target, steps = tmp_path / "new/extended-zh-en", list[str]()
    extend(MODEL, target, sort_words(MODEL, read_words(TOLD)), asked=frozenset(), tell=steps.append)
    check_model(target)
    assert models_in(target.parent) == [target.name]
    assert json.loads((target / SAID).read_text("utf-8")) == {"行": ["hang2"]}
    assert SAID in (target / "SHA256SUMS").read_text("utf-8")
    assert len(steps) == 3
    assert sort_words(target, read_words(TOLD)).known == ("行",)


def test_the_configuration_is_a_copy_that_may_be_edited(tmp_path: Path, no_tools: None) -> None:
    target = tmp_path / "extended-zh-en"
    extend(MODEL, target, sort_words(MODEL, read_words(TOLD)), asked=frozenset(), tell=lambda _: None)
    assert not (target / "conf/model.conf").samefile(MODEL / "conf/model.conf")


def test_a_model_that_was_extended_before_is_replaced(tmp_path: Path, no_tools: None) -> None:
    target = tmp_path / "extended-zh-en"
    for entries in (TOLD, ["会=hui4"]):
        source = target if target.exists() else MODEL
        extend(source, target, sort_words(source, read_words(entries)), asked=frozenset(), tell=lambda _: None)
    assert json.loads((target / SAID).read_text("utf-8")) == {"行": ["hang2"], "会": ["hui4"]}
    assert models_in(tmp_path) == [target.name]


def test_a_build_that_fails_leaves_the_old_model_and_nothing_half_made(tmp_path: Path, no_tools: None) -> None:
    target = tmp_path / "extended-zh-en"
    extend(MODEL, target, sort_words(MODEL, read_words(TOLD)), asked=frozenset(), tell=lambda _: None)
    before = (target / "SHA256SUMS").read_bytes()
    with pytest.raises(ModelError, match="lost words, such as walrus"):
        extend(target, target, sort_words(target, read_words(["walrus"])), asked=frozenset(), tell=lambda _: None)
    assert (target / "SHA256SUMS").read_bytes() == before
    assert models_in(tmp_path) == [target.name]


def test_the_old_model_comes_back_when_the_new_one_cannot_take_its_place(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old/kept").touch()
    with pytest.raises(FileNotFoundError):
        building._put(tmp_path / "vanished", tmp_path / "old")
    assert (tmp_path / "old/kept").exists()


def test_a_model_that_a_power_cut_left_aside_comes_back(tmp_path: Path, no_tools: None) -> None:
    aside, target = tmp_path / ".old-extended-zh-en", tmp_path / "extended-zh-en"
    shutil.copytree(MODEL, aside)
    with pytest.raises(ModelError, match="lost words"):
        extend(MODEL, target, sort_words(MODEL, read_words(["walrus"])), asked=frozenset(), tell=lambda _: None)
    assert models_in(tmp_path) == [target.name]


def test_what_was_added_before_is_added_again_to_another_network(tmp_path: Path, no_tools: None) -> None:
    target = tmp_path / "extended-zh-en"
    extend(MODEL, target, sort_words(MODEL, read_words(TOLD)), asked=frozenset(), tell=lambda _: None)
    assert earlier_words(target, MODEL) == (SiteWord("行", "hang2"),)
    assert earlier_words(target, target) == earlier_words(tmp_path / "none", MODEL) == ()


def test_two_extensions_at_once_are_refused(tmp_path: Path, no_tools: None) -> None:
    words = sort_words(MODEL, read_words(TOLD))
    with locked(tmp_path), pytest.raises(ModelError, match="is at work here: wait for it"):
        extend(MODEL, tmp_path / "extended-zh-en", words, asked=frozenset(), tell=lambda _: None)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, no_tools: None) -> None:
    (tmp_path / "file").touch()
    words = sort_words(MODEL, read_words(TOLD))
    with pytest.raises(ModelError, match=r"cannot be kept here .*: IVR_MODELS names another folder"):
        extend(MODEL, tmp_path / "file/extended-zh-en", words, asked=frozenset(), tell=lambda _: None)


def test_sounds_that_cannot_be_understood_are_named(tmp_path: Path) -> None:
    shutil.copytree(MODEL, tmp_path / "own-zh-en")
    (tmp_path / "own-zh-en" / SAID).write_text("[1]", encoding="utf-8")
    with pytest.raises(ModelError, match=r"said\.json: expected words and their sounds"):
        sort_words(tmp_path / "own-zh-en", ())
