from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch

from ivr.bench.exam.corpus import Corpus
from ivr.errors import ModelError
from ivr.speech.building.units import UNIT, UNITS
from models.train.align import IGNORED
from models.train.batches import POOL, Batch, Mix, Pools, batches
from models.train.checkpoint import load, load_net, save
from models.train.examples import Maker, Samples, cut_short, split_up
from models.train.net import Net, Shape
from models.train.tests.speech import corpus, hissing
from models.train.trainer import Plan, Trainer

SMALL = Shape(width=96, bottleneck=16, before=1, after=3)

PLAN = Plan(start="random", rate=3e-3, mix=Mix(seed=3, seconds=4.0, known_steps=14))

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("corpus")
    corpus(made)
    return made


def fresh(plan: Plan = PLAN) -> Trainer:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    return Trainer(Net(SMALL), plan, CPU)


def lessons(folder: Path, trainer: Trainer, steps: int) -> list[float]:
    drawn = batches(Pools(folder, trainer.plan.mix, hissing, SMALL), trainer.step, 0)
    return [trainer.learn(batch, trainer.step / 100).loss for batch in islice(drawn, steps)]


def test_twenty_steps_lower_the_loss(folder: Path) -> None:
    # still warming up: a fifth of this rate is reached
    losses = lessons(folder, fresh(replace(PLAN, rate=0.1)), 20)
    assert np.mean(losses[-3:]) < 0.85 * np.mean(losses[:3])


def test_a_resumed_training_takes_the_very_step_that_it_would_have_taken(folder: Path, tmp_path: Path) -> None:
    # steps 13 to 18: from the middle of a pool into the part where labels are found by alignment
    whole = fresh()
    lessons(folder, whole, 13)
    save(whole.checkpoint(wall_seconds=5.0), tmp_path)
    expected = lessons(folder, whole, 6)
    resumed = fresh()
    resumed.restore(load(tmp_path))
    assert resumed.step == 13
    assert lessons(folder, resumed, 6) == expected
    for name, value in whole.checkpoint(0.0).net.items():
        assert torch.equal(resumed.checkpoint(0.0).net[name], value), name


def test_batches_are_the_same_whoever_makes_them(folder: Path) -> None:
    pools = Pools(folder, PLAN.mix, hissing, SMALL)
    alone = list(islice(batches(pools, 2, 0), 5))
    helped = list(islice(batches(pools, 2, 1), 5))
    for first, second in zip(alone, helped, strict=True):
        assert torch.equal(first.cepstra, second.cepstra)
        assert torch.equal(first.labels, second.labels)
        assert first.units == second.units


def test_the_first_steps_see_true_durations_only_and_later_ones_all_clips(folder: Path) -> None:
    pools = Pools(folder, PLAN.mix, hissing, SMALL)
    assert all(bool(batch.known.all()) for pool in range(2) for batch in pools[pool])
    later = [batch for pool in range(2, 8) for batch in pools[pool]]
    assert not all(bool(batch.known.all()) for batch in later)
    assert len(later) == 6 * POOL


def test_labels_are_unknown_as_a_whole_or_known_as_a_whole(folder: Path) -> None:
    for batch in Pools(folder, PLAN.mix, hissing, SMALL)[9]:
        for known, labels, rows, units in zip(batch.known, batch.labels, batch.rows, batch.units, strict=True):
            inside = labels[: int(rows)]
            assert bool((inside != IGNORED).all()) is bool(known)
            assert bool((labels[int(rows) :] == IGNORED).all())
            if known:
                assert set(inside.tolist()) <= {0, *units}


def test_labels_follow_speech_that_the_line_made_slower(folder: Path) -> None:
    speech = Corpus(folder)
    clip = next(clip for clip in speech.clips() if clip.durations)
    slow = Maker(speech, doubled).make([clip], np.random.default_rng(1))
    plain = Maker(speech, as_it_is).make([clip], np.random.default_rng(1))
    assert abs(len(slow.labels) - 2 * len(plain.labels)) <= 2
    assert (slow.labels[::2][: len(plain.labels)] == plain.labels[: len(slow.labels[::2])]).float().mean() > 0.9


