"""A Vosk model of ours read back as a checkpoint, so that the bundled one can be taught on without its training."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, takewhile
from pathlib import Path

import torch
from torch import Tensor

from ivr.errors import ModelError
from models.train.checkpoint import Checkpoint
from models.train.components import Components
from models.train.export import Scoring
from models.train.net import Shape

NETWORK = "am/final.mdl"

ODD = 0.1
"""by which the shares of all units, undone, may differ from 1: the floor of rare ones adds about 0.01"""


def checkpoint_of(model: Path) -> Checkpoint:
    """What `export` wrote with its usual scoring; steps and the optimiser's state are lost.

    ModelError, naming the file, for a network that is none of ours, or was exported with other scoring.
    """
    file = model / NETWORK
    try:
        parts = Components(file.read_bytes(), file)
    except OSError as error:
        raise ModelError(f"the network cannot be read ({error.strerror})", where=file) from error
    shape = _shape(parts, file)
    prior = _prior(parts.values("out.ls", "Priors"))
    if abs(float(prior.sum()) - 1.0) > ODD:
        raise ModelError(
            "the network was exported with other scoring than Scoring(): refine its checkpoint", where=file
        )
    net = dict(_weights(parts, shape))
    return Checkpoint(net=net, raw=net, optimiser={}, prior=prior / prior.sum(), shape=shape.plain(), plan={})


def _shape(parts: Components, file: Path) -> Shape:
    width, spliced = parts.values("l0.aff", "LinearParams").shape
    names = takewhile(parts.has, (f"l{number}.lin" for number in count(1)))
    layers = [parts.values(name, "LinearParams") for name in names]
    looks = [each.shape[1] for each in layers]
    units = len(parts.values("out.aff", "BiasParams"))
    if width not in looks or units != Shape.units:
        raise ModelError(f"the network has other layers than ours, or {units} units, not {Shape.units}", where=file)
    # the layer between those at every frame and those at every third looks at one row only
    before = looks.index(width)
    return Shape(spliced // 3, width, len(layers[0]), before, len(layers) - before - 1, units)


def _weights(parts: Components, shape: Shape) -> Iterator[tuple[str, Tensor]]:
    yield from _affine(parts, "l0.aff", "inp")
    yield from _statistics(parts, "l0.bn", "bn0")
    layers = [*(f"pre.{number}" for number in range(shape.before)), "mid"]
    layers += [f"post.{number}" for number in range(shape.after)]
    for number, layer in enumerate(layers, 1):
        yield f"{layer}.lin.weight", parts.values(f"l{number}.lin", "LinearParams")
        yield from _affine(parts, f"l{number}.aff", f"{layer}.aff")
        yield from _statistics(parts, f"l{number}.bn", f"{layer}.bn")
    yield "pl.weight", parts.values("p.l", "LinearParams")
    yield from _affine(parts, "p.aff", "pa")
    yield from _statistics(parts, "p.bn", "pbn1")
    yield "plin.weight", parts.values("p.lin", "LinearParams")
    yield from _statistics(parts, "p.bn2", "pbn2")
    yield from _affine(parts, "out.aff", "out")


def _affine(parts: Components, component: str, layer: str) -> Iterator[tuple[str, Tensor]]:
    yield f"{layer}.weight", parts.values(component, "LinearParams")
    yield f"{layer}.bias", parts.values(component, "BiasParams")


def _statistics(parts: Components, component: str, layer: str) -> Iterator[tuple[str, Tensor]]:
    yield f"{layer}.mean", parts.values(component, "StatsMean")
    yield f"{layer}.var", parts.values(component, "StatsVar")


def _prior(scaled: Tensor) -> Tensor:
    """Export's scaling undone, but for its floor: nearly a distribution, where the scaling was the usual one."""
    scoring = Scoring()
    prior = scaled.double()
    prior[0] /= torch.tensor(scoring.blank_offset).exp()
    return (prior ** (1 / scoring.prior_scale)).float()
