from __future__ import annotations

from pathlib import Path

import pytest
import torch

from ivr.speech.building.units import UNITS
from models.train.checkpoint import Checkpoint, save
from models.train.net import Net, Shape

SMALL = Shape(width=16, bottleneck=4, before=1, after=2)


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    """A network that has learnt nothing, small."""
    torch.manual_seed(0)
    net = Net(SMALL)
    prior = torch.full((len(UNITS),), 1 / len(UNITS))
    return save(Checkpoint(net.state_dict(), {}, {}, prior, SMALL.plain(), {}), tmp_path / "training")
