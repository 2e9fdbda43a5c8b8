"""Flows: the dialogues as dataclasses, read from YAML that a hotel's IT person writes (design.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ivr.dialogue.document import Document, load, validate
from ivr.errors import FlowError
from ivr.records import HearingKind

QUESTION = "question"
"""in a rung's list: the step's own question, asked again"""

LADDERS: Mapping[str, str] = MappingProxyType(
    {
        HearingKind.SILENT: "if_silent",
        HearingKind.UNANSWERED: "if_unanswered",
        HearingKind.TOO_QUIET: "if_too_quiet",
        HearingKind.NOISY: "if_noisy",
        HearingKind.TONE: "if_tone",
        "unclear": "if_unclear",
    }
)
"""failure of a try → the setting that holds its rungs (S4…S8)"""

ENDINGS: Mapping[str, str] = MappingProxyType({failure: f"after_{failure}" for failure in LADDERS})
"""failure of the last try → the trigger that leaves the question"""

AFTER_REFUSED = "after_refused"


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
    """failure → one tuple of prompt keys per rung"""
    endings: Mapping[str, str]
    """failure, or `refused` → step or flow"""


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


@dataclass(frozen=True)
class Say:
    """Say something and go on."""

    say: tuple[str, ...]
    then: str
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


Step = Ask | Say | Do | CallFlow | Finish


@dataclass(frozen=True)
class Flow:
    """One dialogue with its steps."""

    name: str
    about: str
    start: str
    exits: tuple[str, ...]
    steps: Mapping[str, Step]
    path: Path

    def where(self, step: str) -> str:
        return f"{self.path}:{self.steps[step].line}"


FlowBook = Mapping[str, Flow]


def _seconds(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    if isinstance(value, str) and value.endswith("ms"):
        return float(value[:-2]) / 1000
    if isinstance(value, str) and value.endswith("s"):
        return float(value[:-1])
    raise ValueError(f"must be a time such as 5s or 800ms, not {value!r}")


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
    after_refused: str | None = None
    on_cancel: str | None = None


class _Ask(_Question):
    ask: Keys
    listen_for: str
    save_as: str | None = None
    help: str | None = None
    unless_known: str | None = None
    choices: dict[str, str] = {}
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
    steps = {name: _read_step(document, name, sheet.every_question) for name in sheet.steps}
    return Flow(sheet.flow, sheet.about, sheet.start, sheet.exits, MappingProxyType(steps), path)


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
    if len(verbs) != 1:
        raise FlowError(f"step “{name}” needs one verb of {', '.join(_VERBS)}", where=document.where(*place))
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


def _ladder(own: _Question, defaults: _Question) -> Ladder:
    def setting(name: str, fallback: Any) -> Any:  # noqa: ANN401 - fields of several types
        for sheet in (own, defaults):
            value = getattr(sheet, name)
            if value is not None:
                return value
        return fallback

    unclear = setting("after_unclear", "")
    endings = {failure: setting(ending, unclear) for failure, ending in ENDINGS.items()}
    endings["refused"] = setting(AFTER_REFUSED, unclear)
    return Ladder(
        wait=setting("wait", 5.0),
        tries=setting("tries", 3),
        refusals=setting("refusals", 2),
        rungs=MappingProxyType({failure: setting(name, ()) for failure, name in LADDERS.items()}),
        endings=MappingProxyType(endings),
    )
