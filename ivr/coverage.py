"""Runs scenarios, and detours from them, and tells which transitions of the flows none takes from audio."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.app import equipment
from ivr.bench.coverage import Transition, Way, coverage, read_reasons
from ivr.bench.detours import Detour, detours, read_words
from ivr.bench.report import Report, plain
from ivr.bench.runner import Bench, run_each
from ivr.bench.scenario import Scenario, find_scenarios, read_scenario
from ivr.bench.voices import caller_voices
from ivr.calls.state import Observer
from ivr.config import Settings
from ivr.demo import RECORDINGS, SCENARIOS

FOLDERS = (SCENARIOS, SCENARIOS / "night", SCENARIOS / "ways", SCENARIOS / "lines")
REASONS = SCENARIOS / "coverage" / "unreached.yaml"
WORDS = SCENARIOS / "coverage" / "detours.yaml"

Advance = Callable[[int, int], None]
"""told how many calls have begun, of how many"""


@dataclass(frozen=True)
class Wish:
    """What is to be looked at."""

    scenarios: tuple[Path, ...] = FOLDERS
    reasons: Path = REASONS
    every: int = 0
    """every n-th detour; 0: none"""


@dataclass(frozen=True)
class Covered:
    """What was found."""

    transitions: tuple[Transition, ...]
    failed: tuple[str, ...]
    """scenarios that ended otherwise than stated"""
    missed: dict[str, tuple[Way, ...]]
    """by detour: the transitions that it was to take and did not"""

    @property
    def passed(self) -> bool:
        wrong = any(each.unexplained or each.stale for each in self.transitions)
        return not (wrong or self.failed or self.missed)

    def as_data(self) -> dict[str, object]:
        """JSON-ready data."""
        rows = [{**asdict(each), "taken": each.taken, "unexplained": each.unexplained} for each in self.transitions]
        missed = {name: [" ".join(way) for way in each] for name, each in self.missed.items()}
        return {"transitions": plain(rows), "failed": list(self.failed), "missed": missed}


async def examine(settings: Settings, wish: Wish, advance: Advance = lambda _done, _total: None) -> Covered:
    """Call as the scenarios say, then the detours; FlowError as `read_scenario` and `read_reasons`."""
    reasons = read_reasons(wish.reasons)
    with equipment(settings) as gear, caller_voices(settings.data / "callers", RECORDINGS) as voices:
        bench = Bench(gear, voices, RECORDINGS)
        scenarios = [read_scenario(path, bench.stage) for path in find_scenarios(wish.scenarios)]
        reports = await _called(bench, scenarios, advance)
        astray: tuple[Detour, ...] = ()
        if wish.every:
            words = read_words(WORDS, gear.catalogue.choices)
            every = detours(gear.flows, scenarios, reports, words)
            astray = tuple(each for each in every if not set(each.ways) <= set(reasons))[:: wish.every]
        wandered = await _called(bench, [each.scenario for each in astray], advance)
        found = coverage(gear.flows, (*reports, *wandered), reasons)
    failed = tuple(report.scenario for report in reports if not report.passed)
    return Covered(found, failed, dict(_missed(astray, wandered)))


async def _called(bench: Bench, scenarios: list[Scenario], advance: Advance) -> tuple[Report, ...]:
    begun = itertools.count()

    def count(_scenario: Scenario) -> tuple[Observer, ...]:
        advance(next(begun), len(scenarios))
        return ()

    return await run_each(bench, scenarios, at_a_time=2, watch=count)


def _missed(astray: tuple[Detour, ...], wandered: tuple[Report, ...]) -> Iterator[tuple[str, tuple[Way, ...]]]:
    for detour, report in zip(astray, wandered, strict=True):
        missed = detour.missed(report)
        if missed:
            yield report.scenario, missed
