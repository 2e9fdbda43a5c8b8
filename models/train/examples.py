"""A clip, or a few in a row, made into what the network sees: cepstra of a bad telephone line, and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
from numpy.random import Generator
from torch import Tensor

from ivr.bench.exam.corpus import HOP, Clip, Corpus
from ivr.speech.building.units import TONES, UNITS
from models.train.align import BLANK, IGNORED
from models.train.features import TELEPHONE, Mfcc
from models.train.net import SUBSAMPLING, scored

Samples = npt.NDArray[np.int16]

Labels = npt.NDArray[np.int16]

CROWD = 64
"""clips from all over the corpus, of which babble is mixed"""

MIDDLE = 1.25
"""steps of 10 ms from a frame's start to its middle"""

JOINED, GAP_SECONDS, STEP_DB = 0.35, 0.35, 6.0
"""share of examples made of two or three clips, the longest silence and the greatest change of level between them"""

EDGE, EDGE_SECONDS = 0.5, 0.6
"""share of edges with silence before or after, and the longest such silence"""

SPLIT_UP, SPLIT_SECONDS, FADE = 0.2, (0.02, 0.2), 120
"""share of Mandarin said syllable by syllable, the pauses so made, and the samples in which a syllable then fades"""

CUT, CUT_SECONDS, AUDIBLE = 0.2, 0.04, 0.05
"""share of clips whose edges are cut off hard, as recordings and voice activity detectors do, how much of what is
audible goes, and the share of the peak from which it is"""

SILENT, SILENT_SECONDS = 0.03, (1.0, 4.0)
"""share of examples without speech, so that whatever a line carries alone is learnt as silence"""

HISS = 3.0
"""of a silent line before degradation, in steps of int16"""

WARPED, WARPS = 0.8, (0.84, 1.16)
"""share of examples said by another vocal tract, and its length beside the first"""

DITHER = 1.0
"""steps of int16, Kaldi's habit in training: no bin of a frame is ever empty"""

ROOM = 1.15
"""rows that a clip must have for each unit, on average; quicker speech than that has lost units"""


class Degrade(Protocol):
    """Makes clean speech into telephone speech, perhaps of another length; babble is mixed of `voices`."""

    def __call__(self, samples: Samples, rng: Generator, *, voices: Sequence[Samples]) -> Samples: ...


@dataclass(frozen=True)
class Example:
    """What one utterance teaches."""

    cepstra: Tensor
    """(frames, 30)"""
    units: tuple[int, ...]
    labels: Tensor
    """(rows,): the unit of each third frame, or IGNORED everywhere where only `units` are known"""

    @property
    def known(self) -> bool:
        return bool((self.labels != IGNORED).any())

    @property
    def fits(self) -> bool:
        """Whether there are rows enough for the units."""
        return len(self.labels) >= ROOM * len(self.units) + 2


