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
from ivr.overlay import Folders, layered, layers
from ivr.records import PARTS

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
    borrowed: bool = False
    """whether it is the program's, for flows without profiles beside them: it may speak of flows that are not there"""

    def own(self, flow: str, step: str) -> Iterator[tuple[Path_, QuestionSheet]]:
        """What is stronger than the flow, with its place in this file: for the one question, then for its flow."""
        for name in (f"{flow}/{step}", flow):
            if name in self.questions:
                yield ("questions", name), self.questions[name]

    def line(self, *place: str | int) -> str | None:
        """`file:line` of a place in this file; None if it has no such place."""
        return f"{self.path}:{self.lines[place]}" if place in self.lines else None


def read_profile(folders: Folders, name: str) -> Profile:
    """Read `<folder>/profiles/<name>.yaml`; FlowError with file:line, or with the profiles that there are.

    A site whose flows have no such folder beside them gets the program's own profiles.
    """
    places, borrowed = _places(folders)
    path = layered(places, f"{name}.yaml").get(f"{name}.yaml", places[-1] / f"{name}.yaml")
    if not path.is_file():
        raise FlowError(f"no profile “{name}”; there is {', '.join(profiles(folders)) or 'none'}", where=path)
    if name in PARTS:
        raise FlowError(f"“{name}” is a part of the day: a profile needs another name", where=path)
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
        borrowed=borrowed,
    )


def profiles(folders: Folders) -> tuple[str, ...]:
    """Names of the profiles that the flows of `folders` can have."""
    return tuple(name.removesuffix(".yaml") for name in layered(_places(folders)[0], "*.yaml"))


def _places(folders: Folders) -> tuple[tuple[Path, ...], bool]:
    """Where profiles are, and whether these are the program's own, lent to flows that have none."""
    own = tuple(folder / FOLDER for folder in layers(folders) if (folder / FOLDER).is_dir())
    return (own, False) if own else ((HOME / "flows" / FOLDER,), True)
