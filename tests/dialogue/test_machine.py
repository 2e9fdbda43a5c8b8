from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ivr.dialogue.flow import Ask, Finish, FlowBook, read_flow
from ivr.dialogue.machine import ENDED, FINISHED, INTERRUPTIONS, SAID, Dialogue, Edge, edges, interrupts, resolve
from ivr.errors import FlowError

HEAD = "flow: {name}\nabout: A test.\nstart: {start}\nexits: [{exits}]\nsteps:\n"
QUESTION = (
    "listen_for: agreement, on_cancel: {end}, after_unclear: {end}, then: {{ agreed: {yes}, refused: {no} }} }}\n"
)
Writer = Callable[[str, str], Path]


@pytest.fixture
def small(write: Writer) -> FlowBook:
    """main calls middle, which calls inner; inner may come back, or jump to elsewhere, which ends."""

    def flow(name: str, start: str, exits: str, *steps: str) -> None:
        text = HEAD.format(name=name, start=start, exits=exits) + "".join(f"  {step}\n" for step in steps)
        books[name] = read_flow(write(text, f"{name}.yaml"))

    def ask(end: str, yes: str, no: str) -> str:
        return "{ ask: a.b, " + QUESTION.format(end=end, yes=yes, no=no).strip()

    books: dict[str, object] = {}
    flow(
        "main", "go", "done", "go: { call: middle, then: { fine: thanks, bad: elsewhere } }", "thanks: { finish: done }"
    )
    flow(
        "middle",
        "go",
        "fine, bad",
        "go: { call: inner, then: { yes: fine, no: elsewhere } }",
        "fine: { finish: fine }",
        "bad: { finish: bad }",
        f"more: {ask('bad', 'fine', 'bad')}",
    )
    flow(
        "inner",
        "really",
        "yes, no",
        f"really: {ask('elsewhere', 'yes', 'no')}",
        "yes: { finish: yes }",
        "no: { finish: no }",
    )
    flow("elsewhere", "bye", "gone", "bye: { say: a.b, then: end }", "end: { finish: gone }")
    flow("operator", "nobody", "returned", "nobody: { finish: returned }")
    flow("emergency", "no", "returned", "no: { finish: returned }")
    return books  # type: ignore[return-value] # filled by the steps above


def walk(dialogue: Dialogue, *outcomes: str) -> list[str]:
    states = []
    for outcome in outcomes:
        dialogue.take(outcome)
        states.append(dialogue.state)
    return states


def test_a_sub_flow_comes_back_by_the_exit_that_it_took(small: FlowBook) -> None:
    dialogue = Dialogue(small, "main")
    assert walk(dialogue, "called", "called", "agreed", "yes", "fine", "done") == [
        "middle/go",
        "inner/really",
        "inner/yes",
        "middle/fine",
        "main/thanks",
        ENDED,
    ]
    assert dialogue.over


def test_an_exit_that_leads_into_another_flow_forgets_the_way_back(small: FlowBook) -> None:
    dialogue = Dialogue(small, "main")
    walk(dialogue, "called", "called", "refused")
    assert walk(dialogue, "no", SAID, "gone") == ["elsewhere/bye", "elsewhere/end", ENDED]


def test_a_jump_out_of_a_sub_flow_forgets_the_way_back(small: FlowBook) -> None:
    dialogue = Dialogue(small, "main")
    walk(dialogue, "called", "called")
    assert walk(dialogue, "after_unclear", SAID, "gone") == ["elsewhere/bye", "elsewhere/end", ENDED]


@pytest.mark.parametrize("interruption", ["operator", "emergency"])
def test_an_interruption_comes_back_to_the_same_question(small: FlowBook, interruption: str) -> None:
    dialogue = Dialogue(small, "main")
    walk(dialogue, "called", "called")
    assert walk(dialogue, interruption, "returned")[-1] == "inner/really"
    assert walk(dialogue, "agreed", "yes", "fine")[-1] == "main/thanks"


BACK = {
    "operator": "operator/nobody",
    "emergency": "emergency/no",
    "abusive": "abusive/civil",
    "complaint": "complaint/listening",
    "no_recording": "no_recording/stopped",
}
"""interruption → its step that goes back to the question"""


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
def test_every_question_of_the_house_is_asked_again_after_an_interruption(flows: FlowBook, interruption: str) -> None:
    dialogue = Dialogue(flows)
    for flow in flows.values():
        for name, step in flow.steps.items():
            if isinstance(step, Ask) and interrupts(step, interruption):
                state = f"{flow.name}/{name}"
                dialogue._place.state = state
                dialogue.take(interruption)
                assert dialogue.flow.name == interruption
                dialogue._place.state = BACK[interruption]
                dialogue.take("returned")
                assert dialogue.state == state


@pytest.mark.parametrize("outcome", ["understood", "nonsense", "finished", "returned to inner/really", ""])
def test_an_outcome_that_leads_nowhere_is_named_with_its_step(small: FlowBook, outcome: str) -> None:
    dialogue = Dialogue(small, "main")
    walk(dialogue, "called", "called")
    with pytest.raises(FlowError, match=f"step “really” has no way on for “{outcome}”") as caught:
        dialogue.take(outcome)
    assert caught.value.where == small["inner"].where("really")
    assert dialogue.state == "inner/really"


def test_nothing_happens_after_the_end(flows: FlowBook) -> None:
    dialogue = Dialogue(flows)
    dialogue._place.state = ENDED
    with pytest.raises(FlowError, match="is over"):
        dialogue.take(SAID)


def test_a_call_needs_a_flow_to_begin_in(small: FlowBook) -> None:
    with pytest.raises(FlowError, match="no flow “reception”"):
        Dialogue(small)


def test_every_trigger_of_the_house_can_be_fired_and_leads_to_one_state(flows: FlowBook) -> None:
    dialogue, seen = Dialogue(flows), dict[tuple[str, str], str]()
    for edge in edges(flows):
        assert seen.setdefault((edge.source, edge.trigger), edge.target) == edge.target
        dialogue._place.state, dialogue._returns = edge.source, []
        step = dialogue.step
        if isinstance(step, Finish) and edge.trigger != FINISHED:
            dialogue._returns = [edge.trigger.split(" to ")[1]]
        dialogue.take(step.finish if isinstance(step, Finish) else edge.trigger)
        assert dialogue.state == edge.target


def test_no_state_of_the_house_is_a_dead_end(flows: FlowBook) -> None:
    ways, back = _graph(edges(flows))
    reached = _closure(resolve(flows, flows["reception"], flows["reception"].start) or "", ways)
    assert reached == {*ways, ENDED}, "states that no call reaches"
    assert _closure(ENDED, back) == reached, "states without a way to the end"


def _graph(found: object) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
    ways, back = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for edge in found:  # type: ignore[attr-defined] # an iterator of edges
        assert isinstance(edge, Edge)
        ways[edge.source].add(edge.target)
        back[edge.target].add(edge.source)
    return ways, back


def _closure(start: str, ways: Mapping[str, set[str]]) -> set[str]:
    reached, waiting = set[str](), [start]
    while waiting:
        state = waiting.pop()
        if state not in reached:
            reached.add(state)
            waiting += ways.get(state, ())
    return reached
