"""From nothing to a model with its figures, stage by stage; stopped at any moment it goes on where it was."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console

from ivr.errors import ModelError
from ivr.speech.building.costs import Costs
from ivr.speech.building.openfst import plugins
from models.train import accelerated
from models.train.batches import Mix
from models.train.export import Scoring
from models.train.figures import Exam, figures, make_model
from models.train.generate import Order
from models.train.speech import fill
from models.train.train import Length, Machine, train
from models.train.trainer import Plan

MODEL = "front-desk-zh-en"
"""the folder's name tells the languages (ivr/speech/models.py)"""

SPEECH, TRAINING, EXPORTED, FIGURES = "speech", "training", "model", "figures"


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    orders: tuple[Order, ...]
    """slow engines first"""
    length: Length
    plan: Plan
    minutes: float = accelerated.MINUTES
    """of training on an accelerator"""
    every: int = 1
    """of the trials that are examined"""


FULL = Size(
    orders=(
        Order("kokoro", "zh", 240, 1),
        Order("espeak", "zh", 60, 1),
        Order("espeak", "en", 45, 1),
        Order("flite", "en", 90, 1),
        Order("kokoro", "en", 150, 1),
        Order("gcin", "zh", 45, 1),
    ),
    length=Length(hours=10.0),
    plan=Plan(),
)
"""within a day on two cores"""

QUICK = Size(
    orders=(Order("espeak", "zh", 2, 1), Order("espeak", "en", 1, 1), Order("flite", "en", 3, 1)),
    length=Length(steps=600),
    plan=Plan(rate=1.2e-3, mix=Mix(seconds=12.0, known_steps=500)),
    every=4,
)
"""minutes: shows that every part works, hears little"""


def run(folder: Path, chosen: Size, console: Console, *, machine: Machine | None = None, jobs: int = 2) -> Path:
    """All stages; answers the model's folder. Raises IvrError for whatever a person must mend.

    A stage is left out when it was done with the same sizes and everything before it was left out too; speech and, on
    the processor, training go on from what they have.
    """
    # told before hours of work, not after them
    plugins()
    corpus, model = folder / "speech", folder / MODEL
    stages = Stages(folder, console)
    stages.run(SPEECH, [asdict(order) for order in chosen.orders], lambda: fill(chosen.orders, corpus, jobs))
    training = folder / "training"
    wanted = _training_sizes(chosen, machine or Machine())
    stages.run(TRAINING, wanted, lambda: _train(corpus, training, chosen, machine or Machine(), jobs))
    stages.run(EXPORTED, [asdict(Scoring()), asdict(Costs())], lambda: make_model(training, model, console))
    exam = Exam(corpus, every=chosen.every)
    stages.run(FIGURES, [str(exam)], lambda: figures(model, exam, folder / "results.jsonl", console))
    return model


def _accelerates(chosen: Size, machine: Machine) -> bool:
    """Whether an accelerator trains; a training that counts steps is short enough anywhere."""
    return machine.device.type == "cuda" and chosen.length.hours is not None


def _training_sizes(chosen: Size, machine: Machine) -> list[object]:
    """What a training is remembered by."""
    if _accelerates(chosen, machine):
        return [chosen.minutes, accelerated.PLAN.plain()]
    return [asdict(chosen.length), chosen.plan.plain()]


def _train(corpus: Path, training: Path, chosen: Size, machine: Machine, jobs: int) -> None:
    """On an accelerator, where there is one, a training of minutes, which begins anew when it was stopped."""
    if _accelerates(chosen, machine):
        accelerated.train([corpus], training, Length(hours=chosen.minutes / 60), jobs=jobs)
    else:
        train(corpus, training, chosen.length, chosen.plan, machine)


class Stages:
    """Remembers in `folder`/done which stages were done, with which sizes."""

    def __init__(self, folder: Path, console: Console) -> None:
        self._marks = folder / "done"
        self._marks.mkdir(parents=True, exist_ok=True)
        self._console = console
        self._fresh = False

    def run(self, name: str, sizes: object, work: Callable[[], object]) -> None:
        mark = self._marks / f"{name}.json"
        wanted = json.dumps(sizes, sort_keys=True, default=str)
        if not self._fresh and mark.is_file() and mark.read_text(encoding="utf-8") == wanted:
            self._console.print(f"{name}: done before")
            return
        self._fresh = True
        mark.unlink(missing_ok=True)
        self._console.print(f"{name} …")
        work()
        mark.write_text(wanted, encoding="utf-8")


def check_folder(folder: Path) -> None:
    """Raise ModelError where `folder` cannot be written to: better now than after the first hour."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / ".probe").touch()
        (folder / ".probe").unlink()
    except OSError as error:
        raise ModelError(f"cannot be written to ({error}): choose another --folder", where=folder) from error
