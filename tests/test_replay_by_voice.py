"""A caller books a wake-up call from a WAV: the file that a live call left gives the same call again, turn for turn."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from ivr.bench.runner import Bench, run
from ivr.bench.scenario import read_scenario
from ivr.clock import FakeClock
from ivr.recording import StereoRecording
from ivr.records import Turn
from ivr.replay import channel_of, read_caller, replay
from tests.conftest import SCENARIOS


def said(turns: tuple[Turn, ...]) -> list[Turn]:
    return [replace(turn, call_id="") for turn in turns]


@pytest.mark.parametrize("name", ["zh_booking_by_voice", "zh_booking_second_voice", "en_booking_second_voice"])
def test_a_recorded_call_replayed_from_its_wav_is_the_same_call(bench: Bench, tmp_path: Path, name: str) -> None:
    scenario = read_scenario(SCENARIOS / f"{name}.yaml", bench.stage)
    recording = StereoRecording()
    live = asyncio.run(run(bench, scenario, keep=lambda _: recording.tap))
    path = tmp_path / f"{name}.wav"
    recording.write(path)
    clock = FakeClock(scenario.at.replace(tzinfo=bench.equipment.settings.zone))
    again = asyncio.run(
        replay(bench.equipment, f"sqlite:///{tmp_path / 'ivr.db'}", channel_of(read_caller(path), path.name, ()), clock)
    )
    assert said(again.turns[:-1]) == said(live.turns[:-1])
    assert [(each.room, each.day, each.local_time) for each in again.bookings] == [
        (entry.room, entry.day, entry.time) for entry in scenario.expect.bookings
    ]
