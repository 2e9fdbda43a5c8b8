from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.building.openfst import run


def test_a_tools_own_complaint_is_passed_on(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_text("0 1 x y\n", encoding="utf-8")
    with pytest.raises(ModelError, match=r"fstcompile failed: .*x"):
        run(tmp_path, "fstcompile", "bad.txt", "bad.fst")
