from __future__ import annotations

from typing import Any

import pytest

from ivr import app
from ivr.config import Settings
from ivr.dialogue.check import House, check, context_of, prompts_of
from ivr.dialogue.flow import Ask

FLOWS, ZH, EN = "flows/wake_up_booking.yaml", "prompts/zh/wakeup.yaml", "prompts/en/wakeup.yaml"
RECEPTION = "flows/reception.yaml"


def test_the_houses_own_flows_and_prompts_are_in_order(models: Any) -> None:
    assert app.problems(Settings(), models) == ()


def test_the_copy_that_faults_are_planted_in_is_in_order(copy: Any) -> None:
    assert copy.problems() == ()


@pytest.mark.parametrize(
    ("file", "old", "new", "mark", "words"),
    [
        # targets
        (FLOWS, "known: ask_time", "known: ask_tiem", "ask_tiem", "“known” leads to “ask_tiem”, no step or flow; did you mean “ask_time”?"),
        (FLOWS, "then: ask_room\n\n  ask_time", "then: ask_rom\n\n  ask_time", "ask_rom\n", "“said” leads to “ask_rom”, no step or flow; did you mean “ask_room”?"),
        (FLOWS, "on_cancel: cancelled", "on_cancel: canceled", "on_cancel: canceled", "“on_cancel” leads to “canceled”, no step or flow; did you mean “cancelled”?"),
        (FLOWS, "after_silent: no_sound", "after_silent: no_sounds", "no_sounds", "“after_silent” leads to “no_sounds”, no step or flow; did you mean “no_sound”?"),
        (FLOWS, "after_unclear: give_up", "after_unclear: giveup", "giveup", "“after_unclear” leads to “giveup”, no step or flow; did you mean “give_up”?"),
        (FLOWS, "  after_unclear: give_up\n", "", "if_unclear: [wakeup.room_again", "leads nowhere: name a step or flow, here or under every_question"),
        (RECEPTION, "given_up: no_luck }", "given_up: no_lukc }", "no_lukc", "“given_up” leads to “no_lukc”, no step or flow; did you mean “no_luck”?"),
        (FLOWS, "start: begin", "start: begins", "start: begins", "start “begins” is no step; did you mean “begin”?"),
        # slots, actions, flows, exits
        (FLOWS, "listen_for: clock_time", "listen_for: clok_time", "clok_time", "no slot “clok_time”; did you mean “clock_time”?"),
        (FLOWS, "do: check_room", "do: check_rom", "do: check_rom", "no action “check_rom”; did you mean “check_room”?"),
        (RECEPTION, "call: wake_up_booking", "call: wakeup_booking", "call: wakeup_booking", "no flow “wakeup_booking”; did you mean “wake_up_booking”?"),
        (FLOWS, "finish: booked", "finish: boked", "finish: boked", "exit “boked” is not among the flow's exits; did you mean “booked”?"),
        # outcomes
        (FLOWS, "needs_half: ask_half }", "}", "then: { understood: ask_day, }", "slot “clock_time” may end in “needs_half”, which leads nowhere"),
        (FLOWS, "agreed: book,", "agree: book,", "agree: book", "slot “agreement” has no outcome “agree”; did you mean “agreed”?"),
        (FLOWS, "{ known: ask_time,", "{ known: ask_time, sold: ask_time,", "sold: ask_time", "action “check_room” has no outcome “sold”"),
        (FLOWS, ", failed: not_stored }", " }", "booked: thanks", "action “book_wakeup” may end in “failed”, which leads nowhere"),
        (RECEPTION, ", given_up: no_luck }", " }", "then: { booked:", "flow “wake_up_booking” may end in “given_up”, which leads nowhere"),
        (FLOWS, "known: check }", "}", "then: { understood: check, }", "may end in “known”, which leads nowhere"),
        # steps
        (FLOWS, "then: { forgotten: corrected }", "then: { forgotten: ask_room }", "  corrected:", "step “corrected”: nothing leads here"),
        (FLOWS, "say: wakeup.too_soon\n    then: ask_time", "say: wakeup.too_soon\n    then: check", "  check:", "“check” → “too_soon” → “check” goes round without a question"),
        (FLOWS, "unless_known: day", "unless_known: dya", "unless_known", "nothing ever sets “dya”; did you mean “day”?"),
        # choices
        (RECEPTION, "goodbye: 3 }\n    help: reception.help\n    then: { wake_up: booking, goodbye: goodbye }\n\n  booking", "goodbye: 1 }\n    help: reception.help\n    then: { wake_up: booking, goodbye: goodbye }\n\n  booking", "goodbye: 1 }", "two choices have the same key 1: “wake_up” and “goodbye”"),
        (RECEPTION, "goodbye: 3 }", "goodbye: 0 }", "goodbye: 0 }", "“goodbye” has the key “0”: expected one of 1, 2, 3, 4, 5, 6, 7, 8"),
        (RECEPTION, "choices: { wake_up: 1", "choices: { wakeup: 1", "wakeup: 1", "choice “wakeup” has no words in prompts/zh/choices.yaml; did you mean “wake_up”?"),
        (RECEPTION, "    choices: { wake_up: 1, goodbye: 3 }\n", "", "listen_for: menu_choice", "menu_choice needs them"),
        ("prompts/en/choices.yaml", "goodbye: [goodbye", "goodbye: [cancel, goodbye", "goodbye:", "“cancel” means “cancel” at every question"),
        ("prompts/zh/choices.yaml", "goodbye: [再见", "goodbye: [叫醒, 再见", "wake_up:", "“叫醒” means another choice of the same question too"),
        # prompts
        (ZH, "what_time: ", "wat_time: ", None, "prompt “wakeup.what_time” is missing in zh; did you mean “wakeup.wat_time”?"),
        (EN, "time_again: ", "time_agian: ", None, "prompt “wakeup.time_again” is missing in en; did you mean “wakeup.time_agian”?"),
        (FLOWS, "help: wakeup.time_help", "help: wakeup.tiem_help", "tiem_help", "prompt “wakeup.tiem_help” is missing in zh; did you mean “wakeup.time_help”?"),
        (FLOWS, "common.are_you_there + question", "common.are_you_here + question", "common.are_you_here", "prompt “common.are_you_here” is missing in en; did you mean “common.are_you_there”?"),
        (EN, "I cannot find room {room:room}", "I cannot find room", "no_such_room", "“wakeup.no_such_room” has other variables than in zh"),
        # words that the model lacks
        ("prompts/en/choices.yaml", "[goodbye, bye, nothing]", "[goodbye, byebye]", "goodbye:", "the en model lacks “byebye” of “byebye”; the model has “bye”"),
        ("prompts/zh/choices.yaml", "[再见,", "[拜囍,", "goodbye:", "the zh model lacks “囍” of “拜囍”"),
        # files
        (FLOWS, "    do: check_room\n", "    do: check_room\n    do: check_wakeup\n", "    do: check_wakeup", "“do” stands here a second time"),
        (FLOWS, "    do: check_room\n", "    do: check_room\n    ask: wakeup.what_room\n", "    do: check_room", "has the verbs ask and do"),
        (FLOWS, "wait: 5s ", "wait: 5 ", "wait: 5", "must be a time such as 5s or 800ms, not “5”"),
        (FLOWS, "if_silent:", "if_slient:", "if_slient", "did you mean “if_silent”?"),
        ("prompts/zh/common.yaml", "help: ", "still_there: x\nhelp: ", "still_there: x", "“still_there” stands here a second time"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found_on_its_line(  # noqa: D103 - the table is the text
    copy: Any, file: str, old: str, new: str, mark: str | None, words: str
) -> None:
    copy.plant(file, old, new)
    found = {problem.where: problem.message for problem in copy.problems()}
    if mark is None:
        assert any(words in message for message in found.values()), found
    else:
        assert words in found.get(copy.place(file, mark.rstrip("\n")), ""), found


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
    copy.plant(RECEPTION, "goodbye: 3 }", f"{name}: 3 }}")
    place = copy.place(RECEPTION, f"{name}: 3 }}")
    assert any(problem.where == place and "means something at every question" in problem.message for problem in copy.problems())


def test_everything_that_a_question_says_is_listed(real_house: House) -> None:
    step = real_house.flows["wake_up_booking"].steps["ask_room"]
    assert set(prompts_of(step)) == {
        "wakeup.what_room",
        "wakeup.room_help",
        "wakeup.room_again",
        "wakeup.room_keys",
        "common.are_you_there",
        "common.still_there",
    }
    menu = real_house.flows["reception"].steps["choose"]
    assert isinstance(menu, Ask)
    assert "reception.this_language" in set(prompts_of(menu))
    assert context_of(menu, real_house.catalogue).choices == {"wake_up": "1", "goodbye": "3"}
    assert check(real_house) == ()
