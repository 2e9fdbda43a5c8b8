"""The prompts' lint, by their text: house words, both languages complete, nothing missing, nothing unused (S15)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from types import MappingProxyType

from ivr.dialogue.check import EVERYWHERE, FAULT_PROMPT
from ivr.dialogue.check_words import prompts_of
from ivr.dialogue.flow import NO_WORDS, Ask, Finish, FlowBook, Say, read_flows
from ivr.dialogue.house import Problem, near
from ivr.dialogue.house_words import HouseWords, Wording, WordsSheet, read_house_words
from ivr.dialogue.machine import START
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompts import Catalogue, Prompt, base_key, other_variables, read_prompts, untranslated
from ivr.errors import FlowError
from ivr.overlay import Folders
from ivr.records import LANGUAGES, HearingKind, Language

SORRY_FOR = (HearingKind.TOO_QUIET, HearingKind.CHOPPY, "unclear", NO_WORDS)
"""failures whose rungs ask the caller to do it again: an apology goes before (S6, S7, S8)"""

IN_DANGER = "emergency_help"
"""the flow whose last words are numbers to dial at once: no farewell, no thanks (R4)"""

_NAMELESS: Mapping[Language, str] = MappingProxyType({})

_TIMED = re.compile(r"\{[a-z_]+:(?:clock|date|moment)\}|\d")


@dataclass(frozen=True)
class Answering:
    """One profile's flows and words."""

    flows: FlowBook
    catalogue: Catalogue
    names: Mapping[Language, str]
    """the house's, by language"""


def check_prompts(
    flows: Folders, prompts: Folders, profile: str, names: Mapping[Language, str] = _NAMELESS
) -> tuple[Problem, ...]:
    """Every problem of the prompts' text in every profile, `profile` first; by file and line, each once.

    `names`: the house's, which a greeting may have in full instead of as a variable, so that it can be recorded.
    """
    found: dict[Problem, None] = {}
    houses: dict[str, Answering] = {}
    try:
        words = read_house_words(prompts)
    except FlowError as error:
        return (_problem(error),)
    for name in dict.fromkeys((profile, *profiles(flows))):
        try:
            houses[name] = Answering(read_flows(flows, name), read_prompts(prompts, name), names)
        except FlowError as error:
            found[_problem(error)] = None
            continue
        house = houses[name]
        told = (*other_variables(house.catalogue), *untranslated(house.catalogue))
        found |= {Problem(where, message): None for where, message in told}
        found |= dict.fromkeys((*_missing(house), *_worded(house, words), *_repeated(house)))
    found |= dict.fromkeys(_unused(tuple(houses.values())))
    return tuple(sorted(found, key=_by_place))


def _problem(error: FlowError) -> Problem:
    return Problem(error.where or "", str(error).removeprefix(f"{error.where}: "))


def _by_place(problem: Problem) -> tuple[str, int, str]:
    path, _, line = problem.where.rpartition(":")
    return (path, int(line), problem.message) if line.isdigit() else (problem.where, 0, problem.message)


def _missing(house: Answering) -> Iterator[Problem]:
    """Keys that a flow says, or the session itself, and that a language lacks."""
    wanted = dict.fromkeys(EVERYWHERE, "flows")
    for flow in house.flows.values():
        for name, step in flow.steps.items():
            wanted |= {base_key(key): flow.where(name) for key in prompts_of(step) if base_key(key) not in wanted}
    for key, where in wanted.items():
        # a key that only one language lacks is told where the other one has it
        if not any(key in prompts for prompts in house.catalogue.prompts.values()):
            known = house.catalogue.prompts[LANGUAGES[0]]
            yield Problem(where, f"prompt “{key}” is in no language{near(key, known)}")


def _unused(houses: tuple[Answering, ...]) -> Iterator[Problem]:
    """Keys that no flow says in any profile."""
    said = set(EVERYWHERE)
    for house in houses:
        said |= {
            base_key(key) for flow in house.flows.values() for step in flow.steps.values() for key in prompts_of(step)
        }
    for house in houses:
        for prompts in house.catalogue.prompts.values():
            for key, prompt in prompts.items():
                if base_key(key) not in said:
                    yield Problem(prompt.where, f"prompt “{key}” is never said{near(key, said)}")


