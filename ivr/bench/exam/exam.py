"""One examination: which trials, which lines, and everything that was heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from ivr.bench.exam.conditions import KNOWN, LEVELS, NOISES, REPORTED, Condition
from ivr.bench.exam.ear import Ears
from ivr.bench.exam.evaluate import Result, examine, false_accepts
from ivr.bench.exam.questions import questions
from ivr.bench.exam.trials import Trial, caller_trials, corpus_trials, digit_trials, thinned, voice_trials
from ivr.errors import IvrError
from ivr.records import Language
from ivr.speech.tts import Voice

CURVE_TRIALS = 40
"""at most so many trials are heard over all the lines of the curves"""

Tell = Callable[[int, int], None]
"""gets how many trials are done, and of how many"""


@dataclass(frozen=True)
class Sets:
    """What is played; None leaves a set out."""

    recordings: Path | None = None
    """folder with manifest.csv, as tests/audio/callers"""
    digits: Path | None = None
    """human digits, {digit}_{speaker}_{n}.wav"""
    corpus: Path | None = None
    """held-out voices of a training corpus"""
    voice: Voice | None = None
    """says every yes, no, menu word and digit, some rooms and times, and other speech"""

    def trials(self, languages: Sequence[Language], every: int = 1) -> tuple[Trial, ...]:
        """Every n-th trial of each set in these languages; ModelError or AudioError names what cannot be read."""
        recorded = (each for part in self._recorded() for each in thinned(part, every))
        spoken = (each for part in self._spoken(languages, every) for each in part)
        return tuple(each for each in chain(recorded, spoken) if each.language in languages)

    def _recorded(self) -> Iterator[Iterator[Trial]]:
        if self.recordings is not None:
            yield caller_trials(self.recordings)
        if self.digits is not None:
            yield digit_trials(self.digits)
        if self.corpus is not None:
            yield corpus_trials(self.corpus)

    def _spoken(self, languages: Sequence[Language], every: int) -> Iterator[Iterator[Trial]]:
        if self.voice is not None:
            yield from (voice_trials(self.voice, language, every) for language in languages)


@dataclass(frozen=True)
class Lines:
    """The lines over which trials are heard."""

    conditions: tuple[Condition, ...] = REPORTED
    curves: bool = True
    """also a few trials over more and more noise, louder and fainter"""
    every: int = 1
    """of the sounds that are no speech, only every n-th"""


@dataclass(frozen=True)
class Examined:
    """What one model, or the models of two languages together, made of all trials."""

    name: str
    size: int
    """bytes on the disk"""
    load_seconds: float
    speed: float
    """processor seconds for a second of sound"""
    deaf: tuple[str, ...]
    """phrases of the questions that the model has no words for"""
    results: tuple[Result, ...]
    curves: tuple[Result, ...]
    """the same few trials over every line of the curves; empty without them"""


def read_conditions(text: str) -> tuple[Condition, ...]:
    """`clean,snr10`; IvrError names the lines that there are."""
    names = [name.strip() for name in text.split(",")]
    unknown = [name for name in names if name not in KNOWN]
    if unknown:
        raise IvrError(f"no line “{', '.join(unknown)}”: there is {', '.join(KNOWN)}")
    return tuple(KNOWN[name] for name in dict.fromkeys(names))


def examine_model(name: str, ears: Ears, trials: Sequence[Trial], lines: Lines, tell: Tell) -> Examined:
    """Play everything; `tell` hears of every trial."""
    few = _few(trials) if lines.curves else ()
    over = tuple(dict.fromkeys((*NOISES, *LEVELS)))
    watched = _Watched(len(trials) + len(few), tell)
    heard = examine(ears, watched.each(trials), lines.conditions)
    results = tuple(chain(heard, false_accepts(ears, ears.languages, lines.every)))
    curves = tuple(examine(ears, watched.each(few), over))
    size = sum(file.stat().st_size for path in ears.ears for file in path.rglob("*") if file.is_file())
    asked = (question for language in ears.languages for question in questions(language))
    deaf = (phrase for question in asked for phrase in ears.missing(question.phrases, question.language))
    return Examined(name, size, ears.load_seconds, ears.speed, tuple(dict.fromkeys(deaf)), results, curves)


def _few(trials: Sequence[Trial]) -> tuple[Trial, ...]:
    """Evenly out of those that answer a question."""
    answers = [trial for trial in trials if trial.question is not None]
    return tuple(thinned(answers, max(1, -(-len(answers) // CURVE_TRIALS))))


class _Watched:
    """Tells when a trial is done."""

    def __init__(self, total: int, tell: Tell) -> None:
        self._done, self._total, self._tell = 0, total, tell

    def each(self, trials: Iterable[Trial]) -> Iterator[Trial]:
        for trial in trials:
            yield trial
            self._done += 1
            self._tell(self._done, self._total)
