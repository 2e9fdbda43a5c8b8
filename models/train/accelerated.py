"""Training on an accelerator: the whole corpus in its memory, the bad line made there as well.

python -m models.train.accelerated FOLDER CORPUS … --minutes 6: thousands of times real time, where the processor's
training (train.py) makes 30 to 45 times a core.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from ivr.audio.frame import RATE
from models.train.batches import Batch
from models.train.checkpoint import save
from models.train.degrade import noise
from models.train.device_line import Line
from models.train.net import SUBSAMPLING, Net
from models.train.sequence import transitions
from models.train.speech_store import Batches, Speech, Take
from models.train.trainer import Plan, Trainer

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


def train_for(  # noqa: PLR0913, PLR0917 - what a training is made of
    speech: Speech, line: Line, net: Net, plan: Plan, seconds: float, folder: Path
) -> Trainer:
    """Train `net` for so many seconds by the clock; checkpoints before the sequence criterion and at the end."""
    device = speech.sound.device
    units = net.shape.units
    moves = transitions(speech.labels[::SUBSAMPLING], units) if plan.sequence else None
    trainer = Trainer(net, plan, device, moves)
    batches = Batches(speech, line, plan.mix.seconds, net.shape.context, plan.mix.seed)
    started = time.monotonic()
    kept = not plan.sequence
    for batch in _ahead(batches):
        spent = time.monotonic() - started
        progress = spent / seconds
        if not kept and progress >= plan.sequence_from:
            save(trainer.checkpoint(spent), folder / "rows")
            kept = True
        if progress >= 1:
            break
        lesson = trainer.learn(batch, progress)
        if trainer.step % 50 == 0:
            speed = trainer.audio_seconds / max(spent, 1e-3)
            tell(
                step=trainer.step,
                loss=round(lesson.loss, 4),
                rows=round(lesson.accuracy, 4),
                rate=lesson.rate,
                hours=round(trainer.audio_seconds / 3600, 1),
                speed=round(speed),
                seconds=round(spent),
            )
    save(trainer.checkpoint(time.monotonic() - started), folder)
    return trainer


def _ahead(batches: Batches) -> Iterator[Batch]:
    """Batches in order, their plans made in a thread beside."""
    plans = batches.plans(0)
    with ThreadPoolExecutor(1) as pool:
        waiting = [pool.submit(next, plans) for _ in range(AHEAD)]
        number = 0
        while True:
            takes: Sequence[Take] = waiting.pop(0).result()
            waiting.append(pool.submit(next, plans))
            yield batches.make(takes, number)
            number += 1


def tell(**figures: object) -> None:
    """One JSON line on stdout."""
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stdout.flush()