def _repeated(house: Answering) -> Iterator[Problem]:
    """A caller who was not understood never hears the same sentence word for word (S8)."""
    for flow in house.flows.values():
        for name, step in flow.steps.items():
            rungs = step.ladder.rungs if isinstance(step, Ask) else {}
            for failure, (language, prompts) in product(("unclear", NO_WORDS), house.catalogue.prompts.items()):
                heard: set[str] = set()
                for index, rung in enumerate(rungs.get(failure, ())):
                    said = {prompts[key].text for key in rung if key in prompts}
                    if said & heard:
                        where = flow.where(name, f"if_{failure}", index)
                        yield Problem(where, f"step “{name}” repeats a sentence word for word in {language} (S8)")
                    heard |= said


def _worded(house: Answering, words: HouseWords) -> Iterator[Problem]:
    sorry, closing = _apologies(house.flows), _closings(house.flows)
    greeting = _greeting(house.flows)
    for language, prompts in house.catalogue.prompts.items():
        own = words[language]
        for key, prompt in prompts.items():
            wording = Wording(prompt.text, language)
            messages = [
                *_forbidden(wording, own),
                *_manners(wording, own, asks_again=base_key(key) in sorry),
                *_promises(wording, own),
                *_ends(wording, own, closing=base_key(key) in closing),
            ]
            if base_key(key) == greeting and not _names_house(house, prompt, language):
                messages.append("the greeting names the house: {house:text} (S2)")
            yield from (Problem(prompt.where, f"“{key}”: {message}") for message in messages)


def _names_house(house: Answering, prompt: Prompt, language: Language) -> bool:
    name = house.names.get(language)
    return any(slot == "house" for slot, _ in prompt.variables) or (name is not None and name in prompt.text)


def _forbidden(wording: Wording, words: WordsSheet) -> Iterator[str]:
    yield from (f"“{word}” is not said to guests (S15)" for word in wording.said(words.forbidden))
    yield from (f"“{word}” is no answer to a guest (S15)" for word in wording.alone(words.never_alone))
    for word, meant in words.instead.items():
        if wording.said((word,)):
            yield f"“{word}” is said where “{meant}” is meant (S15)"


def _manners(wording: Wording, words: WordsSheet, *, asks_again: bool) -> Iterator[str]:
    """Questions and requests are polite; an apology goes before every request to do it again (S6…S8, S15)."""
    if wording.written(words.question) and not wording.said(words.question_needs):
        yield f"a question without {_one_of(words.question_needs)} (S15)"
    if wording.told(words.orders) and not wording.said(words.polite):
        yield f"a bare command: say it with {_one_of(words.polite)} (S15)"
    if (asks_again or wording.told(words.again)) and not wording.said(words.sorry):
        yield f"it asks the caller to do it again without {_one_of(words.sorry)} (S8, S15)"


def _promises(wording: Wording, words: WordsSheet) -> Iterator[str]:
    """A refusal has a way on, a promise has a time (S15)."""
    if wording.said(words.refusal) and not wording.said(words.way_on):
        yield f"a refusal without a way on: {_one_of(words.way_on)} (S15)"
    if wording.said(words.promise) and not (_TIMED.search(wording.text) or wording.said(words.when)):
        yield "a promise without a time in it (S15)"


def _ends(wording: Wording, words: WordsSheet, *, closing: bool) -> Iterator[str]:
    """The last words of a call: a farewell, with thanks (S11, S15)."""
    if closing and not wording.said(words.farewell):
        yield f"the last words of a call without {_one_of(words.farewell)} (S11)"
    if wording.said(words.farewell) and not wording.said(words.thanks):
        yield f"a farewell without {_one_of(words.thanks)} (S11, S15)"


def _one_of(words: tuple[str, ...]) -> str:
    return " or ".join(f"“{word}”" for word in words[:3])


def _greeting(flows: FlowBook) -> str | None:
    """The first words of every call."""
    flow = flows.get(START)
    step = flow.steps.get(flow.start) if flow else None
    keys = step.ask if isinstance(step, Ask) else step.say if isinstance(step, Say) else ()
    return base_key(keys[0]) if keys else None


def _apologies(flows: FlowBook) -> set[str]:
    """Keys on the rungs that ask the caller to do it again."""
    asks = [step for flow in flows.values() for step in flow.steps.values() if isinstance(step, Ask)]
    return {
        base_key(key)
        for step in asks
        for failure in SORRY_FOR
        for rung in step.ladder.rungs[failure]
        for key in rung[:1]
        if key in prompts_of(step)
    }


def _closings(flows: FlowBook) -> set[str]:
    """Keys after which we wait for the caller to hang up."""
    ends = [step for name, flow in flows.items() if name != IN_DANGER for step in flow.steps.values()]
    return {
        FAULT_PROMPT,
        *(base_key(step.say[-1]) for step in ends if isinstance(step, Finish) and step.say and step.wait),
    }
