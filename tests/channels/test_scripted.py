from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.audio.frame import FRAME
from ivr.channels import scripted
from ivr.channels.scripted import ScriptedChannel
from ivr.errors import CallerHungUp, LineBroke, WeHungUp


@given(at=st.integers(0, 5 * FRAME), length=st.integers(1, 5 * FRAME))
async def test_what_is_said_lies_on_the_line_exactly_where_it_was_put(at: int, length: int) -> None:
    channel = ScriptedChannel("x")
    said = np.full(length, 1000, dtype=np.int16)
    channel.speak(at, said)
    line = np.concatenate([(await channel.receive()).frame.samples for _ in range(12)])
    assert not line[:at].any()
    assert np.array_equal(line[at : at + length], said)
    assert not line[at + length :].any()


async def test_two_voices_at_once_are_mixed_and_clipped() -> None:
    channel = ScriptedChannel("x")
    for _ in range(2):
        channel.speak(0, np.full(FRAME, 30000, dtype=np.int16))
    assert (await channel.receive()).frame.samples.max() == 32767


async def test_keys_come_one_after_the_other_in_their_order() -> None:
    channel = ScriptedChannel("x")
    channel.press(0, "0630#", gap=FRAME)
    assert [(await channel.receive()).keys for _ in range(6)] == ["0", "6", "3", "0", "#", ""]


async def test_a_caller_hangs_up_in_the_middle_of_what_it_says() -> None:
    channel = ScriptedChannel("x")
    channel.speak(0, np.ones(10 * FRAME, dtype=np.int16))
    channel.ring_off(2 * FRAME)
    await channel.receive()
    await channel.receive()
    with pytest.raises(CallerHungUp):
        await channel.receive()


async def test_a_script_that_never_ends_is_a_fault_and_no_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripted, "LONGEST", 3 * FRAME)
    channel = ScriptedChannel("endless")
    for _ in range(3):
        await channel.receive()
    with pytest.raises(LineBroke, match="endless"):
        await channel.receive()


async def test_a_line_that_we_hung_up_is_over() -> None:
    channel = ScriptedChannel("x")
    await channel.hang_up()
    with pytest.raises(WeHungUp):
        await channel.receive()
