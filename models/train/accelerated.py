"""Training on an accelerator: the whole corpus in its memory, the bad line made there as well.

python -m models.train.accelerated FOLDER CORPUS … --minutes 6: thousands of times real time, where the processor's
training (train.py) makes 30 to 45 times a core.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from itertools import count
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from ivr.audio.frame import RATE
from ivr.bench.exam.corpus import Corpus
from ivr.errors import IvrError
from models.train.batches import Batch, Mix
from models.train.checkpoint import save
from models.train.degrade import noise
from models.train.device_line import Line
from models.train.korean import start_from_korean
from models.train.log import Log
from models.train.net import SUBSAMPLING, Net
from models.train.sequence import transitions
from models.train.speech_store import Batches, Speech, gathered
from models.train.train import MAP, Length, Machine, feature_map
from models.train.trainer import Plan, Trainer

MINUTES = 12.0

WEIGHTS = {"kokoro": 3.5, "flite": 1.0, "espeak": 0.5}
"""how often an engine is drawn beside others of its language; gcin tells no durations, and is for `refine`"""

PLAN = Plan(rate=1.4e-3, sequence=0.6, mix=Mix(seconds=240.0))

NOISES = ("white", "pink", "brown", "hum", "babble", "music", "dtmf", "tones")

NOISE_SECONDS, NOISE_PIECE = 480, 15
"""of every kind, and of one piece, which has a pitch, a beat and a loudness of its own"""

AHEAD = 6
"""batches planned before they are needed"""


def noises(seconds: int, jobs: int, seed: int = 1) -> npt.NDArray[np.float16]:
    """(kinds, samples) of noise of RMS 1, made by so many processes."""
    pieces = max(1, seconds // NOISE_PIECE)
    tasks = [(kind, seed, number) for kind in NOISES for number in range(pieces)]
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        made = list(pool.map(_noise, tasks, chunksize=4))
    return np.stack([np.concatenate(made[place : place + pieces]) for place in range(0, len(made), pieces)])


def _noise(task: tuple[str, int, int]) -> npt.NDArray[np.float16]:
    kind, seed, number = task
    rng = np.random.default_rng([seed, NOISES.index(kind), number])
    return np.clip(noise(kind, NOISE_PIECE * RATE, rng), -60, 60).astype(np.float16)


def train(corpora: Sequence[Path], folder: Path, length: Length, plan: Plan | None = None, jobs: int = 2) -> Path:
    """Train from the Korean start until `length`; `folder`/state.pt at the end.

    It lasts minutes, so that a stopped one begins anew. ModelError for corpora without speech of known durations, or a
    loss that is no number.
    """
    plan = plan or PLAN
    device = Machine().device
    speech = gathered([Corpus(corpus) for corpus in corpora], WEIGHTS, device)
    line = Line(torch.from_numpy(noises(NOISE_SECONDS, jobs)).to(device))
    torch.manual_seed(plan.mix.seed)
    net = Net(plan.shape)
    if plan.start == "korean":
        folder.mkdir(parents=True, exist_ok=True)
        start_from_korean(net, feature_map(folder / MAP))
    return train_net(speech, line, net, plan, length, folder)


def train_net(  # noqa: PLR0913, PLR0917 - what a training is made of
    speech: Speech, line: Line, net: Net, plan: Plan, length: Length, folder: Path
) -> Path:
    """Train `net` on speech that is in a device's memory; its checkpoint."""
    moves = transitions(speech.labels[::SUBSAMPLING], net.shape.units) if plan.sequence else None
    trainer = Trainer(net, plan, speech.sound.device, moves)
    batches = Batches(speech, line, plan.mix.seconds, net.shape.context, plan.mix.seed)
    started = time.monotonic()
    with Log(folder, "training") as log:
        log.say(f"{speech.hours:.1f} h of speech on {speech.sound.device}")
        for batch in _ahead(batches):
            spent = time.monotonic() - started
            progress = length.progress(trainer.step, spent)
            if progress >= 1:
                break
            lesson = trainer.learn(batch, progress)
            log.lesson(trainer.step, lesson, progress, trainer.audio_seconds, spent)
    return save(trainer.checkpoint(time.monotonic() - started), folder)


def _ahead(batches: Batches) -> Iterator[Batch]:
    """Batches in order, their plans made in a thread beside."""
    plans = batches.plans(0)
    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(next, plans) for _ in range(AHEAD)]
        for number in count():
            takes = waiting.pop(0).result()
            waiting.append(pool.submit(next, plans))
            yield batches.make(takes, number)


def main(arguments: list[str] | None = None) -> int:
    """Command line; 1 for whatever a person must mend."""
    parser = argparse.ArgumentParser(
        prog="python -m models.train.accelerated", description=str(__doc__).splitlines()[0]
    )
    parser.add_argument("folder", type=Path, help="where state.pt and log.jsonl go")
    parser.add_argument("corpora", type=Path, nargs="+", help="folders of speech, made by models.train.generate")
    parser.add_argument("--minutes", type=float, default=MINUTES)
    parser.add_argument("--rate", type=float, default=PLAN.rate, help="highest learning rate")
    parser.add_argument("--jobs", type=int, default=2, help="processes that make noise")
    given = parser.parse_args(arguments)
    try:
        file = train(
            given.corpora, given.folder, Length(hours=given.minutes / 60), replace(PLAN, rate=given.rate), given.jobs
        )
    except IvrError as error:
        sys.stderr.write(f"{error.code}: {error}\n")
        return 1
    sys.stdout.write(f"{file}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
