"""Which unit each row of scores belongs to: the best path through a clip's units, with silence allowed anywhere."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

BLANK = 0
"""the unit of silence (units.py)"""

IGNORED = -100
"""label of a row that teaches nothing: torch's own"""

IMPOSSIBLE = -1e30


@torch.no_grad()
def align(scores: Tensor, rows: Tensor, units: Sequence[Sequence[int]], blank_penalty: float = 0.0) -> Tensor:
    """Viterbi labels (B, T) of log scores (B, T, units).

    Every unit lasts a row or more; silence may stand before, between and after, must stand between equal units, and
    costs `blank_penalty` a row between. `rows` (B,) are the lengths; beyond them, and where a clip is too short for
    its units, all is IGNORED.
    """
    count, length, _ = scores.shape
    states = _states(units).to(scores.device)
    last = torch.tensor([2 * len(each) for each in units], device=scores.device)
    emitted = scores.gather(2, states[:, None].expand(count, length, -1))
    emitted = emitted - _penalties(states, last, blank_penalty)[:, None]
    best, moves = _forward(emitted, rows, _skips(states))
    ends = torch.stack([last, (last - 1).clamp_min(0)])
    final = best.gather(1, ends.T).T
    state = torch.where(final[0] > final[1], ends[0], ends[1])
    labels = _trace(states, moves, state, rows)
    labels[final.amax(0) < IMPOSSIBLE / 2] = IGNORED
    return labels


def _states(units: Sequence[Sequence[int]]) -> Tensor:
    """(B, S): silence, unit, silence, …, unit, silence; short clips are filled up with silence."""
    longest = max(len(each) for each in units)
    states = torch.full((len(units), 2 * longest + 1), BLANK)
    for row, each in zip(states, units, strict=True):
        row[1 : 2 * len(each) : 2] = torch.tensor(list(each), dtype=torch.long)
    return states


def _penalties(states: Tensor, last: Tensor, penalty: float) -> Tensor:
    """Of each state: silence between units costs, silence at the ends is free."""
    number = torch.arange(states.shape[1], device=states.device)
    inner = (number % 2 == 0) & (number > 0) & (number < last[:, None])
    return inner * penalty


def _skips(states: Tensor) -> Tensor:
    """(B, S): whether a state may be reached from the last but one: a unit from another unit."""
    unit = torch.arange(states.shape[1], device=states.device) % 2 == 1
    return unit & (states != torch.nn.functional.pad(states[:, :-2], (2, 0), value=BLANK))


def _forward(emitted: Tensor, rows: Tensor, skips: Tensor) -> tuple[Tensor, Tensor]:
    """Best score of each state at a clip's last row, and from how many states back (0, 1, 2) it was reached."""
    count, length, width = emitted.shape
    best = torch.full((count, width), IMPOSSIBLE, device=emitted.device)
    best[:, :2] = emitted[:, 0, :2]
    moves = torch.zeros((count, length, width), dtype=torch.int8, device=emitted.device)
    for time in range(1, length):
        stepped = torch.nn.functional.pad(best[:, :-1], (1, 0), value=IMPOSSIBLE)
        skipped = torch.nn.functional.pad(best[:, :-2], (2, 0), value=IMPOSSIBLE).where(skips, IMPOSSIBLE)
        reached, move = torch.stack([best, stepped, skipped]).max(0)
        moves[:, time] = move
        best = torch.where((time < rows)[:, None], (reached + emitted[:, time]).clamp_min(IMPOSSIBLE), best)
    return best, moves


def _trace(states: Tensor, moves: Tensor, state: Tensor, rows: Tensor) -> Tensor:
    labels = torch.full(moves.shape[:2], IGNORED, device=states.device)
    for time in range(moves.shape[1] - 1, -1, -1):
        inside = time < rows
        here = state[:, None]
        labels[:, time] = torch.where(inside, states.gather(1, here)[:, 0], IGNORED)
        back = moves[:, time].gather(1, here)[:, 0].long()
        state = torch.where(inside, state - back, state)
    return labels
