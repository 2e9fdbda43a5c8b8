"""The flows' lint: every target, slot, action, prompt and word exists; file:line and the nearest right word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.dialogue.check_words import (
    Place,
    check_choices,
    check_meanings,
    check_prompts,
    check_universals,
    check_vocabulary,
    context_of,
    missing_prompts,
    prompts_of,
)
from ivr.dialogue.flow import ENDINGS, LADDERS, Ask, CallFlow, Do, Finish, Flow, Record, Say, Step
from ivr.dialogue.house import Action, House, Problem, Words, near
from ivr.dialogue.machine import INTERRUPTIONS, KNOWN, START, resolve, targets
from ivr.dialogue.steps import NOT_KEPT, NOTHING_SAID, RECORDED
from ivr.dialogue.understand.slots import SLOTS, declared
from ivr.dialogue.understand.universal import KEYS, UNIVERSALS

__all__ = [
    "CLEAR_NOW",
    "EVERYWHERE",
    "FAULT_PROMPT",
    "RECORDED_CALL",
    "Action",
    "House",
    "Problem",
    "Words",
    "check",
    "context_of",
    "prompts_of",
]

FAULT_PROMPT = "common.fault"
"""said when something of ours broke"""

CLEAR_NOW = "line.clear_now"
"""said to a caller who was too quiet, or on a bad line, and is heard well now (S6)"""

RECORDED_CALL = "line.recorded"
"""said first where both sides of a call are kept (K4)"""

EVERYWHERE = ("common.help", "common.language_changed", CLEAR_NOW, RECORDED_CALL, FAULT_PROMPT)
"""prompts that the session itself needs"""

CHOICE_KEYS = tuple(key for key in "123456789" if key not in KEYS)

_TAKEN = frozenset({*LADDERS, *ENDINGS.values(), *UNIVERSALS, KNOWN})
"""triggers that every question has already"""


def check(house: House) -> tuple[Problem, ...]:
    """All problems, by file and line; empty when every call can run."""
    found = [problem for flow in house.flows.values() for problem in _check_flow(house, flow)]
    found += missing_prompts(house, EVERYWHERE, "prompts")
    found += check_universals(house)
    found += [
        Problem("flows", f"no flow “{name}”: callers may ask for it at every question")
        for name in INTERRUPTIONS
        if name not in house.flows
    ]
    found += _check_profile(house)
    found += _check_variants(house)
    if START not in house.flows:
        found.append(Problem("flows", f"no flow “{START}”: every call begins there{near(START, house.flows)}"))
    return tuple(sorted(set(found), key=_by_place))


def _check_profile(house: House) -> Iterator[Problem]:
    """Questions and flows that the profile speaks of: a misspelt one would silently keep the flow's own ladder."""
    flow = next(iter(house.flows.values()), None)
    profile = flow.profile if flow else None
    if profile is None or profile.borrowed:
        return
    steps = ((each.name, name, step) for each in house.flows.values() for name, step in each.steps.items())
    questions = {f"{owner}/{name}" for owner, name, step in steps if isinstance(step, Ask)}
    settings = (
        ("questions", "question or flow", profile.questions, questions | set(house.flows)),
        ("pauses", "flow", profile.pauses, set(house.flows)),
    )
    for setting, kind, names, known in settings:
        for name in names:
            if name not in known:
                where = profile.line(setting, name) or str(profile.path)
                yield Problem(where, f"no {kind} “{name}”{near(name, known)}")


def _check_variants(house: House) -> Iterator[Problem]:
    """Words for a profile that is not there: most often one that is misspelt."""
    for prompts in house.catalogue.prompts.values():
        for prompt in prompts.values():
            for name, where in prompt.variants:
                if name not in house.profiles:
                    yield Problem(where, f"“{prompt.key}”: no profile “{name}”{near(name, house.profiles)}")


def _by_place(problem: Problem) -> tuple[str, int, str]:
    path, _, line = problem.where.rpartition(":")
    return (path, int(line), problem.message) if line.isdigit() else (problem.where, 0, problem.message)


