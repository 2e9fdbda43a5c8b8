"""No caller is kept in a loop: the house's flows with the ladder, without audio, always come to an end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ivr.calls.actions import DECLARED
from ivr.config import HOME
from ivr.dialogue.flow import LADDERS, Ask, CallFlow, Do, Finish, Record, Say, Step, read_flows
from ivr.dialogue.ladder import Attempts, Ending, Rung
from ivr.dialogue.machine import KNOWN, SAID, Dialogue
from ivr.dialogue.steps import NOT_KEPT, NOTHING_SAID, RECORDED
from ivr.dialogue.understand.universal import HELP, LANGUAGE, REPEAT, UNIVERSALS

FLOWS = read_flows(HOME / "flows")
ACTIONS = {name: action.outcomes for name, action in DECLARED.items()}
WISHES = (REPEAT, HELP, LANGUAGE)
LONGEST = 400
"""steps: several times the longest call that random callers made"""

Choose = Callable[[tuple[str, ...]], str]


def call(choose: Choose) -> Iterator[tuple[str, str]]:
    """One call as the session drives it: (state, what came of it), until the end."""
    dialogue, attempts, pending = Dialogue(FLOWS), Attempts(), False
    while not dialogue.over:
        state, step = dialogue.state, dialogue.step
        match step:
            case Ask() if attempts.used_up(state, step) and not pending:
                outcome = "after_unclear"
            case Ask():
                outcome, pending = ask(state, step, attempts, choose)
            case Do():
                outcome = choose(ACTIONS[step.do])
            case Record():
                outcome = choose((RECORDED, NOTHING_SAID, NOT_KEPT))
            case _:
                outcome = quiet(step)
        yield state, outcome
        dialogue.take(outcome)


def ask(state: str, step: Ask, attempts: Attempts, choose: Choose) -> tuple[str, bool]:
    """What one asking leads to, and whether the question is said again without counting as entered anew."""
    attempts.ask(state)
    outcome = choose((*step.then, *LADDERS, *UNIVERSALS))
    found: Rung | Ending | None = None
    if outcome in LADDERS:
        found = attempts.fail(state, step, outcome)
    elif outcome in WISHES:
        found = attempts.wish(state, step, outcome)
    elif step.reads_back and outcome == "refused":
        found = attempts.refuse(state, step)
    if isinstance(found, Ending):
        return found.trigger, False
    return outcome, outcome in {*LADDERS, *WISHES}


def quiet(step: Step) -> str:
    match step:
        case Say():
            return SAID
        case CallFlow():
            return "called"
        case Finish():
            return step.finish
    raise AssertionError(step)


def cycle(numbers: list[int]) -> Choose:
    """A caller, and a house, whose moods come round again for ever."""
    turns = itertools.cycle(numbers)
    return lambda choices: choices[next(turns) % len(choices)]


def always(*favourites: str) -> Choose:
    """A caller who says the first of `favourites` that can be said, and else the first thing of all."""
    return lambda choices: next((each for each in favourites if each in choices), choices[0])


@settings(max_examples=150, deadline=None)
@example([0])
@example([1, 0, 0])
@given(st.lists(st.integers(0, 30), min_size=1, max_size=60))
def test_every_call_ends(moods: list[int]) -> None:
    steps = list(itertools.islice(call(cycle(moods)), LONGEST + 1))
    assert len(steps) <= LONGEST


@pytest.mark.parametrize(
    "favourites",
    [
        *((each,) for each in (*LADDERS, *UNIVERSALS, KNOWN)),
        ("wake_up", "agreed"),
        ("wake_up", "refused"),
        ("wake_up", "unknown"),
        ("wake_up", "needs_half", "refused"),
        ("wake_up", "too_soon"),
        ("wake_up", "failed", "agreed"),
        ("wake_up", "already_booked", "agreed"),
        ("emergency", "refused"),
    ],
    ids="-".join,
)
def test_a_stubborn_caller_comes_to_an_end(favourites: tuple[str, ...]) -> None:
    steps = list(itertools.islice(call(always(*favourites)), LONGEST + 1))
    assert len(steps) < LONGEST / 4


def test_silence_hears_the_farewell_of_the_house() -> None:
    assert [state for state, _ in call(always("silent"))] == ["reception/choose"] * 2 + ["no_sound/farewell"]


def test_an_emergency_is_flagged_even_in_silence() -> None:
    said = iter(["emergency"])
    outcomes = list(call(lambda choices: next(said, "silent") if "silent" in choices else choices[0]))
    assert [state for state, _ in outcomes][-3:] == ["emergency/flag", "emergency_help/numbers", "emergency_help/again"]


def test_a_caller_who_agrees_to_everything_gets_a_booking() -> None:
    states = [state for state, _ in call(always("wake_up", "known", "understood", "free", "agreed", "booked"))]
    assert states[states.index("wake_up_booking/book") + 1] == "wake_up_booking/thanks"
