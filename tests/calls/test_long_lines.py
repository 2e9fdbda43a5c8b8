"""An hour of one thing: whatever a line brings, the call comes to its proper end within two minutes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from ivr import app
from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.tones import tone
from ivr.bench.surroundings import noise
from ivr.calls.equipment import Equipment
from ivr.channels.wav import WavChannel
from ivr.clock import CountingIds, FakeClock
from tests.conftest import RECORDINGS

HOUR = 3600 * RATE
NIGHT = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


def for_an_hour(sound: Samples) -> Samples:
    return np.resize(sound, HOUR)


LINES: dict[str, tuple[Samples, set[str]]] = {
    "nothing": (silence(RATE), {"no_sound"}),
    "the idle line of A-law": (np.full(RATE, 8, dtype=np.int16), {"no_sound"}),
    "loud noise": (noise("pink", 20 * RATE, -20.0, RECORDINGS), {"bad_line"}),
    "hum": (noise("hum", 20 * RATE, -25.0, RECORDINGS), {"bad_line", "no_person"}),
    "a dial tone": (tone((450.0,), 1.0, -20.0), {"no_person"}),
    "another tone": (tone((1000.0,), 1.0, -20.0), {"bad_line"}),
    "a room full of people": (noise("babble", 40 * RATE, -25.0, RECORDINGS), {"bad_line", "nobody_there", "given_up"}),
    "music": (noise("music", 20 * RATE, -25.0, RECORDINGS), {"bad_line", "nobody_there", "given_up"}),
}


@pytest.mark.parametrize("name", LINES)
async def test_an_hour_of_it_ends_as_a_house_would_end_it(name: str, equipment: Equipment, tmp_path: Path) -> None:
    sound, endings = LINES[name]
    channel = WavChannel(for_an_hour(sound), name)
    async with app.office(f"sqlite:///{tmp_path / 'ivr.db'}", FakeClock(NIGHT), CountingIds()) as room:
        call = await app.take_call(equipment, room, channel)
        stored = await room.threads.run(room.calls.get, call.id)
    assert stored == call
    assert (call.outcome, call.ending in endings) == ("finished", True), call
    assert call.seconds < 120
