"""Everything that `make bench` measures, on this machine, in one run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from ivr import app
from ivr.bench.hearing import Trial, listen_to_all
from ivr.bench.report import share
from ivr.bench.runner import Bench
from ivr.bench.scenario import find_scenarios
from ivr.bench.speed import Load, Response, Speed, load, response, speed
from ivr.bench.voices import caller_voices, known_recordings
from ivr.config import Settings
from ivr.demo import RECORDINGS, SCENARIOS
from ivr.records import LANGUAGES

PACED = "zh_booking_by_voice.yaml"
"""the scenario that is played in real time: 79 s"""


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    load: Load
    speed: Speed
    response: Response
    first_try: dict[str, tuple[int, int]]
    """language → (understood at the first asking, asked) over all scenarios"""
    trials: tuple[Trial, ...]
    """every caller's recording at the question that it answers"""


def measure(settings: Settings, tell: Callable[[str], None]) -> Figures:
    """Measure all; `tell` gets a word on what is being done. Takes about two minutes, one call is in real time."""
    tell("loading the model")
    loaded = load(app.models(settings))
    with app.equipment(settings) as gear, caller_voices(settings.data / "callers", RECORDINGS) as voices:
        bench = Bench(gear, voices, RECORDINGS)
        tell("all scenario calls on one core")
        fast, reports = asyncio.run(speed(bench, find_scenarios((SCENARIOS,))))
        tell("one call in real time")
        answers = asyncio.run(response(bench, SCENARIOS / PACED))
        tell("the callers' recordings")
        trials = asyncio.run(listen_to_all(known_recordings(RECORDINGS), gear.catalogue, gear.recogniser))
    return Figures(loaded, fast, answers, {each: share(reports, each) for each in LANGUAGES}, trials)
