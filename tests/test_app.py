from __future__ import annotations

import dataclasses
import shutil
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ivr import app
from ivr.audio.frame import RATE, silence
from ivr.audio.wav import read_wav
from ivr.calls.equipment import Equipment
from ivr.channels.wav import WavChannel
from ivr.clock import CountingIds, FakeClock
from ivr.config import Settings
from ivr.errors import FlowError, ModelError
from ivr.records import Call


def test_the_house_as_it_is_shipped_has_no_faults(house: Settings) -> None:
    assert app.problems(house, app.models(house)) == ()


def test_one_model_serves_both_languages_and_is_loaded_once(house: Settings) -> None:
    speech = app.models(house)
    assert speech["zh"] is speech["en"]


def test_a_house_with_a_fault_does_not_open_and_says_where(house: Settings, tmp_path: Path) -> None:
    shutil.copytree(house.flows, tmp_path / "flows")
    flow = tmp_path / "flows" / "reception.yaml"
    flow.write_text(
        flow.read_text(encoding="utf-8").replace("goodbye: goodbye }", "goodbye: godbye }"), encoding="utf-8"
    )
    settings = house.model_copy(update={"flows": tmp_path / "flows"})
    with pytest.raises(FlowError, match=r"godbye.*did you mean “goodbye”") as caught, app.equipment(settings):
        pass
    assert str(caught.value.where).startswith(f"{flow}:")


def test_a_file_that_is_no_yaml_is_a_fault_like_any_other(house: Settings, tmp_path: Path) -> None:
    (tmp_path / "reception.yaml").write_text("flow: [", encoding="utf-8")
    (problem,) = app.problems(house.model_copy(update={"flows": tmp_path}), app.models(house))
    assert problem.where.startswith(str(tmp_path / "reception.yaml"))


def test_a_missing_model_is_named(house: Settings, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path / "nowhere")):
        app.models(house.model_copy(update={"model_zh": tmp_path / "nowhere"}))


def sound_files(folder: Path) -> list[Path]:
    return list(folder.rglob("*.wav"))


@pytest.mark.parametrize("wanted", [True, False])
async def test_both_sides_of_a_call_are_kept_only_where_the_site_says_so(
    equipment: Equipment,
    tmp_path: Path,
    wanted: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    gear = dataclasses.replace(equipment, settings=equipment.settings.model_copy(update={"record_calls": wanted}))
    clock = FakeClock(datetime(2026, 11, 22, 22, tzinfo=UTC))
    async with app.office(f"sqlite:///{tmp_path / 'ivr.db'}", clock, CountingIds()) as room:
        call = await app.take_call(gear, room, WavChannel(silence(3 * RATE), "8001"))
        assert room.calls.get(call.id) == call
        first = room.calls.turns(call.id)[0].prompts
    assert (first == ("line.recorded",)) == wanted
    # the house's day: past midnight in Shanghai
    assert call.recording == ("2026-11-23/call-0001.wav" if wanted else "")
    files = sound_files(tmp_path)
    assert files == [tmp_path / "recordings" / "2026-11-23" / "call-0001.wav"] * wanted
    for file in files:
        assert not read_wav(file, channel=0).samples.any()
        assert np.abs(read_wav(file, channel=1).samples).max() > 1000


async def test_a_recording_that_a_power_cut_ended_is_found_by_its_call_at_the_next_start(tmp_path: Path) -> None:
    url, clock = f"sqlite:///{tmp_path / 'ivr.db'}", FakeClock(datetime(2026, 11, 22, 22, tzinfo=UTC))
    async with app.office(url, clock, CountingIds()) as room:
        assert room.call_sound is not None
        room.calls.begin(Call("call-1", "wav", "8001", clock.now()))
        file = room.call_sound.create("call-1", clock.now().date(), channels=2)
        file.append(bytes(4 * RATE))
        file._close()
    async with app.office(url, clock, CountingIds()) as room:
        call = room.calls.get("call-1")
        assert call is not None
        assert call.recording == "2026-11-22/call-1.interrupted.wav"
