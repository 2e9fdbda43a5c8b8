from __future__ import annotations

import pytest
import torch

from ivr.speech.building.units import UNITS
from models.train.net import Factored, Net, Shape, pad, scored

SMALL = Shape(width=24, bottleneck=6, before=2, after=2)


@pytest.mark.parametrize("frames", [1, 2, 3, 4, 100, 101])
def test_every_third_frame_gets_scores(frames: int) -> None:
    net = Net(SMALL).eval()
    scores = net(torch.stack([pad(torch.randn(frames, 30), SMALL.context)] * 2))
    assert scores.shape == (2, scored(frames), len(UNITS))


def test_the_full_network_has_the_korean_models_size_and_context() -> None:
    net = Net()
    assert net.shape.context == 34
    assert 2_800_000 < sum(value.numel() for value in net.parameters()) < 3_000_000
    assert net.eval()(pad(torch.randn(50, 30), 34)[None]).shape == (1, 17, 251)


def test_scores_depend_on_the_context_and_on_nothing_beyond_it() -> None:
    net = Net(SMALL).eval()
    sound = torch.randn(1, 91 + 2 * SMALL.context, 30)
    row, centre = 10, 30 + SMALL.context
    for distance, seen in ((SMALL.context, True), (SMALL.context + 1, False)):
        for place in (centre - distance, centre + distance):
            changed = sound.clone()
            changed[:, place] += 5
            assert torch.equal(net(changed)[:, row], net(sound)[:, row]) is not seen


def test_a_factored_layer_is_kaldis() -> None:
    layer = Factored(6, 2, spliced=True).eval()
    rows = torch.randn(3, 8, 6)
    spliced = [torch.cat([rows[:, time - 1], rows[:, time]], -1) @ layer.lin.weight.T for time in range(1, 8)]
    for time in range(1, 7):
        affine = layer.aff(torch.cat([spliced[time - 1], spliced[time]], -1))
        expected = layer.bn(affine.relu()) + 0.66 * rows[:, time]
        assert torch.allclose(layer(rows)[:, time - 1], expected, atol=1e-6)


def test_padding_repeats_the_edges() -> None:
    cepstra = torch.arange(3.0)[:, None]
    assert pad(cepstra, 2, total=4)[:, 0].tolist() == [0, 0, 0, 1, 2, 2, 2, 2]


def test_a_frozen_body_leaves_the_output_free_and_statistics_alone() -> None:
    net = Net(SMALL).train()
    net.freeze_body(frozen=True)
    before = net.bn0.mean.clone()
    net(torch.randn(2, 60, 30)).sum().backward()
    assert net.inp.weight.grad is None
    assert net.out.weight.grad is not None
    assert torch.equal(net.bn0.mean, before)
    net.freeze_body(frozen=False)
    net(torch.randn(2, 60, 30))
    assert not torch.equal(net.bn0.mean, before)
