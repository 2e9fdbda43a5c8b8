"""Scenario files: a caller, what it says to which question, what must come of the call. Documentation, too."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.dialogue.document import load, validate
from ivr.dialogue.flow import Seconds
from ivr.errors import FlowError
from ivr.records import Language

KEYS = re.compile(r"[0-9*#]+")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reply(_Strict):
    """What the caller does after a prompt; one of `say`, `wav`, `keys`, `silent`, `hang_up`."""

    say: str | None = None
    """words, spoken by the caller's voice"""
    wav: str | None = None
    """a sound file from the folder of recordings, for what is no speech"""
    keys: Annotated[str | None, Field(pattern=KEYS.pattern)] = None
    silent: Literal["yes"] | None = None
    hang_up: Literal["yes"] | None = None
    after: Seconds = 0.5
    """after the prompt's end"""
    during: Seconds | None = None
    """instead: after the prompt's beginning; for keys and for hanging up"""
    if_: Annotated[dict[str, str], Field(alias="if")] = {}
    """only when our read-back holds these values; else the next reply is tried"""

    @model_validator(mode="after")
    def _one_deed(self) -> Reply:
        deeds = [self.say, self.wav, self.keys, self.silent, self.hang_up]
        if sum(deed is not None for deed in deeds) != 1:
            raise ValueError("needs one of say, wav, keys, silent, hang_up")
        return self


def _replies(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
    """One reply, a list of them, or plain words."""
    if isinstance(value, str):
        return ({"say": value},)
    if isinstance(value, dict):
        return (value,)
    if isinstance(value, list):
        return tuple({"say": item} if isinstance(item, str) else item for item in value)
    return value


Replies = Annotated[tuple[Reply, ...], BeforeValidator(_replies), Field(min_length=1)]


class Caller(_Strict):
    """Who calls."""

    voice: str = ""
    """a caller voice, synthetic or recorded; not needed by a caller who only presses keys or is silent"""
    language: Language = "zh"


class ExpectedBooking(_Strict):
    """A wake-up call that must be in the database afterwards."""

    room: str
    day: date
    time: time
    language: Language | None = None


class Expected(_Strict):
    """What must come of the call."""

    outcome: str
    ending: str
    language: Language | None = None
    flags: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    """the steps that were spoken or asked, in order; empty: not stated"""
    bookings: tuple[ExpectedBooking, ...] = ()


class Booked(_Strict):
    """A wake-up call that is there before the call."""

    room: str
    day: date
    time: time


class Scenario(_Strict):
    """One scripted call."""

    scenario: str
    about: str
    at: datetime
    """local time of the house when the telephone rings"""
    caller: Caller = Caller()
    before: tuple[Booked, ...] = ()
    answers: dict[str, Replies] = {}
    """state (`flow/step`) or prompt key → what the caller does, a reply for each time it is asked; the last goes on"""
    expect: Expected


def read_scenario(path: Path, voices: Collection[str]) -> Scenario:
    """Read one scenario whose caller has one of `voices`; FlowError names file:line and what was expected."""
    document = load(path)
    scenario = validate(document, Scenario)
    if scenario.scenario != path.stem:
        raise FlowError(f"scenario “{scenario.scenario}” must live in {scenario.scenario}.yaml", where=document.where())
    speaks = [state for state, replies in scenario.answers.items() if any(reply.say for reply in replies)]
    if speaks and not scenario.caller.voice:
        raise FlowError("the caller speaks, so it needs a voice", where=document.where("answers", speaks[0]))
    if scenario.caller.voice and scenario.caller.voice not in voices:
        message = f"no voice “{scenario.caller.voice}”; there is {', '.join(sorted(voices))}"
        raise FlowError(message, where=document.where("caller", "voice"))
    return scenario


def find_scenarios(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    """The files named, and all `*.yaml` of the folders named; FlowError when one is not there or nothing is found."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(path.glob("*.yaml"))
        elif path.is_file():
            found.append(path)
        else:
            raise FlowError("no such scenario file or folder", where=path)
    if not found:
        raise FlowError("no scenarios here: expected files such as zh_booking_by_voice.yaml", where=paths[0])
    return tuple(dict.fromkeys(found))
