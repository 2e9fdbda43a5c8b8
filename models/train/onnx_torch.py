"""Runs an ONNX graph's nodes in torch: Kokoro on an accelerator, whose int8 weights become float again.

Only what Kokoro's graph holds. Whole numbers (shapes, indices) stay on the CPU, so that reading them never waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import helper, numpy_helper
from torch import Tensor
from torch.nn import functional

from ivr.errors import ModelError

Attributes = Mapping[str, Any]

Operator = Callable[[Sequence[Any], Attributes], Any]
"""(inputs, None for one left out; attributes) → output, or a tuple of them"""

ONNX_TYPES = {1: torch.float32, 6: torch.int64, 7: torch.int64, 9: torch.bool}
"""TensorProto's element types; int32 serves nothing that int64 cannot"""


LSTM = "DynamicQuantizeLSTM"


@dataclass(frozen=True)
class Node:
    """One step of the graph, ready to be run."""

    operator: Operator | None
    """None for an LSTM, whose weights are kept between runs"""
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    attributes: Attributes
    done: tuple[str, ...]
    """tensors that nobody needs any more"""


class Graph:
    """A model on a device; `run` takes and gives numpy arrays."""

    def __init__(self, model: bytes, device: torch.device) -> None:
        """ModelError for an operator that is not known here."""
        graph = onnx.load_from_string(model).graph
        self._device = device
        self._outputs = [output.name for output in graph.output]
        self._constants = {each.name: self._constant(numpy_helper.to_array(each)) for each in graph.initializer}
        self._nodes = _nodes(graph, set(self._outputs))
        self._shift(graph)
        self._lstms: dict[str, torch.nn.LSTM] = {}

    @torch.inference_mode()
    def run(self, inputs: Mapping[str, npt.NDArray[Any]]) -> list[npt.NDArray[Any]]:
        """The graph's outputs, in its order."""
        values: dict[str, Any] = {name: self._placed(torch.from_numpy(value)) for name, value in inputs.items()}
        for node in self._nodes:
            given = [self._value(name, values) for name in node.inputs]
            made = node.operator(given, node.attributes) if node.operator else self._lstm(node, given)
            values.update(zip(node.outputs, made if isinstance(made, tuple) else (made,), strict=False))
            for name in node.done:
                values.pop(name, None)
        return [values[name].cpu().numpy() for name in self._outputs]

    def _value(self, name: str, values: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a tensor or nothing
        if not name:
            return None
        return values[name] if name in values else self._constants[name]

    def _shift(self, graph: onnx.GraphProto) -> None:
        """Take the zero points off the weights once; ALBERT's layers share theirs."""
        pairs = {
            node.input[1]: node.input[3] for node in graph.node if node.op_type in ("MatMulInteger", "ConvInteger")
        }
        for weight, zero in pairs.items():
            self._constants[weight] = self._constants[weight] - self._constants[zero]

    def _constant(self, array: npt.NDArray[Any]) -> Tensor:
        tensor = torch.from_numpy(np.array(array))
        # weights of one byte are used as float, minus their zero point, wherever they are used
        return (
            tensor.to(self._device, torch.float32)
            if tensor.dtype in (torch.uint8, torch.int8)
            else self._placed(tensor)
        )

    def _placed(self, tensor: Tensor) -> Tensor:
        if tensor.is_floating_point():
            return tensor.to(self._device, torch.float32)
        return tensor.to(torch.int64) if tensor.dtype != torch.bool else tensor

    def _lstm(self, node: Node, given: Sequence[Any]) -> tuple[Tensor, ...]:
        """Bidirectional; ONNX orders its gates i o f c, torch i f g o."""
        sound, weights, recurrent, bias, *_ = given
        key = node.inputs[1]
        if key not in self._lstms:
            scales = (given[8], given[10])
            self._lstms[key] = _torch_lstm(weights, recurrent, bias, scales, (given[9], given[11])).to(self._device)
        states, (hidden, cell) = self._lstms[key](sound)
        length, batch, width = states.shape
        return states.view(length, batch, 2, width // 2).transpose(1, 2), hidden, cell


def _nodes(graph: onnx.GraphProto, kept: set[str]) -> list[Node]:
    last: dict[str, int] = {}
    for number, node in enumerate(graph.node):
        last.update(dict.fromkeys(node.input, number))
    nodes = []
    for number, node in enumerate(graph.node):
        if node.op_type not in (*OPERATORS, LSTM):
            raise ModelError(f"the operator {node.op_type} of {node.name} is not known here")
        attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
        done = tuple(name for name in set(node.input) if name and last[name] == number and name not in kept)
        nodes.append(Node(OPERATORS.get(node.op_type), tuple(node.input), tuple(node.output), attributes, done))
    return nodes


def _torch_lstm(
    weights: Tensor, recurrent: Tensor, bias: Tensor, scales: Sequence[Tensor], zeros: Sequence[Tensor]
) -> torch.nn.LSTM:
    hidden = recurrent.shape[1]
    lstm = torch.nn.LSTM(weights.shape[1], hidden, bidirectional=True)
    for direction, suffix in enumerate(("", "_reverse")):
        for name, matrix, scale, zero in zip(("ih", "hh"), (weights, recurrent), scales, zeros, strict=True):
            whole = (matrix[direction] - zero[direction]) * scale[direction]
            getattr(lstm, f"weight_{name}_l0{suffix}").data = _gates(whole.T, hidden)
        for name, part in zip(("ih", "hh"), torch.split(bias[direction], 4 * hidden), strict=True):
            getattr(lstm, f"bias_{name}_l0{suffix}").data = _gates(part, hidden)
    return lstm


def _gates(rows: Tensor, hidden: int) -> Tensor:
    entry, leave, forget, cell = torch.split(rows, hidden)
    return torch.cat([entry, forget, cell, leave]).contiguous()


def _together(one: Tensor, other: Tensor) -> tuple[Tensor, Tensor]:
    if one.device != other.device:
        device = one.device if one.device.type != "cpu" else other.device
        return one.to(device), other.to(device)
    return one, other


def _two(operate: Callable[[Tensor, Tensor], Tensor]) -> Operator:
    return lambda given, _: operate(*_together(given[0], given[1]))


def _one(operate: Callable[[Tensor], Tensor]) -> Operator:
    return lambda given, _: operate(given[0])


def _divided(one: Tensor, other: Tensor) -> Tensor:
    return one / other if one.is_floating_point() else torch.div(one, other, rounding_mode="trunc")


def _angle(ratio: Tensor) -> Tensor:
    """Of nothing over nothing, too: silence has no phase."""
    infinite = float("inf")
    return torch.atan(torch.nan_to_num(ratio, 0.0, infinite, -infinite))


def _numbers(tensor: Tensor) -> list[int]:
    return [int(each) for each in tensor.reshape(-1).tolist()]


def _as_it_is(given: Sequence[Any], _: Attributes) -> tuple[Tensor, Tensor, Tensor]:
    """DynamicQuantizeLinear: nothing is quantised, so that scale is 1 and zero is 0."""
    sound = given[0]
    return sound, sound.new_ones(()), sound.new_zeros(())


def _padded(sound: Tensor, attributes: Attributes) -> tuple[Tensor, int]:
    before, after = attributes["pads"]
    return (sound, before) if before == after else (functional.pad(sound, (before, after)), 0)


def _convolved(sound: Tensor, weight: Tensor, bias: Tensor | None, attributes: Attributes) -> Tensor:
    sound, padding = _padded(sound, attributes)
    (stride,), (dilation,) = attributes["strides"], attributes["dilations"]
    return functional.conv1d(sound, weight, bias, stride, padding, dilation, attributes["group"])


def _transposed(given: Sequence[Any], attributes: Attributes) -> Tensor:
    bias = given[2] if len(given) > 2 else None
    (stride,), (padding, _) = attributes["strides"], attributes["pads"]
    (extra,) = attributes.get("output_padding", [0])
    return functional.conv_transpose1d(given[0], given[1], bias, stride, padding, extra, attributes["group"])


def _gathered(given: Sequence[Any], attributes: Attributes) -> Tensor:
    source: Tensor = given[0]
    index: Tensor = given[1]
    axis = attributes.get("axis", 0) % source.dim()
    if index.dim() == 0:
        return source.select(axis, int(index))
    picked = source.index_select(axis, index.reshape(-1).to(source.device))
    return picked.reshape(*source.shape[:axis], *index.shape, *source.shape[axis + 1 :])


def _sliced(given: Sequence[Any], _: Attributes) -> Tensor:
    source: Tensor = given[0]
    starts, ends = _numbers(given[1]), _numbers(given[2])
    axes = _numbers(given[3]) if len(given) > 3 and given[3] is not None else list(range(len(starts)))
    steps = _numbers(given[4]) if len(given) > 4 else [1] * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps, strict=True):
        length = source.shape[axis]
        chosen = range(length)[start:end:step]
        if step > 0:
            source = source[(slice(None),) * (axis % source.dim()) + (slice(chosen.start, chosen.stop, step),)]
        else:
            source = source.index_select(axis, torch.tensor(list(chosen), device=source.device))
    return source


def _reshaped(given: Sequence[Any], _: Attributes) -> Tensor:
    source: Tensor = given[0]
    shape = [source.shape[place] if each == 0 else each for place, each in enumerate(_numbers(given[1]))]
    return source.reshape(shape)


def _unsqueezed(given: Sequence[Any], _: Attributes) -> Tensor:
    source: Tensor = given[0]
    rank = source.dim() + given[1].numel()
    for axis in sorted(each % rank for each in _numbers(given[1])):
        source = source.unsqueeze(axis)
    return source


def _squeezed(given: Sequence[Any], _: Attributes) -> Tensor:
    source: Tensor = given[0]
    for axis in sorted((each % source.dim() for each in _numbers(given[1])), reverse=True):
        source = source.squeeze(axis)
    return source


def _expanded(given: Sequence[Any], _: Attributes) -> Tensor:
    source: Tensor = given[0]
    # either side's 1 gives way, which torch's own expand knows of the source only
    return source.expand(np.broadcast_shapes(tuple(source.shape), tuple(_numbers(given[1]))))


def _joined(given: Sequence[Any], attributes: Attributes) -> Tensor:
    device = next((each.device for each in given if each.device.type != "cpu"), given[0].device)
    return torch.cat([each.to(device) for each in given], attributes["axis"])


def _split(given: Sequence[Any], attributes: Attributes) -> tuple[Tensor, ...]:
    return torch.split(given[0], _numbers(given[1]), attributes["axis"])


def _cast(given: Sequence[Any], attributes: Attributes) -> Tensor:
    cast: Tensor = given[0].to(ONNX_TYPES[attributes["to"]])
    return cast.cpu() if cast.dtype == torch.int64 else cast


def _filled(given: Sequence[Any], attributes: Attributes) -> Tensor:
    value = numpy_helper.to_array(attributes["value"]).item()
    return torch.full(_numbers(given[0]), value)


def _mean(given: Sequence[Any], attributes: Attributes) -> Tensor:
    mean: Tensor = given[0].mean(_numbers(given[1]), keepdim=bool(attributes["keepdims"]))
    return mean


def _sum(given: Sequence[Any], attributes: Attributes) -> Tensor:
    total: Tensor = given[0].sum(_numbers(given[1]), keepdim=bool(attributes["keepdims"]))
    return total


def _clipped(given: Sequence[Any], _: Attributes) -> Tensor:
    low, high = (None if each is None else each.item() for each in (*given[1:], None, None)[:2])
    return torch.clamp(given[0], low, high)


def _where(given: Sequence[Any], _: Attributes) -> Tensor:
    condition, one, other = given
    one, other = _together(one, other)
    condition, one = _together(condition, one)
    return torch.where(condition, one, other)


def _normalised(given: Sequence[Any], attributes: Attributes) -> Tensor:
    return functional.layer_norm(given[0], given[1].shape, given[1], given[2], attributes["epsilon"])


def _skipped(given: Sequence[Any], attributes: Attributes) -> Tensor:
    """SkipLayerNormalization."""
    return functional.layer_norm(given[0] + given[1], given[2].shape, given[2], given[3], attributes["epsilon"])


def _gelu(given: Sequence[Any], _: Attributes) -> Tensor:
    return functional.gelu(given[0] + given[1], approximate="tanh")


def _fused(given: Sequence[Any], attributes: Attributes) -> Tensor:
    one = given[0].transpose(-1, -2) if attributes["transA"] else given[0]
    product: Tensor = one @ given[1] * attributes["alpha"]
    return product


def _resized(given: Sequence[Any], attributes: Attributes) -> Tensor:
    factor = float(given[2][-1])
    length = int(given[0].shape[-1] * factor)
    if attributes["mode"] == b"nearest":
        return functional.interpolate(given[0], size=length, mode="nearest")
    return functional.interpolate(given[0], size=length, mode="linear", align_corners=False)


def _reflected(given: Sequence[Any], _: Attributes) -> Tensor:
    """Pad by reflection along the last axis."""
    pads = _numbers(given[1])
    half = len(pads) // 2
    return functional.pad(given[0], (pads[half - 1], pads[-1]), mode="reflect")


def _spectrum(given: Sequence[Any], _: Attributes) -> Tensor:
    """STFT: (B, L) or (B, L, 1) → (B, frames, bins, 2)."""
    sound, step, window, size = given
    sound = sound[..., 0] if sound.dim() == 3 else sound
    frames = sound.unfold(-1, int(size), int(step)) * window
    return torch.view_as_real(torch.fft.rfft(frames))


def _nonzero(given: Sequence[Any], _: Attributes) -> Tensor:
    return torch.nonzero(given[0]).T


def _scattered(given: Sequence[Any], _: Attributes) -> Tensor:
    source, index, updates = given
    out: Tensor = source.clone()
    out[tuple(index.to(source.device).unbind(-1))] = updates.to(source.device)
    return out


def _range(given: Sequence[Any], _: Attributes) -> Tensor:
    return torch.arange(*(each.item() for each in given))


def _dequantised(given: Sequence[Any], _: Attributes) -> Tensor:
    whole: Tensor = (given[0] - given[2]) * given[1]
    return whole


OPERATORS: Mapping[str, Operator] = {
    "Add": _two(torch.add),
    "And": _two(torch.logical_and),
    "Atan": _one(_angle),
    "Cast": _cast,
    "Clip": _clipped,
    "Concat": _joined,
    "ConstantOfShape": _filled,
    "Conv": lambda given, attributes: _convolved(given[0], given[1], given[2], attributes),
    "ConvInteger": lambda given, attributes: _convolved(given[0], given[1], None, attributes),
    "ConvTranspose": _transposed,
    "Cos": _one(torch.cos),
    "CumSum": lambda given, _: torch.cumsum(given[0], int(given[1])),
    "DequantizeLinear": _dequantised,
    "Div": _two(_divided),
    "DynamicQuantizeLinear": _as_it_is,
    "Equal": _two(torch.eq),
    "Exp": _one(torch.exp),
    "Expand": _expanded,
    "FastGelu": _gelu,
    "Floor": _one(torch.floor),
    "FusedMatMul": _fused,
    "Gather": _gathered,
    "Greater": _two(torch.gt),
    "GreaterOrEqual": _two(torch.ge),
    "LayerNormalization": _normalised,
    "LeakyRelu": lambda given, attributes: functional.leaky_relu(given[0], attributes["alpha"]),
    "Less": _two(torch.lt),
    "MatMul": _two(torch.matmul),
    "MatMulInteger": _two(torch.matmul),
    "Mul": _two(torch.mul),
    "NonZero": _nonzero,
    "Pad": _reflected,
    "Pow": _two(torch.pow),
    "Range": _range,
    "ReduceMean": _mean,
    "ReduceSum": _sum,
    "Reshape": _reshaped,
    "Resize": _resized,
    "Round": _one(torch.round),
    "STFT": _spectrum,
    "ScatterND": _scattered,
    "Shape": lambda given, _: torch.tensor(given[0].shape),
    "Sigmoid": _one(torch.sigmoid),
    "Sin": _one(torch.sin),
    "SkipLayerNormalization": _skipped,
    "Slice": _sliced,
    "Softmax": lambda given, attributes: torch.softmax(given[0], attributes["axis"]),
    "Split": _split,
    "Sqrt": _one(torch.sqrt),
    "Squeeze": _squeezed,
    "Sub": _two(torch.sub),
    "Tanh": _one(torch.tanh),
    "Transpose": lambda given, attributes: given[0].permute(attributes["perm"]),
    "Unsqueeze": _unsqueezed,
    "Where": _where,
}
