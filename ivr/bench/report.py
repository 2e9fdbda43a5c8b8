"""What came of a scenario: the call, its turns and rows as plain data, and every way in which it is not as stated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from enum import Enum
from typing import Any

from ivr.bench.caller import Said
from ivr.bench.passages import Passage
from ivr.bench.scenario import Expected, ExpectedBooking, ExpectedMessage, Scenario
from ivr.dialogue.flow import Ask, FlowBook
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand import slots
from ivr.dialogue.understand.answer import Context
from ivr.records import Booking, Call, Heard, HearingKind, Message, Turn

LINE = frozenset(HearingKind) - {HearingKind.SPEECH, HearingKind.KEYS, HearingKind.HUNG_UP}
"""what the line can turn out to be, where nobody was heard"""


@dataclass(frozen=True)
class Question:
    """One spoken answer to a first asking, and whether it was understood as it was meant."""

    state: str
    said: str
    heard: str
    right: bool


@dataclass(frozen=True)
class Report:
    """One scenario's result. The same in every run: nothing in it comes from the machine's clock."""

    scenario: str
    language: str
    call: Call
    turns: tuple[Turn, ...]
    bookings: tuple[Booking, ...]
    messages: tuple[Message, ...]
    differences: tuple[str, ...]
    questions: tuple[Question, ...]
    passages: tuple[Passage, ...] = ()

    @property
    def passed(self) -> bool:
        return not self.differences

    def as_data(self) -> dict[str, Any]:
        """The report as JSON-ready data."""
        data = plain(asdict(self))
        return {**data, "passed": self.passed}


def plain(value: Any) -> Any:  # noqa: ANN401 - JSON's own types
    """Dates, times and enumerations as text, tuples as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else value


@dataclass(frozen=True)
class Kept:
    """What is in the database after a call."""

    turns: tuple[Turn, ...]
    bookings: tuple[Booking, ...]
    """made in the call"""
    standing: tuple[Booking, ...]
    """all that are yet to come, whoever booked them"""
    messages: tuple[Message, ...]
    unplayable: tuple[str, ...]
    """files that cannot be played, or that no record names"""


def differences(expected: Expected, call: Call, kept: Kept) -> Iterator[str]:
    """Each way in which a call is not as its scenario states, in words."""
    turns = kept.turns
    for name in ("outcome", "ending", "language"):
        wanted, got = getattr(expected, name), getattr(call, name)
        if wanted is not None and wanted != got:
            yield f"{name}: expected {wanted}, got {got}"
    if set(expected.flags) != set(call.flags):
        yield f"flags: expected {list(expected.flags)}, got {list(call.flags)}"
    states = tuple(turn.state for turn in turns)
    if expected.states and expected.states != states:
        yield f"states: expected {' → '.join(expected.states)}; got {' → '.join(states)}"
    said = tuple(key for turn in turns for key in turn.prompts)
    if expected.prompts and expected.prompts != said:
        yield f"prompts: expected {' → '.join(expected.prompts)}; got {' → '.join(said)}"
    words = [turn.said for turn in turns]
    yield from (f"nobody said “{each}”" for each in expected.says if not any(each in said for said in words))
    yield from (f"“{each}” was said" for each in expected.never_says if any(each in said for said in words))
    stopped = tuple(turn.stopped_by for turn in turns if turn.stopped_by)
    if expected.stopped is not None and expected.stopped != stopped:
        yield f"stopped: expected {list(expected.stopped)}, got {list(stopped)}"
    lines = tuple(turn.hearing.value for turn in turns if turn.hearing in LINE)
    if expected.lines and expected.lines != lines:
        yield f"lines: expected {' → '.join(expected.lines)}; got {' → '.join(lines)}"
    yield from _bookings(expected.bookings, kept.bookings)
    if expected.standing is not None:
        yield from (f"standing {each}" for each in _bookings(expected.standing, kept.standing))
    yield from _messages(expected.messages, kept.messages)
    if (expected.recording == "yes") != bool(call.recording):
        yield f"recording: expected {expected.recording}, got “{call.recording}”"
    yield from (f"sound: {fault}" for fault in kept.unplayable)


def _messages(expected: tuple[ExpectedMessage, ...], messages: tuple[Message, ...]) -> Iterator[str]:
    wanted = sorted((each.kind, each.addressee, each.caller == "yes") for each in expected)
    got = sorted((each.kind, each.addressee, bool(each.caller_clip)) for each in messages)
    if wanted != got:
        yield f"messages: expected {wanted}, got {got}"
    phones = sorted(each.phone for each in messages)
    stated = sorted(each.phone for each in expected if each.phone is not None)
    if stated and stated != phones:
        yield f"numbers to call back: expected {stated}, got {phones}"


def _bookings(expected: tuple[ExpectedBooking, ...], bookings: tuple[Booking, ...]) -> Iterator[str]:
    wanted = sorted((entry.room, entry.day.isoformat(), entry.time.isoformat("minutes")) for entry in expected)
    got = sorted((entry.room, entry.day.isoformat(), entry.local_time.isoformat("minutes")) for entry in bookings)
    if wanted != got:
        yield f"bookings: expected {wanted}, got {got}"
    for entry in expected:
        if entry.language and any(each.room == entry.room and each.language != entry.language for each in bookings):
            yield f"booking of {entry.room}: expected language {entry.language}"


def questions(
    scenario: Scenario, flows: FlowBook, catalogue: Catalogue, turns: tuple[Turn, ...], said: list[Said]
) -> Iterator[Question]:
    """The first askings that were answered by voice: understood right, if what was heard means what was said."""
    saved: dict[str, str] = {}
    for turn in turns:
        flow, name = turn.state.split("/")
        step = flows[flow].steps[name]
        if not isinstance(step, Ask):
            continue
        slot = step.save_as or ""
        # a line that is meant to be bad says nothing about our understanding
        bad_line = bool(scenario.expect.lines) and turn.hearing in LINE
        spoken = None if bad_line else next((each for each in said if each.words and _answers(each, turn)), None)
        if turn.attempt == 1 and spoken is not None and spoken.words is not None:
            meant = _meant(scenario, step, catalogue, spoken.words, saved.get(slot, ""))
            right = turn.hearing is HearingKind.SPEECH and (turn.outcome, turn.value) == meant
            yield Question(turn.state, spoken.words, turn.heard, right)
        saved[slot] = turn.value or saved.get(slot, "")


def _answers(said: Said, turn: Turn) -> bool:
    return said.state == turn.state and turn.prompt_end <= said.at < max(turn.decided, turn.prompt_end + 1)


def _meant(scenario: Scenario, step: Ask, catalogue: Catalogue, words: str, saved: str) -> tuple[str, str]:
    """Outcome and value that the caller's own words have, read without any recogniser."""
    context = Context(choices=step.choices, words=catalogue.choices, departments=catalogue.departments, saved=saved)
    heard = Heard(scenario.caller.language, words, 1.0)
    answer = slots.reading(heard, slots.SLOTS[step.listen_for], context).answer
    return answer.outcome, answer.value


def share(reports: tuple[Report, ...], language: str | None = None) -> tuple[int, int]:
    """(understood at first try, asked) over all reports, or those of one language."""
    asked = [each for report in reports if language in {None, report.language} for each in report.questions]
    return sum(each.right for each in asked), len(asked)
