"""What the flows' lint is given and what it gives: the house, and its findings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ivr.dialogue.flow import Ask, FlowBook, Record
from ivr.dialogue.profile import DEFAULT_PROFILE
from ivr.dialogue.prompts import Catalogue
from ivr.records import Language


class Words(Protocol):
    """The recogniser's vocabulary."""

    def missing(self, phrase: str, language: Language) -> tuple[str, ...]:
        """Parts of `phrase` that the model has no word for."""

    def nearest(self, word: str, language: Language) -> tuple[str, ...]:
        """Words that it does have, nearest first."""


@dataclass(frozen=True)
class Action:
    """What the flows may know of a `do:` verb."""

    outcomes: tuple[str, ...]
    sets: tuple[str, ...] = ()
    """slots that it gives a value"""


@dataclass(frozen=True)
class House:
    """Everything that a flow may lean on."""

    flows: FlowBook
    catalogue: Catalogue
    actions: Mapping[str, Action]
    words: Words
    values: tuple[str, ...] = ()
    """variables that the house itself has, such as its name"""
    profiles: tuple[str, ...] = (DEFAULT_PROFILE,)
    """that prompts may have words of their own for"""

    def slots(self) -> set[str]:
        """Every variable that something sets."""
        steps = [step for flow in self.flows.values() for step in flow.steps.values()]
        saved = {step.save_as for step in steps if isinstance(step, Ask) and step.save_as}
        also = {"day"} if any(isinstance(step, Ask) and step.listen_for == "clock_time" for step in steps) else set()
        return saved | also | {slot for action in self.actions.values() for slot in action.sets} | set(self.values)

    def clips(self) -> set[str]:
        """Every recording that some step makes."""
        steps = (step for flow in self.flows.values() for step in flow.steps.values())
        return {step.save_as for step in steps if isinstance(step, Record)}


@dataclass(frozen=True)
class Problem:
    """One finding; `where` is file:line."""

    where: str
    message: str


def near(word: str, candidates: Iterable[str]) -> str:
    """The end of a message: the nearest right word, or nothing."""
    close = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.5)
    return f"; did you mean “{close[0]}”?" if close else ""
