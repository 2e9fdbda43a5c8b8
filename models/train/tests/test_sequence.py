from __future__ import annotations

from itertools import pairwise, product

import torch

from models.train.align import IGNORED
from models.train.sequence import criterion, transitions

UNITS = 3


def _moves():
    return transitions(torch.tensor([0, 0, 1, 1, 2, 0, IGNORED, 2, 2, 1]), UNITS)


def _by_hand(scores, labels, moves):
    """Every path of one example, one by one."""

    def path(units):
        own = sum(scores[time, unit] for time, unit in enumerate(units))
        return own + sum(moves[one, other].log() for one, other in pairwise(units))

    everything = torch.stack([path(units) for units in product(range(UNITS), repeat=len(labels))])
    return torch.logsumexp(everything, 0) - path(labels)


def test_each_row_of_transitions_adds_up_to_one_and_nothing_is_impossible():
    moves = _moves()
    assert torch.allclose(moves.sum(1), torch.ones(UNITS))
    assert bool((moves > 0).all())
    # 0 stayed once, and went to 1 once: what parted them was not counted
    assert moves[0, 0] > moves[0, 2]


def test_the_criterion_is_the_sum_over_every_path():
    torch.manual_seed(1)
    scores, moves = torch.randn(2, 4, UNITS) * 3, _moves()
    labels = torch.tensor([[0, 0, 1, 2], [2, 1, IGNORED, IGNORED]])
    rows = torch.tensor([4, 2])
    wanted = (_by_hand(scores[0], [0, 0, 1, 2], moves) + _by_hand(scores[1, :2], [2, 1], moves)) / 6
    assert torch.allclose(criterion(scores, labels, rows, moves), wanted, atol=1e-5)


def test_what_is_added_to_a_whole_row_changes_nothing():
    torch.manual_seed(2)
    scores, moves = torch.randn(1, 5, UNITS), _moves()
    labels, rows = torch.tensor([[0, 1, 1, 2, 0]]), torch.tensor([5])
    before = criterion(scores, labels, rows, moves)
    assert torch.allclose(criterion(scores + torch.randn(1, 5, 1) * 4, labels, rows, moves), before, atol=1e-5)


def test_learning_by_it_makes_the_right_path_the_likeliest():
    torch.manual_seed(3)
    scores, moves = torch.zeros(1, 6, UNITS, requires_grad=True), _moves()
    labels, rows = torch.tensor([[0, 0, 2, 2, 1, 1]]), torch.tensor([6])
    optimiser = torch.optim.SGD([scores], lr=3.0)
    for _ in range(60):
        optimiser.zero_grad()
        criterion(scores, labels, rows, moves).backward()
        optimiser.step()
    assert scores.argmax(2).tolist() == labels.tolist()
    assert float(criterion(scores.detach(), labels, rows, moves)) < 0.1
