from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ivr import app
from ivr.config import Settings
from ivr.dialogue.check import House, check, context_of, prompts_of
from ivr.dialogue.document import load
from ivr.dialogue.flow import Ask

FLOWS, ZH, EN = "flows/wake_up_booking.yaml", "prompts/zh/wakeup.yaml", "prompts/en/wakeup.yaml"
RECEPTION = "flows/reception.yaml"
FAULTS = load(Path(__file__).with_name("faults.yaml")).data


def test_the_houses_own_flows_and_prompts_are_in_order(models: Any) -> None:
    assert app.problems(Settings(), models) == ()


def test_the_copy_that_faults_are_planted_in_is_in_order(copy: Any) -> None:
    assert copy.problems() == ()


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["says"] for fault in FAULTS])
def test_a_planted_fault_is_found_on_its_line(copy: Any, fault: dict[str, str]) -> None:
    copy.plant(fault["file"], fault["old"], fault["new"])
    found = copy.problems()
    place = copy.place(fault["file"], fault["mark"]) if fault["mark"] else None
    assert any(fault["says"] in problem.message and place in {problem.where, None} for problem in found), found


def test_a_missing_prompt_is_found_where_it_is_used(copy: Any) -> None:
    copy.plant(ZH, "what_time: ", "wat_time: ")
    (problem,) = copy.problems()
    assert problem.where == copy.place(FLOWS, "ask: wakeup.what_time")


def test_a_variable_that_nothing_sets_is_found_in_each_catalogue(copy: Any) -> None:
    for file in (ZH, EN):
        copy.plant(file, "{room:room}", "{rom:room}")
    found = copy.problems()
    assert {problem.where for problem in found} == {copy.place(file, "{rom:room}") for file in (ZH, EN)}
    assert all("nothing ever sets “rom”; did you mean “room”?" in problem.message for problem in found)


def test_flows_that_every_call_needs_are_missed(copy: Any) -> None:
    for name in ("operator", "reception"):
        (copy.folder / "flows" / f"{name}.yaml").unlink()
    messages = [problem.message for problem in copy.problems()]
    assert "no flow “operator”: callers may ask for it at every question" in messages
    assert "no flow “reception”: every call begins there" in messages


def test_one_wrong_setting_for_every_question_is_told_once_a_step(copy: Any) -> None:
    copy.plant(FLOWS, "after_unclear: give_up", "after_unclear: giveup")
    told = [problem for problem in copy.problems() if "giveup" in problem.message]
    asks = [line for line in (copy.folder / FLOWS).read_text(encoding="utf-8").splitlines() if "    ask: " in line]
    assert len(told) == len(asks)


def test_findings_come_in_the_order_of_the_file(copy: Any) -> None:
    for old, new in (("do: check_room", "do: x"), ("do: book_wakeup", "do: y"), ("listen_for: day", "listen_for: z")):
        copy.plant(FLOWS, old, new)
    lines = [int(problem.where.rpartition(":")[2]) for problem in copy.problems() if "wake_up_booking" in problem.where]
    assert lines == sorted(lines)
    assert len(lines) >= 3


@pytest.mark.parametrize("name", ["repeat", "operator", "silent", "after_unclear"])
def test_a_choice_may_not_take_a_name_that_every_question_needs(copy: Any, name: str) -> None:
    copy.plant(RECEPTION, "change_wake_up: 4 }", f"{name}: 4 }}")
    place = copy.place(RECEPTION, f"{name}: 4 }}")
    assert any(
        problem.where == place and "means something at every question" in problem.message for problem in copy.problems()
    )


def test_everything_that_a_question_says_is_listed(real_house: House) -> None:
    step = real_house.flows["wake_up_booking"].steps["ask_room"]
    assert set(prompts_of(step)) == {
        "wakeup.what_room",
        "wakeup.room_help",
        "wakeup.room_again",
        "wakeup.room_keys",
        "common.are_you_there",
        "common.still_there",
        "line.can_you_hear_me",
        "line.speak_louder",
        "line.use_the_handset",
        "line.go_ahead",
        "line.go_ahead_again",
        "line.comes_and_goes",
    }
    menu = real_house.flows["reception"].steps["choose"]
    assert isinstance(menu, Ask)
    assert "reception.this_language" in set(prompts_of(menu))
    choices = {"wake_up": "1", "message": "2", "goodbye": "3", "change_wake_up": "4"}
    assert context_of(menu, real_house.catalogue).choices == choices
    assert check(real_house) == ()
