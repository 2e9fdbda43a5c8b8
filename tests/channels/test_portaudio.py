from __future__ import annotations

import ctypes.util
from collections.abc import Callable

import pytest

from ivr.audio.frame import silence
from ivr.channels.portaudio import devices, open_device, play
from ivr.errors import DeviceError

MISSING = ctypes.util.find_library("portaudio") is None


@pytest.mark.skipif(not MISSING, reason="PortAudio is here")
@pytest.mark.parametrize("use", [devices, lambda: open_device(None, None), lambda: play(silence(8000), 8000)])
def test_without_portaudio_one_line_says_what_to_install(use: Callable[[], object]) -> None:
    with pytest.raises(DeviceError, match=r"apt install libportaudio2") as raised:
        use()
    assert "\n" not in str(raised.value)


@pytest.mark.skipif(MISSING, reason="needs PortAudio")
def test_a_device_that_is_not_there_is_told_with_where_to_look() -> None:
    assert all(each.number == number for number, each in enumerate(devices()))
    with pytest.raises(DeviceError, match=r"no input device “no such microphone”.*--list-devices"):
        open_device("no such microphone", None)
