from __future__ import annotations

import asyncio
import io
from pathlib import Path

import pytest
from rich.console import Console

from ivr.bench.coverage import Transition, coverage, read_reasons, ways
from ivr.bench.report import Report
from ivr.bench.runner import Bench, run
from ivr.bench.scenario import read_scenario
from ivr.coverage import Covered
from ivr.coverage_tables import covered
from ivr.errors import FlowError
from tests.conftest import SCENARIOS

SILENT = ("reception/choose", "after_silent")
REPEATED = ("reception/choose", "repeat")


@pytest.fixture(scope="module")
def silent(bench: Bench) -> Report:
    return asyncio.run(run(bench, read_scenario(SCENARIOS / "silent_caller.yaml", bench.stage)))


@pytest.fixture(scope="module")
def keyed(bench: Bench) -> Report:
    return asyncio.run(run(bench, read_scenario(SCENARIOS / "zh_booking_by_keys.yaml", bench.stage)))


def of(found: tuple[Transition, ...], way: tuple[str, str]) -> Transition:
    (one,) = [each for each in found if (each.state, each.outcome) == way]
    return one


def test_a_transition_is_taken_from_audio_by_keys_or_never(bench: Bench, silent: Report, keyed: Report) -> None:
    found = coverage(bench.equipment.flows, (silent, keyed), {})
    assert of(found, SILENT).taken == "audio"
    assert (of(found, SILENT).means, of(found, SILENT).languages) == (("line",), ("zh",))
    assert of(found, SILENT).scenario == "silent_caller"
    assert of(found, ("reception/choose", "wake_up")).taken == "keys"
    assert of(found, ("wake_up_booking/book", "booked")).taken == "audio"
    assert of(found, REPEATED).taken == "never"


def test_what_is_not_taken_needs_a_reason_and_what_is_taken_needs_none(bench: Bench, silent: Report) -> None:
    found = coverage(bench.equipment.flows, (silent,), {SILENT: "nobody is silent", REPEATED: "it is said once only"})
    assert of(found, SILENT).stale
    assert not of(found, REPEATED).unexplained
    assert of(found, ("reception/choose", "help")).unexplained


def test_a_rung_that_no_ladder_has_is_no_way(bench: Bench) -> None:
    every = ways(bench.equipment.flows)
    assert ("emergency/really", "silent") not in every
    assert ("emergency/really", "after_silent") in every
    assert ("reception/choose", "tone") not in every


def test_a_reason_for_what_there_is_not_is_refused(bench: Bench) -> None:
    with pytest.raises(FlowError, match="did you mean “reception/choose repeat”"):
        coverage(bench.equipment.flows, (), {("reception/choose", "repeats"): "why ever"})


def test_reasons_are_read_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "unreached.yaml"
    path.write_text("reception/choose repeat: it is said once only\nreception/choose:\n", encoding="utf-8")
    with pytest.raises(FlowError) as caught:
        read_reasons(path)
    assert caught.value.where == f"{path}:2"
    path.write_text("reception/choose repeat: it is said once only\n", encoding="utf-8")
    assert read_reasons(path) == {REPEATED: "it is said once only"}


def test_one_transition_without_a_reason_is_enough_to_fail() -> None:
    good, bad = Transition("a/b", "c", ("voice",)), Transition("a/b", "d", ("keys",))
    assert Covered((good,), (), {}).passed
    assert not Covered((good, bad), (), {}).passed
    assert not Covered((good,), ("one",), {}).passed
    assert not Covered((good,), (), {"one~a.b~d": (("a/b", "d"),)}).passed


def test_a_scenario_that_failed_is_shown_and_counted() -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    console.print(covered((), {}, ("zh_emergency",), everything=False))
    told = console.export_text()
    assert "zh_emergency: ended otherwise than stated" in told
    assert "1 to be looked at" in told
