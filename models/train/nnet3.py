"""The network as Kaldi's nnet3 and its transition model, in bytes (facts/models.md, traps 4 and 5)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from ivr.speech.building.topology import PHONES, TRANSITIONS, pdf
from models.train.kaldi import FALSE, Array, double, field, integer, integers, matrix, single, token, vector

BYPASS = 0.66
"""share of a layer's input that is added to its output (Kaldi's tdnnf-layer)"""

BATCH_NORM_EPSILON = 1e-3

HALF = 0.5
"""probability of either transition: their logarithms are the same everywhere, so they decide nothing"""

STEP = 3
"""frames of 10 ms from one row of scores to the next"""


def transition_model() -> bytes:
    """One-state HMMs, the topology of every phone alike; a plain HMM has no leading -1."""
    state = integer(0) + integer(2) + integer(0) + single(HALF) + integer(1) + single(HALF)
    final = integer(-1) + integer(0)
    topology = integers(range(1, PHONES + 1)) + integers([-1] + [0] * PHONES) + integer(1) + integer(2) + state + final
    triples = b"".join(integer(number) + integer(0) + integer(pdf(number)) for number in range(1, PHONES + 1))
    return (
        token("<TransitionModel>")
        + field("Topology", topology)
        + token("</Topology>")
        + field("Triples", integer(PHONES) + triples)
        + token("</Triples>")
        # ids count from 1: entry 0 is nobody's
        + field("LogProbs", vector([0.0] + [math.log(HALF)] * TRANSITIONS))
        + token("</LogProbs>")
        + token("</TransitionModel>")
    )


class Writer:
    """Collects components and the lines that connect them; each method returns the name of what it added."""

    def __init__(self, width: int) -> None:
        self._lines = [f"input-node name=input dim={width}"]
        self._components: list[bytes] = []

    def affine(self, name: str, source: str, weights: Array, bias: Array | None = None) -> str:
        offsets = vector([0.0] * len(weights)) if bias is None else vector(bias)
        return self._add(
            name, source, "FixedAffine", field("LinearParams", matrix(weights)) + field("BiasParams", offsets)
        )

    def relu(self, name: str, source: str, width: int) -> str:
        return self._add(name, source, "RectifiedLinear", _statistics(width))

    def log_softmax(self, name: str, source: str, width: int) -> str:
        return self._add(name, source, "LogSoftmax", _statistics(width))

    def normalise(self, name: str, source: str, mean: Array, variance: Array) -> str:
        width = integer(len(mean))
        body = field("Dim", width) + field("BlockDim", width) + field("Epsilon", single(BATCH_NORM_EPSILON))
        body += field("TargetRms", single(1.0)) + field("TestMode", FALSE) + field("Count", double(10000.0))
        return self._add(
            name, source, "BatchNorm", body + field("StatsMean", vector(mean)) + field("StatsVar", vector(variance))
        )

    def add(self, name: str, source: str, bypass: str, width: int) -> str:
        """`source` plus the bypassed share of `bypass`."""
        body = field("Dim", integer(width)) + field("BackpropScale", single(1.0))
        return self._add(name, f"Sum(Scale({BYPASS}, {bypass}), {source})", "NoOp", body)

    def finish(self, source: str, context: int, priors: Array | None) -> bytes:
        """The whole network; the decoder subtracts the logarithm of `priors`, one a unit, from each score.

        `context` counts the frames that the network sees on either side.
        """
        lines = [*self._lines, f"output-node name=output input={source} objective=linear", "", ""]
        return (
            token("<Nnet3>")
            + b"\n"
            + "\n".join(lines).encode()
            + field("NumComponents", integer(len(self._components)))
            + b"".join(self._components)
            + token("</Nnet3>")
            + field("LeftContext", integer(context))
            + field("RightContext", integer(context))
            + field("Priors", vector([] if priors is None else priors))
        )

    def _add(self, name: str, source: str, kind: str, body: bytes) -> str:
        self._lines.append(f"component-node name={name} component={name} input={source}")
        kind = f"{kind}Component"
        self._components.append(field("ComponentName", token(name)) + field(kind, body) + token(f"</{kind}>"))
        return name


def _statistics(width: int) -> bytes:
    """What Kaldi keeps about a nonlinearity in training; empty serves in use."""
    return (
        field("Dim", integer(width))
        + field("ValueAvg", vector([]))
        + field("DerivAvg", vector([]))
        + field("Count", double(0.0))
        + field("OderivRms", vector([]))
        + field("OderivCount", double(0.0))
        + field("NumDimsSelfRepaired", double(0.0))
        + field("NumDimsProcessed", double(0.0))
    )


def network(weights: Mapping[str, Array], before: int, after: int, priors: Array | None) -> bytes:
    """The TDNN-F of net.py: `before` layers at every frame, one without context, `after` layers at every third."""
    writer = Writer(weights["inp.weight"].shape[1] // 3)
    spliced = "Append(Offset(input, -1), input, Offset(input, 1))"
    last = _affine_block(writer, "l0", spliced, (weights["inp.weight"], weights["inp.bias"]))
    last = writer.normalise("l0.bn", last, weights["bn0.mean"], weights["bn0.var"])
    layers = [*((f"pre.{each}", 1) for each in range(before)), ("mid", 0)]
    layers += [(f"post.{each}", STEP) for each in range(after)]
    for number, (layer, reach) in enumerate(layers, 1):
        own = {name.removeprefix(f"{layer}."): value for name, value in weights.items() if name.startswith(f"{layer}.")}
        last = _factored(writer, f"l{number}", last, own, reach)
    last = writer.affine("p.l", last, weights["pl.weight"])
    last = _affine_block(writer, "p", last, (weights["pa.weight"], weights["pa.bias"]))
    last = writer.normalise("p.bn", last, weights["pbn1.mean"], weights["pbn1.var"])
    last = writer.affine("p.lin", last, weights["plin.weight"])
    last = writer.normalise("p.bn2", last, weights["pbn2.mean"], weights["pbn2.var"])
    last = writer.affine("out.aff", last, weights["out.weight"], weights["out.bias"])
    last = writer.log_softmax("out.ls", last, len(weights["out.bias"]))
    return writer.finish(last, 1 + before + STEP * after, priors)


def _affine_block(writer: Writer, name: str, source: str, parameters: tuple[Array, Array]) -> str:
    """Affine and ReLU."""
    weight, bias = parameters
    return writer.relu(f"{name}.relu", writer.affine(f"{name}.aff", source, weight, bias), len(bias))


def _factored(writer: Writer, name: str, source: str, weights: Mapping[str, Array], reach: int) -> str:
    """One factored layer with bypass; it looks `reach` frames back, then as many ahead."""
    narrow = f"Append(Offset({source}, -{reach}), {source})" if reach else source
    linear = writer.affine(f"{name}.lin", narrow, weights["lin.weight"])
    wide = f"Append({linear}, Offset({linear}, {reach}))" if reach else linear
    last = _affine_block(writer, name, wide, (weights["aff.weight"], weights["aff.bias"]))
    last = writer.normalise(f"{name}.bn", last, weights["bn.mean"], weights["bn.var"])
    return writer.add(f"{name}.sum", last, source, len(weights["aff.bias"]))
