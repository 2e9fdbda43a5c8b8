from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from ivr.bench.hearing import Trial, known_misses, listen_to_all, table
from ivr.bench.voices import recordings
from ivr.calls.equipment import Equipment
from tests.conftest import FIGURE, RECORDINGS

MISSES = 3
"""of 162, as measured with the bundled model"""


@pytest.fixture(scope="module")
def trials(equipment: Equipment) -> tuple[Trial, ...]:
    return asyncio.run(listen_to_all(recordings(RECORDINGS), equipment.catalogue, equipment.recogniser))


def test_no_recording_is_misheard_that_is_not_listed(
    trials: tuple[Trial, ...], record_property: Callable[[str, object], None]
) -> None:
    """The listed ones are what the bundled model cannot hear: kept and counted, never dropped."""
    missed = {trial.name for trial in trials if not trial.understood}
    known = known_misses(RECORDINGS)
    record_property(FIGURE, f"callers' recordings: {len(trials) - len(missed)} of {len(trials)} understood")
    record_property(FIGURE, f"listed as misses and understood now: {sorted(known - missed)}")
    assert missed - known == set()


def test_the_list_of_misses_does_not_grow() -> None:
    """A list that may grow would turn every fault green."""
    assert len(known_misses(RECORDINGS)) <= MISSES


def test_the_list_names_only_recordings_that_exist(trials: tuple[Trial, ...]) -> None:
    assert known_misses(RECORDINGS) <= {trial.name for trial in trials}


def test_the_table_counts_every_recording_once(trials: tuple[Trial, ...]) -> None:
    assert sum(row[4] for row in table(trials)) == len(trials)
