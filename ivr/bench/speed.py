"""How fast and how big: figures that anyone can measure again with `make bench`. Nothing here is ever a timed test."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from ivr.audio.frame import FRAME_MS, RATE, Samples
from ivr.bench.report import Report
from ivr.bench.runner import Bench, run, run_all
from ivr.bench.scenario import read_scenario
from ivr.channels.base import Channel, Inbound
from ivr.records import CallEvent, EventKind, HearingKind, Language
from ivr.speech.models import SpeechModel
from ivr.speech.vosk_asr import VoskRecogniser


@dataclass(frozen=True)
class Speed:
    """Calls in audio time against the time that they took."""

    calls: int
    audio_seconds: float
    wall_seconds: float
    cpu_seconds: float
    """of this process, recogniser threads included, the voice's own process not"""

    @property
    def times_real_time(self) -> float:
        return self.audio_seconds / self.wall_seconds


@dataclass(frozen=True)
class Response:
    """End of speech → first prompt sample, without the endpoint's wait, in a call paced like a live one; ms."""

    turns: int
    p50: float
    worst: float


@dataclass(frozen=True)
class Load:
    """What the speech model costs."""

    seconds: float
    megabytes: float
    """growth of resident memory"""
    process_megabytes: float
    """resident memory of the whole process afterwards"""


def load(models: dict[Language, SpeechModel]) -> Load:
    """Load the models once more and look at clock and memory."""
    before, start = _resident(), time.perf_counter()
    with VoskRecogniser(models, threads=1):
        seconds, after = time.perf_counter() - start, _resident()
    return Load(seconds, after - before, after)


async def speed(bench: Bench, paths: tuple[Path, ...]) -> tuple[Speed, tuple[Report, ...]]:
    """Run the scenarios one after the other on one core (where the system lets us choose), caches warm."""
    await run_all(bench, paths)
    with one_core():
        wall, cpu = time.perf_counter(), time.process_time()
        reports = await run_all(bench, paths)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    audio = sum(report.call.seconds for report in reports)
    return Speed(len(reports), audio, wall, cpu), reports


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Pin every thread of this process to one core for a while, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    _pin({min(before)})
    try:
        yield
    finally:
        _pin(before)


def _pin(cores: set[int]) -> None:
    for thread in _threads():
        # a thread may end between being listed and being pinned
        with contextlib.suppress(ProcessLookupError):
            os.sched_setaffinity(thread, cores)


def _threads() -> Iterator[int]:
    try:
        yield from (int(task.name) for task in Path("/proc/self/task").iterdir())
    except OSError:
        yield 0


class Paced:
    """A channel in real time: 20 ms of sound take 20 ms, or `haste` times less."""

    def __init__(self, channel: Channel, haste: float) -> None:
        self._channel = channel
        self._haste = haste
        self._due = 0.0
        self.name, self.line, self.key_sounds = channel.name, channel.line, channel.key_sounds
        self.caller, self.inside = channel.caller, channel.inside
        self.sent: list[tuple[int, float]] = []
        """(sample of the call, clock) of every frame that we played"""
        self.received: list[float] = []
        """clock at which each inbound frame came"""

    async def answer(self) -> None:
        await self._channel.answer()
        self._due = time.perf_counter()

    async def send(self, samples: Samples) -> None:
        if samples.any():
            self.sent.append((len(self.received) * RATE * FRAME_MS // 1000, time.perf_counter()))
        await self._channel.send(samples)

    async def receive(self) -> Inbound:
        self._due += FRAME_MS / 1000 / self._haste
        await asyncio.sleep(max(0.0, self._due - time.perf_counter()))
        inbound = await self._channel.receive()
        self.received.append(time.perf_counter())
        return inbound

    async def hang_up(self) -> None:
        await self._channel.hang_up()


async def response(bench: Bench, path: Path, haste: float = 1.0) -> Response:
    """Play one scenario in real time and time our answers.

    What is measured is the work between the sample at which an outcome is due and the first sample of the next
    prompt: the recogniser's last words, understanding, the machine, a commit, the prompt from the cache. The
    endpoint's wait and the fixed 200 ms in which the recogniser may finish are no part of it.
    """
    scenario = read_scenario(path, bench.stage)
    channels: list[Paced] = []
    decided: list[int] = []

    def pace(channel: Channel) -> Channel:
        channels.append(Paced(channel, haste))
        return channels[-1]

    def note(event: CallEvent) -> None:
        if event.kind is EventKind.HEARD and event.turn is not None and event.turn.hearing is HearingKind.SPEECH:
            decided.append(event.turn.decided)

    await run(bench, scenario, watch=lambda _: (note,), wrap=pace)
    waits = list(_waits(channels[0], decided))
    return Response(len(waits), median(waits), max(waits))


def _waits(channel: Paced, decided: list[int]) -> Iterator[float]:
    size = RATE * FRAME_MS // 1000
    for sample in decided:
        due = channel.received[sample // size - 1]
        first = next((clock for at, clock in channel.sent if at >= sample), None)
        if first is not None:
            yield (first - due) * 1000


def _resident() -> float:
    """Resident memory in megabytes: now on Linux, the highest so far elsewhere."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
