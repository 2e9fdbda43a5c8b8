from __future__ import annotations

import itertools

import pytest
import torch

from models.train.align import BLANK, IGNORED, align


def paths(units: list[int], rows: int) -> list[list[int]]:
    """Every way to say the units in so many rows."""
    states = [BLANK, *(each for unit in units for each in (unit, BLANK))]
    found = []
    for chosen in itertools.combinations_with_replacement(range(len(states)), rows):
        said = [number for number, _ in itertools.groupby(chosen)]
        if [number for number in said if number % 2] == list(range(1, len(states), 2)) and _parted(said, states):
            found.append(list(chosen))
    return found


def _parted(said: list[int], states: list[int]) -> bool:
    """Whether silence stands between equal units."""
    return all(other - one == 1 or states[one] != states[other] for one, other in itertools.pairwise(said))


def best(scores: torch.Tensor, units: list[int], rows: int, penalty: float) -> tuple[float, list[int]]:
    states = [BLANK, *(each for unit in units for each in (unit, BLANK))]

    def worth(path: list[int]) -> float:
        inner = sum(penalty for number in path if number % 2 == 0 and 0 < number < len(states) - 1)
        return sum(float(scores[row, states[number]]) for row, number in enumerate(path)) - inner

    chosen = max(paths(units, rows), key=worth)
    return worth(chosen), [states[number] for number in chosen]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("penalty", [0.0, 1.5])
def test_the_path_is_the_best_of_all(seed: int, penalty: float) -> None:
    torch.manual_seed(seed)
    scores = torch.log_softmax(torch.randn(4, 6, 5) * 2, -1)
    units = [[1], [2, 2], [3, 1, 4], [4, 3]]
    rows = torch.tensor([6, 5, 6, 3])
    labels = align(scores, rows, units, penalty)
    for number, each in enumerate(units):
        length = int(rows[number])
        assert labels[number, :length].tolist() == best(scores[number], each, length, penalty)[1]
        assert (labels[number, length:] == IGNORED).all()


def test_units_as_many_as_rows_take_a_row_each() -> None:
    scores = torch.zeros(1, 3, 5)
    assert align(scores, torch.tensor([3]), [[1, 2, 3]]).tolist() == [[1, 2, 3]]


def test_a_clip_too_short_for_its_units_teaches_nothing() -> None:
    scores = torch.zeros(2, 3, 5)
    labels = align(scores, torch.tensor([2, 3]), [[1, 2, 3], [1, 2, 3]])
    assert labels.tolist() == [[IGNORED] * 3, [1, 2, 3]]


def test_without_units_all_is_silence() -> None:
    labels = align(torch.randn(2, 4, 5), torch.tensor([4, 4]), [[], [1]])
    assert labels[0].tolist() == [BLANK] * 4
