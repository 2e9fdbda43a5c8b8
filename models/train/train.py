"""Training from a corpus to a checkpoint: python -m models.train.train CORPUS FOLDER --hours 8."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import torch

from ivr.bench.exam.corpus import Corpus
from ivr.errors import IvrError, ModelError
from models.train.batches import Mix, Pools, batches
from models.train.checkpoint import STATE, load, save
from models.train.degrade import degrade
from models.train.korean import FeatureMap, fit_map, load_map, save_map, start_from_korean
from models.train.log import Log
from models.train.net import Net
from models.train.trainer import Plan, Trainer
from models.train.tune import exam
from models.train.wideband import wideband

MAP = "map.npz"
"""the feature map, beside the checkpoint"""

MINUTE = 60.0

INTERRUPTED = 130
"""exit status of a command that Ctrl-C ended, as shells have it"""


@dataclass(frozen=True)
class Length:
    """When training is done: after so many steps, or so many hours by the clock, all runs together."""

    steps: int | None = None
    hours: float | None = None

    def progress(self, step: int, wall_seconds: float) -> float:
        """Share that is done, 1 and more at the end; ModelError if neither is given."""
        if self.steps is not None:
            return step / max(1, self.steps)
        if self.hours is not None:
            return wall_seconds / (3600 * self.hours)
        raise ModelError("how long to train? Give steps or hours")


@dataclass(frozen=True)
class Machine:
    """What decides about speed and safety, not about the result."""

    threads: int = 1
    """of the network's own process"""
    workers: int = 1
    """processes that make batches"""
    save_minutes: float = 5.0
    tune_minutes: float = 10.0
    cuda: bool = True
    """whether an accelerator may be used where there is one"""

    @property
    def device(self) -> torch.device:
        return torch.device("cuda" if self.cuda and torch.cuda.is_available() else "cpu")


class Interrupts:
    """Ctrl-C and TERM inside this context only set `asked`, so that a step is finished and saved; a second one ends."""

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        # Python allows handlers in the main thread only; elsewhere nobody interrupts us
        if threading.current_thread() is threading.main_thread():
            self._before = {name: signal.signal(name, self._ask) for name in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_: object) -> None:
        for name, handler in self._before.items():
            signal.signal(name, handler)

    def _ask(self, _number: int, _frame: object) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


def train(
    corpus: Path,
    folder: Path,
    length: Length,
    plan: Plan | None = None,
    machine: Machine | None = None,
) -> Path:
    """Train on the clips of a corpus folder until `length`, going on from `folder`/state.pt if it is there.

    Saves every few minutes and at the end; answers the checkpoint's path. Ctrl-C and TERM save first, then raise
    KeyboardInterrupt. ModelError for a corpus without clips, a Korean model that is missing, a checkpoint of another
    plan, or a loss that is no number.
    """
    plan, machine = plan or Plan(), machine or Machine()
    torch.set_num_threads(machine.threads)
    trainer, spent = _begin(folder, plan, machine.device)
    questions = exam(Corpus(corpus), degrade)
    pools = Pools(corpus, plan.mix, degrade, trainer.net.shape)
    started = time.monotonic() - spent
    saved = marked = time.monotonic()
    with Interrupts() as stop, Log(folder, "training") as log:
        log.say(f"{_where(machine)}, {trainer.step} steps done, {len(questions.questions)} questions in the exam")
        for batch in batches(pools, trainer.step, machine.workers):
            wall = time.monotonic() - started
            progress = length.progress(trainer.step, wall)
            if progress >= 1 or stop.asked:
                break
            lesson = trainer.learn(batch, progress)
            log.lesson(trainer.step, lesson, progress, trainer.audio_seconds, wall)
            if time.monotonic() - saved > machine.save_minutes * MINUTE:
                save(trainer.checkpoint(wall), folder)
                saved = time.monotonic()
            if time.monotonic() - marked > machine.tune_minutes * MINUTE:
                log.marks(trainer.step, questions.mark(trainer.averaged()))
                marked = time.monotonic()
        file = save(trainer.checkpoint(time.monotonic() - started), folder)
        if stop.asked:
            raise KeyboardInterrupt
        log.marks(trainer.step, questions.mark(trainer.averaged()))
    return file


def feature_map(file: Path) -> FeatureMap:
    """The map kept in `file`, fitted first if it is not there."""
    if not file.is_file():
        save_map(file, fit_map(wideband()))
    return load_map(file)


def _begin(folder: Path, plan: Plan, device: torch.device) -> tuple[Trainer, float]:
    """A trainer, and the seconds that were spent before."""
    torch.manual_seed(plan.mix.seed)
    net = Net(plan.shape)
    if (folder / STATE).is_file():
        trainer = Trainer(net, plan, device)
        checkpoint = load(folder)
        trainer.restore(checkpoint)
        return trainer, checkpoint.wall_seconds
    if plan.start == "korean":
        start_from_korean(net, feature_map(folder / MAP))
    return Trainer(net, plan, device), 0.0


def _where(machine: Machine) -> str:
    device = machine.device
    return torch.cuda.get_device_name(device) if device.type == "cuda" else f"CPU, {machine.threads} threads"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m models.train.train", description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder of speech, made by models.train.generate")
    parser.add_argument(
        "folder", type=Path, help="where state.pt and log.jsonl go; training goes on from what is there"
    )
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--hours", type=float, help="by the clock, all runs together")
    length.add_argument("--steps", type=int)
    parser.add_argument("--start", choices=("korean", "random"), default=Plan.start)
    parser.add_argument("--seed", type=int, default=Mix.seed)
    parser.add_argument("--rate", type=float, default=Plan.rate, help="highest learning rate")
    parser.add_argument("--seconds", type=float, default=Mix.seconds, help="of speech in a batch")
    parser.add_argument("--known-steps", type=int, default=Mix.known_steps, help="first steps, on true durations only")
    parser.add_argument("--threads", type=int, default=Machine.threads)
    parser.add_argument("--workers", type=int, default=Machine.workers)
    parser.add_argument("--save-minutes", type=float, default=Machine.save_minutes)
    parser.add_argument("--tune-minutes", type=float, default=Machine.tune_minutes)
    parser.add_argument("--no-cuda", action="store_true")
    return parser.parse_args()


def main() -> int:
    """The command line; 1 for what a person must mend, 130 when it was interrupted."""
    given = _arguments()
    mix = Mix(seed=given.seed, seconds=given.seconds, known_steps=given.known_steps)
    machine = Machine(given.threads, given.workers, given.save_minutes, given.tune_minutes, cuda=not given.no_cuda)
    try:
        file = train(
            given.corpus,
            given.folder,
            Length(given.steps, given.hours),
            Plan(start=given.start, rate=given.rate, mix=mix),
            machine,
        )
    except IvrError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("stopped and saved: the same command goes on from here\n")
        return INTERRUPTED
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
