from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.dialogue.flow import AFTER_NO_WORDS, AFTER_REFUSED, ENDINGS, LADDERS, NO_WORDS, Ask, FlowBook
from ivr.dialogue.ladder import Attempts, Ending, Rung

STATE = "wake_up_booking/ask_room"


@pytest.fixture
def step(flows: FlowBook) -> Ask:
    """Three tries, one rung for noise, two for the rest."""
    step = flows["wake_up_booking"].steps["ask_room"]
    assert isinstance(step, Ask)
    rungs = dict.fromkeys(LADDERS, (("a.first",), ("a.second",))) | {"noisy": (("a.noise",),)}
    return replace(step, ladder=replace(step.ladder, tries=3, refusals=2, rungs=rungs))


def fail(attempts: Attempts, step: Ask, *failures: str) -> list[Rung | Ending]:
    found = []
    for failure in failures:
        attempts.ask(STATE)
        found.append(attempts.fail(STATE, step, failure))
    return found


@pytest.mark.parametrize("failure", [failure for failure in LADDERS if failure != "noisy"])
def test_each_failure_climbs_its_own_rungs_and_has_its_own_ending(step: Ask, failure: str) -> None:
    assert fail(Attempts(), step, failure, failure, failure) == [
        Rung(("a.first",)),
        Rung(("a.second",)),
        Ending(ENDINGS[failure]),
    ]


def test_a_short_ladder_ends_sooner(step: Ask) -> None:
    assert fail(Attempts(), step, "noisy", "noisy") == [Rung(("a.noise",)), Ending("after_noisy")]


def test_mixed_failures_share_the_tries(step: Ask) -> None:
    assert fail(Attempts(), step, "silent", "unclear", "noisy") == [
        Rung(("a.first",)),
        Rung(("a.first",)),
        Ending("after_noisy"),
    ]


def test_tries_are_counted_across_re_entries(step: Ask) -> None:
    attempts = Attempts()
    assert [attempts.ask(STATE) for _ in range(2)] == [1, 2]
    assert not attempts.used_up(STATE, step)
    assert attempts.ask(STATE) == 3
    assert attempts.used_up(STATE, step)
    assert attempts.fail(STATE, step, "silent") == Ending("after_silent")
    assert not attempts.used_up("wake_up_booking/ask_time", step)


def test_a_repetition_that_the_caller_asks_for_is_no_try(step: Ask) -> None:
    attempts = Attempts()
    attempts.ask(STATE)
    attempts.take_back(STATE)
    assert attempts.ask(STATE) == 1
    attempts.take_back("elsewhere")
    assert attempts.ask("elsewhere") == 1


def test_wishes_to_hear_it_again_are_counted_apart_and_end(step: Ask) -> None:
    attempts = Attempts()
    for wish in ("repeat", "help"):
        for _ in range(3):
            attempts.ask(STATE)
            assert attempts.wish(STATE, step, wish) is None
    assert attempts.ask(STATE) == 1
    assert attempts.wish(STATE, step, "repeat") == Ending("after_unclear")


def test_refusals_are_counted_apart_and_give_the_tries_back(step: Ask) -> None:
    attempts = Attempts()
    fail(attempts, step, "silent", "silent")
    assert attempts.refuse("wake_up_booking/confirm", step) is None
    assert fail(attempts, step, "silent") == [Rung(("a.first",))]
    assert attempts.refuse("wake_up_booking/confirm", step) is None
    assert attempts.refuse("wake_up_booking/confirm", step) == Ending(AFTER_REFUSED)


def strange(step: Ask, *heard: str) -> list[Rung | Ending]:
    """What follows answers that were not understood, by what the recognisers made of each."""
    own = {**step.ladder.rungs, NO_WORDS: (("b.first",), ("b.slowly",))}
    ladder = replace(step.ladder, rungs=own, endings={**step.ladder.endings, NO_WORDS: "elsewhere"})
    attempts, found = Attempts(), []
    for words in heard:
        attempts.wordless = 0 if words else attempts.wordless + 1
        found += fail(attempts, replace(step, ladder=ladder), "unclear")
    return found


def test_a_voice_without_a_word_of_either_language_has_rungs_and_an_end_of_its_own(step: Ask) -> None:
    assert strange(step, "", "", "") == [Rung(("b.first",)), Rung(("b.slowly",)), Ending(AFTER_NO_WORDS)]


def test_one_word_or_key_is_enough_for_the_ordinary_end(step: Ask) -> None:
    assert strange(step, "the room", "", "") == [Rung(("a.first",)), Rung(("a.second",)), Ending("after_unclear")]
    assert strange(step, "", "", "the room")[-1] == Ending("after_unclear")