def _check_flow(house: House, flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.steps:
        yield Problem(flow.line("start"), f"start “{flow.start}” is no step{near(flow.start, flow.steps)}")
    for name, step in flow.steps.items():
        for place, message in _step(house, flow, step):
            yield Problem(flow.where(name, *place), f"step “{name}”: {message}")
        yield from check_prompts(house, flow, name)
        if isinstance(step, Ask) and step.listen_for in SLOTS:
            yield from check_vocabulary(house, flow, name, step)
            yield from check_meanings(house, step)
    reachable = set(_reachable(flow))
    for name in flow.steps:
        if flow.start in flow.steps and name not in reachable:
            yield Problem(flow.where(name), f"step “{name}”: nothing leads here")
    yield from _circles(flow)


def _step(house: House, flow: Flow, step: Step) -> Iterator[tuple[Place, str]]:
    yield from _ways(house, flow, step)
    match step:
        case Ask():
            yield from _ask(house, step)
        case Do() if step.do not in house.actions:
            yield ("do",), f"no action “{step.do}”{near(step.do, house.actions)}"
        case Do():
            yield from _outcomes(step.then, house.actions[step.do].outcomes, f"action “{step.do}”")
        case Record():
            yield from _outcomes(step.then, (RECORDED, NOTHING_SAID, NOT_KEPT), "a recording")
            if step.on_hang_up and step.on_hang_up not in house.actions:
                yield ("on_hang_up",), f"no action “{step.on_hang_up}”{near(step.on_hang_up, house.actions)}"
        case CallFlow() if step.call not in house.flows:
            yield ("call",), f"no flow “{step.call}”{near(step.call, house.flows)}"
        case CallFlow():
            yield from _outcomes(step.then, house.flows[step.call].exits, f"flow “{step.call}”")
        case Finish() if step.finish not in flow.exits:
            yield ("finish",), f"exit “{step.finish}” is not among the flow's exits{near(step.finish, flow.exits)}"
        case _:
            pass


def _ways(house: House, flow: Flow, step: Step) -> Iterator[tuple[Place, str]]:
    """Targets that do not exist, each of them once: one setting may stand for many endings."""
    ways = list(step.then.items()) if isinstance(step, CallFlow) else list(targets(step))
    # the ending that the others fall back to is where a wrong word stands
    ways.sort(key=lambda way: way[0] != "after_unclear")
    told = set[str]()
    for trigger, target in ways:
        if target in told or resolve(house.flows, flow, target) is not None:
            continue
        told.add(target)
        name = "on_cancel" if trigger == "cancel" else trigger
        place = ("then", trigger) if trigger in getattr(step, "then", ()) else (name,)
        place = ("then",) if isinstance(step, Say) else place
        if target:
            yield place, f"“{name}” leads to “{target}”, no step or flow{near(target, (*flow.steps, *house.flows))}"
        else:
            yield place, f"“{name}” leads nowhere: name a step or flow, here or under every_question"


def _ask(house: House, step: Ask) -> Iterator[tuple[Place, str]]:
    slot = SLOTS.get(step.listen_for)
    if slot is None:
        yield ("listen_for",), f"no slot “{step.listen_for}”{near(step.listen_for, SLOTS)}"
        return
    wanted = declared(slot, step.choices) + ((KNOWN,) if step.unless_known else ())
    # a step may give a universal a way of its own
    yield from _outcomes(step.then, wanted, f"slot “{slot.name}”", also=UNIVERSALS)
    if slot.chooses != bool(step.choices):
        yield ("choices",), "`choices` belong to menu_choice and addressee, which need them"
    yield from _keys(step.choices)
    yield from check_choices(house, step)
    if step.unless_known and step.unless_known not in house.slots():
        message = f"nothing ever sets “{step.unless_known}”{near(step.unless_known, house.slots())}"
        yield ("unless_known",), message


def _keys(choices: Mapping[str, str]) -> Iterator[tuple[Place, str]]:
    taken: dict[str, str] = {}
    for choice, key in choices.items():
        if key in taken:
            yield ("choices", choice), f"two choices have the same key {key}: “{taken[key]}” and “{choice}”"
        elif key not in CHOICE_KEYS:
            yield ("choices", choice), f"“{choice}” has the key “{key}”: expected one of {', '.join(CHOICE_KEYS)}"
        if choice in _TAKEN:
            yield (
                ("choices", choice),
                f"“{choice}” means something at every question already: name the choice otherwise",
            )
        taken.setdefault(key, choice)


def _outcomes(
    then: Mapping[str, str], wanted: tuple[str, ...], owner: str, also: tuple[str, ...] = ()
) -> Iterator[tuple[Place, str]]:
    for outcome in then:
        if outcome not in (*wanted, *also):
            yield ("then", outcome), f"{owner} has no outcome “{outcome}”{near(outcome, wanted)}"
    for outcome in wanted:
        if outcome not in then:
            yield ("then",), f"{owner} may end in “{outcome}”, which leads nowhere"


def _next_steps(step: Step) -> Iterator[str]:
    yield from step.then.values() if isinstance(step, CallFlow) else (target for _, target in targets(step))


def _reachable(flow: Flow) -> Iterator[str]:
    """Steps that some way from the start leads to."""
    waiting, seen = [flow.start], set[str]()
    while waiting:
        name = waiting.pop()
        if name in seen or name not in flow.steps:
            continue
        seen.add(name)
        yield name
        waiting += _next_steps(flow.steps[name])


def _circles(flow: Flow) -> Iterator[Problem]:
    """Steps that lead to each other without ever asking the caller anything: a call would not leave them."""
    quiet = {name: step for name, step in flow.steps.items() if isinstance(step, (Say, Do))}
    before = None
    while before != set(quiet):
        before = set(quiet)
        quiet = {name: step for name, step in quiet.items() if any(each in quiet for each in _next_steps(step))}
    name = next(iter(quiet), "")
    walked: list[str] = []
    while name and name not in walked:
        walked.append(name)
        name = next(each for each in _next_steps(quiet[name]) if each in quiet)
    if name:
        circle = [*walked[walked.index(name) :], name]
        yield Problem(
            flow.where(name), f"“{'” → “'.join(circle)}” goes round without a question: the call may never end"
        )
