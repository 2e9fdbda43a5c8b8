from __future__ import annotations

from pathlib import Path

import pytest
import torch

from models.train.net import Net, Shape
from models.train.tests.speech import corpus, hissing
from models.train.tune import Exam, decode, edits, exam


@pytest.mark.parametrize(
    ("heard", "said", "count"),
    [("", "", 0), ("abc", "abc", 0), ("abd", "abc", 1), ("", "abc", 3), ("xabc", "abc", 1), ("kitten", "sitting", 3)],
)
def test_edits_are_levenshteins(heard: str, said: str, count: int) -> None:
    assert edits(heard, said) == edits(said, heard) == count


def test_repeats_are_one_unit_and_silence_is_none() -> None:
    assert decode(scores([0, 3, 3, 0, 3, 5, 5, 0]), switch=0) == [3, 3, 5]


def test_a_unit_that_flickers_is_passed_over() -> None:
    rows = scores([3, 3, 5, 3, 3, 0, 0, 0, 5, 5, 5])
    assert decode(rows, switch=0) == [3, 5, 3, 5]
    assert decode(rows, switch=2.0) == [3, 5]


def scores(best: list[int]) -> torch.Tensor:
    """Rows in which these units are best by three nats."""
    return (3.0 * torch.eye(6)[best]).log_softmax(-1)


def test_only_the_tune_split_is_asked_and_each_language_marked(tmp_path: Path) -> None:
    speech = corpus(tmp_path)
    questions = exam(speech, hissing)
    assert {question.clip.split for question in questions.questions} == {"tune"}
    marks = questions.mark(Net(Shape(width=16, bottleneck=4, before=1, after=1)))
    assert set(marks) == {"all", "rows", "zh clean", "zh clean toneless", "zh line", "zh line toneless"}


def test_an_empty_exam_is_marked_nought() -> None:
    assert Exam(()).mark(Net(Shape(width=8, bottleneck=2, before=0, after=0))) == {"all": 0.0, "rows": 0.0}