def doubled(samples: Samples, rng: np.random.Generator, *, voices: Sequence[Samples]) -> Samples:
    return np.repeat(as_it_is(samples, rng, voices=voices), 2)


def as_it_is(samples: Samples, rng: np.random.Generator, *, voices: Sequence[Samples]) -> Samples:
    del rng, voices
    return samples


def test_pauses_between_syllables_come_after_finals_only() -> None:
    labels = np.repeat([UNIT["z_sh"], UNIT["z_iii4"], UNIT["z_d"], UNIT["z_e5"]], 10).astype(np.int16)
    samples = np.full(len(labels) * 80, 1000, np.int16)
    for seed in range(20):
        longer, marks = split_up(samples, labels, np.random.default_rng(seed))
        assert len(longer) == 80 * len(marks)
        changes = [UNITS[a] for a, b in pairwise(marks) if a and not b]
        assert set(changes) <= {"z_iii4"}
        assert longer[np.repeat(marks == 0, 80)].max(initial=0) == 0


def test_a_clip_that_is_cut_short_loses_its_silence_and_little_speech() -> None:
    """As a recording begins in the middle of a sound: labels and sound stay together."""
    labels = np.repeat([0, UNIT["z_sh"], UNIT["z_iii4"], 0], 20).astype(np.int16)
    samples = np.where(np.repeat(labels > 0, 80), 1000, 0).astype(np.int16)
    for seed in range(20):
        cut, marks = cut_short(samples, labels, np.random.default_rng(seed))
        assert len(cut) == 80 * len(marks)
        assert 40 - 2 * 4 <= len(marks) <= 40
        assert marks.all()
        assert cut.all()


def test_silence_cannot_be_cut_short() -> None:
    samples, labels = np.zeros(800, np.int16), np.zeros(10, np.int16)
    assert cut_short(samples, labels, np.random.default_rng(1)) == (samples, labels)


def test_a_silent_line_is_learnt_as_silence(folder: Path) -> None:
    example = Maker(Corpus(folder), hissing).silent(np.random.default_rng(0))
    assert example.units == ()
    assert set(example.labels.tolist()) == {0}


def test_a_broken_checkpoint_is_named(tmp_path: Path) -> None:
    (tmp_path / "state.pt").write_bytes(b"no checkpoint")
    with pytest.raises(ModelError, match=r"state\.pt"):
        load(tmp_path)
    with pytest.raises(ModelError, match="train first"):
        load(tmp_path / "none")


def test_a_checkpoint_of_another_plan_is_refused(tmp_path: Path) -> None:
    save(fresh().checkpoint(0.0), tmp_path)
    other = fresh(replace(PLAN, mix=replace(PLAN.mix, seed=4)))
    with pytest.raises(ModelError, match="another folder"):
        other.restore(load(tmp_path))
    slower = fresh(replace(PLAN, rate=1e-4))
    slower.restore(load(tmp_path))


def test_the_network_of_a_checkpoint_is_the_average_one(folder: Path, tmp_path: Path) -> None:
    trainer = fresh()
    lessons(folder, trainer, 3)
    save(trainer.checkpoint(0.0), tmp_path)
    sound = torch.randn(1, 60, 30)
    assert torch.equal(load_net(tmp_path)(sound), trainer.averaged()(sound))
    assert abs(float(trainer.prior.sum()) - 1) < 1e-4


def test_a_loss_that_is_no_number_stops_the_training(folder: Path) -> None:
    trainer = fresh()
    broken: Batch = Pools(folder, PLAN.mix, hissing, SMALL)[0][0]
    with pytest.raises(ModelError, match="lower learning rate"):
        trainer.learn(replace(broken, cepstra=broken.cepstra * float("nan")), 0.0)


def test_a_corpus_without_clips_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Pools(tmp_path, PLAN.mix, hissing, SMALL)[0]
