"""Flows and their steps as plain dataclasses: what the machine, the lint and the session work with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from ivr.dialogue.document import Path_
from ivr.dialogue.profile import Profile
from ivr.records import HearingKind

CLIP = "clip:"
"""before the name of a recording, among the keys of prompts: it is played"""

QUESTION = "question"
"""in a rung's list: the step's own question, asked again"""

LADDERS: Mapping[str, str] = MappingProxyType(
    {
        HearingKind.SILENT: "if_silent",
        HearingKind.UNANSWERED: "if_unanswered",
        HearingKind.TOO_QUIET: "if_too_quiet",
        HearingKind.NOISY: "if_noisy",
        HearingKind.CHOPPY: "if_choppy",
        HearingKind.TONE: "if_tone",
        "unclear": "if_unclear",
    }
)
"""failure of a try → the setting that holds its rungs (S4…S8)"""

ENDINGS: Mapping[str, str] = MappingProxyType({failure: f"after_{failure}" for failure in LADDERS})
"""failure of the last try → the trigger that leaves the question"""

AFTER_REFUSED = "after_refused"

NO_WORDS = "no_words"
"""where a question's ladder keeps what is for voices in which no recogniser ever made out a word (S13)"""

AFTER_NO_WORDS = f"after_{NO_WORDS}"


@dataclass(frozen=True)
class Ladder:
    """What a question does when a try fails: rungs by failure, then where the call goes."""

    wait: float
    """seconds of silence after the prompt before the caller counts as silent"""
    tries: int
    """first asking + rungs, counted across re-entries, so that loops end"""
    refusals: int
    """how often a read-back may be refused before a person takes over"""
    rungs: Mapping[str, tuple[tuple[str, ...], ...]]
    """failure, or `no_words` → one tuple of prompt keys per rung"""
    endings: Mapping[str, str]
    """failure, `refused` or `no_words` → step or flow; of the last two, empty: none of their own"""


@dataclass(frozen=True)
class Ask:
    """Ask once, listen, hand the answer to a slot."""

    ask: tuple[str, ...]
    listen_for: str
    save_as: str | None
    help: str | None
    unless_known: str | None
    """slot that makes the question needless when it has a value; the outcome is then `known`"""
    choices: Mapping[str, str]
    """menu_choice only: choice → key on the telephone"""
    on_cancel: str
    ladder: Ladder
    then: Mapping[str, str]
    line: int
    barge_in: bool = True
    """whether a caller who speaks stops the prompt; keys always do"""

    @property
    def reads_back(self) -> bool:
        """Whether a no means that we understood wrongly (S9): the step says where `after_refused` leads."""
        return bool(self.ladder.endings["refused"])


@dataclass(frozen=True)
class Say:
    """Say something and go on."""

    say: tuple[str, ...]
    then: str
    line: int
    barge_in: bool = False
    """whether a caller who speaks stops it"""


RECORDED, NOTHING_SAID, NOT_KEPT = "recorded", "nothing_said", "failed"
"""outcomes of a recording"""


@dataclass(frozen=True)
class Record:
    """Record what the caller says, until a silence, the hash key, or the time is up (M1)."""

    record: tuple[str, ...]
    save_as: str
    """name of the clip; `clip:name` says it"""
    wait: float
    """seconds of silence after the prompt before nothing counts as said"""
    pause: float
    """seconds of silence that end it"""
    longest: float
    """seconds"""
    on_hang_up: str
    """action that keeps what was said should the call end before the flow has settled it; empty: none"""
    then: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Do:
    """Let the house do something; its declared outcomes choose the way."""

    do: str
    then: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class CallFlow:
    """Run another flow and come back with its exit."""

    call: str
    then: Mapping[str, str]
    line: int


@dataclass(frozen=True)
class Finish:
    """Leave the flow by one of its exits; in the outermost flow this ends the call."""

    finish: str
    say: tuple[str, ...]
    wait: float
    """seconds that the caller gets to hang up first (S4, S11)"""
    line: int


Step = Ask | Say | Record | Do | CallFlow | Finish


@dataclass(frozen=True)
class Flow:
    """One dialogue with its steps."""

    name: str
    about: str
    start: str
    exits: tuple[str, ...]
    steps: Mapping[str, Step]
    path: Path
    lines: Mapping[Path_, int] = field(default_factory=dict)
    """place in the file → line, from 1"""
    profile: Profile | None = None
    """what filled the settings that the flow leaves open"""

    def line(self, *place: str | int) -> str:
        """`file:line` of a place in the file; of the file's beginning when it has no such place."""
        return f"{self.path}:{self.lines.get(place, 1)}"

    def where(self, step: str, *place: str | int) -> str:
        """`file:line` of a place in a step, or of the setting that the step takes over from its flow or profile."""
        for length in range(len(place), 0, -1):
            found = next((line for line in self._settings(step, place[:length]) if line), None)
            if found:
                return found
        return f"{self.path}:{self.steps[step].line}"

    def _settings(self, step: str, place: Path_) -> Iterator[str | None]:
        """Where a setting may stand, the strongest first."""
        if self.profile:
            yield from (self.profile.line(*start, *place) for start, _ in self.profile.own(self.name, step))
        for start in (("steps", step), ("every_question",)):
            yield self.line(*start, *place) if (*start, *place) in self.lines else None
        if self.profile:
            yield self.profile.line("every_question", *place)


FlowBook = Mapping[str, Flow]
