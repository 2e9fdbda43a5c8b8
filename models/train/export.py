"""A trained checkpoint as the am and conf folders of a Vosk model."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.train.checkpoint import load
from models.train.kaldi import BINARY, Array
from models.train.net import Shape
from models.train.nnet3 import network, transition_model

PRIOR_FLOOR = 2e-4
"""units that hardly occurred would otherwise win whenever the prior is subtracted"""

MFCC = """\
--dither=0
--use-energy=false
--sample-frequency=8000
--num-mel-bins=30
--num-ceps=30
--low-freq=20
--high-freq=3872
--allow-downsample=true
"""
"""as features.py computes them; dither would make one sound give different words (design.md)"""

MODEL = """\
--min-active=200
--max-active=3000
--beam=17.0
--lattice-beam=2.0
--phone-determinize=false
--acoustic-scale=1.0
--frame-subsampling-factor=3
--endpoint.silence-phones=1:2
--endpoint.rule2.min-trailing-silence=0.5
--endpoint.rule3.min-trailing-silence=1.0
--endpoint.rule4.min-trailing-silence=2.0
"""
"""narrow lattices, else the phone loop of `[unk]` explodes (facts/models.md, traps 2 and 3)"""


@dataclass(frozen=True)
class Scoring:
    """How posteriors become scores."""

    prior_scale: float = 0.2
    """share of each unit's log prior that is taken off; frame cross-entropy learns the priors too well"""
    blank_offset: float = 0.8
    """natural log units off the blank's score, so that short words are not swallowed by silence"""


def export(checkpoint: Path, folder: Path, scoring: Scoring | None = None) -> None:
    """Write am/final.mdl and conf/ from a checkpoint file, or the folder that holds state.pt.

    Raises ModelError, naming the file, for a checkpoint that is missing or of another shape.
    """
    trained = load(checkpoint)
    shape = Shape(**trained.shape)
    weights = {name: value.float().numpy() for name, value in trained.net.items()}
    priors = _priors(trained.prior.double().numpy(), scoring or Scoring())
    net = network(weights, shape.before, shape.after, priors)
    for name in ("am", "conf"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "am/final.mdl").write_bytes(BINARY + transition_model() + net)
    (folder / "conf/mfcc.conf").write_text(MFCC, encoding="utf-8")
    (folder / "conf/model.conf").write_text(MODEL, encoding="utf-8")


def _priors(prior: Array, scoring: Scoring) -> Array:
    scaled: Array = np.maximum(prior / prior.sum(), PRIOR_FLOOR) ** scoring.prior_scale
    scaled[0] *= np.exp(scoring.blank_offset)
    return scaled
