"""Figures of a model: every trial through unmodified Vosk, over every line, with and without `[unk]`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from ivr.audio.frame import Samples
from ivr.bench.exam.conditions import CLEAN, Condition, no_speech, over
from ivr.bench.exam.questions import Question, plain, questions
from ivr.bench.exam.trials import Trial
from ivr.records import LANGUAGES, Language
from ivr.speech.lexicon import UNKNOWN

RIGHT, OTHER_SPEECH, NO_SPEECH = "answer", "other speech", "no speech"


class Listener(Protocol):
    """A recogniser under examination: ear.Ear, or another one beside it."""

    def hear(self, phrases: tuple[str, ...], language: Language, samples: Samples, *, rejects: bool) -> str: ...


@dataclass(frozen=True)
class Result:
    """One utterance, heard once: everything that tables, curves and confusion matrices need."""

    kind: str
    """answer, other speech, no speech"""
    group: str
    voice: str
    language: Language
    question: str
    condition: str
    rejects: bool
    """whether the grammar held `[unk]`"""
    said: str
    heard: str

    @property
    def right(self) -> bool:
        """The right words; for what must be rejected, no words at all."""
        return self.heard == self.said if self.kind == RIGHT else self.rejected

    @property
    def rejected(self) -> bool:
        return not self.heard.replace(UNKNOWN, "").strip()


def examine(
    listener: Listener, trials: Iterable[Trial], conditions: Sequence[Condition], ways: Sequence[bool] = (False, True)
) -> Iterator[Result]:
    """Right answers over all conditions; other speech over a clean line, at each question that it does not answer.

    `ways`: without `[unk]`, with it.
    """
    for trial in trials:
        if trial.question is None:
            yield from _others(listener, trial)
            continue
        for condition in conditions:
            yield from _answers(listener, trial, trial.question, condition, ways)


def _answers(
    listener: Listener, trial: Trial, question: Question, condition: Condition, ways: Sequence[bool]
) -> Iterator[Result]:
    sound = over(trial.samples, condition, trial.name)
    for rejects in ways:
        heard = listener.hear(question.phrases, trial.language, sound, rejects=rejects)
        yield _result(trial, (RIGHT, question.name, condition.name), heard, rejects=rejects)


def _others(listener: Listener, trial: Trial) -> Iterator[Result]:
    sound = over(trial.samples, CLEAN, trial.name)
    for question in questions(trial.language):
        if question.foreign(trial.said):
            heard = listener.hear(question.phrases, trial.language, sound, rejects=True)
            yield _result(trial, (OTHER_SPEECH, question.name, CLEAN.name), heard, rejects=True)


def _result(trial: Trial, place: tuple[str, str, str], heard: str, *, rejects: bool) -> Result:
    """`place` is kind, question and condition."""
    kind, question, condition = place
    said = plain(trial.said, trial.language)
    return Result(kind, trial.group, trial.voice, trial.language, question, condition, rejects, said, heard)


def false_accepts(listener: Listener, languages: Sequence[Language] = LANGUAGES, every: int = 1) -> Iterator[Result]:
    """Noise, hum, tones, music and keys, or only every n-th of them, at every question of the languages."""
    for name, sound in list(no_speech().items())[::every]:
        for language in languages:
            for question in questions(language):
                heard = listener.hear(question.phrases, language, sound, rejects=True)
                yield Result(
                    NO_SPEECH, name, "", language, question.name, CLEAN.name, rejects=True, said="", heard=heard
                )


def save(results: Iterable[Result], file: Path) -> None:
    """One JSON object a line."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(asdict(result), ensure_ascii=False) for result in results)
    file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read(file: Path) -> list[Result]:
    """What `save` wrote."""
    return [Result(**json.loads(line)) for line in file.read_text(encoding="utf-8").splitlines()]


def share(results: Iterable[Result]) -> float | None:
    """How many are right, 0.0 … 1.0; None of nothing."""
    hits = [result.right for result in results]
    return sum(hits) / len(hits) if hits else None
