"""How well the network does on speech it never learnt from, without any grammar: any unit after any."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import torch

from ivr.bench.exam.corpus import Clip, Corpus
from ivr.speech.building.units import TONES, UNITS
from models.train.align import BLANK, IGNORED
from models.train.examples import Degrade, Example, Maker
from models.train.net import Net, pad

CLIPS = 240
"""heard at most, spread over engines and languages; each of them once clean and once degraded"""

SWITCH = 2.0
"""nats that a change of unit costs: what a recogniser's graph does to a best unit that flickers"""

Groups = dict[str, list[float]]


@dataclass(frozen=True)
class Question:
    """One clip of the exam."""

    condition: str
    """`clean` or `line`"""
    clip: Clip
    example: Example


@dataclass(frozen=True)
class Exam:
    """The same clips with the same noise every time."""

    questions: tuple[Question, ...]

    def mark(self, net: Net) -> dict[str, float]:
        """Accuracy 0 … 1 by language and condition, Mandarin also without tones, and of rows where they are known.

        Unit accuracy is 1 - edits / units and may fall below 0. `all` is its mean over languages and conditions.
        """
        units: Groups = defaultdict(list)
        rows: list[float] = []
        for question in self.questions:
            logs = self._heard(net, question.example)
            self._mark_units(question, decode(logs), units)
            known = question.example.labels != IGNORED
            rows += (logs.argmax(-1)[known] == question.example.labels[known]).double().tolist()
        marks = {name: 1 - sum(each[0::2]) / max(1, sum(each[1::2])) for name, each in sorted(units.items())}
        whole = [mark for name, mark in marks.items() if "toneless" not in name]
        return {"all": float(np.mean(whole)) if whole else 0.0, "rows": float(np.mean(rows)) if rows else 0.0, **marks}

    def _heard(self, net: Net, example: Example) -> torch.Tensor:
        was_training = net.training
        net.eval()
        device = net.out.weight.device
        with torch.no_grad():
            scores: torch.Tensor = net(pad(example.cepstra, net.shape.context)[None].to(device))[0]
        net.train(was_training)
        return scores.log_softmax(-1).cpu()

    def _mark_units(self, question: Question, heard: Sequence[int], groups: Groups) -> None:
        name = f"{question.clip.language} {question.condition}"
        # units said twice in a row cannot be told apart without a grammar
        said = [unit for unit, _ in groupby(question.clip.units)]
        groups[name] += [edits(heard, said), len(said)]
        if question.clip.language == "zh":
            bare_heard, bare_said = ([unit for unit, _ in groupby(map(_toneless, each))] for each in (heard, said))
            groups[f"{name} toneless"] += [edits(bare_heard, bare_said), len(bare_said)]


def exam(corpus: Corpus, degrade: Degrade, seed: int = 7, count: int = CLIPS) -> Exam:
    """Clips of the tune split, as many of each engine and language as there are; none at all is an empty exam."""
    groups: dict[tuple[str, str], list[Clip]] = defaultdict(list)
    for clip in corpus.clips("tune"):
        groups[clip.engine, clip.language].append(clip)
    rng = np.random.default_rng([seed, 0])
    maker = Maker(corpus, degrade)
    questions = []
    for group in groups.values():
        wanted = min(len(group), max(1, count // len(groups)))
        for place in sorted(rng.choice(len(group), wanted, replace=False)):
            clip = group[int(place)]
            questions.append(Question("clean", clip, maker.clean(clip)))
            questions.append(Question("line", clip, maker.make([clip], rng)))
    return Exam(tuple(questions))


def decode(logs: torch.Tensor, switch: float = SWITCH) -> list[int]:
    """Units of log scores (rows, units), any after any; repeats are one, silence is none. `switch` 0 is row by row."""
    best, moves = logs[0], []
    for row in logs[1:]:
        top, unit = best.max(0)
        stay = best >= top - switch
        moves.append(torch.where(stay, torch.arange(len(best)), unit))
        best = torch.where(stay, best, top - switch) + row
    path = [int(best.argmax())]
    for move in reversed(moves):
        path.append(int(move[path[-1]]))
    return [unit for unit, _ in groupby(reversed(path)) if unit != BLANK]


def edits(heard: Sequence[object], said: Sequence[object]) -> int:
    """Least number of insertions, deletions and substitutions (Levenshtein)."""
    costs = list(range(len(said) + 1))
    for number, unit in enumerate(heard, 1):
        before, costs[0] = costs[0], number
        for place, wanted in enumerate(said, 1):
            before, costs[place] = costs[place], min(costs[place] + 1, costs[place - 1] + 1, before + (unit != wanted))
    return costs[-1]


def _toneless(unit: int) -> str:
    return UNITS[unit].rstrip(TONES)
