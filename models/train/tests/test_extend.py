"""Real graphs by OpenFst's tools, heard by unmodified Vosk: the bundled model with a site's words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr.bench.exam.conditions import CLEAN, over
from ivr.bench.exam.ear import Ear
from ivr.config import Settings
from ivr.errors import ModelError
from ivr.model_extend import extended
from ivr.speech.building.costs import COSTS, Costs, read_costs
from ivr.speech.building.seal import seal
from ivr.speech.building.words import read_words
from ivr.speech.models import BUNDLED, find_model, open_model
from ivr.speech.tts import Pyttsx3Voice

BUNDLED_MODEL = BUNDLED / "front-desk-zh-en"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A site whose model was extended twice."""
    folder = tmp_path_factory.mktemp("site")
    settings = Settings(data=folder / "data", models=folder / "models")
    for entries in (["walrus", "银杏酒吧", "zzyx=M EH N Y UW"], ["caviar"]):
        assert extended(settings, read_words(entries), None, lambda _: None).passed
    return settings


def test_the_desk_finds_the_extended_model_before_the_bundled_one(site: Settings) -> None:
    for language in ("zh", "en"):
        assert find_model(language, None, site.models) == site.models / "extended-zh-en"


def test_it_has_all_words_old_and_new_of_both_times(site: Settings) -> None:
    bundled = open_model(BUNDLED_MODEL, site.data)
    words = open_model(site.models / "extended-zh-en", site.data).vocabulary
    assert words == bundled.vocabulary | {"walrus", "银杏酒吧", "zzyx", "caviar"}


def test_new_words_are_heard_among_old_ones_as_the_dictionary_or_the_site_says_them(site: Settings) -> None:
    ear = Ear(site.models / "extended-zh-en")
    phrases = ("walrus", "caviar", "zzyx", "operator", "cancel")
    with Pyttsx3Voice() as voice:
        for said, heard in (("walrus", "walrus"), ("menu", "zzyx"), ("operator", "operator")):
            sound = over(voice.render(said, "en"), CLEAN, said)
            assert ear.hear(phrases, "en", sound, rejects=False) == heard
        sound = over(voice.render("银杏酒吧", "zh"), CLEAN, "银杏酒吧")
        assert ear.hear(("银杏酒吧", "前台", "取消", "人工"), "zh", sound, rejects=False) == "银杏酒吧"


def test_the_costs_of_the_old_graph_are_those_of_the_new_one(tmp_path: Path) -> None:
    own = tmp_path / "own-zh-en"
    shutil.copytree(BUNDLED_MODEL, own)
    (own / COSTS).write_text('{"unknown_word": 7.25}', encoding="ascii")
    seal(own)
    done = extended(Settings(models=tmp_path / "models"), read_words(["walrus"]), own, lambda _: None)
    assert done.path
    assert read_costs(done.path) == Costs(unknown_word=7.25, unknown_row=0.0)


def test_four_words_more_make_the_graph_a_little_larger(site: Settings) -> None:
    graphs = [(folder / "graph/HCLr.fst").stat().st_size for folder in (BUNDLED_MODEL, site.models / "extended-zh-en")]
    assert graphs[0] < graphs[1] < 1.02 * graphs[0]


def test_a_tool_that_fails_leaves_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for tool in ("fstcompile", "fstconnect", "fstarcsort", "fstconvert", "fstsymbols"):
        (tmp_path / tool).write_text("#!/bin/sh\necho no memory >&2\nexit 1\n", encoding="ascii")
        (tmp_path / tool).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin")
    with pytest.raises(ModelError, match="fstcompile failed: no memory"):
        extended(Settings(models=tmp_path / "models"), read_words(["walrus"]), None, lambda _: None)
    # the lock that every command keeps is no model
    assert [entry.name for entry in (tmp_path / "models").iterdir()] == [".lock"]
