from __future__ import annotations

import shutil
from pathlib import Path

from ivr.config import HOME, Settings
from ivr.model_check import check_models, descriptions, folders


def test_the_bundled_model_can_hear_every_phrase(tmp_path: Path) -> None:
    checks = check_models(Settings(data=tmp_path))
    assert [(check.language, check.rate, check.passed) for check in checks] == [("zh", 8000, True), ("en", 8000, True)]


def test_a_word_that_the_model_lacks_is_named_with_its_question(tmp_path: Path) -> None:
    shutil.copytree(HOME / "prompts", tmp_path / "prompts")
    choices = tmp_path / "prompts" / "en" / "choices.yaml"
    choices.write_text(choices.read_text("utf-8").replace("[goodbye,", "[goodbye, xylophonist,"), "utf-8")
    _, english = check_models(Settings(data=tmp_path, prompts=tmp_path / "prompts"))
    assert not english.passed
    assert "reception/choose: xylophonist (xylophonist)" in english.missing


def test_a_missing_model_is_a_fault_and_the_other_is_checked(tmp_path: Path) -> None:
    chinese, english = check_models(Settings(data=tmp_path, model_zh=tmp_path / "none"))
    assert "no such folder" in chinese.fault
    assert english.passed


def test_a_model_named_in_the_settings_is_listed_too(tmp_path: Path) -> None:
    own = tmp_path / "own-model-en"
    own.symlink_to(next((HOME / "models").glob("front-desk*")))
    assert own in folders(Settings(data=tmp_path, model_en=own))
    assert {model.name for model in descriptions(Settings(model_en=own))} == {"front-desk-zh-en", "own-model-en"}
