"""The stage that makes speech: several engines side by side, one process each."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Sequence
from concurrent.futures import FIRST_EXCEPTION, ProcessPoolExecutor, wait
from pathlib import Path

from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from models.train.generate import Order, generate

LOOK_SECONDS = 5.0
"""between two looks at how much there is"""


def fill(orders: Sequence[Order], folder: Path, jobs: int) -> None:
    """Make what is still missing of every order; raises what an engine raises, the others' speech stays.

    The first orders are begun first, so the slow ones belong there.
    """
    made = TextColumn("{task.completed:.1f} of {task.total:.0f} min")
    spawning = multiprocessing.get_context("spawn")
    with (
        Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            made,
            TimeElapsedColumn(),
            TimeRemainingColumn(),
            disable=not sys.stderr.isatty(),
        ) as progress,
        ProcessPoolExecutor(jobs, mp_context=spawning, initializer=_alone) as pool,
    ):
        tasks = [progress.add_task(f"{order.engine} {order.language}", total=order.minutes) for order in orders]
        running = [pool.submit(generate, order, folder, folder / "cache") for order in orders]
        pending = set(running)
        while pending:
            done, pending = wait(pending, LOOK_SECONDS, FIRST_EXCEPTION)
            for order, task in zip(orders, tasks, strict=True):
                progress.update(task, completed=minutes(folder, order))
            if any(each.exception() for each in done):
                pool.shutdown(cancel_futures=True)
        for each in running:
            if not each.cancelled():
                each.result()


def minutes(folder: Path, order: Order) -> float:
    """Speech that is there already; a line being written does not count."""
    index = folder / f"{order.engine}-{order.language}.jsonl"
    if not index.is_file():
        return 0.0
    lines = index.read_text(encoding="utf-8").splitlines(keepends=True)
    return sum(float(json.loads(line)["seconds"]) for line in lines if line.endswith("\n")) / 60


def _alone() -> None:
    """A process keeps to one core, and gives way to everybody."""
    os.environ["OMP_NUM_THREADS"] = "1"
    os.nice(15)
