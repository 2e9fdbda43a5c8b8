from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.building import openfst
from ivr.speech.building.openfst import Machine, plugins


def test_without_the_tools_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ModelError, match=r"fstcompile.*apt-get install libfst-tools libfst22-plugins-base"):
        plugins()


def test_without_the_plugin_the_packages_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for tool in openfst.TOOLS:
        (tmp_path / tool).touch(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(openfst, "PLUGIN_FOLDERS", (str(tmp_path),))
    with pytest.raises(ModelError, match=r"needs OpenFst's olabel_lookahead-fst\.so: .*libfst22-plugins-base"):
        plugins()


def test_the_machine_begins_at_its_first_state(tmp_path: Path) -> None:
    machine = Machine()
    start, end = machine.state(), machine.state()
    machine.arc(end, start, 5)
    machine.arc(start, end, 7, 3, 0.5)
    machine.finals[end] = 1.0
    machine.write(tmp_path / "m.txt")
    lines = (tmp_path / "m.txt").read_text(encoding="ascii").splitlines()
    assert lines == ["0 1 7 3 0.5000", "1 0 5 0 0.0000", "1 1.0000"]
