from __future__ import annotations

import numpy as np
import pytest
import torch

from ivr.bench.exam.corpus import Clip, Corpus, Shard
from ivr.speech.building.units import UNIT
from models.train.accelerated import noises, train_net
from models.train.align import IGNORED
from models.train.batches import Mix
from models.train.checkpoint import load
from models.train.device_line import Line
from models.train.net import Net, Shape, scored
from models.train.speech_store import Batches, gathered
from models.train.train import Length
from models.train.trainer import Plan

CPU = torch.device("cpu")


@pytest.fixture
def corpus(tmp_path):
    """Twelve clips of one tone each, half of them in each language."""
    folder = tmp_path / "speech"
    for language, engine in (("zh", "kokoro"), ("en", "flite")):
        with Shard(folder, f"{engine}-{language}") as shard:
            for number in range(6):
                units = (UNIT["z_b"], UNIT["z_a1"]) if language == "zh" else (UNIT["e_N"], UNIT["e_OW"])
                samples = (np.sin(np.arange(8000) * (0.1 + 0.02 * number)) * 9000).astype(np.int16)
                clip = Clip(
                    f"{engine}-{number}", "八" if language == "zh" else "no", language, units, engine, engine,
                    "train" if number else "tune", 1.0, (30, 50), (10, 0, 10),
                )  # fmt: skip
                shard.add(clip, samples)
    return Corpus(folder)


def _batches(corpus, seed=1):
    noise = torch.randn((1, 200_000), generator=torch.Generator().manual_seed(1))
    return Batches(gathered([corpus], {"kokoro": 1.0}, CPU), Line(noise), 6.0, Shape().context, seed)


def test_only_the_train_split_goes_into_the_memory(corpus):
    speech = gathered([corpus], {"kokoro": 1.0}, CPU)
    assert len(speech.lengths) == 10
    assert speech.sound.shape == (10 * 100, 80)
    assert speech.shares.sum() == pytest.approx(1.0)


def test_a_batch_holds_a_label_for_every_row_of_scores(corpus):
    batches = _batches(corpus)
    for number, takes in zip(range(9), batches.plans(0), strict=False):
        batch = batches.make(takes, number)
        frames = batch.cepstra.shape[1] - 2 * Shape().context
        assert batch.labels.shape == (len(takes), scored(frames))
        assert bool(torch.isfinite(batch.cepstra).all())
        labels = set(batch.labels.unique().tolist())
        assert labels <= {IGNORED, 0, UNIT["z_b"], UNIT["z_a1"], UNIT["e_N"], UNIT["e_OW"]}


def test_the_same_seed_gives_the_same_batches(corpus):
    one, other = (_batches(corpus, seed=3) for _ in range(2))
    first, second = (each.make(next(each.plans(0)), 0) for each in (one, other))
    assert torch.equal(first.cepstra, second.cepstra)
    assert torch.equal(first.labels, second.labels)


def test_a_training_on_the_device_leaves_a_checkpoint_that_can_be_exported(corpus, tmp_path):
    line = Line(torch.from_numpy(noises(15, 1)))
    plan = Plan(start="random", sequence=0.5, sequence_from=0.0, mix=Mix(seconds=4.0))
    shape = Shape(width=32, bottleneck=8, before=1, after=1)
    speech = gathered([corpus], {"kokoro": 1.0}, CPU)
    checkpoint = load(train_net(speech, line, Net(shape), plan, Length(steps=3), tmp_path / "trained"))
    assert checkpoint.step == 3
    assert checkpoint.audio_seconds > 0
    assert (tmp_path / "trained/log.jsonl").is_file()
