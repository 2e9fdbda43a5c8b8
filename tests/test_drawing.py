from __future__ import annotations

import pytest

from ivr.config import HOME
from ivr.dialogue.flow import FlowBook, read_flows
from ivr.dialogue.machine import ENDED, Edge
from ivr.drawing import dot, drawn, mermaid
from ivr.errors import FlowError


@pytest.fixture(scope="module")
def flows() -> FlowBook:
    return read_flows(HOME / "flows")


def test_one_flow_shows_its_sub_flows_as_the_exits_that_they_came_back_by(flows: FlowBook) -> None:
    lines = drawn(flows, "reception")
    assert {line.source.split("/")[0] for line in lines} == {"reception"}
    assert any(line.source == "reception/booking" and "booked" in line.trigger for line in lines)


def test_a_flow_ends_by_its_own_exits(flows: FlowBook) -> None:
    exits = {line.trigger for line in drawn(flows, "wake_up_booking") if line.target == ENDED}
    assert exits == {"booked", "cancelled", "given_up"}


def test_two_states_are_joined_by_one_line(flows: FlowBook) -> None:
    lines = drawn(flows, everything=True)
    ways = [(line.source, line.target) for line in lines]
    assert len(ways) == len(set(ways))


def test_what_every_question_can_do_is_drawn_when_wanted(flows: FlowBook) -> None:
    loops = [line for line in drawn(flows, everything=True) if line.source == line.target]
    assert any("repeat" in line.trigger for line in loops)
    assert not [line for line in drawn(flows) if line.source == line.target]


def test_an_unknown_flow_is_told_with_those_that_there_are(flows: FlowBook) -> None:
    with pytest.raises(FlowError, match=r"there is .*reception"):
        drawn(flows, "xyz")


def test_a_drawing_is_valid_text_for_both_programs() -> None:
    lines = (Edge("agreed, refused", "a/b", "a/c"), Edge("done", "a/c", ENDED))
    assert mermaid(lines, "a/b").splitlines() == [
        "stateDiagram-v2",
        '    state "a/b" as a__b',
        '    state "a/c" as a__c',
        "    [*] --> a__b",
        "    a__b --> a__c: agreed, refused",
        "    a__c --> [*]: done",
    ]
    assert '    "a/b" -> "a/c" [label="agreed, refused"];' in dot(lines, "a/b")
