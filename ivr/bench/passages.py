"""Which transitions a call took, and what made it take each: a voice, the line itself, keys, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from ivr.dialogue.machine import FINISHED
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

    _found: list[Passage] = field(default_factory=list)
    _here: Passage | None = None
    """the step that the call is at; its outcome is not known yet"""

    def notice(self, event: CallEvent) -> None:
        """An observer of the call: each step, how it was answered, and by which outcome it was left."""
        if event.kind is EventKind.STATE:
            self._leave(event.outcome)
            self._here = Passage(event.state, "", "house", event.language)
        elif event.kind is EventKind.HEARD and event.turn is not None and self._here is not None:
            self._here = Passage(event.state, "", _means(event.turn.hearing), event.turn.language)

    def passages(self, call: Call) -> tuple[Passage, ...]:
        """The transitions that the ended call took, in their order; where the caller hung up is the last."""
        if call.outcome == "finished":
            self._leave(FINISHED)
        elif call.outcome == "caller_hung_up" and self._here is not None:
            self._here = replace(self._here, means="line")
            self._leave(HearingKind.HUNG_UP.value)
        return tuple(self._found)

    def _leave(self, outcome: str) -> None:
        if self._here is not None:
            self._found.append(replace(self._here, outcome=outcome))
            self._here = None


def _means(hearing: HearingKind | None) -> Means:
    if hearing is HearingKind.SPEECH:
        return "voice"
    return "keys" if hearing is HearingKind.KEYS else "line"
