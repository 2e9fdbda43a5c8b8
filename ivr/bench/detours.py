"""Detours: calls that go as a scenario says up to one question, and there fail in each way that a caller can.

So every ladder, every universal and every hanging-up is heard at every question, in both languages, without files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from ivr.bench.coverage import Way, ways
from ivr.bench.report import Report
from ivr.bench.scenario import Reply, Scenario
from ivr.dialogue.document import load, validate
from ivr.dialogue.flow import AFTER_NO_WORDS, ENDINGS, LADDERS, Ask, FlowBook, Record, Say
from ivr.dialogue.understand.universal import CANCEL, PHRASES, UNIVERSALS, HouseWords
from ivr.records import LANGUAGES, HearingKind, Language

GONE: Mapping[str, Any] = MappingProxyType({"hang_up": "yes", "after": "1s"})
LOUD: Mapping[str, Any] = MappingProxyType({"level": "-20 dBFS"})
"""as callers are heard, also where the call began too softly"""

_REPLIES = TypeAdapter(tuple[Reply, ...])


class Words(BaseModel):
    """What a caller of one language says on detours."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    voice: str
    answer: str
    """would be one, were it heard well"""
    talk: str
    """longer than any question's wait, and to somebody else"""
    broken: str
    """long enough for its gaps to be told"""
    nonsense: str
    """no answer to any question"""
    no: str
    wishes: Mapping[str, str] = {}
    """universal → a phrase for it; filled from the house's words"""


class _Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    zh: Words
    en: Words


@dataclass(frozen=True)
class Detour:
    """A call that is led astray, and the transitions that it must take there."""

    scenario: Scenario
    ways: tuple[Way, ...]

    def missed(self, report: Report) -> tuple[Way, ...]:
        """The transitions that the call did not take from audio."""
        taken = {(each.state, each.outcome) for each in report.passages if each.means != "keys"}
        return tuple(way for way in self.ways if way not in taken)


def read_words(path: Path, house: HouseWords) -> Mapping[Language, Words]:
    """What callers say, by language, and the words for what is heard everywhere; FlowError with file:line."""
    sheet = validate(load(path), _Sheet)
    return MappingProxyType({"zh": _wishing(sheet.zh, "zh", house), "en": _wishing(sheet.en, "en", house)})


def _wishing(words: Words, language: Language, house: HouseWords) -> Words:
    phrases = {**house.get(language, {}), **PHRASES[language]}
    return words.model_copy(update={"wishes": {wish: phrases[wish][0] for wish in UNIVERSALS if wish in phrases}})


def detours(
    flows: FlowBook, scenarios: Iterable[Scenario], reports: Iterable[Report], words: Mapping[Language, Words]
) -> tuple[Detour, ...]:
    """Every detour that starts from a scenario that ended as stated, at the state that it reaches soonest."""
    known = frozenset(ways(flows))
    by_name = {scenario.scenario: scenario for scenario in scenarios}
    soonest = _soonest(by_name, [report for report in reports if report.passed])
    return tuple(
        detour
        for language in LANGUAGES
        for state in (f"{flow.name}/{name}" for flow in flows.values() for name in flow.steps)
        if (base := soonest.get((state, language))) is not None
        for detour in _astray(flows, base, state, words[language], known)
    )


def on_detours(outcome: str) -> bool:
    """Whether detours take this outcome wherever a step has it, so that no scenario has to."""
    gone = HearingKind.HUNG_UP.value
    return outcome in {*LADDERS, *ENDINGS.values(), AFTER_NO_WORDS, *UNIVERSALS, gone}


def _soonest(scenarios: Mapping[str, Scenario], reports: list[Report]) -> dict[tuple[str, Language], Scenario]:
    """By state and language: the scenario that is there after the fewest steps."""
    found: dict[tuple[str, Language], tuple[int, str]] = {}
    for report in reports:
        scenario = scenarios[report.scenario]
        if (
            scenario.profile
            or scenario.caller.noise
            or scenario.caller.gaps
            or scenario.caller.echo
            or _tones(scenario)
        ):
            continue
        arrived: dict[tuple[str, Language], tuple[int, str]] = {}
        for number, each in enumerate(report.passages):
            # prompts may be answered by their own key, before the state: those answers would go on
            if each.language == scenario.caller.language and not _by_prompt(scenario):
                arrived.setdefault((each.state, each.language), (number, report.scenario))
        for place, way in arrived.items():
            found[place] = min(found.get(place, way), way)
    return {place: scenarios[name] for place, (_, name) in found.items()}


