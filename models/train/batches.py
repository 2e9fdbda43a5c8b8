"""Batches of examples, each a pure function of seed and number: a resumed training sees what it would have seen."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from numpy.random import Generator
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ivr.bench.exam.corpus import Clip, Corpus
from ivr.errors import ModelError
from models.train.align import IGNORED
from models.train.examples import JOINED, SILENT, Degrade, Example, Maker
from models.train.net import SUBSAMPLING, Shape, pad

POOL = 8
"""batches that are drawn together, so that each holds examples of like length"""

LONGEST = 13.0
"""seconds of an example"""

ENOUGH = 600.0
"""seconds of one engine and language; where there is less, it is drawn less often than its weight"""

FRAMES = 100
"""a second"""

TRIES = 1000
"""examples thrown away in a row, after which something is wrong"""

WEIGHTS: Mapping[str, float] = MappingProxyType({"kokoro": 2.4, "flite": 1.6, "espeak": 0.6, "gcin": 0.7})
"""how often an engine is drawn beside others of its language; 1 for others. Natural voices first (facts/models.md)"""

LANGUAGES: Mapping[str, float] = MappingProxyType({"zh": 0.55, "en": 0.45})
"""shares of the languages, whatever their engines: Mandarin has five times as many units"""


@dataclass(frozen=True)
class Mix:
    """What decides about the contents of batches."""

    seed: int = 1
    seconds: float = 28.0
    """of speech in a batch"""
    known_steps: int = 700
    """batches at the start that hold clips with true durations only"""
    weights: Mapping[str, float] = field(default_factory=lambda: dict(WEIGHTS))


@dataclass(frozen=True)
class Batch:
    """Examples of like length."""

    cepstra: Tensor
    """(B, T + 2 · context, 30)"""
    rows: Tensor
    """(B,): rows of scores that count"""
    units: tuple[tuple[int, ...], ...]
    labels: Tensor
    """(B, ⌈T / 3⌉)"""
    known: Tensor
    """(B,): whether `labels` tell, or must be found from `units`"""

    @property
    def seconds(self) -> float:
        return float(self.rows.sum()) * SUBSAMPLING / FRAMES


class Draw:
    """Draws clips: first an engine and language by weight, then any clip of theirs."""

    def __init__(self, clips: Sequence[Clip], weights: Mapping[str, float]) -> None:
        groups: dict[tuple[str, str], list[Clip]] = {}
        for clip in clips:
            groups.setdefault((clip.engine, clip.language), []).append(clip)
        self._groups = list(groups.values())
        wanted = {key: weights.get(key[0], 1.0) * _plenty(group) for key, group in groups.items()}
        shares = np.array([wanted[key] * _share(key[1], wanted) for key in groups])
        self._shares = shares / shares.sum() if len(shares) else shares

    def __bool__(self) -> bool:
        return bool(self._groups)

    def clips(self, rng: Generator) -> list[Clip]:
        """One clip, at times two or three that will be said in a row."""
        count = int(rng.choice([2, 2, 3])) if rng.random() < JOINED else 1
        return [self._one(rng) for _ in range(count)]

    def _one(self, rng: Generator) -> Clip:
        group = self._groups[int(rng.choice(len(self._groups), p=self._shares))]
        return group[int(rng.integers(len(group)))]


class Pools(Dataset[list[Batch]]):
    """Pool number → POOL batches. The folder is read anew every REREAD pools, for speech that came in meanwhile."""

    REREAD = 250

    def __init__(self, folder: Path, mix: Mix, degrade: Degrade, shape: Shape) -> None:
        self._folder = folder
        self._mix = mix
        self._degrade = degrade
        self._context = shape.context
        self._read: int | None = None
        self._all = self._known = Draw([], {})
        self._maker: Maker | None = None

    def __getitem__(self, pool: int) -> list[Batch]:
        maker = self._open(pool)
        known_only = pool * POOL < self._mix.known_steps
        draw = self._known if known_only and self._known else self._all
        rng = np.random.default_rng([self._mix.seed, pool])
        wanted = self._mix.seconds * POOL * FRAMES
        examples: list[Example] = []
        frames = 0
        while frames < wanted or len(examples) < POOL:
            example = self._example(maker, draw, rng)
            examples.append(example)
            frames += len(example.cepstra)
        return [batch(group, self._context) for group in self._groups(examples, rng)]

    def _open(self, pool: int) -> Maker:
        if self._maker is None or self._read != pool // self.REREAD:
            self._read = pool // self.REREAD
            corpus = Corpus(self._folder)
            clips = [clip for clip in corpus.clips("train") if clip.seconds <= LONGEST]
            self._all = Draw(clips, self._mix.weights)
            self._known = Draw([clip for clip in clips if clip.durations is not None], self._mix.weights)
            if not self._all:
                raise ModelError("no clips of the train split: make speech first", where=self._folder)
            self._maker = Maker(corpus, self._degrade)
        return self._maker

    def _example(self, maker: Maker, draw: Draw, rng: Generator) -> Example:
        for _ in range(TRIES):
            example = maker.silent(rng) if rng.random() < SILENT else maker.make(draw.clips(rng), rng)
            if example.fits and len(example.cepstra) <= LONGEST * FRAMES:
                return example
        raise ModelError(f"{TRIES} examples in a row were too long or too quick to learn from", where=self._folder)

    def _groups(self, examples: list[Example], rng: Generator) -> list[list[Example]]:
        """POOL groups of like length and of about as many frames each, in any order."""
        examples.sort(key=lambda example: len(example.cepstra))
        ends = np.cumsum([len(example.cepstra) for example in examples])
        bounds = [0]
        for number in range(1, POOL):
            cut = int(np.searchsorted(ends, ends[-1] * number / POOL)) + 1
            # at least one example for each group before and after
            bounds.append(min(max(cut, bounds[-1] + 1), len(examples) - POOL + number))
        bounds.append(len(examples))
        groups = [examples[start:end] for start, end in pairwise(bounds)]
        return [groups[int(number)] for number in rng.permutation(POOL)]


def batch(examples: Sequence[Example], context: int) -> Batch:
    """Examples side by side, filled up to the longest."""
    longest = max(len(example.cepstra) for example in examples)
    rows = [len(example.labels) for example in examples]
    return Batch(
        torch.stack([pad(example.cepstra, context, longest) for example in examples]),
        torch.tensor(rows),
        tuple(example.units for example in examples),
        torch.stack([_filled(example.labels, max(rows)) for example in examples]),
        torch.tensor([example.known for example in examples]),
    )


def batches(pools: Pools, step: int, workers: int) -> Iterator[Batch]:
    """All batches from `step` on, made by so many processes; endless."""
    loader = DataLoader(
        pools,
        batch_size=None,
        sampler=range(step // POOL, 2**31),
        num_workers=workers,
        prefetch_factor=4 if workers else None,
        worker_init_fn=_alone,
    )
    skipped = step % POOL
    for pool in loader:
        yield from pool[skipped:]
        skipped = 0


def _plenty(clips: Sequence[Clip]) -> float:
    return min(1.0, sum(clip.seconds for clip in clips) / ENOUGH)


def _share(language: str, wanted: Mapping[tuple[str, str], float]) -> float:
    """What makes the weights of a language's engines add up to its share; a language with little speech gets less."""
    mine = sum(weight for (_, spoken), weight in wanted.items() if spoken == language)
    return LANGUAGES[language] * min(1.0, mine) / max(mine, 1e-9)


def _filled(labels: Tensor, length: int) -> Tensor:
    return torch.nn.functional.pad(labels, (0, length - len(labels)), value=IGNORED)


def _alone(_: int) -> None:
    """A worker leaves interrupts to its parent, can be ended, and keeps to one core."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    torch.set_num_threads(1)
