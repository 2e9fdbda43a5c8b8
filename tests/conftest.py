from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from ivr import app
from ivr.bench.runner import Bench
from ivr.bench.voices import caller_voices
from ivr.calls.equipment import Equipment
from ivr.config import Settings

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
