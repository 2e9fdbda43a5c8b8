"""Flows: the dialogues as dataclasses, read from YAML that a hotel's IT person writes (design.md)."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.dialogue.document import Document, load, validate
from ivr.dialogue.steps import (
    AFTER_REFUSED,
    ENDINGS,
    LADDERS,
    QUESTION,
    Ask,
    CallFlow,
    Do,
    Finish,
    Flow,
    FlowBook,
    Ladder,
    Say,
    Step,
)
from ivr.errors import FlowError

__all__ = [
    "AFTER_REFUSED",
    "ENDINGS",
    "LADDERS",
    "QUESTION",
    "Ask",
    "CallFlow",
    "Do",
    "Finish",
    "Flow",
    "FlowBook",
    "Ladder",
    "Say",
    "Seconds",
    "Step",
    "read_flow",
    "read_flows",
]

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(s|ms)", re.ASCII)
_NAME = re.compile(r"[a-z][a-z0-9_]*", re.ASCII)


def _seconds(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"must be a time such as 5s or 800ms, not “{value}”")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _keys(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    """`a + b` or a list: several prompts said as one."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split("+"))
    return value


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, le=120)]
Keys = Annotated[tuple[str, ...], BeforeValidator(_keys), Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Question(_Strict):
    wait: Seconds | None = None
    tries: Annotated[int, Field(ge=1, le=9)] | None = None
    refusals: Annotated[int, Field(ge=1, le=9)] | None = None
    if_silent: tuple[Keys, ...] | None = None
    if_unanswered: tuple[Keys, ...] | None = None
    if_too_quiet: tuple[Keys, ...] | None = None
    if_noisy: tuple[Keys, ...] | None = None
    if_tone: tuple[Keys, ...] | None = None
    if_unclear: tuple[Keys, ...] | None = None
    after_silent: str | None = None
    after_unanswered: str | None = None
    after_too_quiet: str | None = None
    after_noisy: str | None = None
    after_tone: str | None = None
    after_unclear: str | None = None
    on_cancel: str | None = None


class _Ask(_Question):
    ask: Keys
    listen_for: str
    save_as: str | None = None
    help: str | None = None
    unless_known: str | None = None
    choices: dict[str, str] = {}
    after_refused: str | None = None
    then: dict[str, str]


class _Say(_Strict):
    say: Keys
    then: str


class _Do(_Strict):
    do: str
    then: dict[str, str]


class _Call(_Strict):
    call: str
    then: dict[str, str]


class _Finish(_Strict):
    finish: str
    say: Keys | None = None
    wait: Seconds = 0.0


class _Flow(_Strict):
    flow: str
    about: str
    start: str
    exits: tuple[str, ...]
    every_question: _Question = _Question()
    steps: dict[str, Any]


_VERBS: Mapping[str, type[_Ask | _Say | _Do | _Call | _Finish]] = MappingProxyType(
    {"ask": _Ask, "say": _Say, "do": _Do, "call": _Call, "finish": _Finish}
)


def read_flow(path: Path) -> Flow:
    """Read one flow; FlowError names file:line and what was expected."""
    document = load(path)
    sheet = validate(document, _Flow)
    if sheet.flow != path.stem:
        raise FlowError(f"flow “{sheet.flow}” must live in {sheet.flow}.yaml", where=document.where("flow"))
    for name in sheet.steps:
        if not _NAME.fullmatch(name):
            where = document.where("steps", name)
            raise FlowError(f"“{name}” is no name for a step: expected letters such as ask_time", where=where)
    steps = {name: _read_step(document, name, sheet.every_question) for name in sheet.steps}
    lines = MappingProxyType(document.lines)
    return Flow(sheet.flow, sheet.about, sheet.start, sheet.exits, MappingProxyType(steps), path, lines)


def read_flows(folder: Path) -> FlowBook:
    """Read every `*.yaml` of a folder; FlowError for an empty folder or the first bad file."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise FlowError("no flows here: expected files such as reception.yaml", where=folder)
    return MappingProxyType({flow.name: flow for flow in map(read_flow, paths)})


def _read_step(document: Document, name: str, defaults: _Question) -> Step:
    place = ("steps", name)
    data = document.data["steps"][name]
    verbs = [verb for verb in _VERBS if isinstance(data, dict) and verb in data]
    # a closing step may speak before it finishes
    if "finish" in verbs:
        verbs = ["finish"]
    if len(verbs) > 1:
        where = document.where(*place, verbs[1])
        raise FlowError(f"step “{name}” has the verbs {' and '.join(verbs)}: it needs one of them", where=where)
    if not verbs:
        close = [verb for word in data for verb in difflib.get_close_matches(word, _VERBS, 1)] if data else []
        hint = f"; did you mean “{close[0]}”?" if close else ""
        raise FlowError(f"step “{name}” needs one verb of {', '.join(_VERBS)}{hint}", where=document.where(*place))
    line = document.lines[place]
    match validate(document, _VERBS[verbs[0]], place):
        case _Ask() as sheet:
            return Ask(
                ask=sheet.ask,
                listen_for=sheet.listen_for,
                save_as=sheet.save_as,
                help=sheet.help,
                unless_known=sheet.unless_known,
                choices=MappingProxyType(sheet.choices),
                on_cancel=sheet.on_cancel or defaults.on_cancel or "",
                ladder=_ladder(sheet, defaults),
                then=MappingProxyType(sheet.then),
                line=line,
            )
        case _Say() as sheet:
            return Say(sheet.say, sheet.then, line)
        case _Do() as sheet:
            return Do(sheet.do, MappingProxyType(sheet.then), line)
        case _Call() as sheet:
            return CallFlow(sheet.call, MappingProxyType(sheet.then), line)
        case _Finish() as sheet:
            return Finish(sheet.finish, sheet.say or (), sheet.wait, line)
        case other:
            raise TypeError(other)


def _ladder(own: _Ask, defaults: _Question) -> Ladder:
    def setting(name: str, fallback: Any) -> Any:  # noqa: ANN401 - fields of several types
        for sheet in (own, defaults):
            value = getattr(sheet, name)
            if value is not None:
                return value
        return fallback

    unclear = setting("after_unclear", "")
    endings = {failure: setting(ending, unclear) for failure, ending in ENDINGS.items()}
    endings["refused"] = own.after_refused or ""
    return Ladder(
        wait=setting("wait", 5.0),
        tries=setting("tries", 3),
        refusals=setting("refusals", 2),
        rungs=MappingProxyType({failure: setting(name, ()) for failure, name in LADDERS.items()}),
        endings=MappingProxyType(endings),
    )
