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
from ivr.bench.exam.evaluate import Result, examine, false_accepts, save
from ivr.bench.exam.questions import Part, Question
from ivr.bench.exam.tables import show
from ivr.bench.exam.trials import Trial, caller_trials, corpus_trials, digit_trials, thinned
from ivr.speech.building.graph import build_graph
from ivr.speech.building.seal import seal, size
from models.train.export import export
from models.train.rival import MOST_PHRASES, PocketSphinx
from models.train.syllables import syllable_trials
from models.train.targets import Speed, show_targets
from models.train.vocabulary import ROOT, house_words, vocabulary

CALLERS = ROOT / "tests/audio/callers"


@dataclass(frozen=True)
class Exam:
    """What a model is examined on besides the sounds that are no speech; None leaves a set out."""

    corpus: Path | None = None
    callers: Path | None = CALLERS
    digits: Path | None = None
    """human English"""
    takes: int = 0
    """of each speaker and digit, 0 for all"""
    syllables: Path | None = None
    """human Mandarin"""
    part: Part = "test"
    """of the corpus; of `tune` nothing else is examined, since constants are chosen on it"""
    every: int = 1
    robust: bool = False
    """all lines, not only the three that are reported"""
    pocketsphinx: bool = False

    def trials(self) -> Iterator[Trial]:
        """ModelError, when it is asked for, of a set that is not there."""
        sets = [corpus_trials(self.corpus, self.part)] if self.corpus is not None else []
        return thinned(chain(*sets, *(self._reported() if self.part == "test" else [])), self.every)

    def _reported(self) -> Iterator[Iterable[Trial]]:
        if self.callers is not None:
            yield caller_trials(self.callers)
        if self.digits is not None:
            yield digit_trials(self.digits, self.takes)
        if self.syllables is not None:
            yield syllable_trials(self.syllables)


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
    speed = Speed(ear.load_seconds, ear.busy_seconds / ear.heard_seconds)
    console.print(
        f"loaded in {speed.load_seconds:.2f} s, {speed.times_real:.4f} × real time, {size(model) / 1e6:.1f} MB"
    )
    beside = _beside(trials, results.with_suffix(".pocketsphinx.jsonl"), console) if exam.pocketsphinx else []
    show_targets(heard, beside, speed, console)


def _beside(trials: Sequence[Trial], file: Path, console: Console) -> list[Result]:
    """What pocketsphinx makes of the English that it can take, kept in `file` and shown."""
    fit = [each for each in trials if each.language == "en" and each.question and _small(each.question)]
    # it knows no rejection
    found = list(examine(PocketSphinx(), _watched(fit, "pocketsphinx", console), REPORTED, [False]))
    save(found, file)
    console.rule("pocketsphinx en-us")
    show(found, console)
    return found


def _small(question: Question) -> bool:
    return len(question.phrases) <= MOST_PHRASES


def _watched(trials: Sequence[Trial], title: str, console: Console) -> Iterable[Trial]:
    return track(trials, title, console=console, disable=not console.is_terminal, transient=True)
