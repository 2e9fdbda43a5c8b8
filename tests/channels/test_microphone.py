from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE, Samples, frames, silence
from ivr.audio.level import rms_dbfs
from ivr.audio.tones import tone
from ivr.calls.equipment import Equipment
from ivr.channels.microphone import MOST_AHEAD, MOST_WAITING, PRIME, Block, MicrophoneChannel
from ivr.errors import CallerHungUp, LineBroke, WeHungUp
from ivr.talk import talk


class FakeDevice:
    """A sound device whose clock is the test: `turn` is one block."""

    def __init__(self, rate: int = RATE) -> None:
        self.rate, self.block = rate, rate // 50
        self.played: list[Samples] = []
        self.stopped = 0
        self._call: Block | None = None
        self.ended: Callable[[], None] = lambda: None

    def start(self, block: Block, ended: Callable[[], None]) -> None:
        self._call, self.ended = block, ended

    def stop(self) -> None:
        self._call = None
        self.stopped += 1

    @property
    def runs(self) -> bool:
        return self._call is not None

    def turn(self, recorded: Samples, *, lost: bool = False, late: bool = False) -> None:
        assert self._call is not None
        played = np.full(self.block, 99, dtype=np.int16)
        self._call(recorded, played, lost, late)
        self.played.append(played)


class TypedKeys:
    def __init__(self, *typed: str) -> None:
        self._typed = list(typed)

    def pressed(self) -> str:
        return self._typed.pop(0) if self._typed else ""


async def answered(device: FakeDevice, *typed: str, patience: float = 5.0) -> MicrophoneChannel:
    channel = MicrophoneChannel(device, "desk", TypedKeys(*typed), patience=patience)
    await channel.answer()
    return channel


async def test_what_is_recorded_arrives_frame_by_frame_with_the_keys_that_were_typed() -> None:
    device = FakeDevice()
    channel = await answered(device, "", "12#", "")
    sound = np.arange(3 * FRAME, dtype=np.int16)
    for frame in frames(sound):
        device.turn(frame.samples)
    heard = [await channel.receive() for _ in range(3)]
    assert np.array_equal(np.concatenate([each.frame.samples for each in heard]), sound)
    assert [each.frame.offset for each in heard] == [0, FRAME, 2 * FRAME]
    assert [each.keys for each in heard] == ["", "12#", ""]


async def test_what_the_desk_says_is_played_after_sixty_milliseconds() -> None:
    device = FakeDevice()
    channel = await answered(device)
    said = np.arange(1, 2 * FRAME + 1, dtype=np.int16)
    for frame in frames(said):
        await channel.send(frame.samples)
    for _ in range(PRIME + 2):
        device.turn(silence(FRAME))
    assert np.array_equal(np.concatenate(device.played), np.concatenate([silence(PRIME * FRAME), said]))
    assert channel.underruns == 0


