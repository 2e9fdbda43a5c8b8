from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from hypothesis import settings as hypothesis_settings

from ivr import app
from ivr.archive import Archive, archive
from ivr.bench.runner import Bench
from ivr.bench.voices import caller_voices
from ivr.calls.equipment import Equipment
from ivr.cli import main
from ivr.config import Settings, load_settings

ROOT = Path(__file__).parent.parent
RECORDINGS = ROOT / "tests" / "audio"
SCENARIOS = ROOT / "tests" / "calls"

# xdist tells its workers a terminal's width; the program is to see none, as without it
os.environ.pop("COLUMNS", None)

# a busy machine may take its time over one example; pytest's own limits watch over hangs
hypothesis_settings.register_profile("unhurried", deadline=None, max_examples=50)
hypothesis_settings.load_profile("unhurried")


FIGURE = "figure"
"""property of a test that holds a line to be printed at the end: workers have no screen"""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what tests have measured."""
    reports = [report for found in terminalreporter.stats.values() for report in found]
    for report in reports:
        for name, value in getattr(report, "user_properties", ()):
            if name == FIGURE and report.when == "call":
                terminalreporter.write_line(str(value))


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A site with nothing but defaults."""
    return Settings(data=tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="session")
def equipment(house: Settings) -> Iterator[Equipment]:
    """The real thing: model, voice, flows and prompts."""
    with app.equipment(house) as gear:
        yield gear


@pytest.fixture(scope="session")
def bench(equipment: Equipment, house: Settings) -> Iterator[Bench]:
    with caller_voices(house.data / "callers", RECORDINGS) as voices:
        yield Bench(equipment, voices, RECORDINGS)


@dataclass(frozen=True)
class Ended:
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


Ivr = Callable[..., Ended]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site of its own for each test; gives its data folder."""
    for name in [name for name in os.environ if name.startswith("IVR_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("IVR_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def ivr(site: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Ivr]:
    """Run a command in this process."""

    def run(*words: str | Path) -> Ended:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return Ended(int(ended.value.code or 0), out, err)

    yield run
    # the log was told to write to this test's stderr
    structlog.reset_defaults()


@pytest.fixture
def kept(site: Path) -> Iterator[Archive]:
    with archive(load_settings(os.environ)) as kept:
        yield kept
