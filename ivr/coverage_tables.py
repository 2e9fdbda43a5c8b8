"""Which transitions are heard, for people."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Group, RenderableType
from rich.text import Text

from ivr.bench.coverage import Transition, Way
from ivr.screen import GOOD, columns
from ivr.terminal import WRONG


def covered(
    found: tuple[Transition, ...],
    missed: dict[str, tuple[Way, ...]],
    failed: tuple[str, ...] = (),
    *,
    everything: bool,
) -> RenderableType:
    """A line a flow; transitions without a reason, needless reasons, detours that missed, scenarios that failed."""
    parts: list[RenderableType] = [_flows(found), ""]
    if everything:
        parts += [columns(map(_row, found)), ""]
    parts += [
        *(Text(f"{_named(each)}: {_TAKEN[each.taken]}, and nobody says why") for each in found if each.unexplained),
        *(Text(f"{_named(each)}: is taken by {each.scenario}, its reason is needless") for each in found if each.stale),
        *(Text(f"{name}: did not take {_ways(each)}") for name, each in missed.items()),
        *(Text(f"{name}: ended otherwise than stated, so it proves nothing") for name in failed),
    ]
    wrong = sum(each.unexplained or each.stale for each in found) + len(missed) + len(failed)
    explained = sum(each.taken != "audio" for each in found if each.why)
    told = f"{len(found)} transitions, {explained} explained, {wrong} to be looked at"
    return Group(*parts, Text(told, style=WRONG if wrong else GOOD))


_TAKEN = {"audio": "taken from audio", "keys": "taken by keys only", "never": "never taken"}


def _flows(found: tuple[Transition, ...]) -> RenderableType:
    flows = dict.fromkeys(each.state.partition("/")[0] for each in found)
    return columns(_counted(flow, [each for each in found if each.state.startswith(f"{flow}/")]) for flow in flows)


def _counted(flow: str, own: list[Transition]) -> dict[str, str | Text]:
    return {
        "flow": flow,
        "transitions": str(len(own)),
        "from audio": str(sum(each.taken == "audio" for each in own)),
        "in both languages": str(sum(each.taken == "audio" and len(each.languages) > 1 for each in own)),
        "by keys only": str(sum(each.taken == "keys" for each in own)),
        "never": str(sum(each.taken == "never" for each in own)),
    }


def _row(each: Transition) -> dict[str, str | Text]:
    return {
        "step": each.state,
        "outcome": each.outcome,
        "taken by": ", ".join(each.means),
        "in": ", ".join(each.languages),
        "scenario": each.scenario,
        "why not": each.why,
    }


def _named(each: Transition) -> str:
    return f"{each.state} {each.outcome}"


def _ways(missed: Iterable[Way]) -> str:
    return ", ".join(f"{state} {outcome}" for state, outcome in missed)
