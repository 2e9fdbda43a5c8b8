"""Which transitions of the flows no scenario takes from audio; each of those needs its reason, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ivr.bench.passages import Means
from ivr.bench.report import Report
from ivr.dialogue.document import Document, load
from ivr.dialogue.flow import LADDERS, Ask, CallFlow, FlowBook, Record, Say, Step
from ivr.dialogue.house import near
from ivr.dialogue.machine import FINISHED, START, edges, targets
from ivr.errors import FlowError
from ivr.records import LANGUAGES, HearingKind, Language

Taken = Literal["audio", "keys", "never"]

Way = tuple[str, str]
"""`flow/step` and the outcome that leaves it"""


@dataclass(frozen=True)
class Transition:
    """One way out of a step, and how scenarios took it."""

    state: str
    outcome: str
    means: tuple[Means, ...] = ()
    """by which it was taken, in the order of `Means`"""
    languages: tuple[Language, ...] = ()
    """spoken when it was taken other than by keys"""
    scenario: str = ""
    """one that takes it, from audio if any does"""
    why: str = ""
    """why none takes it from audio; empty: nobody has said"""

    @property
    def taken(self) -> Taken:
        """Where nobody is asked (results of `do:`, what follows a sentence) audio has led there or nothing."""
        if set(self.means) - {"keys"}:
            return "audio"
        return "keys" if self.means else "never"

    @property
    def unexplained(self) -> bool:
        return self.taken != "audio" and not self.why

    @property
    def stale(self) -> bool:
        """Whether it has a reason though it is taken."""
        return self.taken == "audio" and bool(self.why)


def ways(flows: FlowBook) -> tuple[Way, ...]:
    """Every way out of every step, the caller's hanging up included; without rungs that no ladder has."""
    found: dict[Way, None] = {}
    visited = _visited(flows)
    for edge in edges(flows):
        step = _step(flows, edge.source)
        back = edge.trigger == FINISHED and edge.source.partition("/")[0] in visited
        if not back and not (isinstance(step, Ask) and edge.source == edge.target and _no_rung(step, edge.trigger)):
            found[_way(flows, edge.source, edge.trigger)] = None
    for flow in flows.values():
        for name, step in flow.steps.items():
            if isinstance(step, Ask | Say | Record):
                found[f"{flow.name}/{name}", HearingKind.HUNG_UP.value] = None
    return tuple(found)


def _way(flows: FlowBook, state: str, trigger: str) -> Way:
    """A visit that any question may begin comes back in one way, whatever question began it."""
    exit_, _, caller = trigger.partition(" to ")
    return (state, exit_) if caller and isinstance(_step(flows, caller), Ask) else (state, trigger)


def _visited(flows: FlowBook) -> set[str]:
    """Flows that always lead back to who called them: no call ends there."""
    steps = [(flow, step) for flow in flows.values() for step in flow.steps.values()]
    entered = {target for flow, step in steps for _, target in targets(step) if target not in flow.steps}
    entered |= {way for _, step in steps if isinstance(step, CallFlow) for way in step.then.values()}
    return set(flows) - entered - {START}


def _step(flows: FlowBook, state: str) -> Step:
    flow, name = state.split("/")
    return flows[flow].steps[name]


def _no_rung(step: Ask, failure: str) -> bool:
    """Whether a failure never leads to the question again: there is one try, or its ladder ends at once."""
    return failure in LADDERS and (step.ladder.tries == 1 or not step.ladder.rungs[failure])


def coverage(flows: FlowBook, reports: Iterable[Report], reasons: Mapping[Way, str]) -> tuple[Transition, ...]:
    """How `reports` took every way that `flows` has. FlowError for a reason that belongs to no way."""
    every = ways(flows)
    for state, outcome in reasons:
        if (state, outcome) not in every:
            known = {f"{each} {leads}" for each, leads in every}
            raise FlowError(f"no transition “{state} {outcome}”{near(f'{state} {outcome}', known)}")
    taken = _taken(flows, reports)
    return tuple(_transition(way, taken.get(way, []), reasons.get(way, "")) for way in every)


def _taken(flows: FlowBook, reports: Iterable[Report]) -> dict[Way, list[tuple[Means, Language, str]]]:
    found: dict[Way, list[tuple[Means, Language, str]]] = {}
    for report in reports:
        for each in report.passages:
            found.setdefault(_way(flows, each.state, each.outcome), []).append(
                (each.means, each.language, report.scenario)
            )
    return found


def _transition(way: Way, taken: list[tuple[Means, Language, str]], why: str) -> Transition:
    heard = [each for each in taken if each[0] != "keys"]
    languages = {language for _, language, _ in heard}
    return Transition(
        *way,
        means=tuple(sorted({means for means, _, _ in taken})),
        languages=tuple(language for language in LANGUAGES if language in languages),
        scenario=min((name for _, _, name in heard or taken), default=""),
        why=why,
    )


def read_reasons(path: Path) -> dict[Way, str]:
    """`flow/step outcome: why` of a YAML file; FlowError with file:line for another form."""
    document = load(path)
    if not isinstance(document.data, dict):
        raise FlowError("expected lines such as “flow/step outcome: why”", where=document.where())
    return dict(_reasons(document))


def _reasons(document: Document) -> Iterator[tuple[Way, str]]:
    for place, why in document.data.items():
        state, _, outcome = place.partition(" ")
        if not outcome or not isinstance(why, str) or not why.strip():
            message = f"“{place}”: expected a line such as “flow/step outcome: why”"
            raise FlowError(message, where=document.where(place))
        yield (state, outcome), why
