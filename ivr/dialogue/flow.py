"""Flows: the dialogues as dataclasses, read from YAML that a hotel's IT person writes (design.md)."""

from __future__ import annotations

import difflib
import re
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ivr.dialogue.document import Document, load, validate
from ivr.dialogue.profile import DEFAULT_PROFILE, Profile, read_profile
from ivr.dialogue.sheets import (
    VERBS,
    AskSheet,
    CallSheet,
    DoSheet,
    FinishSheet,
    FlowSheet,
    QuestionSheet,
    RecordSheet,
    SaySheet,
    Seconds,
)
from ivr.dialogue.steps import (
    AFTER_NO_WORDS,
    AFTER_REFUSED,
    ENDINGS,
    LADDERS,
    NO_WORDS,
    QUESTION,
    Ask,
    CallFlow,
    Do,
    Finish,
    Flow,
    FlowBook,
    Ladder,
    Record,
    Say,
    Step,
)
from ivr.errors import FlowError
from ivr.overlay import Folders, layered, shown

__all__ = [
    "AFTER_NO_WORDS",
    "AFTER_REFUSED",
    "ENDINGS",
    "LADDERS",
    "NO_WORDS",
    "QUESTION",
    "Ask",
    "CallFlow",
    "Do",
    "Finish",
    "Flow",
    "FlowBook",
    "Ladder",
    "Record",
    "Say",
    "Seconds",
    "Step",
    "read_flow",
    "read_flows",
]

_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def read_flow(path: Path, profile: Profile | None = None) -> Flow:
    """Read one flow, `profile` filling what it leaves open; FlowError names file:line and what was expected."""
    document = load(path)
    sheet = validate(document, FlowSheet)
    if sheet.flow != path.stem:
        raise FlowError(f"flow “{sheet.flow}” must live in {sheet.flow}.yaml", where=document.where("flow"))
    for name in sheet.steps:
        if not _NAME.fullmatch(name):
            where = document.where("steps", name)
            raise FlowError(f"“{name}” is no name for a step: expected letters such as ask_time", where=where)
    house = _House(document, sheet, profile)
    steps = MappingProxyType({name: house.step(name) for name in sheet.steps})
    lines = MappingProxyType(document.lines)
    return Flow(sheet.flow, sheet.about, sheet.start, sheet.exits, steps, path, lines, profile)


def read_flows(folders: Folders, profile: str = DEFAULT_PROFILE) -> FlowBook:
    """Read every `*.yaml` of a folder, or of folders over one another, in the way of one profile.

    FlowError for an empty folder, a profile that is not there, or the first bad file.
    """
    paths = layered(folders, "*.yaml").values()
    if not paths:
        raise FlowError("no flows here: expected files such as reception.yaml", where=shown(folders))
    chosen = read_profile(folders, profile)
    return MappingProxyType({flow.name: flow for flow in (read_flow(path, chosen) for path in paths)})


class _House:
    """One flow's document with its profile: makes the steps."""

    def __init__(self, document: Document, sheet: FlowSheet, profile: Profile | None) -> None:
        self._document = document
        self._sheet = sheet
        self._profile = profile

    def step(self, name: str) -> Step:
        verb = self._verb(name)
        line = self._document.lines["steps", name]
        match validate(self._document, VERBS[verb], ("steps", name)):
            case AskSheet() as sheet:
                return self._ask(name, sheet, line)
            case SaySheet() as sheet:
                return Say(sheet.say, sheet.then, line, barge_in=sheet.barge_in == "on")
            case RecordSheet() as sheet:
                return Record(
                    record=sheet.record,
                    save_as=sheet.save_as,
                    wait=sheet.wait,
                    pause=sheet.pause,
                    longest=sheet.longest,
                    on_hang_up=sheet.on_hang_up or "",
                    then=MappingProxyType(sheet.then),
                    line=line,
                )
            case DoSheet() as sheet:
                return Do(sheet.do, MappingProxyType(sheet.then), line)
            case CallSheet() as sheet:
                return CallFlow(sheet.call, MappingProxyType(sheet.then), line)
            case FinishSheet() as sheet:
                pauses = self._profile.pauses if self._profile else {}
                return Finish(sheet.finish, sheet.say or (), pauses.get(self._sheet.flow, sheet.wait), line)
            case other:
                raise TypeError(other)

    def _verb(self, name: str) -> str:
        data, document = self._document.data["steps"][name], self._document
        verbs = [verb for verb in VERBS if isinstance(data, dict) and verb in data]
        # a closing step may speak before it finishes
        if "finish" in verbs:
            verbs = ["finish"]
        if len(verbs) > 1:
            where = document.where("steps", name, verbs[1])
            raise FlowError(f"step “{name}” has the verbs {' and '.join(verbs)}: it needs one of them", where=where)
        if not verbs:
            close = [verb for word in data for verb in difflib.get_close_matches(word, VERBS, 1)] if data else []
            hint = f"; did you mean “{close[0]}”?" if close else ""
            raise FlowError(
                f"step “{name}” needs one verb of {', '.join(VERBS)}{hint}", where=document.where("steps", name)
            )
        return verbs[0]

    def _ask(self, name: str, sheet: AskSheet, line: int) -> Ask:
        sheets = self._sheets(name, sheet)
        return Ask(
            ask=sheet.ask,
            listen_for=sheet.listen_for,
            save_as=sheet.save_as,
            help=sheet.help,
            unless_known=sheet.unless_known,
            choices=MappingProxyType(sheet.choices),
            on_cancel=_first(sheets, "on_cancel", ""),
            ladder=_ladder(sheets, sheet),
            barge_in=_first(sheets, "barge_in", "on") == "on",
            then=MappingProxyType(sheet.then),
            line=line,
        )

    def _sheets(self, name: str, own: AskSheet) -> tuple[QuestionSheet, ...]:
        """Where a question's setting is looked for, the strongest first."""
        profile = self._profile
        stronger = tuple(sheet for _, sheet in profile.own(self._sheet.flow, name)) if profile else ()
        weaker = (profile.every_question,) if profile else ()
        return (*stronger, own, self._sheet.every_question, *weaker)


def _first(sheets: tuple[QuestionSheet, ...], name: str, fallback: Any) -> Any:  # noqa: ANN401 - fields of several types
    return next((getattr(sheet, name) for sheet in sheets if getattr(sheet, name) is not None), fallback)


def _ending(sheets: tuple[QuestionSheet, ...], name: str) -> str | None:
    found = (getattr(sheet, name) or sheet.after_any for sheet in sheets)
    return next((target for target in found if target), None)


def _ladder(sheets: tuple[QuestionSheet, ...], own: AskSheet) -> Ladder:
    unclear = _ending(sheets, ENDINGS["unclear"]) or ""
    endings = {failure: _ending(sheets, name) or unclear for failure, name in ENDINGS.items()}
    endings |= {"refused": own.after_refused or "", NO_WORDS: own.after_no_words or ""}
    rungs = {failure: _first(sheets, name, ()) for failure, name in LADDERS.items()}
    return Ladder(
        wait=_first(sheets, "wait", 5.0),
        tries=_first(sheets, "tries", 3),
        refusals=_first(sheets, "refusals", 2),
        rungs=MappingProxyType({**rungs, NO_WORDS: own.if_no_words or ()}),
        endings=MappingProxyType(endings),
    )
