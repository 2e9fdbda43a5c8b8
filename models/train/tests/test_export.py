from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import vosk

from ivr.errors import ModelError
from ivr.speech.building.graph import build_graph
from ivr.speech.building.units import UNITS
from models.train.checkpoint import load
from models.train.components import Components
from models.train.export import Scoring, export
from models.train.nnet3 import transition_model


def test_a_network_keeps_its_weights_on_the_way_to_kaldi(checkpoint: Path, tmp_path: Path) -> None:
    export(checkpoint, tmp_path / "model")
    written = Components((tmp_path / "model/am/final.mdl").read_bytes())
    net = load(checkpoint).net
    for ours, component, field in (
        ("inp.weight", "l0.aff", "LinearParams"),
        ("inp.bias", "l0.aff", "BiasParams"),
        ("pre.0.lin.weight", "l1.lin", "LinearParams"),
        ("mid.aff.weight", "l2.aff", "LinearParams"),
        ("post.1.bn.var", "l4.bn", "StatsVar"),
        ("pbn2.mean", "p.bn2", "StatsMean"),
        ("out.weight", "out.aff", "LinearParams"),
    ):
        assert np.array_equal(written.values(component, field), net[ours]), ours


def test_layers_look_as_far_as_they_did_in_training(checkpoint: Path, tmp_path: Path) -> None:
    export(checkpoint, tmp_path / "model")
    data = (tmp_path / "model/am/final.mdl").read_bytes()
    assert b"name=l1.lin component=l1.lin input=Append(Offset(l0.bn, -1), l0.bn)\n" in data
    assert b"name=l2.lin component=l2.lin input=l1.sum\n" in data
    assert b"name=l4.aff component=l4.aff input=Append(l4.lin, Offset(l4.lin, 3))\n" in data
    assert b"name=l4.sum component=l4.sum input=Sum(Scale(0.66, l3.sum), l4.bn)\n" in data
    # a frame on either side, one layer at every frame, two at every third
    assert b"<LeftContext> \x04\x08\x00\x00\x00<RightContext> \x04\x08\x00\x00\x00" in data


def test_priors_are_softened_and_the_blank_pays_its_offset(checkpoint: Path, tmp_path: Path) -> None:
    export(checkpoint, tmp_path / "model", Scoring(prior_scale=0.5, blank_offset=1.0))
    data = (tmp_path / "model/am/final.mdl").read_bytes()
    priors = np.frombuffer(data[-4 * len(UNITS) :], "<f4")
    even = (1 / len(UNITS)) ** 0.5
    assert priors[1:] == pytest.approx(even, rel=1e-5)
    assert priors[0] == pytest.approx(even * np.e, rel=1e-5)


def test_the_transition_model_names_three_numbers_a_phone() -> None:
    data = transition_model()
    assert data.startswith(b"<TransitionModel> <Topology> \x04")
    assert b"<Triples> \x04" + (1002).to_bytes(4, "little") in data


def test_unmodified_vosk_loads_a_model_of_ours_and_takes_a_grammar(checkpoint: Path, tmp_path: Path) -> None:
    """The quickest proof that every token of the files is right: Kaldi ends the process at the first wrong one."""
    model = tmp_path / "model"
    export(checkpoint, model)
    build_graph(model, ("yes", "no", "是", "不是", "七点半"))
    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(str(model)), 8000, json.dumps(["yes", "no", "[unk]"]))
    noise = np.random.default_rng(0).normal(0, 300, 8000).astype(np.int16)
    recogniser.AcceptWaveform(noise.tobytes())
    assert set(json.loads(recogniser.FinalResult())["text"].split()) <= {"yes", "no", "[unk]"}


def test_a_missing_checkpoint_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"nowhere"):
        export(tmp_path / "nowhere", tmp_path / "model")
    assert not (tmp_path / "model").exists()
