"""A few detours of the hundreds: `make transitions` calls them all."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path

import pytest

from ivr.bench.coverage import ways
from ivr.bench.detours import Detour, detours, read_words
from ivr.bench.runner import Bench, run_each
from ivr.bench.scenario import read_scenario
from ivr.coverage import WORDS
from ivr.dialogue.flow import ENDINGS, LADDERS
from ivr.dialogue.understand.universal import UNIVERSALS
from ivr.errors import FlowError
from tests.conftest import SCENARIOS

SOME = 10


@pytest.fixture(scope="module")
def astray(bench: Bench) -> tuple[Detour, ...]:
    names = ("zh_booking_by_keys", "ways/date_at_last_en")
    scenarios = [read_scenario(SCENARIOS / f"{name}.yaml", bench.stage) for name in names]
    reports = asyncio.run(run_each(bench, scenarios))
    return detours(bench.equipment.flows, scenarios, reports, read_words(WORDS, bench.equipment.catalogue.choices))


def test_every_question_that_a_scenario_asks_is_failed_at_in_every_way(
    bench: Bench, astray: tuple[Detour, ...]
) -> None:
    taken = {way for detour in astray for way in detour.ways}
    questions = ("wake_up_booking/ask_time", "wake_up_booking/confirm", "reception/anything_else")
    wanted = {(state, each) for state in questions for each in (*LADDERS, *ENDINGS.values(), *UNIVERSALS)}
    assert wanted & set(ways(bench.equipment.flows)) <= taken
    assert ("wake_up_booking/thanks", "hung_up") in taken


def test_both_languages_go_astray_with_a_voice_of_their_own(astray: tuple[Detour, ...]) -> None:
    callers = {(detour.scenario.caller.language, detour.scenario.caller.voice[:2]) for detour in astray}
    assert callers == {("zh", "zh"), ("en", "en")}


def test_a_detour_takes_the_transitions_that_it_was_made_for(bench: Bench, astray: tuple[Detour, ...]) -> None:
    some = random.Random(11).sample(astray, SOME)  # noqa: S311 - a choice, no secret
    reports = asyncio.run(run_each(bench, [detour.scenario for detour in some], at_a_time=2))
    assert {report.call.outcome for report in reports} <= {"finished", "caller_hung_up"}
    assert {report.scenario: detour.missed(report) for detour, report in zip(some, reports, strict=True)} == {
        detour.scenario.scenario: () for detour in some
    }


def test_a_call_that_goes_straight_on_misses_them(bench: Bench, astray: tuple[Detour, ...]) -> None:
    straight = read_scenario(SCENARIOS / "zh_booking_by_keys.yaml", bench.stage)
    (report,) = asyncio.run(run_each(bench, [straight]))
    assert all(detour.missed(report) for detour in astray)


def test_a_word_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "detours.yaml"
    path.write_text(WORDS.read_text(encoding="utf-8").replace("  talk:", "  tlak:", 1), encoding="utf-8")
    with pytest.raises(FlowError, match="tlak"):
        read_words(path, {})
