"""What a graph's words cost, kept beside the graph, so that more words can be added at the same."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.errors import ModelError
from ivr.speech.graph import REMEDY

COSTS = "graph/costs.json"


@dataclass(frozen=True)
class Costs:
    """In natural log units; chosen on the tuning corpus (models/train/README.md), never on what is reported."""

    phone: float = 0.2
    """of every unit of a word"""
    word: float = 3.0
    wrong_tone: float = 1.0
    accent: float = 3.0
    """of every sound that an accent puts for another, and of a word without its R (accents.py)"""
    unknown_row: float = 1.3
    """of every 30 ms of a unit inside `[unk]`, beside `phone`: by the time, since what is said slowly fits a word worse
    in every row, and would be taken for other speech"""
    unknown_phone: float = 0.0
    """of every such unit, however long: older graphs paid so"""
    unknown_word: float = 14.0
    """of an `[unk]`, at its end"""


def write_costs(folder: Path, costs: Costs) -> None:
    """Into the model in `folder`."""
    (folder / COSTS).write_text(json.dumps(asdict(costs), indent=2) + "\n", encoding="ascii")


def read_costs(folder: Path) -> Costs:
    """What the graph of the model in `folder` was built with; the usual ones where it does not tell. ModelError."""
    file = folder / COSTS
    try:
        return Costs(**{"unknown_row": 0.0, **json.loads(file.read_text(encoding="ascii"))})
    except FileNotFoundError:
        return Costs()
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(f"expected the costs of the graph as JSON ({error}); {REMEDY}", where=file) from error
