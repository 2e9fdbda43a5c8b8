"""Kokoro's graph in torch beside onnxruntime's."""

from __future__ import annotations

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper

from ivr.errors import ModelError
from models.train import kokoro_graph
from models.train.engine_kokoro import on_processor, symbols
from models.train.kokoro_styles import HELD_OUT, KNOTS, styles
from models.train.onnx_torch import Graph

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    return kokoro_graph.with_durations(kokoro_graph.assembled(tmp_path_factory.mktemp("kokoro")))


def test_torch_says_what_onnxruntime_says(model):
    known = symbols()
    tokens = np.array([[0, *(known[each] for each in "həlˈO wˈɜɹld."), 0]])
    shares = [1.0] + [0.0] * (len(styles().names) - 1)
    style = styles().mixed(shares, tokens.size - 2).astype(np.float32).reshape(1, 256)
    inputs = {"tokens": tokens, "style": style, "speed": np.array([1.0], np.float32)}
    (wanted, steps), (sound, same) = on_processor(model)(inputs), Graph(model, CPU).run(inputs)
    # int8 rounds what float does not: a sound may last a step of 25 ms longer
    assert np.abs(steps.ravel() - same.ravel()).max() <= 1
    assert sound.size == pytest.approx(wanted.size, rel=0.05)
    assert np.isfinite(sound).all()
    assert np.std(sound) == pytest.approx(np.std(wanted), rel=0.25)


def test_an_operator_that_is_not_known_is_named():
    graph = helper.make_graph(
        [helper.make_node("Erf", ["x"], ["y"], name="odd")],
        "g",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1])],
    )
    with pytest.raises(ModelError, match="Erf of odd"):
        Graph(onnx.helper.make_model(graph).SerializeToString(), CPU)


def test_a_mix_of_styles_lies_between_its_voices():
    known = styles()
    assert not set(HELD_OUT) & set(known.names)
    assert {name[0] for name in known.names} >= {"a", "b", "z"}
    one, two = np.eye(len(known.names))[:2]
    first, second = (known.mixed(list(shares), 40) for shares in (one, two))
    assert np.allclose(known.mixed(list((one + two) / 2), 40), (first + second) / 2)
    assert np.allclose(known.mixed(list(one), KNOTS[3] + 1), known.table[0, 3])
