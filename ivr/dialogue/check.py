"""The flows' lint: every target, slot, action, prompt and word exists; file:line and the nearest right word."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ivr.dialogue.flow import LADDERS, QUESTION, Ask, CallFlow, Do, Finish, Flow, FlowBook, Say, Step
from ivr.dialogue.machine import INTERRUPTIONS, KNOWN, resolve, targets
from ivr.dialogue.prompts import Catalogue, base_key
from ivr.dialogue.understand.answer import Context, Slot
from ivr.dialogue.understand.menu import MENU_CHOICE
from ivr.dialogue.understand.slots import SLOTS, declared, grammar
from ivr.records import LANGUAGES, Language

EVERYWHERE = ("common.help", "common.language_changed")
"""prompts that the session itself needs"""


class Words(Protocol):
    """The recogniser's vocabulary."""

    def missing(self, phrase: str, language: Language) -> tuple[str, ...]:
        """Parts of `phrase` that the model has no word for."""

    def nearest(self, word: str, language: Language) -> tuple[str, ...]:
        """Words that it does have, nearest first."""


@dataclass(frozen=True)
class Action:
    """What the flows may know of a `do:` verb."""

    outcomes: tuple[str, ...]
    sets: tuple[str, ...] = ()
    """slots that it gives a value"""


@dataclass(frozen=True)
class House:
    """Everything that a flow may lean on."""

    flows: FlowBook
    catalogue: Catalogue
    actions: Mapping[str, Action]
    words: Words
    values: tuple[str, ...] = ()
    """variables that the house itself has, such as its name"""


@dataclass(frozen=True)
class Problem:
    """One finding; `where` is file:line."""

    where: str
    message: str


def check(house: House) -> tuple[Problem, ...]:
    """All problems, by file and line; empty when every call can run."""
    found = [problem for flow in house.flows.values() for problem in _check_flow(house, flow)]
    found += [_missing_prompt(house, key, "prompts", language) for key, language in _absent(house, EVERYWHERE)]
    found += [
        Problem("flows", f"no flow “{name}”: callers may ask for it at every question")
        for name in INTERRUPTIONS
        if name not in house.flows
    ]
    return tuple(sorted(set(found), key=_by_place))


def _by_place(problem: Problem) -> tuple[str, int, str]:
    path, _, line = problem.where.rpartition(":")
    return (path, int(line), problem.message) if line.isdigit() else (problem.where, 0, problem.message)


def _near(word: str, candidates: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(candidates), n=1, cutoff=0.5)
    return f"; did you mean “{close[0]}”?" if close else ""


