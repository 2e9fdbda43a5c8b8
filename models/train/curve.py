"""How much more speech would help: one training on parts of a corpus, each examined on voices that none learns from.

python -m models.train curve CORPUS HELDOUT FOLDER: every part has the same number of steps, speech alone differs.
"""

from __future__ import annotations

import json
import math
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from rich.console import Console
from rich.table import Table

from ivr.bench.exam.conditions import CLEAN, KNOWN
from ivr.bench.exam.corpus import Corpus
from ivr.bench.exam.ear import Ear
from ivr.bench.exam.evaluate import Result, examine, read, save
from ivr.bench.exam.pictures import check, picture
from models.train.batches import Mix
from models.train.figures import Exam, make_model
from models.train.targets import ROWS, Row
from models.train.train import MAP, Length, Machine, feature_map, train
from models.train.trainer import Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

STEPS = 1200
"""of 28 seconds of speech: a quarter of an hour of one core for each part"""

LINES = (CLEAN, KNOWN["snr10"])

MODEL = "front-desk-zh-en"

SURE = 2.0
"""standard errors that a gain must have before anything is told from it"""


@dataclass(frozen=True)
class Course:
    """What all parts have in common."""

    corpus: Path
    exam: Exam
    folder: Path
    """where all of it goes"""
    steps: int = STEPS


@dataclass(frozen=True)
class Point:
    """What a model heard that learnt from a part of the speech."""

    hours: float
    """of speech in the part"""
    results: tuple[Result, ...]


@dataclass(frozen=True)
class Gain:
    """Of one set over one line, by least squares over the logarithm of the hours."""

    points: float
    """percent right, for each doubling of the speech"""
    error: float
    """its standard error: a set has few answers"""

    def doublings(self, right: float, goal: float) -> float | None:
        """Of the speech, that would bring `right` to `goal` if it went on so; None where chance explains the gain."""
        if right >= goal:
            return 0.0
        return (goal - right) / self.points if self.points > SURE * self.error else None


def curve(course: Course, parts: Sequence[int], console: Console) -> list[Point]:
    """Train and examine what is not there yet; the least speech first. IvrError as `train` raises it.

    Stopped at any moment, it goes on from there.
    """
    # fitted once: it takes longer than a toy's training
    feature_map(course.folder / MAP)
    points = [_point(course, part, console) for part in parts]
    return sorted(points, key=lambda point: point.hours)


def part_of(corpus: Path, folder: Path, part: int) -> float:
    """Make `folder` a corpus of one clip in `part`, by a sum over its name; its hours to learn from.

    A part that divides another holds its clips.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for index in sorted(corpus.glob("*.jsonl")):
        lines = index.read_text(encoding="utf-8").splitlines(keepends=True)
        kept = [line for line in lines if crc32(json.loads(line)["name"].encode()) % part == 0]
        (folder / index.name).write_text("".join(kept), encoding="utf-8")
        sound = folder / f"{index.stem}.pcm"
        sound.unlink(missing_ok=True)
        sound.symlink_to(index.with_suffix(".pcm").resolve())
    return sum(clip.seconds for clip in Corpus(folder).clips("train")) / 3600


def gain(points: Sequence[Point], row: Row, condition: str) -> Gain | None:
    """None where fewer than two points have answers of this set."""
    shares = [(math.log2(point.hours), *_share(point.results, row, condition)) for point in points]
    told = [(place, right, tried) for place, right, tried in shares if tried]
    middle = sum(place for place, _, _ in told) / max(1, len(told))
    spread = sum((place - middle) ** 2 for place, _, _ in told)
    if not spread:
        return None
    slope = sum((place - middle) * right for place, right, _ in told) / spread
    noise = sum((place - middle) ** 2 * max(right * (100 - right), 100.0) / tried for place, right, tried in told)
    return Gain(slope, math.sqrt(noise) / spread)


def show(points: Sequence[Point], console: Console) -> None:
    """Percent right by hours of speech, the gain of a doubling, and the speech that would reach the target."""
    for condition in (line.name for line in LINES):
        hours = (f"{point.hours:.2f} h" for point in points)
        table = Table("set", "n", *hours, "a doubling", "target", "reached with", title=f"Percent right, {condition}")
        for row in ROWS:
            if points and row.members(points[0].results):
                table.add_row(row.title, *_cells(points, row, condition))
        console.print(table)


def draw(points: Sequence[Point], file: Path) -> Path:
    """A picture of the same; IvrError without matplotlib."""
    check()
    return picture(file, lambda axes: _paint(axes, points))


def _point(course: Course, part: int, console: Console) -> Point:
    place = course.folder / f"part-{part}"
    hours = part_of(course.corpus, place / "speech", part)
    results = place / "results.jsonl"
    if not results.is_file():
        console.print(f"one clip in {part}: {hours:.2f} hours of speech")
        training, model = place / "training", place / MODEL
        training.mkdir(exist_ok=True)
        shutil.copyfile(course.folder / MAP, training / MAP)
        plan = Plan(mix=Mix(known_steps=course.steps))
        train(place / "speech", training, Length(steps=course.steps), plan, Machine(cuda=False, tune_minutes=math.inf))
        make_model(training, model, console)
        trials = [trial for trial in course.exam.trials() if trial.question is not None]
        save(examine(Ear(model), trials, LINES, [False]), results)
    return Point(hours, tuple(read(results)))


def _share(results: Sequence[Result], row: Row, condition: str) -> tuple[float, int]:
    """Percent right, and of how many."""
    here = [each.right for each in row.members(results) if each.condition == condition]
    return 100 * sum(here) / max(1, len(here)), len(here)


def _cells(points: Sequence[Point], row: Row, condition: str) -> Iterator[str]:
    yield str(_share(points[0].results, row, condition)[1])
    for point in points:
        yield f"{_share(point.results, row, condition)[0]:.1f}"
    found = gain(points, row, condition)
    yield "–" if found is None else f"{found.points:+.1f} ± {found.error:.1f}"
    goal = row.goals[[line.name for line in LINES].index(condition)] if row.goals else None
    yield "" if goal is None else str(goal)
    yield "" if goal is None or found is None else _reached(points[-1], row, condition, found, goal)


def _reached(last: Point, row: Row, condition: str, found: Gain, goal: float) -> str:
    doublings = found.doublings(_share(last.results, row, condition)[0], goal)
    if doublings is None:
        return "no telling"
    return "reached" if doublings == 0 else f"{last.hours * 2**doublings:.0f} h"


def _paint(axes: Axes, points: Sequence[Point]) -> None:
    """A line for each set with a target, over a clean line; the target as a dotted one."""
    hours = [point.hours for point in points]
    for row in (row for row in ROWS if row.goals and points and row.members(points[0].results)):
        right = [_share(point.results, row, CLEAN.name)[0] for point in points]
        (line,) = axes.plot(hours, right, "-o", label=row.title)
        axes.axhline(row.goals[0], linestyle=":", color=line.get_color())
    axes.set_xscale("log", base=2)
    axes.set_xticks(hours, [f"{each:.2g}" for each in hours])
    axes.set(xlabel="hours of speech learnt from", ylabel="right over a clean line, percent", ylim=(None, 101))
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", bbox_to_anchor=(0.0, -0.15))
