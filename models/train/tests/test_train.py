from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from ivr.errors import ModelError
from models.train.batches import Mix
from models.train.checkpoint import load
from models.train.net import Shape
from models.train.tests.speech import corpus
from models.train.train import Interrupts, Length, Machine, train
from models.train.trainer import Plan

PLAN = Plan(
    start="random",
    rate=3e-3,
    mix=Mix(seed=3, seconds=4.0, known_steps=4),
    shape=Shape(width=16, bottleneck=4, before=1, after=1),
)

ALONE = Machine(workers=0, cuda=False)


def test_a_training_goes_on_where_it_stopped_and_tells_how_it_went(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus(tmp_path / "corpus")
    folder = tmp_path / "model"
    file = train(tmp_path / "corpus", folder, Length(steps=3), PLAN, ALONE)
    assert load(file).step == 3
    train(tmp_path / "corpus", folder, Length(steps=50), PLAN, ALONE)
    ended = load(file)
    assert ended.step == 50
    assert ended.audio_seconds > 100
    rows = [json.loads(line) for line in (folder / "log.jsonl").read_text("utf-8").splitlines()]
    assert [row["step"] for row in rows] == [3, 50, 50]
    assert {"loss", "rows", "rate", "audio_hours", "wall_seconds"} < set(rows[1])
    assert "zh clean" in rows[2]["tune"]
    assert "3 steps done" in capsys.readouterr().out


def test_interrupts_wait_for_the_step_to_end_but_a_second_one_does_not() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with Interrupts() as stop:
        assert not stop.asked
        signal.raise_signal(signal.SIGTERM)
        assert stop.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGTERM) is before


def test_an_interrupted_training_has_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus(tmp_path / "corpus")

    def asked_at_once(self: Interrupts) -> Interrupts:
        self.asked = True
        return self

    monkeypatch.setattr(Interrupts, "__enter__", asked_at_once)
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "corpus", tmp_path / "model", Length(steps=3), PLAN, ALONE)
    assert load(tmp_path / "model").step == 0


def test_length_is_steps_or_hours() -> None:
    assert Length(steps=200).progress(50, 1e9) == 0.25
    assert Length(hours=2).progress(10**9, 3600) == 0.5
    with pytest.raises(ModelError, match="steps or hours"):
        Length().progress(0, 0)
