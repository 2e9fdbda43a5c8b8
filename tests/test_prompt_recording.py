"""A prompt spoken into a microphone whose clock is the test: no sound card, no waiting."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.resample import resample
from ivr.audio.tones import noise_floor
from ivr.audio.wav import read_wav
from ivr.channels.microphone import Block
from ivr.errors import AudioError, LineBroke
from ivr.prompt_recording import LONGEST, LONGEST_WAIT, STILL_SECONDS, record
from tests.conftest import RECORDINGS


class FakeDevice:
    """Gives a sound block by block as soon as it is started, then silence without end, or nothing more."""

    def __init__(self, sound: Samples, rate: int = RATE, *, goes_on: bool = True) -> None:
        self.rate, self.block = rate, rate // 50
        self.stopped = 0
        self.given = 0
        self._sound = sound
        self._goes_on = goes_on
        self._thread = threading.Thread(target=self._run)
        self._call: Block | None = None
        self._ended: Callable[[], None] = lambda: None

    def start(self, block: Block, ended: Callable[[], None]) -> None:
        self._call, self._ended = block, ended
        self._thread.start()

    def stop(self) -> None:
        self.stopped += 1
        self._call = None
        self._thread.join()

    def _blocks(self) -> Iterator[Samples]:
        for place in range(0, len(self._sound) - self.block + 1, self.block):
            yield self._sound[place : place + self.block]
        for _ in range(round((LONGEST + LONGEST_WAIT) * 50) if self._goes_on else 0):
            yield silence(self.block)

    def _run(self) -> None:
        for block in self._blocks():
            call = self._call
            if call is None:
                return
            played = np.full(self.block, 99, dtype=np.int16)
            call(block, played, False, False)  # noqa: FBT003 - as PortAudio calls
            assert not played.any()
            self.given += 1
        if not self._goes_on:
            self._ended()


@pytest.fixture(scope="module")
def voice() -> Samples:
    sound = read_wav(max((RECORDINGS / "callers").glob("**/*.wav"), key=lambda path: path.stat().st_size))
    return sound.samples if sound.rate == RATE else resample(sound.samples, sound.rate)


def spoken(voice: Samples, before: float = 1.0) -> Samples:
    return np.concatenate([noise_floor(round(before * RATE), -65.0), voice])


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_a_recording_ends_by_itself_when_the_voice_is_over(voice: Samples, rate: int) -> None:
    sound = spoken(voice) if rate == RATE else resample(spoken(voice), RATE, rate)
    device = FakeDevice(sound, rate)
    recorded = record(device)
    assert device.stopped == 1
    length, expected = len(recorded) / rate, len(spoken(voice)) / RATE + STILL_SECONDS
    assert expected - 1.0 <= length <= expected + 0.5
    assert np.array_equal(
        recorded[: len(sound) // device.block * device.block], sound[: len(sound) // device.block * device.block]
    )


def test_a_pause_between_sentences_ends_nothing(voice: Samples) -> None:
    sound = np.concatenate([spoken(voice), silence(RATE), voice])
    assert len(record(FakeDevice(sound))) > len(sound) - 1


def test_enter_ends_it_and_so_does_ctrl_c(voice: Samples) -> None:
    asked = iter([False] * (len(voice) // 160) + [True] * 1000)
    assert len(record(FakeDevice(spoken(voice, 0.1)), lambda: next(asked))) <= len(voice)

    def stopped() -> bool:
        if next(presses):
            raise KeyboardInterrupt
        return False

    presses = iter([False] * (len(voice) // 160) + [True])
    device = FakeDevice(spoken(voice, 0.1))
    assert len(record(device, stopped)) <= len(voice)
    assert device.stopped == 1


def test_nobody_speaking_is_told(voice: Samples) -> None:
    device = FakeDevice(voice[:0])
    with pytest.raises(AudioError, match="no voice was heard"):
        record(device)
    assert device.stopped == 1


def test_a_device_that_ends_or_falls_silent_is_a_broken_line(voice: Samples) -> None:
    ended = FakeDevice(voice[: RATE // 2], goes_on=False)
    with pytest.raises(LineBroke, match="unplugged"):
        record(ended)

    class Dumb(FakeDevice):
        def _run(self) -> None:
            return

    with pytest.raises(LineBroke, match="gives no sound"):
        record(Dumb(voice), patience=0.01)
