"""Scenario files: a caller, what it says to which question, what must come of the call. Documentation, too."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ivr.bench.surroundings import NoiseKind
from ivr.bench.voices import RecordedVoice
from ivr.desk.directory import Guest, registered
from ivr.dialogue.document import Document, load, validate
from ivr.dialogue.flow import FlowBook, Seconds
from ivr.dialogue.house import near
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompts import Catalogue
from ivr.errors import AudioError, FlowError, VoiceError
from ivr.hours import Week, week
from ivr.records import Language, MessageKind
from ivr.speech.tts import Voice

KEYS = re.compile(r"[0-9*#]+")
_LEVEL = re.compile(r"(-\d{1,2}(?:\.\d)?) ?dBFS", re.ASCII)
_ECHO = re.compile(r"(-\d{1,2}) ?dB", re.ASCII)
_SHARE = re.compile(r"(\d{1,2}) ?%", re.ASCII)


def _measured(pattern: re.Pattern[str], example: str, unit: float = 1.0) -> BeforeValidator:
    """A number with its unit, as it is written by people."""

    def cast(value: Any) -> Any:  # noqa: ANN401 - a pydantic validator sees anything
        match = pattern.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError(f"must be written like {example}, not “{value}”")
        return float(match[1]) * unit

    return BeforeValidator(cast)


Level = Annotated[float, _measured(_LEVEL, "-47 dBFS")]
Echo = Annotated[float, _measured(_ECHO, "-20 dB")]
Share = Annotated[float, _measured(_SHARE, "15 %", 0.01)]


Tone = Literal["dial", "busy", "ringback", "fax_cng", "fax_ced"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Noise(_Strict):
    """A noise on the line; `none` ends it."""

    kind: NoiseKind | Literal["none"]
    level: Level = -30.0


class Reply(_Strict):
    """What the caller does after a prompt; one of `say`, `wav`, `keys`, `key_sounds`, `tone`, `silent`, `hang_up`."""

    say: str | None = None
    """words, spoken by the caller's voice"""
    wav: str | None = None
    """a sound file from the folder of recordings, for what is no speech"""
    keys: Annotated[str | None, Field(pattern=KEYS.pattern)] = None
    tone: Tone | None = None
    """a machine's tone, for eight seconds"""
    key_sounds: Annotated[str | None, Field(pattern=KEYS.pattern)] = None
    """keys as they sound on a line that carries nothing else of them"""
    silent: Literal["yes"] | None = None
    hang_up: Literal["yes"] | None = None
    after: Seconds = 0.5
    """after the prompt's end"""
    during: Seconds | None = None
    """instead: after the prompt's beginning"""
    then_hang_up: Seconds | None = None
    """hang up so long after beginning to speak"""
    then_tone: Tone | None = None
    """a machine's tone, a second after what was said: the caller is gone, the exchange tells"""
    level: Level | None = None
    """active level of what is said; the caller's own without it"""
    noise: Noise | None = None
    """the line's noise from this prompt's beginning on"""
    gaps: Share | None = None
    """share of the packets that get lost, from this prompt's beginning on"""
    if_: Annotated[dict[str, str], Field(alias="if")] = {}
    """only when our read-back holds these values; else the next reply is tried"""

    @model_validator(mode="after")
    def _one_deed(self) -> Reply:
        deeds = [self.say, self.wav, self.keys, self.key_sounds, self.tone, self.silent, self.hang_up]
        if sum(deed is not None for deed in deeds) != 1:
            raise ValueError("needs one of say, wav, keys, key_sounds, tone, silent, hang_up")
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
    voices: tuple[str, ...] = ()
    """instead: several, each of which makes the call; the first where one is enough"""
    language: Language = "zh"
    level: Level | None = None
    """active level of the voice; as it was rendered or recorded without it"""
    noise: Noise | None = None
    """on the line from the beginning"""
    gaps: Share = 0.0
    """share of the packets that get lost"""
    extension: str = ""
    """the telephone of the house that calls"""
    number: str = ""
    """instead: the outside number that calls; unknown without either"""
    echo: Echo | None = None
    """how far under it our own voice comes back to us"""

    @model_validator(mode="after")
    def _one_telephone(self) -> Caller:
        if self.extension and self.number:
            raise ValueError("has one telephone: an extension of the house, or an outside number")
        return self

    @model_validator(mode="after")
    def _one_or_several(self) -> Caller:
        if self.voice and self.voices:
            raise ValueError("has voice or voices, not both")
        if len(set(self.voices)) < len(self.voices):
            raise ValueError("names a voice twice")
        return self

    @property
    def everyone(self) -> tuple[str, ...]:
        """The voices that make the call."""
        return self.voices or ((self.voice,) if self.voice else ())


class ExpectedBooking(_Strict):
    """A wake-up call that must be in the database afterwards."""

    room: str
    day: date
    time: time
    language: Language | None = None


class ExpectedMessage(_Strict):
    """A message that must be in the database afterwards, and playable."""

    kind: MessageKind
    addressee: str
    caller: Literal["yes", "no"] = "no"
    """whether who called was recorded, too"""
    phone: str | None = None
    """the number to call back; not compared without it"""


class Expected(_Strict):
    """What must come of the call."""

    outcome: str
    ending: str
    language: Language | None = None
    flags: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    """the line's outcomes that were told, in order: too_quiet, noisy, tone …; empty: not stated"""
    states: tuple[str, ...] = ()
    """the steps that were spoken or asked, in order; empty: not stated"""
    prompts: tuple[str, ...] = ()
    """the keys of all that was said, in order; empty: not stated"""
    says: tuple[str, ...] = ()
    """words that we say, each in some prompt"""
    never_says: tuple[str, ...] = ()
    """words that no prompt may hold"""
    stopped: tuple[str, ...] | None = None
    """what stopped prompts, in order: voice, keys, tone; None: not stated"""
    bookings: tuple[ExpectedBooking, ...] = ()
    """made in this call"""
    standing: tuple[ExpectedBooking, ...] | None = None
    """all that stand after the call; None: not stated"""
    messages: tuple[ExpectedMessage, ...] = ()
    recording: Literal["yes", "no"] = "no"
    """whether both sides are kept after the call"""


