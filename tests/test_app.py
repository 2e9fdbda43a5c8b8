from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ivr import app
from ivr.config import Settings
from ivr.errors import FlowError, ModelError


def test_the_house_as_it_is_shipped_has_no_faults(house: Settings) -> None:
    assert app.problems(house, app.models(house)) == ()


def test_one_model_serves_both_languages_and_is_loaded_once(house: Settings) -> None:
    speech = app.models(house)
    assert speech["zh"] is speech["en"]


def test_a_house_with_a_fault_does_not_open_and_says_where(house: Settings, tmp_path: Path) -> None:
    shutil.copytree(house.flows, tmp_path / "flows")
    flow = tmp_path / "flows" / "reception.yaml"
    flow.write_text(
        flow.read_text(encoding="utf-8").replace("goodbye: goodbye }", "goodbye: godbye }"), encoding="utf-8"
    )
    settings = house.model_copy(update={"flows": tmp_path / "flows"})
    with pytest.raises(FlowError, match=r"godbye.*did you mean “goodbye”") as caught, app.equipment(settings):
        pass
    assert str(caught.value.where).startswith(f"{flow}:")


def test_a_file_that_is_no_yaml_is_a_fault_like_any_other(house: Settings, tmp_path: Path) -> None:
    (tmp_path / "reception.yaml").write_text("flow: [", encoding="utf-8")
    (problem,) = app.problems(house.model_copy(update={"flows": tmp_path}), app.models(house))
    assert problem.where.startswith(str(tmp_path / "reception.yaml"))


def test_a_missing_model_is_named(house: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path / "nowhere")):
        app.models(house.model_copy(update={"model_zh": tmp_path / "nowhere"}))
