"""Adding the site's words: which, to which model, and what is told without OpenFst's tools."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rich.console import Console, RenderableType

from ivr.config import HOME, Settings
from ivr.errors import ModelError
from ivr.extension_table import extension
from ivr.model_extend import Extension, extended, lacking
from ivr.speech.building.words import SiteWord, read_words
from ivr.speech.models import BUNDLED

MODEL = BUNDLED / "front-desk-zh-en"


def shown(what: RenderableType) -> str:
    screen = Console(width=160, markup=False)
    with screen.capture() as kept:
        screen.print(what)
    return kept.get()


def test_the_words_that_the_flows_lack_are_found(tmp_path: Path) -> None:
    shutil.copytree(HOME / "prompts", tmp_path / "prompts")
    choices = tmp_path / "prompts" / "en" / "choices.yaml"
    choices.write_text(choices.read_text("utf-8").replace("[goodbye,", "[goodbye, blue xylophonist,"), "utf-8")
    assert lacking(Settings(data=tmp_path, prompts=tmp_path / "prompts")) == (SiteWord("xylophonist"),)
    assert lacking(Settings(data=tmp_path)) == ()


def test_words_that_are_all_there_make_no_model(tmp_path: Path) -> None:
    done = extended(Settings(models=tmp_path), read_words(["yes", "七点半"]), None, lambda _: None)
    assert (done.source, done.path, done.known, done.passed) == (MODEL, None, ("yes", "七点半"), True)
    assert list(tmp_path.iterdir()) == []


def test_words_that_nobody_can_say_are_told_with_what_to_do(tmp_path: Path) -> None:
    done = extended(Settings(models=tmp_path), read_words(["xqzzy"]), None, lambda _: None)
    assert not done.passed
    text = shown(extension(done))
    assert "nobody knows how to say" in text
    assert "hyatt='HH AY AH T'" in text
    assert "nothing to add" in text


def test_a_model_of_each_language_is_extended_by_itself(tmp_path: Path) -> None:
    (tmp_path / "own-zh").symlink_to(MODEL)
    site = Settings(models=tmp_path)
    assert extended(site, read_words(["七点半"]), None, lambda _: None).source == tmp_path / "own-zh"
    assert extended(site, read_words(["yes"]), None, lambda _: None).source == MODEL
    with pytest.raises(ModelError, match="one after the other"):
        extended(site, read_words(["yes", "七点半"]), None, lambda _: None)


def test_what_was_added_is_shown_with_its_place_and_use(tmp_path: Path) -> None:
    done = Extension(MODEL, tmp_path / "extended-zh-en", 13817, ("spa",), ("行",), (), (), ("zh", "en"))
    text = shown(extension(done))
    assert "13817 words" in text
    assert "used for zh, en" in text
    assert "said otherwise now" in text


def test_a_new_model_that_nobody_uses_is_told() -> None:
    done = Extension(MODEL, Path("extended-en"), 2, ("spa",), (), (), (), ())
    assert "model_zh or model_en" in shown(extension(done))
