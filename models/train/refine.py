"""A trained network taught on by a little more speech on the processor, then averaged with what it was.

python -m models.train.refine CHECKPOINT CORPUS FOLDER --minutes 35: the average keeps what each of both hears better.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from ivr.bench.exam.corpus import Corpus
from ivr.errors import IvrError, ModelError
from models.train.align import IGNORED
from models.train.batches import Mix, Pools, batches
from models.train.bundled import NETWORK, checkpoint_of
from models.train.checkpoint import STATE, Checkpoint, load, save
from models.train.degrade import degrade
from models.train.log import Log
from models.train.net import SUBSAMPLING, Net, Shape
from models.train.sequence import transitions
from models.train.train import Length
from models.train.trainer import Plan, Trainer

SHARE = 0.35
"""of the refined weights in the average; chosen on the tuning corpus among 0, 0.35, 0.6 and 1"""

WEIGHTS = {"kokoro": 5.0, "gcin": 0.8, "flite": 1.0, "espeak": 0.5}

TAUGHT = "taught"
"""folder of the network that is taught on, inside the average's: from there a stopped refinement goes on"""

START = "start"
"""folder of the network as it was, likewise"""

SAVE_SECONDS = 300.0

PLAN = Plan(
    start="random",
    rate=2e-4,
    sequence=0.6,
    sequence_from=0.0,
    statistics=False,
    mix=Mix(seed=77, seconds=56.0, known_steps=0, weights=WEIGHTS),
)
"""`random`, as no layer is to stand still at first; large batches have better statistics than small ones"""


def refine(  # noqa: PLR0913, PLR0917 - what a refinement is made of
    checkpoint: Path, corpus: Path, folder: Path, length: Length, plan: Plan = PLAN, share: float = SHARE
) -> Path:
    """Teach on until `length`, average, and leave it in `folder`/state.pt.

    ModelError as `train` raises it, and for a folder in which another network was taught on.

    `checkpoint` is state.pt, the folder that holds it, or a Vosk model of ours.

    Stopped at any moment it goes on from what was saved last, some minutes before.
    """
    before = checkpoint_of(checkpoint) if (checkpoint / NETWORK).is_file() else load(checkpoint)
    _same_start(before, folder / START)
    shape = Shape(**before.shape)
    plan = replace(plan, shape=shape)
    trainer, spent = _begin(before, folder / TAUGHT, plan, _moves(Corpus(corpus), shape.units))
    started = time.monotonic() - spent
    saved = time.monotonic()
    with Log(folder, "refining") as log:
        for batch in batches(Pools(corpus, plan.mix, degrade, shape), trainer.step, 1):
            wall = time.monotonic() - started
            progress = length.progress(trainer.step, wall)
            if progress >= 1:
                break
            lesson = trainer.learn(batch, progress)
            log.lesson(trainer.step, lesson, progress, trainer.audio_seconds, wall)
            if time.monotonic() - saved > SAVE_SECONDS:
                save(trainer.checkpoint(wall), folder / TAUGHT)
                saved = time.monotonic()
    after = trainer.checkpoint(time.monotonic() - started)
    save(after, folder / TAUGHT)
    return save(averaged(before, after, share), folder)


def _same_start(before: Checkpoint, start: Path) -> None:
    """Keeps what is taught on, so that its average is with itself; ModelError where another network was begun with."""
    if not (start / STATE).is_file():
        save(before, start)
        return
    kept = load(start).net
    if kept.keys() != before.net.keys() or not all(torch.equal(kept[name], each) for name, each in before.net.items()):
        raise ModelError("another network is taught on here: name another folder", where=start.parent)


def _begin(before: Checkpoint, taught: Path, plan: Plan, moves: Tensor) -> tuple[Trainer, float]:
    """A trainer of the network as it was before, or as it was saved on the way, and the seconds spent."""
    net = Net(plan.shape)
    net.load_state_dict(before.net)
    trainer = Trainer(net, plan, torch.device("cpu"), moves)
    trainer.prior = before.prior.clone()
    if not (taught / STATE).is_file():
        return trainer, 0.0
    on_the_way = load(taught)
    trainer.restore(on_the_way)
    return trainer, on_the_way.wall_seconds


def averaged(one: Checkpoint, other: Checkpoint, share: float) -> Checkpoint:
    """`one` with so much of `other` in its weights; ModelError for networks of different shapes."""
    if one.shape != other.shape:
        raise ModelError(f"networks of one shape can be averaged, these are {one.shape} and {other.shape}")
    net = {name: _mixed(value, other.net[name], share) for name, value in one.net.items()}
    return replace(one, net=net, raw=net, optimiser={})


def _mixed(one: Tensor, other: Tensor, share: float) -> Tensor:
    return torch.lerp(one, other, share) if one.is_floating_point() else one


def _moves(corpus: Corpus, units: int) -> Tensor:
    rows: list[npt.NDArray[np.int16]] = []
    for clip in corpus.clips("train"):
        labels = corpus.labels(clip)
        if labels is not None:
            rows.append(np.append(labels[::SUBSAMPLING], np.int16(IGNORED)))
    if not rows:
        raise ModelError("no speech with known durations to learn from")
    return transitions(torch.from_numpy(np.concatenate(rows).astype(np.int64)), units)


def main(arguments: list[str] | None = None) -> int:
    """Command line; 1 for whatever a person must mend, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m models.train.refine", description=str(__doc__).splitlines()[0])
    parser.add_argument("checkpoint", type=Path, help="state.pt, the folder that holds it, or a model of ours")
    parser.add_argument("corpus", type=Path)
    parser.add_argument("folder", type=Path, help="where the average goes, as state.pt")
    parser.add_argument("--minutes", type=float, default=35.0)
    parser.add_argument("--seed", type=int, default=PLAN.mix.seed)
    parser.add_argument("--rate", type=float, default=PLAN.rate, help="highest learning rate")
    parser.add_argument("--share", type=float, default=SHARE, help="of the refined weights in the average")
    given = parser.parse_args(arguments)
    length = Length(hours=given.minutes / 60)
    torch.set_num_threads(1)
    try:
        plan = replace(PLAN, rate=given.rate, mix=replace(PLAN.mix, seed=given.seed))
        file = refine(given.checkpoint, given.corpus, given.folder, length, plan, given.share)
    except IvrError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write(f"stopped; the same command goes on from at most {SAVE_SECONDS / 60:.0f} minutes before\n")
        return 130
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
