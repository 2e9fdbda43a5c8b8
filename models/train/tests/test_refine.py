from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from ivr.errors import ModelError
from models.train.checkpoint import load, save
from models.train.generate import Order, generate
from models.train.net import Net, Shape
from models.train.refine import PLAN, TAUGHT, averaged, refine
from models.train.train import Length
from models.train.trainer import Plan, Trainer

SMALL = Shape(width=32, bottleneck=8, before=1, after=1)


@pytest.fixture
def trained(tmp_path):
    torch.manual_seed(1)
    trainer = Trainer(Net(SMALL), Plan(start="random", shape=SMALL), torch.device("cpu"))
    return save(trainer.checkpoint(0.0), tmp_path / "trained")


def test_a_refined_network_lies_between_what_it_was_and_what_it_learnt(tmp_path, trained):
    generate(Order("espeak", "zh", 0.3, 1), tmp_path / "speech", tmp_path)
    before = load(trained)
    whole, part = (
        load(refine(trained, tmp_path / "speech", tmp_path / str(share), Length(steps=3), PLAN, share))
        for share in (1.0, 0.25)
    )
    moved = {name: whole.net[name] - value for name, value in before.net.items() if value.is_floating_point()}
    assert max(float(each.abs().max()) for each in moved.values()) > 0
    for name, each in moved.items():
        assert torch.allclose(part.net[name], before.net[name] + 0.25 * each, atol=1e-6), name
    # statistics of large batches are kept
    assert torch.equal(whole.net["bn0.mean"], before.net["bn0.mean"])


def test_networks_of_different_shapes_are_not_averaged(trained):
    one = load(trained)
    with pytest.raises(ModelError, match="one shape"):
        averaged(one, replace(one, shape={**one.shape, "width": 64}), 0.5)


def test_a_folder_teaches_one_network_on(tmp_path, trained):
    """Taught from one and averaged with another, it would be neither."""
    generate(Order("espeak", "zh", 0.3, 1), tmp_path / "speech", tmp_path)
    refined = refine(trained, tmp_path / "speech", tmp_path / "refined", Length(steps=1), PLAN)
    with pytest.raises(ModelError, match=r"refined: another network is taught on here"):
        refine(refined, tmp_path / "speech", tmp_path / "refined", Length(steps=2), PLAN)


def test_a_refinement_goes_on_from_what_it_saved(tmp_path, trained):
    generate(Order("espeak", "zh", 0.3, 1), tmp_path / "speech", tmp_path)
    at_once = refine(trained, tmp_path / "speech", tmp_path / "at-once", Length(steps=4), PLAN, 1.0)
    # a length that grows is a stop on the way, since steps alone decide about the rate only through progress
    refine(trained, tmp_path / "speech", tmp_path / "twice", Length(steps=2), PLAN, 1.0)
    saved = load(tmp_path / "twice" / TAUGHT)
    save(replace(saved, audio_seconds=saved.audio_seconds + 1e6), tmp_path / "twice" / TAUGHT)
    refine(trained, tmp_path / "speech", tmp_path / "twice", Length(steps=4), PLAN, 1.0)
    assert load(tmp_path / "twice" / TAUGHT).step == load(tmp_path / "at-once" / TAUGHT).step == 4
    # only a run that read what was saved knows of these seconds
    assert load(tmp_path / "twice" / TAUGHT).audio_seconds > 1e6
    assert load(at_once).net["out.weight"].shape == load(tmp_path / "twice").net["out.weight"].shape
    assert not torch.equal(load(tmp_path / "twice").net["out.weight"], load(trained).net["out.weight"])
