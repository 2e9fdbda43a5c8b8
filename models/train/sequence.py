"""The right row of units against every other: a sequence criterion, MMI with a bigram of rows as the denominator."""

from __future__ import annotations

import torch
from torch import Tensor

from models.train.align import IGNORED

UNSEEN = 0.03
"""share of every row of transitions that goes to any unit, by how often it is begun at all"""


def transitions(labels: Tensor, units: int) -> Tensor:
    """(units, units): how likely each unit is a row after each, from labels in a row; IGNORED parts them."""
    before, after = labels[:-1], labels[1:]
    whole = (before != IGNORED) & (after != IGNORED)
    pairs = before[whole] * units + after[whole]
    counts = torch.bincount(pairs, minlength=units * units).view(units, units).double()
    begun = counts - torch.diag(torch.diag(counts))
    anything = (begun.sum(0) + 1) / (begun.sum() + units)
    seen = counts / counts.sum(1, keepdim=True).clamp_min(1)
    empty = counts.sum(1, keepdim=True) == 0
    share = torch.where(empty, 1.0, UNSEEN)
    return ((1 - share) * seen + share * anything).float()


def criterion(scores: Tensor, labels: Tensor, rows: Tensor, moves: Tensor) -> Tensor:
    """Nats a row by which all paths together beat the labels' own: never below 0.

    `scores` (B, T, units) of any offset a row, `labels` (B, T) of which the first `rows` (B,) count, `moves` from
    `transitions`. A softmax over whole paths, so that the net learns what a row alone cannot tell.
    """
    counted = torch.arange(scores.shape[1], device=scores.device) < rows[:, None]
    wanted = labels.clamp_min(0)
    own = scores.gather(2, wanted[..., None])[..., 0]
    steps = moves[wanted[:, :-1], wanted[:, 1:]].log()
    path = (own * counted).sum(1) + (steps * counted[:, 1:]).sum(1)
    return (_all_paths(scores, counted, moves) - path).sum() / counted.sum()


def _all_paths(scores: Tensor, counted: Tensor, moves: Tensor) -> Tensor:
    """(B,): log of the sum over every path, each row scaled to one so that nothing underflows."""
    top = scores.detach().amax(2)
    likely = (scores - top[..., None]).exp()
    reached = likely[:, 0]
    total = top[:, 0] + reached.sum(1).log()
    reached = reached / reached.sum(1, keepdim=True)
    for time in range(1, scores.shape[1]):
        here = counted[:, time]
        going = (reached @ moves) * likely[:, time]
        size = going.sum(1)
        total = total + torch.where(here, top[:, time] + size.clamp_min(1e-30).log(), 0.0)
        reached = torch.where(here[:, None], going / size.clamp_min(1e-30)[:, None], reached)
    return total
