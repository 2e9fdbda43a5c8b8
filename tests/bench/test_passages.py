from __future__ import annotations

import asyncio

import pytest

from ivr.bench.passages import Passage
from ivr.bench.runner import Bench, run
from ivr.bench.scenario import read_scenario
from tests.conftest import SCENARIOS


def passages(bench: Bench, name: str) -> tuple[Passage, ...]:
    return asyncio.run(run(bench, read_scenario(SCENARIOS / f"{name}.yaml", bench.stage))).passages


def test_a_call_tells_each_transition_and_what_made_it(bench: Bench) -> None:
    assert [(each.state, each.outcome, each.means) for each in passages(bench, "silent_caller")] == [
        ("reception/choose", "silent", "line"),
        ("reception/choose", "after_silent", "line"),
        ("no_sound/farewell", "finished", "house"),
    ]


def test_keys_voice_and_the_hanging_up_are_told_apart(bench: Bench) -> None:
    found = {(each.state, each.outcome): each.means for each in passages(bench, "switch_to_english")}
    assert found["wake_up_booking/ask_room", "understood"] == "keys"
    assert found["wake_up_booking/ask_time", "cancel"] == "voice"
    assert found["goodbye/farewell", "hung_up"] == "line"


@pytest.mark.parametrize(("name", "last"), [("hang_up_in_the_greeting", "hung_up"), ("silent_caller", "finished")])
def test_the_last_passage_is_how_the_call_ended(bench: Bench, name: str, last: str) -> None:
    assert passages(bench, name)[-1].outcome == last
