from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivr.barge_in_tables import as_data, tables
from ivr.bench.barge_in import ECHOES_DB, Measured, Outcome, measure, ours, plan, tally
from ivr.bench.barge_in_cases import LENGTH, Kind, Sounds, gather, make_case
from ivr.bench.runner import Bench
from ivr.bench.voices import recordings
from ivr.calls.equipment import Equipment
from ivr.records import LANGUAGES
from ivr.terminal import console
from tests.conftest import RECORDINGS

CASES = 2


@pytest.fixture(scope="module")
def sounds(bench: Bench, equipment: Equipment) -> Sounds:
    """A few of the desk's prompts and of the callers, as the benchmark gathers them."""
    prompts = {language: dict(sorted(equipment.catalogue.prompts[language].items())[:6]) for language in LANGUAGES}
    callers = [each for each in recordings(RECORDINGS) if each.kind in {"agreement", "time"}][::12]
    return gather(equipment.speaker, replace(equipment.catalogue, prompts=prompts), bench.voices, tuple(callers))


@pytest.fixture(scope="module")
def measured(sounds: Sounds) -> Measured:
    return measure(sounds, CASES, seed=3)


def test_callers_stop_us_and_nothing_else_does(measured: Measured) -> None:
    """What the pages promise of hundreds of cases, of a few."""
    some = [each for each in measured.outcomes if each.echo_db != -10]
    counted = tally(some)
    assert (counted.cases, counted.calls) == (3 * len(Kind) * CASES, 3 * CASES)
    assert (counted.false, counted.missed) == (0, 0)
    assert max(counted.waits_ms) < 700.0


def test_webrtcvad_alone_is_stopped_by_our_echo(measured: Measured) -> None:
    some = [each for each in measured.outcomes if each.echo_db == -20]
    assert tally(some, alone=True).false > len(some) // 2


def test_every_kind_of_every_echo_is_measured_as_often(measured: Measured) -> None:
    found = [(each.echo_db, each.kind) for each in measured.outcomes]
    assert found == [(echo, kind) for echo, kind, _ in plan(CASES)]
    assert {found.count(each) for each in found} == {CASES}
    assert measured.prompt_seconds == len(found) * 7.0


@pytest.mark.parametrize("kind", list(Kind))
def test_the_same_seed_gives_the_same_case(sounds: Sounds, kind: Kind) -> None:
    one, two, other = (make_case(kind, -20.0, sounds, np.random.RandomState(seed)) for seed in (5, 5, 6))
    assert (one.line == two.line).all()
    assert ours(one) == ours(two)
    assert not (one.line == other.line).all()
    assert len(one.ours) == len(one.line) == LENGTH


def test_a_tally_tells_false_stops_from_missed_callers_and_waits() -> None:
    def case(stopped: int | None, start: int | None = 8000, end: int | None = 16000) -> Outcome:
        return Outcome(Kind.CALLER if start else Kind.NOTHING, -20, start, end, stopped, None)

    found = tally(
        [case(9600), case(None), case(17700), case(17600), case(7000), case(None, None, None), case(1, None, None)]
    )
    assert (found.cases, found.false, found.calls, found.missed) == (7, 2, 4, 2)
    assert found.waits_ms == (200.0, 1200.0)
    assert found.wait(50) == 700.0
    assert tally([]).wait(95) is None


def test_the_figures_are_there_for_people_and_for_programs(measured: Measured) -> None:
    data = as_data(measured)
    echoes = data["echoes"]
    assert isinstance(echoes, list)
    assert [each["echo_db"] for each in echoes] == list(ECHOES_DB)
    assert {"false", "missed", "p50_ms", "p95_ms", "webrtcvad_alone", "kinds"} <= set(echoes[0])
    screen = console()
    with screen.capture() as shown:
        screen.print(tables(measured))
    assert "murmur" in shown.get()
    assert "% of one core" in shown.get()
