"""A house's way of answering: its ladders, waits, pauses and pace, where the flows leave them open (S4…S8, S16)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

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

    def line(self, *place: str | int) -> str | None:
        """`file:line` of a place in this file; None if it has no such place."""
        return f"{self.path}:{self.lines[place]}" if place in self.lines else None


def read_profile(folder: Path, name: str) -> Profile:
    """Read `<folder>/profiles/<name>.yaml`; FlowError with file:line, or with the profiles that there are."""
    path = folder / FOLDER / f"{name}.yaml"
    if not path.is_file():
        known = sorted(each.stem for each in (folder / FOLDER).glob("*.yaml"))
        there = f"there is {', '.join(known)}" if known else "there is none"
        raise FlowError(f"no profile “{name}”: {there}", where=path)
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
    """Names of the profiles beside the flows of `folder`."""
    return tuple(sorted(path.stem for path in (folder / FOLDER).glob("*.yaml")))
