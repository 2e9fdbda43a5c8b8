from __future__ import annotations

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE
from ivr.channels.wav import WavChannel
from ivr.errors import CallerHungUp, WeHungUp


async def test_the_caller_is_the_file_frame_by_frame() -> None:
    samples = np.arange(FRAME * 2 + 10, dtype=np.int16)
    channel = WavChannel(samples, "call.wav", linger=0)
    heard = [await channel.receive() for _ in range(3)]
    assert np.array_equal(np.concatenate([each.frame.samples for each in heard])[: len(samples)], samples)
    assert [each.frame.offset for each in heard] == [0, FRAME, 2 * FRAME]


async def test_after_the_file_the_line_is_quiet_for_a_while_and_then_the_caller_hangs_up() -> None:
    channel = WavChannel(np.ones(FRAME, dtype=np.int16), "call.wav", linger=0.1)
    quiet = [await channel.receive() for _ in range(1 + RATE // 10 // FRAME)]
    assert not quiet[-1].frame.samples.any()
    with pytest.raises(CallerHungUp):
        await channel.receive()


async def test_a_line_that_we_hung_up_is_over() -> None:
    channel = WavChannel(np.ones(FRAME, dtype=np.int16), "call.wav")
    await channel.hang_up()
    await channel.hang_up()
    with pytest.raises(WeHungUp):
        await channel.receive()
