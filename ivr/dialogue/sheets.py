"""What a flow or profile file may hold, as pydantic schemas: every scalar is text and is cast here (design rule 10)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?) ?(s|ms)", re.ASCII)


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
OnOff = Literal["on", "off"]
Keys = Annotated[tuple[str, ...], BeforeValidator(_keys), Field(min_length=1)]


class Strict(BaseModel):
    """A mapping in which every word must be known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class QuestionSheet(Strict):
    """What a question, a flow, or a profile may say of asking; None: left to the next weaker one."""

    wait: Seconds | None = None
    tries: Annotated[int, Field(ge=1, le=9)] | None = None
    refusals: Annotated[int, Field(ge=1, le=9)] | None = None
    if_silent: tuple[Keys, ...] | None = None
    if_unanswered: tuple[Keys, ...] | None = None
    if_too_quiet: tuple[Keys, ...] | None = None
    if_noisy: tuple[Keys, ...] | None = None
    if_choppy: tuple[Keys, ...] | None = None
    if_tone: tuple[Keys, ...] | None = None
    if_unclear: tuple[Keys, ...] | None = None
    after_silent: str | None = None
    after_unanswered: str | None = None
    after_too_quiet: str | None = None
    after_noisy: str | None = None
    after_choppy: str | None = None
    after_tone: str | None = None
    after_unclear: str | None = None
    after_any: str | None = None
    """every ending that this sheet does not name"""
    on_cancel: str | None = None
    barge_in: OnOff | None = None


class AskSheet(QuestionSheet):
    """A step that asks."""

    ask: Keys
    listen_for: str
    save_as: str | None = None
    help: str | None = None
    unless_known: str | None = None
    choices: dict[str, str] = {}
    after_refused: str | None = None
    if_no_words: tuple[Keys, ...] | None = None
    after_no_words: str | None = None
    then: dict[str, str]


class SaySheet(Strict):
    """A step that only says something."""

    say: Keys
    barge_in: OnOff = "off"
    then: str


class RecordSheet(Strict):
    """A step that records what the caller says."""

    record: Keys
    save_as: str
    wait: Seconds = 5.0
    pause: Seconds = 3.0
    longest: Seconds = 120.0
    on_hang_up: str | None = None
    then: dict[str, str]


class DoSheet(Strict):
    """A step in which the house does something."""

    do: str
    then: dict[str, str]


class CallSheet(Strict):
    """A step that runs another flow."""

    call: str
    then: dict[str, str]


class FinishSheet(Strict):
    """A step that leaves the flow."""

    finish: str
    say: Keys | None = None
    wait: Seconds = 0.0


class FlowSheet(Strict):
    """A flow file."""

    flow: str
    about: str
    start: str
    exits: tuple[str, ...]
    every_question: QuestionSheet = QuestionSheet()
    steps: dict[str, Any]


VERBS: Mapping[str, type[AskSheet | SaySheet | RecordSheet | DoSheet | CallSheet | FinishSheet]] = MappingProxyType(
    {
        "ask": AskSheet,
        "say": SaySheet,
        "record": RecordSheet,
        "do": DoSheet,
        "call": CallSheet,
        "finish": FinishSheet,
    }
)


class ProfileSheet(Strict):
    """A profile file."""

    profile: str
    about: str
    speed: Annotated[int, Field(ge=100, le=220)]
    every_question: QuestionSheet = QuestionSheet()
    questions: dict[str, QuestionSheet] = {}
    pauses: dict[str, Seconds] = {}
