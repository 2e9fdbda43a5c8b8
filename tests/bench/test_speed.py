"""The benchmark's tools work; how fast they say we are is never tested (machines are noisy)."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ivr import app
from ivr.bench.runner import Bench
from ivr.bench.speed import load, response, speed
from ivr.config import Settings
from tests.conftest import SCENARIOS


def test_the_speed_of_calls_is_audio_time_over_wall_time(bench: Bench) -> None:
    figures, reports = asyncio.run(speed(bench, (SCENARIOS / "hang_up_in_the_greeting.yaml",)))
    assert figures.calls == len(reports) == 1
    assert figures.audio_seconds == 1.0
    assert figures.times_real_time > 0


def test_loading_a_model_is_measured(house: Settings) -> None:
    figures = load(app.models(house))
    assert figures.seconds > 0
    assert figures.process_megabytes > figures.megabytes


SHORT = """\
scenario: short
about: One answer, as short as can be, because it is paced.
at: 2026-11-21 22:00
caller: { voice: en-us-f5, language: en }
answers:
  reception/choose: wake up call
  wake_up_booking/ask_room: { hang_up: yes, during: 100ms }
expect: { outcome: caller_hung_up, ending: wake_up_booking/ask_room }
"""


def test_the_answer_to_a_caller_is_timed_in_a_paced_call(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "short.yaml"
    path.write_text(SHORT, encoding="utf-8")
    figures = asyncio.run(response(bench, path, haste=20))
    assert figures.turns == 1
    assert 0 < figures.p50 <= figures.worst
