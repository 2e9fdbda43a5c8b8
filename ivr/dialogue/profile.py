"""A house's way of answering: its ladders, waits, pauses and pace, where the flows leave them open (S4…S8, S16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from ivr.config import HOME
from ivr.dialogue.document import Path_, load, validate
from ivr.dialogue.sheets import ProfileSheet, QuestionSheet
from ivr.errors import FlowError

DEFAULT_PROFILE = "hotel"

FOLDER = "profiles"
"""beside the flows"""


@dataclass(frozen=True)
class Profile:
    """One profile. A question's setting is looked for in `questions`, its step, its flow, and at last here."""

    name: str
    about: str
    speed: int
    """Chinese characters a minute, unless the site says otherwise (S16)"""
    every_question: QuestionSheet
    questions: Mapping[str, QuestionSheet]
    """`flow/step` or `flow` → what this house does otherwise than the flow says"""
    pauses: Mapping[str, float]
    """flow → seconds that its closing step leaves the caller to hang up first"""
    path: Path
    lines: Mapping[Path_, int]

    def own(self, flow: str, step: str) -> Iterator[tuple[Path_, QuestionSheet]]:
        """What is stronger than the flow, with its place in this file: for the one question, then for its flow."""
        for name in (f"{flow}/{step}", flow):
            if name in self.questions:
                yield ("questions", name), self.questions[name]

    def belongs_to(self, folder: Path) -> bool:
        """Whether it lies beside the flows of `folder`, and must speak of them only."""
        return self.path.parent.parent == folder

    def line(self, *place: str | int) -> str | None:
        """`file:line` of a place in this file; None if it has no such place."""
        return f"{self.path}:{self.lines[place]}" if place in self.lines else None


def read_profile(folder: Path, name: str) -> Profile:
    """Read `<folder>/profiles/<name>.yaml`; FlowError with file:line, or with the profiles that there are.

    A site whose flows have no such folder beside them gets the program's own profiles.
    """
    path = _place(folder) / f"{name}.yaml"
    if not path.is_file():
        raise FlowError(f"no profile “{name}”; there is {', '.join(profiles(folder)) or 'none'}", where=path)
    document = load(path)
    sheet = validate(document, ProfileSheet)
    if sheet.profile != name:
        raise FlowError(f"profile “{sheet.profile}” must live in {sheet.profile}.yaml", where=document.where("profile"))
    return Profile(
        name=name,
        about=sheet.about,
        speed=sheet.speed,
        every_question=sheet.every_question,
        questions=MappingProxyType(sheet.questions),
        pauses=MappingProxyType(sheet.pauses),
        path=path,
        lines=MappingProxyType(document.lines),
    )


def profiles(folder: Path) -> tuple[str, ...]:
    """Names of the profiles that the flows of `folder` can have."""
    return tuple(sorted(path.stem for path in _place(folder).glob("*.yaml")))


def _place(folder: Path) -> Path:
    own = folder / FOLDER
    return own if own.is_dir() else HOME / "flows" / FOLDER
