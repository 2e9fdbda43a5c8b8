"""Which transitions a call took, and what made it take each: a voice, the line itself, keys, or nobody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from ivr.dialogue.machine import Edge
from ivr.records import Call, CallEvent, EventKind, HearingKind, Language

Means = Literal["voice", "line", "keys", "house"]
"""voice: words were heard; line: the signal decided (silent, noisy, a tone, hung up); house: nobody was asked"""


@dataclass(frozen=True)
class Passage:
    """One transition of one call."""

    state: str
    """`flow/step` that was left"""
    outcome: str
    """the machine's trigger, or `hung_up`"""
    means: Means
    language: Language


@dataclass
class Footprints:
    """Watches one call. One object a call."""

    _steps: list[tuple[str, Means, Language]] = field(default_factory=list)

    def notice(self, event: CallEvent) -> None:
        """An observer of the call: each step once, then how it was answered."""
        if event.kind is EventKind.STATE:
            self._steps.append((event.state, "house", event.language))
        elif event.kind is EventKind.HEARD and event.turn is not None and self._steps:
            self._steps[-1] = (event.state, _means(event.turn.hearing), event.turn.language)

    def passages(self, taken: tuple[Edge, ...], call: Call) -> Iterator[Passage]:
        """The transitions that the machine took, each with its means; where the caller hung up is the last."""
        for edge, (state, means, language) in zip(taken, self._steps, strict=False):
            if edge.source != state:
                raise ValueError(f"a transition from {edge.source} at the step {state}")
            yield Passage(state, edge.trigger, means, language)
        if call.outcome == "caller_hung_up" and len(self._steps) > len(taken):
            state, _, language = self._steps[len(taken)]
            yield Passage(state, HearingKind.HUNG_UP.value, "line", language)


def _means(hearing: HearingKind | None) -> Means:
    if hearing is HearingKind.SPEECH:
        return "voice"
    return "keys" if hearing is HearingKind.KEYS else "line"
