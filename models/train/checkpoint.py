"""state.pt: all that training needs to go on, and all that export needs."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ivr.errors import ModelError
from ivr.speech.building.units import UNITS
from models.train.net import Net, Shape

STATE = "state.pt"


@dataclass
class Checkpoint:
    """Training at one step. Plain tensors and numbers, so that torch reads it without running code."""

    net: dict[str, Tensor]
    """weights averaged over the last steps: those to use"""
    raw: dict[str, Tensor]
    """weights as training goes on with them"""
    optimiser: dict[str, Any]
    prior: Tensor
    """(units,): how often each was a label, as a share of all rows"""
    shape: dict[str, int]
    plan: dict[str, Any]
    """what decides about batches and learning rate; training goes on only with the same"""
    step: int = 0
    wall_seconds: float = 0.0
    """time spent in training, all runs together"""
    audio_seconds: float = 0.0
    """of augmented speech learnt from"""
    units: tuple[str, ...] = UNITS


def save(checkpoint: Checkpoint, folder: Path) -> Path:
    """Write state.pt so that a crash at any moment leaves the old one or the new one, whole."""
    folder.mkdir(parents=True, exist_ok=True)
    file, fresh = folder / STATE, folder / f"{STATE}.new"
    with fresh.open("wb") as stream:
        torch.save(asdict(checkpoint), stream)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(file)
    return file


def load(file: Path) -> Checkpoint:
    """Read a checkpoint file, or state.pt of a folder; ModelError for one that is missing, broken or of other units."""
    file = file / STATE if file.is_dir() else file
    try:
        checkpoint = Checkpoint(**torch.load(file, map_location="cpu", weights_only=True))
    except FileNotFoundError:
        raise ModelError("no checkpoint here: train first", where=file) from None
    except Exception as error:  # torch raises whatever its unpickler meets
        raise ModelError(f"not a checkpoint of models.train ({error}): delete it to train anew", where=file) from error
    if tuple(checkpoint.units) != UNITS:
        raise ModelError("the checkpoint was trained on other units: delete it to train anew", where=file)
    return checkpoint


def load_net(file: Path) -> Net:
    """The trained network, ready for use."""
    checkpoint = load(file)
    net = Net(Shape(**checkpoint.shape))
    net.load_state_dict(checkpoint.net)
    return net.eval()