class Booked(_Strict):
    """A wake-up call that is there before the call."""

    room: str
    day: date
    time: time


class Registered(_Strict):
    """A guest of the house's register, as its columns have it."""

    room: str
    name_zh: str = ""
    name_en: str = ""
    title: str = ""
    language: str = ""
    arrival: str = ""
    departure: str = ""

    @model_validator(mode="after")
    def _guest(self) -> Registered:
        self.guest  # noqa: B018 - it is tried
        return self

    @property
    def guest(self) -> Guest:
        """As the desk knows the guest."""
        return registered(self.model_dump())


class Scenario(_Strict):
    """One scripted call."""

    scenario: str
    about: str
    at: datetime
    """local time of the house when the telephone rings"""
    profile: str = ""
    """the house's way of answering; the site's own without it"""
    greet: Language | None = None
    """the language in which the house greets first; the site's own without it"""
    recorded: Literal["yes", "no"] = "no"
    """whether the house keeps both sides of its calls"""
    hours: Annotated[Week | None, BeforeValidator(week)] = None
    """when people are at the switchboard; the site's own without it"""
    register_: Annotated[tuple[Registered, ...] | None, Field(alias="register")] = None
    """the guests of the house; the site's own register without it"""
    caller: Caller = Caller()
    before: tuple[Booked, ...] = ()
    answers: dict[str, Replies] = {}
    """state (`flow/step`) or prompt key → what the caller does, a reply for each time it is asked; the last goes on"""
    expect: Expected


@dataclass(frozen=True)
class Stage:
    """What a scenario may lean on."""

    voices: Mapping[str, Voice]
    """callers' voices by name"""
    places: frozenset[str]
    """states and prompt keys that may be answered"""
    endings: frozenset[str]
    """exits, and states at which a caller may hang up"""
    profiles: tuple[str, ...]
    recordings: Path


def stage(flows: FlowBook, catalogue: Catalogue, voices: Mapping[str, Voice], recordings: Path) -> Stage:
    """The stage that a house gives its scenarios."""
    states = {f"{flow.name}/{step}" for flow in flows.values() for step in flow.steps}
    exits = {exit_ for flow in flows.values() for exit_ in flow.exits}
    ways = profiles(tuple({flow.path.parent: None for flow in flows.values()}))
    prompts = {key for prompts in catalogue.prompts.values() for key in prompts}
    return Stage(voices, frozenset(states | prompts), frozenset(states | exits), ways, recordings)


def read_scenario(path: Path, on: Stage) -> Scenario:
    """Read one scenario; FlowError names file:line and what was expected."""
    document = load(path)
    scenario = validate(document, Scenario)
    if scenario.scenario != path.stem:
        raise FlowError(f"scenario “{scenario.scenario}” must live in {scenario.scenario}.yaml", where=document.where())
    speaks = [state for state, replies in scenario.answers.items() if any(reply.say for reply in replies)]
    if speaks and not scenario.caller.everyone:
        raise FlowError("the caller speaks, so it needs a voice", where=document.where("answers", speaks[0]))
    if scenario.profile and scenario.profile not in on.profiles:
        message = f"no profile “{scenario.profile}”{near(scenario.profile, on.profiles)}"
        raise FlowError(message, where=document.where("profile"))
    _check_caller(document, scenario, on)
    for place, replies in scenario.answers.items():
        if place not in on.places:
            raise FlowError(
                f"“{place}” is no state or prompt{near(place, on.places)}", where=document.where("answers", place)
            )
        for reply in replies:
            _check_reply(document, scenario, place, reply, on)
    if scenario.expect.ending not in on.endings:
        message = f"no call ends in “{scenario.expect.ending}”{near(scenario.expect.ending, on.endings)}"
        raise FlowError(message, where=document.where("expect", "ending"))
    return scenario


def cast(scenario: Scenario) -> tuple[Scenario, ...]:
    """The scenario once for each voice that it lists, as `name[voice]`; itself where it lists none."""
    if not scenario.caller.voices:
        return (scenario,)
    return tuple(_spoken_by(scenario, voice) for voice in scenario.caller.voices)


def _spoken_by(scenario: Scenario, voice: str) -> Scenario:
    caller = scenario.caller.model_copy(update={"voice": voice, "voices": ()})
    return scenario.model_copy(update={"scenario": f"{scenario.scenario}[{voice}]", "caller": caller})


def _check_caller(document: Document, scenario: Scenario, on: Stage) -> None:
    for name in scenario.caller.everyone:
        if name not in on.voices:
            message = f"no voice “{name}”; there is {', '.join(sorted(on.voices))}"
            raise FlowError(message, where=document.where("caller", "voice"))


def _check_reply(document: Document, scenario: Scenario, place: str, reply: Reply, on: Stage) -> None:
    where = document.where("answers", place)
    if reply.wav and not (on.recordings / reply.wav).is_file():
        raise FlowError(f"no recording {on.recordings / reply.wav}", where=where)
    voices = [voice for name in scenario.caller.everyone if isinstance(voice := on.voices.get(name), RecordedVoice)]
    for voice in voices if reply.say else ():
        try:
            voice.render(reply.say or "", scenario.caller.language)
        except (VoiceError, AudioError) as error:
            raise FlowError(str(error), where=where) from error


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