def _tones(scenario: Scenario) -> bool:
    """Whether a machine's tone goes on, whatever is said after it."""
    return any(reply.tone or reply.then_tone for replies in scenario.answers.values() for reply in replies)


def _by_prompt(scenario: Scenario) -> bool:
    return any("/" not in place for place in scenario.answers)


def _astray(flows: FlowBook, base: Scenario, state: str, words: Words, known: frozenset[Way]) -> Iterator[Detour]:
    flow, name = state.split("/")
    step = flows[flow].steps[name]
    if isinstance(step, Say | Record):
        leave = {"hang_up": "yes", "during": "0.3s"}
        yield _detour(base, state, "hang_up", (leave,), words, ((state, HearingKind.HUNG_UP.value),))
    if not isinstance(step, Ask):
        return
    for failure, reply in _failures(words).items():
        # nothing is made out of nonsense (S13)
        strange = failure == "unclear" and (state, AFTER_NO_WORDS) in known
        ending = AFTER_NO_WORDS if strange else ENDINGS[failure]
        expected = tuple(way for way in ((state, failure), (state, ending)) if way in known)
        start = _softly(base) if failure == HearingKind.TOO_QUIET else base
        # who talks to others goes on for half a minute, and is not to be doubled when the question comes again
        more = ({"silent": "yes"},) if failure == HearingKind.UNANSWERED else ()
        yield _detour(start, state, failure, (reply, *more), words, expected)
    for universal in UNIVERSALS:
        if (state, universal) in known:
            replies = ({**LOUD, "say": words.wishes[universal]}, *(() if universal == CANCEL else (GONE,)))
            yield _detour(base, state, universal, replies, words, ((state, universal),))


def _softly(base: Scenario) -> Scenario:
    """The call with a voice so soft that one 11 dB softer is still the caller's, and nobody's in the room (S5)."""
    return base.model_copy(update={"caller": base.caller.model_copy(update={"level": base.caller.level or -38.0})})


def _failures(words: Words) -> dict[str, Mapping[str, Any]]:
    """How each rung is climbed; levels are those of tests/calls/lines."""
    return {
        HearingKind.SILENT.value: {"silent": "yes"},
        HearingKind.UNANSWERED.value: {**LOUD, "say": words.talk},
        HearingKind.TOO_QUIET.value: {"say": words.answer, "level": "-49 dBFS"},
        HearingKind.NOISY.value: {**LOUD, "say": words.answer, "noise": {"kind": "pink", "level": "-12 dBFS"}},
        HearingKind.CHOPPY.value: {**LOUD, "say": words.broken, "gaps": "20 %"},
        HearingKind.TONE.value: {"tone": "busy"},
        "unclear": {**LOUD, "say": words.nonsense},
    }


def _detour(  # noqa: PLR0913, PLR0917 - a place and what is done there
    base: Scenario,
    state: str,
    deed: str,
    replies: tuple[Mapping[str, Any], ...],
    words: Words,
    expected: tuple[Way, ...],
) -> Detour:
    answers = {
        "emergency/really": _REPLIES.validate_python(({"say": words.no},)),
        "complaint.sorry": _REPLIES.validate_python(({"hang_up": "yes", "during": "0.5s"},)),
        **base.answers,
        state: _REPLIES.validate_python(replies),
    }
    caller = base.caller.model_copy(update={"voice": (*base.caller.everyone, words.voice)[0], "voices": ()})
    name = f"{base.scenario}~{state.replace('/', '.')}~{deed}"
    return Detour(base.model_copy(update={"scenario": name, "answers": answers, "caller": caller}), expected)