class Maker:
    """Makes examples: the same generator state gives the same example."""

    def __init__(self, corpus: Corpus, degrade: Degrade) -> None:
        self._corpus = corpus
        self._degrade = degrade
        self._mfcc = Mfcc()
        clips = corpus.clips()
        self._crowd = [corpus.samples(clip) for clip in clips[:: max(1, len(clips) // CROWD)]]

    def make(self, clips: Sequence[Clip], rng: Generator) -> Example:
        """One example of these clips in a row, after everything that may happen to them on the way."""
        pieces = [self._silence(EDGE_SECONDS, rng, EDGE)]
        for number, clip in enumerate(clips):
            if number:
                pieces.append(self._silence(GAP_SECONDS, rng))
            pieces.append(self._said(clip, rng, louder=rng.uniform(-STEP_DB, STEP_DB) if number else 0.0))
        pieces.append(self._silence(EDGE_SECONDS, rng, EDGE))
        units = tuple(unit for clip in clips for unit in clip.units)
        return self._heard(pieces, units, rng)

    def silent(self, rng: Generator) -> Example:
        """A line on which nobody speaks."""
        length = int(TELEPHONE.rate * rng.uniform(*SILENT_SECONDS))
        hiss = np.round(rng.normal(0, HISS, length)).astype(np.int16)
        return self._heard([(hiss, _nothing(length))], (), rng)

    def clean(self, clip: Clip) -> Example:
        """A clip as it was made."""
        samples = self._corpus.samples(clip)
        cepstra = self._mfcc(torch.from_numpy(samples.astype(np.float32)))
        return Example(cepstra, clip.units, self._rows(self._labels(clip, len(samples)), len(cepstra), 1.0))

    def _said(self, clip: Clip, rng: Generator, louder: float) -> tuple[Samples, Labels]:
        samples = self._corpus.samples(clip)
        labels = self._labels(clip, len(samples))
        if clip.language == "zh" and clip.durations is not None and rng.random() < SPLIT_UP:
            samples, labels = split_up(samples, labels, rng)
        if rng.random() < CUT:
            samples, labels = cut_short(samples, labels, rng)
        scaled = np.clip(samples * 10 ** (louder / 20), -32768, 32767)
        return scaled.astype(np.int16), labels

    def _labels(self, clip: Clip, length: int) -> Labels:
        """One a 10 ms step of the clip's `length` samples."""
        steps = -(-length // HOP)
        true = self._corpus.labels(clip)
        if true is None:
            return np.full(steps, IGNORED, np.int16)
        return np.concatenate([true, np.full(max(0, steps - len(true)), BLANK, np.int16)])[:steps]

    def _silence(self, longest: float, rng: Generator, share: float = 1.0) -> tuple[Samples, Labels]:
        length = int(TELEPHONE.rate * rng.uniform(0, longest)) if rng.random() < share else 0
        return np.zeros(length, np.int16), _nothing(length)

    def _heard(self, pieces: Sequence[tuple[Samples, Labels]], units: tuple[int, ...], rng: Generator) -> Example:
        samples = np.concatenate([_whole(sound) for sound, _ in pieces])
        labels = np.concatenate([each for _, each in pieces])
        if (labels == IGNORED).any():
            labels = np.full_like(labels, IGNORED)
        heard = self._degrade(samples, rng, voices=self._crowd)
        stretch = len(heard) / len(samples)
        sound = heard + rng.normal(0, DITHER, len(heard))
        warp = rng.uniform(*WARPS) if rng.random() < WARPED else 1.0
        cepstra = self._mfcc(torch.from_numpy(sound.astype(np.float32)), warp)
        return Example(cepstra, units, self._rows(labels, len(cepstra), stretch))

    def _rows(self, labels: Labels, length: int, stretch: float) -> Tensor:
        """The label in the middle of every third frame of sound that is `stretch` times as long as its labels."""
        middles = (np.arange(scored(length)) * SUBSAMPLING + MIDDLE) / stretch
        places = np.minimum(middles.astype(int), len(labels) - 1)
        return torch.from_numpy(labels[places].astype(np.int64))


def split_up(samples: Samples, labels: Labels, rng: Generator) -> tuple[Samples, Labels]:
    """Mandarin with pauses after some syllables: a syllable ends where a final, which bears the tone, ends."""
    ends: list[int] = (np.flatnonzero(labels[:-1] != labels[1:]) + 1).tolist()
    often = rng.uniform(0.3, 1.0)
    chosen = [end for end in ends if UNITS[labels[end - 1]][-1] in TONES and rng.random() < often]
    sounds, marks = [], []
    for start, end in zip([0, *chosen], [*chosen, len(labels)], strict=True):
        sound = samples[start * HOP : end * HOP].copy()
        if end != len(labels):
            faded = min(FADE, len(sound))
            sound[len(sound) - faded :] = sound[len(sound) - faded :] * np.linspace(1, 0, faded)
            pause = HOP * int(100 * rng.uniform(*SPLIT_SECONDS))
            sounds += [sound, np.zeros(pause, np.int16)]
            marks += [labels[start:end], _nothing(pause)]
        else:
            sounds.append(sound)
            marks.append(labels[start:])
    return np.concatenate(sounds), np.concatenate(marks)


def cut_short(samples: Samples, labels: Labels, rng: Generator) -> tuple[Samples, Labels]:
    """Without the silence at both ends, nor a little of the speech there."""
    size = np.abs(samples.astype(np.int32))
    loud = np.flatnonzero(size > AUDIBLE * size.max())
    if not len(loud):
        return samples, labels
    start, end = int(loud[0]) // HOP, int(loud[-1]) // HOP + 1
    start += int(100 * rng.uniform(0, CUT_SECONDS))
    end = max(start + 1, end - int(100 * rng.uniform(0, CUT_SECONDS)))
    return samples[start * HOP : end * HOP], labels[start:end]


def _nothing(length: int) -> Labels:
    """Labels of so many samples of silence."""
    return np.full(-(-length // HOP), BLANK, np.int16)


def _whole(samples: Samples) -> Samples:
    """Filled up to whole 10 ms, so that labels and sound stay together."""
    return np.pad(samples, (0, -len(samples) % HOP))
