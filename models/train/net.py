"""The acoustic network: a TDNN-F of the Korean model's shape, without i-vector, on 30 cepstra of telephone speech."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from ivr.speech.building.units import UNITS
from models.train.nnet3 import BATCH_NORM_EPSILON, BYPASS

SUBSAMPLING = 3
"""frames of 10 ms for each row of scores"""

MOMENTUM = 0.03
"""weight of a batch in the running mean and variance that serve in use"""


@dataclass(frozen=True)
class Shape:
    """Sizes of a network; the defaults are the Korean model's."""

    cepstra: int = 30
    width: int = 768
    bottleneck: int = 64
    before: int = 3
    """layers at every frame"""
    after: int = 10
    """layers at every third frame"""
    units: int = len(UNITS)

    @property
    def context(self) -> int:
        """Frames that the network sees on either side: 34 in the Korean model."""
        return 1 + self.before + SUBSAMPLING * self.after

    def plain(self) -> dict[str, int]:
        """For a checkpoint."""
        return asdict(self)


class BatchNorm(nn.Module):
    """Kaldi's BatchNormComponent: no scale, no offset; its names are nnet3.py's. Without momentum it stands still."""

    mean: Tensor
    var: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("var", torch.ones(width))
        self.momentum = MOMENTUM

    def forward(self, rows: Tensor) -> Tensor:
        learn = self.training and self.momentum > 0
        flat = rows.reshape(-1, rows.shape[-1])
        return functional.batch_norm(
            flat, self.mean, self.var, None, None, learn, self.momentum, BATCH_NORM_EPSILON
        ).view_as(rows)


class Factored(nn.Module):
    """Kaldi's tdnnf-layer: a linear map to a bottleneck from rows t - 1 and t, an affine one back from t and t + 1."""

    def __init__(self, width: int, bottleneck: int, *, spliced: bool) -> None:
        super().__init__()
        rows = 2 if spliced else 1
        self.spliced = spliced
        self.lin = nn.Linear(width * rows, bottleneck, bias=False)
        self.aff = nn.Linear(bottleneck * rows, width)
        self.bn = BatchNorm(width)

    def forward(self, rows: Tensor, dropout: float = 0.0) -> Tensor:
        """(B, T, C) → (B, T - 2, C) where spliced, else (B, T, C)."""
        inner = self._narrowed(rows) if self.spliced else self.lin(rows)
        outer = self.bn(functional.relu(self.aff(inner)))
        if dropout and self.training:
            outer = outer * _mask(outer, dropout)
        return torch.add(outer, rows[:, 1:-1] if self.spliced else rows, alpha=BYPASS)

    def _narrowed(self, rows: Tensor) -> Tensor:
        """Both bottleneck rows side by side; wide rows are never copied, which saves a fifth of a step's time."""
        narrow, wide = self.lin.out_features, rows.shape[-1]
        halves = self.lin.weight.view(narrow, 2, wide).transpose(0, 1).reshape(2 * narrow, wide)
        given = functional.linear(rows, halves)
        inner = given[:, :-1, :narrow] + given[:, 1:, narrow:]
        return torch.cat([inner[:, :-1], inner[:, 1:]], -1)


class Net(nn.Module):
    """Cepstra with context → scores of units, every third frame. Parameters are named as nnet3.py writes them."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = Shape() if shape is None else shape
        width, narrow = shape.width, shape.bottleneck
        self.inp = nn.Linear(3 * shape.cepstra, width)
        self.bn0 = BatchNorm(width)
        self.pre = nn.ModuleList(Factored(width, narrow, spliced=True) for _ in range(shape.before))
        self.mid = Factored(width, narrow, spliced=False)
        self.post = nn.ModuleList(Factored(width, narrow, spliced=True) for _ in range(shape.after))
        self.pl = nn.Linear(width, narrow, bias=False)
        self.pa = nn.Linear(narrow, width)
        self.pbn1 = BatchNorm(width)
        self.plin = nn.Linear(width, narrow, bias=False)
        self.pbn2 = BatchNorm(narrow)
        self.out = nn.Linear(narrow, shape.units)
        nn.init.zeros_(self.out.bias)

    def forward(self, cepstra: Tensor, dropout: float = 0.0) -> Tensor:
        """(B, T + 2 · context, cepstra), edges repeated (`pad`) → (B, ⌈T / 3⌉, units), before the softmax."""
        rows = torch.cat([cepstra[:, :-2], cepstra[:, 1:-1], cepstra[:, 2:]], -1)
        rows = self.bn0(functional.relu(self.inp(rows)))
        for layer in self.pre:
            rows = layer(rows)
        rows = self.mid(rows[:, ::SUBSAMPLING].contiguous(), dropout)
        for layer in self.post:
            rows = layer(rows, dropout)
        rows = self.pbn1(functional.relu(self.pa(self.pl(rows))))
        scores: Tensor = self.out(self.pbn2(self.plin(rows)))
        return scores

    def freeze_body(self, *, frozen: bool, statistics: bool = True) -> None:
        """Whether all but the output layer stand still, batch statistics too; or these alone, without `statistics`."""
        for name, parameter in self.named_parameters():
            parameter.requires_grad_(not frozen or name.startswith("out."))
        for part in self.modules():
            if isinstance(part, BatchNorm):
                part.momentum = MOMENTUM if statistics and not frozen else 0.0


def pad(cepstra: Tensor, context: int, total: int | None = None) -> Tensor:
    """(T, C) → (`total` or T, plus context on either side, C): the first and last frames stand for what isn't there."""
    length = len(cepstra) if total is None else total
    return torch.cat(
        [cepstra[:1].expand(context, -1), cepstra, cepstra[-1:].expand(length - len(cepstra) + context, -1)]
    )


def scored(frames: int) -> int:
    """How many rows of scores so many frames give."""
    return -(-frames // SUBSAMPLING)


def _mask(rows: Tensor, dropout: float) -> Tensor:
    """Kaldi's dropout over time: a channel is there for a whole utterance, or not at all."""
    kept = torch.rand(rows.shape[0], 1, rows.shape[2], device=rows.device) > dropout
    return kept.to(rows.dtype) / (1 - dropout)
