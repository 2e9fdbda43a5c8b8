from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.tones import tone
from ivr.audio.wav import write_wav
from ivr.bench.exam.corpus import Clip, Shard
from models.train.figures import Exam

VOICE = tone((300.0, 700.0), 0.5, -20.0)


@pytest.fixture
def exam(tmp_path: Path) -> Exam:
    """A corpus of both parts, two human digits and a syllable."""
    with Shard(tmp_path, "mixed") as shard:
        shard.add(Clip("joe-0", "yes", "en", (1,), "joe", "joe", "test", 0.5), VOICE)
        shard.add(Clip("flite-0", "yes", "en", (1,), "kal", "flite", "tune", 0.5), VOICE)
    for name in ("7_ann_0", "7_ann_1", "zhuo1"):
        write_wav(tmp_path / f"{name}.wav", VOICE)
    return Exam(tmp_path, callers=None, digits=tmp_path, syllables=tmp_path)


def _groups(exam: Exam) -> list[str]:
    return [trial.group for trial in exam.trials()]


def test_all_sets_that_are_named_are_examined(exam: Exam) -> None:
    assert _groups(exam) == ["joe", "human digits", "human digits", "human syllables"]


def test_people_and_reported_voices_are_never_examined_for_tuning(exam: Exam) -> None:
    assert _groups(Exam(**{**vars(exam), "part": "tune"})) == ["flite"]


def test_the_takes_of_each_human_digit_can_be_limited(exam: Exam) -> None:
    assert _groups(Exam(**{**vars(exam), "takes": 1})).count("human digits") == 1
