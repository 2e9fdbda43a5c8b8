from __future__ import annotations

import asyncio
import json

import pytest

from ivr.bench.report import Report, share
from ivr.bench.runner import Bench, run
from ivr.bench.scenario import Scenario, read_scenario
from tests.conftest import SCENARIOS


@pytest.fixture(scope="module")
def scenario(bench: Bench) -> Scenario:
    return read_scenario(SCENARIOS / "zh_booking_by_voice.yaml", bench.stage)


@pytest.fixture(scope="module")
def report(bench: Bench, scenario: Scenario) -> Report:
    return asyncio.run(run(bench, scenario))


def wrong(bench: Bench, scenario: Scenario, **changes: object) -> tuple[str, ...]:
    expect = scenario.expect.model_copy(update=changes)
    return asyncio.run(run(bench, scenario.model_copy(update={"expect": expect}))).differences


def test_a_report_is_plain_json(report: Report) -> None:
    data = json.loads(json.dumps(report.as_data(), ensure_ascii=False))
    assert data["passed"] is True
    assert data["call"]["started"] == "2026-11-21T14:00:00+00:00"
    assert data["bookings"][0]["room"] == "805"


def test_each_spoken_answer_to_a_first_asking_is_counted(report: Report) -> None:
    assert [question.said for question in report.questions][:3] == ["叫醒服务", "八零五", "早上七点半"]
    assert share((report,)) == share((report,), "zh")
    assert share((report,), "en") == (0, 0)


def test_a_scenario_that_states_something_else_fails_in_words(bench: Bench, scenario: Scenario) -> None:
    """A green run must be able to turn red."""
    found = wrong(
        bench, scenario, outcome="finished", ending="no_sound", language="en", flags=("emergency",), bookings=()
    )
    assert [line.split(":")[0] for line in found] == ["outcome", "ending", "language", "flags", "bookings"]


def test_words_that_nobody_said_are_named(bench: Bench, scenario: Scenario) -> None:
    assert wrong(bench, scenario, says=("八零五", "新年好")) == ("nobody said “新年好”",)
    assert wrong(bench, scenario, never_says=("新年好", "八零五")) == ("“八零五” was said",)


def test_a_recording_that_nobody_kept_is_told(bench: Bench, scenario: Scenario) -> None:
    assert wrong(bench, scenario, recording="yes") == ("recording: expected yes, got “”",)


def test_another_way_through_the_flow_fails(bench: Bench, scenario: Scenario) -> None:
    (found,) = wrong(bench, scenario, states=("reception/choose", "goodbye/farewell"))
    assert found.startswith("states: expected reception/choose → goodbye/farewell; got reception/choose → wake_up")
