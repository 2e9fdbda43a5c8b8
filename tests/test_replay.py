from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.audio.frame import RATE, silence
from ivr.channels.wav import WavChannel
from ivr.clock import SystemClock
from ivr.config import Settings
from ivr.errors import CallerHungUp, IvrError
from ivr.replay import (
    KEY_GAP,
    Caller,
    KeyedChannel,
    Presses,
    channel_of,
    clock_at,
    read_caller,
    read_number,
    read_presses,
    with_language,
)


def test_keys_are_pressed_at_their_time_one_after_the_other() -> None:
    assert read_presses("805#@12.5") == Presses("805#", round(12.5 * RATE))
    assert read_presses("*@0s") == Presses("*", 0)


@pytest.mark.parametrize("text", ["", "1", "1@", "@3", "x@3", "1@-3", "1@3@4"])
def test_keys_without_a_time_are_refused(text: str) -> None:
    with pytest.raises(IvrError, match="expected keys and seconds"):
        read_presses(text)


async def test_a_keyed_line_gives_the_keys_and_ends_like_its_own(tmp_path: Path) -> None:
    channel = KeyedChannel(WavChannel(silence(RATE), "a.wav", linger=0), (Presses("9", 4000), Presses("12", 100)))
    assert (channel.name, channel.line) == ("wav", "a.wav")
    await channel.answer()
    pressed = []
    for _ in range(RATE // 160):
        await channel.send(silence(160))
        inbound = await channel.receive()
        pressed += [(key, inbound.frame.offset) for key in inbound.keys]
    with pytest.raises(CallerHungUp):
        await channel.receive()
    await channel.hang_up()
    assert pressed == [("1", 0), ("2", (100 + KEY_GAP) // 160 * 160), ("9", 4000)]


def test_a_rooms_number_is_its_own_telephone_and_any_other_is_from_outside() -> None:
    settings = Settings(rooms=("1208",))
    assert read_number("1208", settings) == Caller("1208", inside=True)
    assert read_number("+8613912345678", settings) == Caller("+8613912345678", inside=False)
    assert read_number(None, settings) == Caller()
    channel = channel_of(silence(RATE), "a.wav", (Presses("1", 0),), Caller("1208", inside=True))
    assert (channel.caller, channel.inside) == ("1208", True)
    with pytest.raises(IvrError, match="expected up to 15 digits"):
        read_number("room 1208", settings)


def test_of_a_stereo_file_the_caller_is_on_the_left(tmp_path: Path) -> None:
    path = tmp_path / "both.wav"
    left = (np.sin(np.arange(RATE)) * 8000).astype(np.int16)
    soundfile.write(path, np.stack([left, -left], axis=1), RATE)
    assert np.array_equal(read_caller(path), left)
    assert np.array_equal(read_caller(path, 1), -left)
    assert not read_caller(path, None).any()


def test_a_mono_file_has_no_right(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "mono.wav", silence(RATE), RATE)
    with pytest.raises(IvrError, match="no channel 1"):
        read_caller(tmp_path / "mono.wav", 1)


def test_a_language_comes_first_and_the_others_stay() -> None:
    settings = Settings()
    assert with_language(settings, None) is settings
    assert with_language(settings, "en").languages == ("en", "zh")


def test_a_call_may_come_at_any_local_time_of_the_house() -> None:
    assert isinstance(clock_at(Settings(), None), SystemClock)
    clock = clock_at(Settings(timezone="Europe/Berlin"), datetime(2026, 7, 1, 23, 30))  # noqa: DTZ001 - local time is meant
    assert clock.now().isoformat() == "2026-07-01T21:30:00+00:00"
