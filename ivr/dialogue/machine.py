"""The state machine of one call, and the only importer of `transitions` (design.md, rule 6).

States are `flow/step`; triggers are answers, line outcomes, results of `do:` and the exits of sub-flows. Synchronous,
no callbacks, no automatic transitions: the session reads `step`, does it, and tells the machine what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transitions import Machine, MachineError

from ivr.dialogue.flow import (
    AFTER_NO_WORDS,
    AFTER_REFUSED,
    ENDINGS,
    LADDERS,
    NO_WORDS,
    Ask,
    CallFlow,
    Do,
    Finish,
    Flow,
    FlowBook,
    Record,
    Say,
    Step,
)
from ivr.dialogue.understand.universal import HOUSE
from ivr.errors import FlowError

ENDED = "ended"
SAID = "said"
KNOWN = "known"
CALLED = "called"
FINISHED = "finished"

START = "reception"
"""flow in which every call begins"""

INTERRUPTIONS = ("operator", "emergency", *HOUSE)
"""universals that are flows of their own; afterwards the question is asked again"""


def interrupts(step: Ask, outcome: str) -> bool:
    """Whether a universal leads into a flow of its own here; a step may give it another way."""
    return outcome in INTERRUPTIONS and outcome not in step.then


@dataclass(frozen=True)
class Edge:
    """One transition, as the machine has it and as it is drawn."""

    trigger: str
    source: str
    target: str


class _Place:
    """What `transitions` moves about: it only has a state."""

    state: str


class Dialogue:
    """Where a call stands in its flows, with the way back out of sub-flows."""

    def __init__(self, flows: FlowBook, start: str = START) -> None:
        if start not in flows or flows[start].start not in flows[start].steps:
            raise FlowError(f"no flow “{start}” with a first step: every call begins there")
        self._flows = flows
        self._place = _Place()
        self._returns: list[str] = []
        self.led_here = ""
        """the trigger of the last transition"""
        states = [f"{flow.name}/{name}" for flow in flows.values() for name in flow.steps]
        self._machine = Machine(
            model=self._place,
            states=[*states, ENDED],
            initial=f"{start}/{flows[start].start}",
            transitions=[[edge.trigger, edge.source, edge.target] for edge in edges(flows)],
            auto_transitions=False,
            send_event=False,
        )

    @property
    def state(self) -> str:
        return self._place.state

    @property
    def flow(self) -> Flow:
        return self._flows[self.state.split("/")[0]]

    @property
    def step(self) -> Step:
        return self.flow.steps[self.state.split("/")[1]]

    @property
    def outermost(self) -> bool:
        """Whether the flow's end is the call's end."""
        return not self._returns

    @property
    def over(self) -> bool:
        return self.state == ENDED

    def take(self, outcome: str) -> None:
        """Move on by an outcome of the current step.

        Raises FlowError when the flow has no way on from here: `flows check` finds that before a caller does.
        """
        if self.over:
            raise FlowError(f"the dialogue is over and has no way on for “{outcome}”")
        step = self.step
        if isinstance(step, Finish):
            self._finish(step)
        elif isinstance(step, CallFlow) or (isinstance(step, Ask) and interrupts(step, outcome)):
            self._returns.append(self.state)
            self._fire(outcome)
        else:
            if self._leaves_for_good(self.flow, dict(targets(step)).get(outcome, "")):
                self._returns.clear()
            self._fire(outcome)

    def call(self) -> None:
        """Enter the sub-flow of a `call` step."""
        self.take(CALLED)

    def _finish(self, step: Finish) -> None:
        if not self._returns:
            self._fire(FINISHED)
            return
        source = self._returns.pop()
        self._fire(_return_trigger(source, step.finish))
        flow, name = source.split("/")
        caller = self._flows[flow].steps[name]
        if isinstance(caller, CallFlow) and self._leaves_for_good(self._flows[flow], caller.then[step.finish]):
            self._returns.clear()

    def _leaves_for_good(self, flow: Flow, target: str) -> bool:
        """Another flow named as a target is entered for good: there is no way back into the middle of this one."""
        return target not in flow.steps and target in self._flows

    def _fire(self, trigger: str) -> None:
        try:
            self._machine.events[trigger].trigger(self._place)
        except (KeyError, MachineError, AttributeError) as error:
            name = self.state.split("/")[1]
            raise FlowError(f"step “{name}” has no way on for “{trigger}”", where=self.flow.where(name)) from error
        self.led_here = trigger


def edges(flows: FlowBook) -> Iterator[Edge]:
    """Every transition of every flow, sub-flow returns included."""
    for flow in flows.values():
        for name, step in flow.steps.items():
            yield from _edges(flows, flow, f"{flow.name}/{name}", step)


def targets(step: Step) -> Iterator[tuple[str, str]]:
    """(trigger, name of a step or flow) of one step, as its flow writes them."""
    match step:
        case Ask():
            yield from step.then.items()
            for failure, ending in ENDINGS.items():
                yield ending, step.ladder.endings[failure]
            if step.reads_back:
                yield AFTER_REFUSED, step.ladder.endings["refused"]
            if step.ladder.endings[NO_WORDS]:
                yield AFTER_NO_WORDS, step.ladder.endings[NO_WORDS]
            if "cancel" not in step.then:
                yield "cancel", step.on_cancel
        case Say():
            yield SAID, step.then
        case Do() | Record():
            yield from step.then.items()
        case CallFlow() | Finish():
            pass


def resolve(flows: FlowBook, flow: Flow, target: str) -> str | None:
    """State of a target: a step of the same flow first, then the start of another flow."""
    if target in flow.steps:
        return f"{flow.name}/{target}"
    if target in flows:
        return f"{target}/{flows[target].start}"
    return None


def _edges(flows: FlowBook, flow: Flow, source: str, step: Step) -> Iterator[Edge]:
    for trigger, target in targets(step):
        state = resolve(flows, flow, target)
        if state is not None:
            yield Edge(trigger, source, state)
    match step:
        case Ask():
            yield from _ask_edges(flows, source, step)
        case CallFlow():
            ways = {exit_: resolve(flows, flow, target) for exit_, target in step.then.items()}
            known = {exit_: state for exit_, state in ways.items() if state is not None}
            if step.call in flows:
                yield from _visit(flows[step.call], CALLED, source, known)
        case Finish():
            yield Edge(FINISHED, source, ENDED)
        case _:
            pass


def _ask_edges(flows: FlowBook, source: str, step: Ask) -> Iterator[Edge]:
    """The question asked again, and the interruptions that come back to it."""
    for trigger in (*LADDERS, "repeat", "help", "language"):
        if trigger not in step.then:
            yield Edge(trigger, source, source)
    for name in INTERRUPTIONS:
        if name in flows and interrupts(step, name):
            yield from _visit(flows[name], name, source, dict.fromkeys(flows[name].exits, source))


def _visit(flow: Flow, trigger: str, source: str, ways: dict[str, str]) -> Iterator[Edge]:
    """Into a sub-flow, and from each of its closing steps back to where its exit leads."""
    yield Edge(trigger, source, f"{flow.name}/{flow.start}")
    for name, step in flow.steps.items():
        if isinstance(step, Finish) and step.finish in ways:
            yield Edge(_return_trigger(source, step.finish), f"{flow.name}/{name}", ways[step.finish])


def _return_trigger(source: str, exit_: str) -> str:
    return f"{exit_} to {source}"
