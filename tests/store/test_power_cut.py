from __future__ import annotations

import random
import signal
import sqlite3
import time
from collections.abc import Callable
from os import kill
from pathlib import Path
from typing import Any

import numpy as np

from ivr.audio.wav import read_wav
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore
from ivr.store.recordings import INTERRUPTED, Recordings

CUTS = 50
LONGEST = 0.2
"""seconds that a process may leave messages in; one takes about 20 ms on an idle machine"""

SOUND = np.tile(np.arange(4000, dtype=np.int16), 4)


def test_every_acknowledged_message_survives_fifty_power_cuts(
    start: Callable[..., Any], url: str, file: Path, tmp_path: Path
) -> None:
    folder = Recordings(tmp_path / "messages")
    acknowledged: list[str] = []
    moments = random.Random(7)  # noqa: S311 - moments, no secret
    child = start("messages", url, str(folder.folder))
    for cut in range(CUTS):
        acknowledged += cut_short(child, cut * 10_000, moments.uniform(0, LONGEST))
    recovered = folder.recover()
    engine = open_engine(url)
    rows = {message.id: message for message in MessageStore(engine).latest(None)}
    engine.dispose()
    assert acknowledged
    # one more at each cut may have been stored without the time to say so
    assert set(acknowledged) <= set(rows)
    assert len(rows) <= len(acknowledged) + CUTS
    for message in rows.values():
        assert (message.seconds, message.phone, message.addressee) == (2.0, "", "1208")
        assert np.array_equal(read_wav(folder.path(message.audio)).samples, SOUND)
    # what was cut off is no message, but can be heard
    files = {path.name for path in folder.folder.glob("*/*")}
    interrupted = {name for name in files if name.endswith(INTERRUPTED)}
    assert {each.file.partition("/")[2] for each in recovered} <= interrupted
    assert interrupted
    for name in interrupted:
        samples = read_wav(folder.path(f"2026-11-22/{name}")).samples
        assert np.array_equal(samples, SOUND[: len(samples)])
    whole = files - interrupted
    assert all(name.endswith(".wav") for name in whole)
    assert len(whole) <= len(rows) + CUTS
    assert sound(file)


def cut_short(child: Any, first: int, seconds: float) -> list[str]:
    """Let a process leave messages for so long, kill it; what it had acknowledged."""
    child.stdin.write(f"{first}\n")
    child.stdin.flush()
    ready, _, process = child.stdout.readline().partition(" ")
    assert ready == "ready"
    # no wait for something to happen: the cut comes at a random moment
    time.sleep(seconds)
    kill(int(process), signal.SIGKILL)
    told = iter(child.stdout.readline, "gone\n")
    return [line.strip() for line in told]


def sound(file: Path) -> bool:
    connection = sqlite3.connect(file)
    (answer,) = connection.execute("PRAGMA integrity_check").fetchone()
    connection.close()
    return str(answer) == "ok"
