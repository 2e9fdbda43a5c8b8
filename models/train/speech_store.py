"""A whole corpus in a device's memory, and batches of it: nothing but the choice of clips is made on the CPU."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from numpy.random import Generator
from torch import Tensor

from ivr.bench.exam.corpus import HOP, Clip, Corpus
from ivr.errors import ModelError
from ivr.speech.building.units import TONES, UNITS
from models.train.align import BLANK, IGNORED
from models.train.batches import LANGUAGES, LONGEST, Batch
from models.train.device_line import Line
from models.train.examples import DITHER, EDGE, EDGE_SECONDS, GAP_SECONDS, HISS, JOINED, MIDDLE, STEP_DB, WARPED, WARPS
from models.train.features import WARP_STEP, Mfcc
from models.train.net import SUBSAMPLING

POOL = 8
"""batches drawn together, so that each holds examples of like length"""

SILENT = 0.06
"""share of examples without speech"""

SPLIT_UP, SPLIT_STEPS = 0.12, (2, 20)
"""share of Mandarin said syllable by syllable, and the 10 ms steps of the pauses so made"""

TAIL = 40
"""steps behind an example that count as silence; beyond them a shorter example of a batch teaches nothing"""

FADE = 2
"""steps in which sound fades before and after silence that was put in"""

FINALS = np.array([name[-1] in TONES and name.startswith("z_") for name in UNITS])

Steps = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Speech:
    """Clips of known durations, side by side."""

    sound: Tensor
    """(steps, 80) int16, on the device"""
    labels: Tensor
    """(steps,) int64, on the device"""
    marks: npt.NDArray[np.int16]
    """labels again, on the CPU"""
    starts: Steps
    lengths: Steps
    """(clips,) in steps"""
    groups: tuple[Steps, ...]
    """clips of one engine and language"""
    shares: npt.NDArray[np.float64]
    """how often each group is drawn"""

    @property
    def hours(self) -> float:
        return len(self.sound) / 360_000


def gathered(corpora: Sequence[Corpus], weights: dict[str, float], device: torch.device) -> Speech:
    """Clips of the train split with known durations, moved to the device; ModelError when there are none."""
    sounds, marks, clips = [], [], []
    for corpus in corpora:
        for clip in corpus.clips("train"):
            labels = corpus.labels(clip)
            samples = corpus.samples(clip)
            steps = len(samples) // HOP
            if labels is None or not 0 < clip.seconds <= LONGEST:
                continue
            sounds.append(samples[: steps * HOP])
            marks.append(np.pad(labels, (0, max(0, steps - len(labels))))[:steps])
            clips.append(clip)
    if not clips:
        raise ModelError("no speech with known durations to learn from: make some (python -m models.train.generate)")
    return store(np.concatenate(sounds), np.concatenate(marks), [len(each) for each in marks], clips, weights, device)


def store(  # noqa: PLR0913, PLR0917 - what is known of all clips
    sound: npt.NDArray[np.int16],
    marks: npt.NDArray[np.int16],
    lengths: Sequence[int],
    clips: Sequence[Clip],
    weights: dict[str, float],
    device: torch.device,
) -> Speech:
    """Clips that lie one behind the other, moved to the device."""
    ends = np.cumsum(lengths)
    keys = sorted({(clip.engine, clip.language) for clip in clips})
    place = {key: number for number, key in enumerate(keys)}
    kinds = np.array([place[clip.engine, clip.language] for clip in clips])
    wanted = np.array([float(weights.get(engine, 1.0)) for engine, _ in keys])
    for language, share in LANGUAGES.items():
        mine = np.array([spoken == language for _, spoken in keys])
        wanted[mine] *= share / max(wanted[mine].sum(), 1e-9)
    return Speech(
        torch.from_numpy(sound.reshape(-1, HOP)).to(device),
        torch.from_numpy(marks.astype(np.int64)).to(device),
        marks,
        ends - np.array(lengths),
        np.array(lengths),
        tuple(np.flatnonzero(kinds == number) for number in range(len(keys))),
        wanted / wanted.sum(),
    )


@dataclass(frozen=True)
class Take:
    """What an example is made of, in 10 ms steps."""

    steps: Steps
    """steps of speech to take, -1 for silence"""
    gains: npt.NDArray[np.float32]
    """factor on each"""


class Batches:
    """Endless batches of so many seconds; the same seed gives the same ones on the same device."""

    def __init__(self, speech: Speech, line: Line, seconds: float, context: int, seed: int) -> None:
        self._speech = speech
        self._line = line
        self._steps = int(seconds * 100)
        self._context = context
        self._seed = seed
        self._mfcc = Mfcc().to(speech.sound.device)
        warps = np.arange(round(WARPS[0] / WARP_STEP), round(WARPS[1] / WARP_STEP) + 1)
        self._filters = torch.stack([self._mfcc.filters(warp * WARP_STEP) for warp in warps]).to(speech.sound.device)
        self._plain = int(np.argmin(abs(warps - round(1 / WARP_STEP))))

    def plans(self, start: int) -> Iterator[list[Take]]:
        """Examples of batch after batch."""
        pool = start // POOL
        while True:
            rng = np.random.default_rng([self._seed, pool])
            drawn: list[Take] = []
            total = 0
            while total < self._steps * POOL:
                drawn.append(self._example(rng))
                total += len(drawn[-1].steps)
            drawn.sort(key=lambda plan: len(plan.steps))
            ends = np.searchsorted(np.cumsum([len(plan.steps) for plan in drawn]), total / POOL * np.arange(1, POOL))
            bounds = [0, *(int(end) + 1 for end in ends), len(drawn)]
            for number in rng.permutation(POOL):
                yield drawn[bounds[number] : bounds[number + 1]]
            pool += 1

    def make(self, plans: Sequence[Take], number: int) -> Batch:
        """These examples as they arrive; `number` decides about the line's chances."""
        device = self._speech.sound.device
        source = torch.Generator(device).manual_seed(self._seed * 1_000_003 + number)
        shape = (len(plans), max(len(plan.steps) for plan in plans))
        taken, gains = np.full(shape, -1, dtype=np.int64), np.zeros(shape, dtype=np.float32)
        for row, plan in enumerate(plans):
            taken[row, : len(plan.steps)] = plan.steps
            gains[row, : len(plan.steps)] = plan.gains
        steps = torch.from_numpy(taken).to(device, non_blocking=True)
        lengths = torch.tensor([len(plan.steps) for plan in plans], device=device)
        sound, labels = self._taken(steps, torch.from_numpy(gains).to(device, non_blocking=True))
        spoken = (steps >= 0).any(1)
        sound = sound + torch.randn(sound.shape, generator=source, device=device) * HISS * (~spoken)[:, None]
        heard = self._line(sound, spoken, source)
        heard = heard + torch.randn(heard.shape, generator=source, device=device) * DITHER
        cepstra = self._cepstra(heard, source)
        return self._batch(cepstra, labels, lengths)

    def _example(self, rng: Generator) -> Take:
        if rng.random() < SILENT:
            silence = np.full(int(rng.uniform(100, 400)), -1, dtype=np.int64)
            return Take(silence, np.ones(len(silence), dtype=np.float32))
        pieces = [self._silence(EDGE_SECONDS, rng, EDGE)]
        louder = [1.0]
        count = int(rng.choice([2, 2, 3])) if rng.random() < JOINED else 1
        for number in range(count):
            if number:
                pieces.append(self._silence(GAP_SECONDS, rng))
                louder.append(1.0)
            pieces.append(self._clip(rng))
            louder.append(10 ** (rng.uniform(-STEP_DB, STEP_DB) / 20))
        pieces.append(self._silence(EDGE_SECONDS, rng, EDGE))
        louder.append(1.0)
        gains = np.repeat(np.array(louder, dtype=np.float32), [len(each) for each in pieces])
        most = int(LONGEST * 100)
        return Take(np.concatenate(pieces)[:most], gains[:most])

    def _clip(self, rng: Generator) -> Steps:
        speech = self._speech
        group = speech.groups[int(rng.choice(len(speech.groups), p=speech.shares))]
        clip = int(group[int(rng.integers(len(group)))])
        steps = np.arange(speech.starts[clip], speech.starts[clip] + speech.lengths[clip])
        return self._split_up(steps, rng) if rng.random() < SPLIT_UP else steps

    def _split_up(self, steps: Steps, rng: Generator) -> Steps:
        """Mandarin with pauses after some syllables: a syllable ends where a final, which bears the tone, ends."""
        marks = self._speech.marks[steps]
        ends = np.flatnonzero((marks[:-1] != marks[1:]) & FINALS[marks[:-1]]) + 1
        chosen = ends[rng.random(len(ends)) < rng.uniform(0.3, 1.0)]
        parts = np.split(steps, chosen)
        pauses = [np.full(int(rng.integers(*SPLIT_STEPS)), -1, dtype=np.int64) for _ in chosen]
        return np.concatenate([parts[0], *(each for pair in zip(pauses, parts[1:], strict=True) for each in pair)])

    def _silence(self, longest: float, rng: Generator, share: float = 1.0) -> Steps:
        return np.full(int(rng.uniform(0, longest) * 100) if rng.random() < share else 0, -1, dtype=np.int64)

    def _taken(self, steps: Tensor, gains: Tensor) -> tuple[Tensor, Tensor]:
        """Sound (B, samples) and labels (B, steps); the edges of what is silent are faded."""
        there = steps >= 0
        sound = self._speech.sound[steps.clamp_min(0)].float() * (gains * there)[..., None]
        ramp = torch.linspace(1, 0, FADE * HOP, device=steps.device).view(FADE, HOP)
        for back in range(FADE):
            # the last steps before a silence; its first steps need none, a plosive begins at once
            ending = there & torch.roll(~there, -(back + 1), 1)
            sound = torch.where(ending[..., None], sound * ramp[FADE - 1 - back], sound)
        labels = torch.where(there, self._speech.labels[steps.clamp_min(0)], BLANK)
        return sound.flatten(1), labels

    def _cepstra(self, sound: Tensor, source: torch.Generator) -> Tensor:
        count = len(sound)
        device = sound.device
        drawn = torch.randint(len(self._filters), (count,), generator=source, device=device)
        warped = torch.rand(count, generator=source, device=device) < WARPED
        return self._mfcc.cepstra(sound, self._filters[torch.where(warped, drawn, self._plain)])

    def _batch(self, cepstra: Tensor, labels: Tensor, lengths: Tensor) -> Batch:
        frames = cepstra.shape[1]
        rows = torch.arange(-(-frames // SUBSAMPLING), device=cepstra.device)
        middles = (rows * SUBSAMPLING + MIDDLE).long().clamp_max(labels.shape[1] - 1)
        chosen = labels[:, middles]
        chosen = torch.where(middles < (lengths + TAIL)[:, None], chosen, IGNORED)
        edges = [cepstra[:, :1].expand(-1, self._context, -1), cepstra, cepstra[:, -1:].expand(-1, self._context, -1)]
        known = torch.ones(len(cepstra), dtype=torch.bool)
        return Batch(torch.cat(edges, 1), (chosen != IGNORED).sum(1), (), chosen, known)
