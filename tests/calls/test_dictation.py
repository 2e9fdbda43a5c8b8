"""A message as it is recorded: where it ends, and that the exchange's tones are no part of it."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import RATE, Samples, seconds, silence
from ivr.audio.wav import read_wav
from ivr.bench.caller import TONES, over_the_line
from ivr.bench.voices import recorded
from ivr.calls.dictation import Dictated, dictate
from ivr.calls.equipment import Equipment
from ivr.calls.line import Line
from ivr.calls.recorder import MessageRecorder, writer
from ivr.channels.scripted import ScriptedChannel
from ivr.dialogue.steps import Record
from ivr.speech.listener import Listener
from ivr.speech.vad import WebrtcVoiceDetector
from ivr.store.recordings import Recordings
from tests.conftest import RECORDINGS

SPOKEN = recorded(RECORDINGS / "callers" / "jf_nezumi" / "en-time-tomorrow-at-seven.wav")
STEP = Record(("message.please_speak",), "message", wait=5.0, pause=3.0, longest=120.0, on_hang_up="", then={}, line=1)
DAY = date(2026, 11, 22)


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with writer() as thread:
        yield thread


class Taken:
    """What came of a line that was recorded."""

    def __init__(self, dictated: Dictated, ended: int, folder: Recordings) -> None:
        self.dictated = dictated
        self.ended = ended
        self.files = list(folder.folder.rglob("*.*"))
        self.sound = read_wav(folder.path(dictated.kept.file)).samples if dictated.kept else silence(0)


async def take(equipment: Equipment, folder: Path, thread: ThreadPoolExecutor, line: Samples) -> Taken:
    channel, recordings = ScriptedChannel("8001"), Recordings(folder / "messages")
    channel.speak(0, over_the_line(line))
    listener = Listener(equipment.recogniser, WebrtcVoiceDetector())
    recorder = MessageRecorder(recordings, "message-1", DAY, thread)
    exchange = Line(channel)
    dictated = await dictate(STEP, exchange, listener, recorder)
    return Taken(dictated, exchange.position, recordings)


def spoken(pause: float) -> Samples:
    return np.concatenate([silence(RATE), SPOKEN, silence(round(pause * RATE))])


@pytest.mark.parametrize(("tone", "known_within"), [("busy", 2.5), ("dial", 3.0), ("fax_ced", 1.0)])
@pytest.mark.parametrize("pause", [0.3, 1.5])
async def test_a_tone_behind_a_caller_who_has_gone_ends_the_message_and_is_cut_off(
    equipment: Equipment, tmp_path: Path, thread: ThreadPoolExecutor, tone: str, known_within: float, pause: float
) -> None:
    before = spoken(pause)
    taken = await take(equipment, tmp_path, thread, np.concatenate([before, TONES[tone]()]))
    assert taken.dictated.outcome == "recorded"
    assert seconds(taken.ended - len(before)) < known_within
    # all that was said, and nothing of the tone but what is shorter than two frames
    assert len(before) - round(pause * RATE) <= len(taken.sound) <= len(before) + 400
    assert taken.dictated.kept is not None
    assert taken.dictated.kept.seconds == seconds(len(taken.sound))


@pytest.mark.parametrize("tone", ["busy", "dial"])
async def test_a_tone_alone_is_no_message(
    equipment: Equipment, tmp_path: Path, thread: ThreadPoolExecutor, tone: str
) -> None:
    taken = await take(equipment, tmp_path, thread, np.concatenate([silence(RATE), TONES[tone]()]))
    assert (taken.dictated.outcome, taken.files) == ("nothing_said", [])


async def test_a_message_without_a_tone_ends_after_its_pause_and_is_kept_whole(
    equipment: Equipment, tmp_path: Path, thread: ThreadPoolExecutor
) -> None:
    taken = await take(equipment, tmp_path, thread, spoken(8.0))
    assert taken.dictated.outcome == "recorded"
    assert len(taken.sound) == taken.ended
    assert 2.8 < seconds(taken.ended - RATE - len(SPOKEN)) < 3.2
