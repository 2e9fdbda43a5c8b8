"""Every scenario call, on the real model, voice and database: from audio to rows."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr import app
from ivr.bench.coverage import coverage, read_reasons
from ivr.bench.detours import on_detours
from ivr.bench.report import LINE, Report, share
from ivr.bench.runner import Bench, run_all, run_each
from ivr.bench.scenario import Scenario, cast, find_scenarios, read_scenario
from ivr.bench.voices import caller_voices
from ivr.config import HOME, Settings
from ivr.coverage import REASONS
from ivr.dialogue.flow import QUESTION, Ask, read_flows
from ivr.dialogue.profile import profiles
from ivr.records import LANGUAGES
from ivr.speech.voices import CALLER_VOICES, DEFAULT_VOICES
from tests.conftest import FIGURE, RECORDINGS, SCENARIOS

PATHS = find_scenarios((SCENARIOS,))

LINES = find_scenarios((SCENARIOS / "lines",))
"""every rung of every profile's ladders in both languages, and lines that change their mind (S4 to S7)"""

FIRST_TRY = 0.9
"""share of spoken answers that must be understood at the first asking; the figure itself is printed"""


def otherwise(path: Path, reports: dict[str, Report]) -> dict[str, tuple[str, ...]]:
    """In what the calls of a scenario, one for each of its voices, are not as it states."""
    own = [report for name, report in reports.items() if name.partition("[")[0] == path.stem]
    assert own
    return {report.scenario: report.differences for report in own if report.differences}


def first_voice(bench: Bench, paths: list[Path]) -> list[Scenario]:
    """Comparisons need one voice of each scenario only."""
    return [cast(read_scenario(path, bench.stage))[0] for path in paths]


@pytest.fixture(scope="session")
def reports(bench: Bench) -> dict[str, Report]:
    return {report.scenario: report for report in asyncio.run(run_all(bench, PATHS))}


NIGHT = find_scenarios((SCENARIOS / "night", SCENARIOS / "ways"))
"""messages, and wake-up calls that are changed; ways through the flows that no other call takes"""


@pytest.fixture(scope="session")
def night_reports(bench: Bench) -> dict[str, Report]:
    return {report.scenario: report for report in asyncio.run(run_all(bench, NIGHT))}


@pytest.mark.parametrize("path", NIGHT, ids=lambda path: path.stem)
def test_the_desk_at_night_does_as_its_scenario_states(path: Path, night_reports: dict[str, Report]) -> None:
    assert otherwise(path, night_reports) == {}


@pytest.fixture(scope="session")
def line_reports(bench: Bench) -> dict[str, Report]:
    return {report.scenario: report for report in asyncio.run(run_all(bench, LINES))}


@pytest.mark.parametrize("path", LINES, ids=lambda path: path.stem)
def test_a_bad_line_is_answered_as_its_scenario_states(path: Path, line_reports: dict[str, Report]) -> None:
    assert otherwise(path, line_reports) == {}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_the_call_ends_as_its_scenario_states(path: Path, reports: dict[str, Report]) -> None:
    assert otherwise(path, reports) == {}


@pytest.fixture(scope="session")
def every_report(
    reports: dict[str, Report], night_reports: dict[str, Report], line_reports: dict[str, Report]
) -> dict[str, Report]:
    return {**reports, **night_reports, **line_reports}


def test_calls_in_another_order_and_two_at_a_time_give_the_same_reports(
    bench: Bench, every_report: dict[str, Report]
) -> None:
    some = random.Random(7).sample([*PATHS, *NIGHT, *LINES], 16)  # noqa: S311 - an order, no secret
    again = asyncio.run(run_each(bench, first_voice(bench, some), at_a_time=2))
    assert len(again) == len(some)
    assert [report.as_data() for report in again] == [every_report[report.scenario].as_data() for report in again]


@pytest.fixture
def cold_bench(tmp_path: Path) -> Iterator[Bench]:
    with (
        app.equipment(Settings(data=tmp_path)) as gear,
        caller_voices(tmp_path / "callers", RECORDINGS) as voices,
    ):
        yield Bench(gear, voices, RECORDINGS)


def test_a_cold_start_without_any_cache_gives_the_same_reports(
    cold_bench: Bench, every_report: dict[str, Report]
) -> None:
    some = [*PATHS[::8], *NIGHT[::12], *LINES[::12]]
    cold = asyncio.run(run_each(cold_bench, first_voice(cold_bench, some)))
    assert len(cold) == len(some)
    assert [report.as_data() for report in cold] == [every_report[report.scenario].as_data() for report in cold]


def test_most_answers_are_understood_at_the_first_asking(
    reports: dict[str, Report], night_reports: dict[str, Report], record_property: Callable[[str, object], None]
) -> None:
    for language in LANGUAGES:
        right, asked = share((*reports.values(), *night_reports.values()), language)
        record_property(FIGURE, f"first try, {language}: {right} of {asked} understood ({right / asked:.0%})")
        assert right / asked >= FIRST_TRY


def test_forty_scenarios_have_three_callers_each_and_none_of_them_speaks_the_prompts(bench: Bench) -> None:
    scenarios = [read_scenario(path, bench.stage) for path in (*PATHS, *NIGHT)]
    assert sum(len(each.caller.voices) >= 3 for each in scenarios) >= 40
    for language in LANGUAGES:
        callers = {voice for each in scenarios if each.caller.language == language for voice in each.caller.everyone}
        assert len(callers) >= 6
        ours = {DEFAULT_VOICES[language].voice}
        assert not {CALLER_VOICES[name].choice.voice for name in callers if name in CALLER_VOICES} & ours


def test_every_way_through_the_flows_is_taken_from_audio_or_has_its_reason(
    bench: Bench, every_report: dict[str, Report]
) -> None:
    """A way that nobody has taken may lead nowhere; those at any question are taken by detours (`make transitions`)."""
    found = coverage(bench.equipment.flows, every_report.values(), read_reasons(REASONS))
    left = [f"{each.state} {each.outcome}" for each in found if each.unexplained and not on_detours(each.outcome)]
    assert left == []
    assert [each for each in found if each.stale] == []


def test_timers_start_when_the_prompt_has_finished(reports: dict[str, Report]) -> None:
    """Design rule 3: five seconds of silence are counted from the prompt's last sample."""
    turns = reports["silent_caller"].turns
    assert [turn.decided - turn.prompt_end for turn in turns[:2]] == [5 * 8000, 5 * 8000]


def test_a_call_that_the_caller_ends_keeps_what_was_heard_of_the_prompt(reports: dict[str, Report]) -> None:
    (turn,) = reports["hang_up_in_the_greeting"].turns
    assert (turn.outcome, turn.prompt_end) == ("hung_up", 8000)


def test_every_rung_of_every_profile_is_said_from_audio(bench: Bench, line_reports: dict[str, Report]) -> None:
    """In each profile and each language of the greeting: a rung that nobody heard may never be said."""
    scenarios = {path.stem: read_scenario(path, bench.stage) for path in LINES}
    for profile, language in itertools.product(profiles(HOME / "flows"), LANGUAGES):
        own = [
            line_reports[name]
            for name, each in scenarios.items()
            if (each.profile or "hotel", each.greet or "zh") == (profile, language)
        ]
        said = {key for report in own for turn in report.turns for key in turn.prompts}
        greeting = read_flows(HOME / "flows", profile)["reception"].steps["choose"]
        assert isinstance(greeting, Ask)
        rungs = {key for failure in LINE for rung in greeting.ladder.rungs[failure] for key in rung if key != QUESTION}
        assert rungs
        assert rungs <= said