async def test_a_device_with_another_rate_is_converted_both_ways() -> None:
    device = FakeDevice(44_100)
    channel = await answered(device)
    loud = tone((440.0,), 2.0, -20.0, 44_100)
    ours = frames(tone((300.0,), 2.0, -30.0))
    heard: list[Samples] = []
    for start in range(0, len(loud) - device.block, device.block):
        device.turn(loud[start : start + device.block])
        # the converter gives its frames in bundles: whoever waits for each would wait for ever
        await asyncio.sleep(0)
        while channel._arrived.qsize() or len(channel._pending) >= FRAME:
            try:
                async with asyncio.timeout(0):
                    heard.append((await channel.receive()).frame.samples)
            except TimeoutError:
                break
            await channel.send(next(ours).samples)
    assert rms_dbfs(np.concatenate(heard)[RATE // 2 :]) == pytest.approx(-20.0, abs=0.5)
    assert rms_dbfs(np.concatenate(device.played)[44_100:]) == pytest.approx(-30.0, abs=1.0)


async def test_when_ours_comes_too_late_silence_is_played_and_counted() -> None:
    device = FakeDevice()
    channel = await answered(device)
    for _ in range(PRIME + 4):
        device.turn(silence(FRAME))
    device.turn(silence(FRAME), late=True)
    assert channel.underruns == 5
    assert not np.concatenate(device.played).any()


async def test_a_call_that_hangs_for_a_while_loses_the_oldest_sound_and_does_not_lag_behind() -> None:
    device = FakeDevice()
    channel = await answered(device)
    for number in range(MOST_WAITING + 10):
        device.turn(np.full(FRAME, number, dtype=np.int16))
        await asyncio.sleep(0)
        await channel.send(np.full(FRAME, 1, dtype=np.int16))
    device.turn(silence(FRAME), lost=True)
    assert (await channel.receive()).frame.samples[0] == 10
    assert channel.overruns == 11
    for _ in range(2 * MOST_AHEAD):
        await channel.send(np.full(FRAME, 2, dtype=np.int16))
    device.played.clear()
    for _ in range(MOST_AHEAD + 1):
        device.turn(silence(FRAME))
    assert [block[0] for block in device.played] == [2] * MOST_AHEAD + [0]


async def test_the_caller_hangs_up_while_we_wait() -> None:
    device = FakeDevice()
    channel = await answered(device)
    asyncio.get_running_loop().call_soon(channel.ring_off)
    with pytest.raises(CallerHungUp):
        await channel.receive()
    await channel.hang_up()
    with pytest.raises(CallerHungUp):
        await channel.receive()


async def test_after_we_hung_up_the_device_is_free_and_the_line_over() -> None:
    device = FakeDevice()
    channel = await answered(device)
    await channel.hang_up()
    await channel.hang_up()
    assert not device.runs
    with pytest.raises(WeHungUp):
        await channel.receive()


async def test_a_device_that_ends_is_a_broken_line() -> None:
    device = FakeDevice()
    channel = await answered(device)
    device.turn(silence(FRAME))
    device.ended()
    await channel.receive()
    for _ in range(2):
        with pytest.raises(LineBroke, match=r"desk”.*unplugged"):
            await channel.receive()


async def test_a_device_that_says_nothing_at_all_is_one_too() -> None:
    channel = await answered(FakeDevice(), patience=0.01)
    with pytest.raises(LineBroke):
        await channel.receive()


async def test_a_device_that_goes_on_after_the_loop_has_closed_does_no_harm() -> None:
    channel = await answered(FakeDevice())
    loop = asyncio.new_event_loop()
    loop.close()
    channel._loop = loop
    channel._tell(silence(FRAME))


async def serve(device: FakeDevice, channel: MicrophoneChannel, sound: Callable[[int], Samples]) -> None:
    """Turn the device whenever the call has taken what there was."""
    number = 0
    while device.runs or not device.stopped:
        if device.runs and not channel._arrived.qsize():
            device.turn(sound(number))
            number += 1
        await asyncio.sleep(0)


async def test_a_whole_call_by_microphone_ends_as_a_call_does(equipment: Equipment, tmp_path: Path) -> None:
    device = FakeDevice()
    channel = MicrophoneChannel(device, "microphone")
    taped: list[Samples] = []
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(device, channel, lambda _: silence(FRAME)))
        done = await talk(
            equipment, f"sqlite:///{tmp_path}/ivr.db", channel, taps=(lambda caller, _: taped.append(caller),)
        )
    assert (done.call.outcome, device.stopped) == ("finished", 1)
    assert done.turns[0].outcome == "silent"
    assert len(taped) * FRAME == round(done.call.seconds * RATE)
    assert rms_dbfs(np.concatenate(device.played)) > -40.0


async def test_ctrl_c_hangs_up_and_the_call_is_kept(equipment: Equipment, tmp_path: Path) -> None:
    device = FakeDevice()
    channel = MicrophoneChannel(device, "microphone")

    def sound(number: int) -> Samples:
        if number == 100:
            os.kill(os.getpid(), signal.SIGINT)
        return silence(FRAME)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(serve(device, channel, sound))
        done = await talk(equipment, f"sqlite:///{tmp_path}/ivr.db", channel)
    assert done.call.outcome == "caller_hung_up"
    assert 2.0 <= done.call.seconds < 3.0
