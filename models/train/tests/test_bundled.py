from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from ivr.errors import ModelError
from ivr.speech.models import BUNDLED
from models.train.bundled import NETWORK, checkpoint_of
from models.train.checkpoint import load, save
from models.train.components import Components
from models.train.export import MFCC, Scoring, export
from models.train.export import MODEL as SETTINGS
from models.train.generate import Order, generate
from models.train.net import Net, Shape
from models.train.refine import refine
from models.train.train import Length
from models.train.trainer import Plan, Trainer

MODEL = BUNDLED / "front-desk-zh-en"

SMALL = Shape(width=32, bottleneck=8, before=1, after=2)


@pytest.fixture
def trained(tmp_path):
    torch.manual_seed(1)
    trainer = Trainer(Net(SMALL), Plan(start="random", shape=SMALL), torch.device("cpu"))
    made = trainer.checkpoint(0.0)
    prior = torch.rand(SMALL.units) + 0.1
    return load(save(replace(made, prior=prior / prior.sum()), tmp_path / "trained"))


def test_an_exported_model_comes_back_as_the_checkpoint_that_it_was(tmp_path, trained):
    export(tmp_path / "trained", tmp_path / "model-zh-en")
    back = checkpoint_of(tmp_path / "model-zh-en")
    assert back.shape == trained.shape
    assert back.net.keys() == trained.net.keys()
    for name, value in trained.net.items():
        assert torch.equal(back.net[name], value), name
    assert torch.allclose(back.prior, trained.prior, rtol=1e-3)


def test_the_bundled_model_is_written_again_byte_by_byte(tmp_path):
    export(save(checkpoint_of(MODEL), tmp_path), tmp_path / "model-zh-en")
    old, new = ((folder / NETWORK).read_bytes() for folder in (MODEL, tmp_path / "model-zh-en"))
    assert len(old) == len(new)
    # the priors, at the end, are powers of roots
    assert old[: -4 * Shape.units] == new[: -4 * Shape.units]
    priors = [Components(each).values("out.ls", "Priors") for each in (old, new)]
    assert torch.allclose(priors[0], priors[1], rtol=1e-2)


def test_the_bundled_models_settings_are_those_that_export_writes() -> None:
    assert (MODEL / "conf/mfcc.conf").read_text(encoding="utf-8") == MFCC
    assert (MODEL / "conf/model.conf").read_text(encoding="utf-8") == SETTINGS


def test_a_model_without_its_checkpoint_is_taught_on(tmp_path, trained):
    generate(Order("espeak", "zh", 0.3, 1), tmp_path / "speech", tmp_path)
    export(tmp_path / "trained", tmp_path / "model-zh-en")
    after = load(refine(tmp_path / "model-zh-en", tmp_path / "speech", tmp_path / "on", Length(steps=2), share=1.0))
    moved = (after.net["out.weight"] - trained.net["out.weight"]).abs().max()
    # two steps change a weight by their rate each: it is this network that was taught on
    assert 0 < moved < 1e-2


def test_a_network_of_others_is_told_by_its_file(tmp_path):
    (tmp_path / "am").mkdir()
    (tmp_path / NETWORK).write_bytes(b"something else")
    with pytest.raises(ModelError, match=r"final\.mdl.*no l0\.aff"):
        checkpoint_of(tmp_path)
    whole = (MODEL / NETWORK).read_bytes()
    (tmp_path / NETWORK).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ModelError, match=r"final\.mdl: .*(cut off|has no)"):
        checkpoint_of(tmp_path)
    with pytest.raises(ModelError, match="cannot be read"):
        checkpoint_of(tmp_path / "missing")


def test_a_network_of_other_scoring_is_refused(tmp_path: Path) -> None:
    """Its prior cannot be told from its scores."""
    export(save(checkpoint_of(MODEL), tmp_path / "checkpoint"), tmp_path / "model", Scoring(prior_scale=0.5))
    with pytest.raises(ModelError, match=r"final\.mdl: .*other scoring"):
        checkpoint_of(tmp_path / "model")


def test_a_field_is_looked_for_in_its_own_component_only() -> None:
    parts = Components((MODEL / NETWORK).read_bytes())
    assert len(parts.values("l0.bn", "StatsMean"))
    with pytest.raises(ModelError, match=r"no l0\.aff <StatsMean>"):
        parts.values("l0.aff", "StatsMean")
