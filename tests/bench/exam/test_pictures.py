"""Pictures are drawn, and whoever lacks matplotlib is told before any work."""

from __future__ import annotations

import builtins
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ivr.bench.exam.pictures import check, draw
from ivr.errors import IvrError, ModelError
from tests.bench.exam.test_summary import SEVEN, WRONG, examined

CURVES = tuple(replace(SEVEN, condition=name) for name in ("clean", "snr10", "loud", "faint"))


def test_one_model_has_curves_bars_and_its_digits(tmp_path: Path) -> None:
    files = draw([examined(curves=CURVES)], tmp_path / "new")
    assert [file.name for file in files] == ["snr.png", "level.png", "voices.png", "digits-en.png"]
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


def test_two_models_are_drawn_together_and_their_digits_apart(tmp_path: Path) -> None:
    other = examined((replace(WRONG, voice="eve", language="zh", said="七", heard="一"),), name="other")
    names = [file.name for file in draw([examined(), other], tmp_path)]
    assert names == ["voices.png", "digits-en-1.png", "digits-zh-2.png"]


def test_a_name_that_the_font_lacks_is_no_error(tmp_path: Path) -> None:
    draw([examined((replace(SEVEN, voice="小王"),))], tmp_path)
    assert (tmp_path / "voices.png").stat().st_size > 1000


def test_nothing_heard_gives_no_pictures(tmp_path: Path) -> None:
    assert draw([examined(())], tmp_path) == ()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IvrError, match="file: cannot be written"):
        draw([examined()], tmp_path / "file")


def test_without_matplotlib_it_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any, **named: Any) -> Any:
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ModelError, match="pip install 'matplotlib"):
        check()
