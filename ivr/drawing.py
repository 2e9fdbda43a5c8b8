"""The flows' state machine as a drawing: Mermaid or Graphviz text."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

from ivr.dialogue.flow import Finish, FlowBook
from ivr.dialogue.machine import CALLED, ENDED, FINISHED, INTERRUPTIONS, Edge, edges
from ivr.errors import FlowError

_BACK = " to "
"""between exit and calling state in the trigger that leaves a sub-flow"""


def drawn(flows: FlowBook, name: str | None = None, *, everything: bool = False) -> tuple[Edge, ...]:
    """The edges to draw: one line between two states, its triggers joined.

    `name` draws one flow: its sub-flows become the exits that they came back by. What every question can do besides
    (ask again, visit the operator or the emergency question) is drawn only with `everything`. FlowError: no such flow.
    """
    if name is not None and name not in flows:
        near = difflib.get_close_matches(name, flows, n=1)
        hint = f"; did you mean “{near[0]}”?" if near else f"; there is {', '.join(flows)}"
        raise FlowError(f"no flow “{name}”{hint}")
    found = [edge for edge in edges(flows) if everything or not _aside(edge)]
    shown = map(_plain, found) if name is None else _of(found, flows, name)
    return _joined(shown)


def mermaid(lines: tuple[Edge, ...], start: str) -> str:
    """A Mermaid `stateDiagram-v2`."""
    states = _states(lines)
    text = ["stateDiagram-v2", *(f'    state "{state}" as {_id(state)}' for state in states)]
    text.append(f"    [*] --> {_id(start)}")
    for line in lines:
        target = "[*]" if line.target == ENDED else _id(line.target)
        text.append(f"    {_id(line.source)} --> {target}: {line.trigger}")
    return "\n".join(text)


def dot(lines: tuple[Edge, ...], start: str) -> str:
    """A Graphviz `digraph`."""
    text = ["digraph flows {", "    rankdir=LR;", "    node [shape=box, style=rounded];"]
    text.append(f'    "{start}" [penwidth=2];')
    text += [f'    "{line.source}" -> "{line.target}" [label="{line.trigger}"];' for line in lines]
    return "\n".join([*text, "}"])


def _aside(edge: Edge) -> bool:
    """What a question does besides its answers: it stays, or a visit returns to it."""
    return edge.source == edge.target or edge.trigger in INTERRUPTIONS or edge.trigger.endswith(_BACK + edge.target)


def _plain(edge: Edge) -> Edge:
    return Edge(edge.trigger.partition(_BACK)[0], edge.source, edge.target)


def _of(found: Iterable[Edge], flows: FlowBook, name: str) -> Iterator[Edge]:
    for edge in found:
        exit_, _, caller = edge.trigger.partition(_BACK)
        if caller:
            if _flow(caller) == name:
                yield Edge(exit_, caller, edge.target)
        elif _flow(edge.source) == name and edge.trigger == FINISHED:
            step = flows[name].steps[edge.source.split("/")[1]]
            yield Edge(step.finish if isinstance(step, Finish) else FINISHED, edge.source, ENDED)
        elif _flow(edge.source) == name and edge.trigger != CALLED:
            yield edge


def _joined(found: Iterable[Edge]) -> tuple[Edge, ...]:
    ways: dict[tuple[str, str], dict[str, None]] = {}
    for edge in found:
        ways.setdefault((edge.source, edge.target), {})[edge.trigger] = None
    return tuple(Edge(", ".join(triggers), *way) for way, triggers in ways.items())


def _states(lines: tuple[Edge, ...]) -> tuple[str, ...]:
    both = (state for line in lines for state in (line.source, line.target))
    return tuple(dict.fromkeys(state for state in both if state != ENDED))


def _flow(state: str) -> str:
    return state.partition("/")[0]


def _id(state: str) -> str:
    return state.replace("/", "__")