def _check_flow(house: House, flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.steps:
        yield Problem(f"{flow.path}:1", f"start “{flow.start}” is no step{_near(flow.start, flow.steps)}")
    for name, step in flow.steps.items():
        where = flow.where(name)
        yield from (Problem(where, f"step “{name}”: {message}") for message in _step(house, flow, step))
        yield from _prompts(house, where, step)
        if isinstance(step, Ask) and step.listen_for in SLOTS:
            yield from _vocabulary(house, flow, name, step, SLOTS[step.listen_for])
    reachable = set(_reachable(house.flows, flow))
    for name in flow.steps:
        if flow.start in flow.steps and name not in reachable:
            yield Problem(flow.where(name), f"step “{name}”: nothing leads here")


def _step(house: House, flow: Flow, step: Step) -> Iterator[str]:
    for trigger, target in targets(step):
        if not target:
            yield f"“{trigger}” leads nowhere: name a step or flow, here or under every_question"
        elif resolve(house.flows, flow, target) is None:
            yield f"“{trigger}” leads to “{target}”, no step or flow{_near(target, (*flow.steps, *house.flows))}"
    match step:
        case Ask():
            yield from _ask(house, step)
        case Do() if step.do not in house.actions:
            yield f"no action “{step.do}”{_near(step.do, house.actions)}"
        case Do():
            yield from _outcomes(step.then, house.actions[step.do].outcomes, f"action “{step.do}”")
        case CallFlow() if step.call not in house.flows:
            yield f"no flow “{step.call}”{_near(step.call, house.flows)}"
        case CallFlow():
            yield from _outcomes(step.then, house.flows[step.call].exits, f"flow “{step.call}”")
            yield from (
                f"exit “{exit_}” leads to “{target}”, no step or flow{_near(target, flow.steps)}"
                for exit_, target in step.then.items()
                if resolve(house.flows, flow, target) is None
            )
        case Finish() if step.finish not in flow.exits:
            yield f"exit “{step.finish}” is not among the flow's exits{_near(step.finish, flow.exits)}"
        case _:
            pass


def _ask(house: House, step: Ask) -> Iterator[str]:
    slot = SLOTS.get(step.listen_for)
    if slot is None:
        yield f"no slot “{step.listen_for}”{_near(step.listen_for, SLOTS)}"
        return
    wanted = declared(slot, step.choices) + ((KNOWN,) if step.unless_known else ())
    yield from _outcomes(step.then, wanted, f"slot “{slot.name}”")
    if (slot is MENU_CHOICE) != bool(step.choices):
        yield "`choices` belong to menu_choice, and menu_choice needs them"
    if len(set(step.choices.values())) != len(step.choices):
        yield "two choices have the same key"
    for choice in step.choices:
        for language in LANGUAGES:
            words = house.catalogue.choices[language]
            if choice not in words:
                yield f"choice “{choice}” has no words in prompts/{language}/choices.yaml{_near(choice, words)}"
    for slot_name in filter(None, (step.unless_known,)):
        if slot_name not in _values(house):
            yield f"nothing ever sets “{slot_name}”{_near(slot_name, _values(house))}"


def _outcomes(then: Mapping[str, str], wanted: tuple[str, ...], owner: str) -> Iterator[str]:
    for outcome in then:
        if outcome not in wanted:
            yield f"{owner} has no outcome “{outcome}”{_near(outcome, wanted)}"
    for outcome in wanted:
        if outcome not in then:
            yield f"{owner} may end in “{outcome}”, which leads nowhere"


def prompts_of(step: Step) -> Iterator[str]:
    """Every catalogue key that a step may say."""
    yield from map(base_key, _said_by(step))


def _said_by(step: Step) -> Iterator[str]:
    match step:
        case Ask():
            yield from step.ask
            if step.help:
                yield step.help
            for failure in LADDERS:
                for rung in step.ladder.rungs[failure]:
                    yield from (key for key in rung if key != QUESTION)
        case Say() | Finish():
            yield from step.say
        case _:
            pass


def _absent(house: House, keys: Iterable[str]) -> Iterator[tuple[str, Language]]:
    for key in keys:
        for language in LANGUAGES:
            if key not in house.catalogue.prompts[language]:
                yield key, language


def _missing_prompt(house: House, key: str, where: str, language: Language) -> Problem:
    near = _near(key, house.catalogue.prompts[language])
    return Problem(where, f"prompt “{key}” is missing in {language}{near}")


def _prompts(house: House, where: str, step: Step) -> Iterator[Problem]:
    keys = dict.fromkeys(prompts_of(step))
    for key, language in _absent(house, keys):
        yield _missing_prompt(house, key, where, language)
    for key in keys:
        for prompts in house.catalogue.prompts.values():
            for variable, _ in prompts[key].variables if key in prompts else ():
                if variable not in _values(house):
                    near = _near(variable, _values(house))
                    yield Problem(prompts[key].where, f"prompt “{key}”: nothing ever sets “{variable}”{near}")


def _values(house: House) -> set[str]:
    steps = [step for flow in house.flows.values() for step in flow.steps.values()]
    saved = {step.save_as for step in steps if isinstance(step, Ask) and step.save_as}
    also = {"day"} if any(isinstance(step, Ask) and step.listen_for == "clock_time" for step in steps) else set()
    return saved | also | {slot for action in house.actions.values() for slot in action.sets} | set(house.values)


def context_of(step: Ask, catalogue: Catalogue) -> Context:
    """The part of a slot's context that is the flow's own."""
    return Context(choices=step.choices, words=catalogue.choices)


def _vocabulary(house: House, flow: Flow, name: str, step: Ask, slot: Slot) -> Iterator[Problem]:
    """Design rule 4: a word that the model lacks names flow, step and word."""
    for language in LANGUAGES:
        phrases = grammar(slot, context_of(step, house.catalogue), language, known=False)[language]
        words = {word: phrase for phrase in phrases for word in house.words.missing(phrase, language)}
        for word, phrase in words.items():
            near = house.words.nearest(word, language)
            hint = f"; the model has {', '.join(f'“{each}”' for each in near)}" if near else ""
            yield Problem(
                flow.where(name),
                f"{flow.name}/{name}: the {language} model lacks “{word}” of “{phrase}”{hint}",
            )


def _reachable(flows: FlowBook, flow: Flow) -> Iterator[str]:
    """Steps that some way from the start leads to."""
    waiting, seen = [flow.start], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in flow.steps:
            continue
        seen.add(name)
        yield name
        step = flow.steps[name]
        ways = [target for _, target in targets(step)]
        ways += step.then.values() if isinstance(step, CallFlow) else ()
        waiting += [target for target in ways if target in flow.steps]
