"""From a checkpoint to a model, and from a model to its figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rich.console import Console
from rich.progress import track

from ivr.bench.exam.conditions import REPORTED, ROBUST
from ivr.bench.exam.ear import Ear
from ivr.bench.exam.evaluate import Listener, Result, examine, false_accepts, save
from ivr.bench.exam.tables import show
from ivr.bench.exam.trials import Trial, caller_trials, corpus_trials, digit_trials, thinned
from ivr.speech.building.graph import build_graph
from ivr.speech.building.seal import seal, size
from models.train.export import export
from models.train.rival import MOST_PHRASES, PocketSphinx
from models.train.vocabulary import ROOT, house_words, vocabulary

CALLERS = ROOT / "tests/audio/callers"


@dataclass(frozen=True)
class Exam:
    """What a model is examined on besides the sounds that are no speech; None leaves a set out."""

    corpus: Path | None = None
    callers: Path | None = CALLERS
    digits: Path | None = None
    every: int = 1
    robust: bool = False
    """all lines, not only the three that are reported"""
    pocketsphinx: bool = False

    def trials(self) -> Iterator[Trial]:
        parts: list[Iterable[Trial]] = []
        if self.corpus is not None:
            parts.append(corpus_trials(self.corpus))
        if self.callers is not None:
            parts.append(caller_trials(self.callers))
        if self.digits is not None:
            parts.append(digit_trials(self.digits))
        return thinned(chain.from_iterable(parts), self.every)


def make_model(checkpoint: Path, model: Path, console: Console) -> None:
    """Export, graph, sums."""
    export(checkpoint, model)
    words = build_graph(model, vocabulary(), asked=house_words())
    seal(model)
    console.print(f"{model}: {words} words, {size(model) / 1e6:.1f} MB")


def figures(model: Path, exam: Exam, results: Path, console: Console) -> None:
    """Examine a model, keep every single result in `results`, show the tables."""
    ear = Ear(model)
    trials = list(exam.trials())
    conditions = ROBUST if exam.robust else REPORTED
    heard = list(chain(examine(ear, _watched(trials, model.name, console), conditions), false_accepts(ear)))
    save(heard, results)
    show(heard, console)
    speed = ear.busy_seconds / ear.heard_seconds
    console.print(f"loaded in {ear.load_seconds:.2f} s, {speed:.4f} × real time, {size(model) / 1e6:.1f} MB")
    if exam.pocketsphinx:
        fit = [
            each
            for each in trials
            if each.language == "en" and each.question and len(each.question.phrases) <= MOST_PHRASES
        ]
        beside = list(_without_rejection(PocketSphinx(), _watched(fit, "pocketsphinx", console)))
        save(beside, results.with_suffix(".pocketsphinx.jsonl"))
        console.rule("pocketsphinx en-us")
        show(beside, console)


def _without_rejection(listener: Listener, trials: Iterable[Trial]) -> Iterator[Result]:
    return (result for result in examine(listener, trials, REPORTED) if not result.rejects)


def _watched(trials: Sequence[Trial], title: str, console: Console) -> Iterable[Trial]:
    return track(trials, title, console=console, disable=not console.is_terminal, transient=True)
