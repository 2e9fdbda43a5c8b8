from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
import structlog

from ivr.audio.frame import FRAME, RATE, Samples, frames, silence
from ivr.audio.wav import read_wav
from ivr.calls.recorder import CallRecording, MessageRecorder, Recorder, writer
from ivr.errors import StoreError
from ivr.records import Call, CallEvent, EventKind
from ivr.store.recordings import Recordings

DAY = date(2026, 11, 22)
CALLER = np.arange(RATE * 5 // 2, dtype=np.int16)
OURS = (-CALLER // 2).astype(np.int16)

CALL = Call("call-1", "wav", "8001", datetime(2026, 11, 22, tzinfo=UTC), flags=("emergency",))


@pytest.fixture
def kept(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "recordings")


@pytest.fixture
def thread() -> Iterator[ThreadPoolExecutor]:
    with writer() as thread:
        yield thread


def play(recorder: Recorder | MessageRecorder, caller: Samples = CALLER, ours: Samples = OURS) -> None:
    for theirs, mine in zip(frames(caller), frames(ours), strict=True):
        recorder.tap(theirs.samples, mine.samples)


async def test_a_call_is_kept_with_the_caller_left_and_us_right(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    recorder = Recorder(kept, "call-1", DAY, thread)
    play(recorder)
    recording = await recorder.finish()
    assert recording is not None
    assert (recording.file, recording.seconds) == ("2026-11-22/call-1.wav", 2.5)
    path = kept.path(recording.file)
    assert np.array_equal(read_wav(path, channel=0).samples, CALLER)
    assert np.array_equal(read_wav(path, channel=1).samples, OURS)
    assert not recorder.broke


async def test_a_message_is_kept_without_us(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    recorder = MessageRecorder(kept, "message-1", DAY, thread)
    play(recorder)
    message = await recorder.finish()
    assert message.seconds == 2.5
    assert np.array_equal(read_wav(kept.path(message.file)).samples, CALLER)


async def test_calls_at_once_share_the_thread_and_keep_their_own_sound(
    kept: Recordings, thread: ThreadPoolExecutor
) -> None:
    recorders = [Recorder(kept, f"call-{number}", DAY, thread) for number in range(5)]
    for position in range(0, len(CALLER), FRAME):
        for number, recorder in enumerate(recorders):
            recorder.tap(CALLER[position : position + FRAME] + np.int16(number), silence(FRAME))
    for number, done in enumerate(await asyncio.gather(*(recorder.finish() for recorder in recorders))):
        assert done is not None
        assert np.array_equal(read_wav(kept.path(done.file), channel=0).samples, CALLER + np.int16(number))


async def test_a_disk_that_stands_still_does_not_hold_up_the_call(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    moves = threading.Event()
    thread.submit(moves.wait)
    recorder = Recorder(kept, "call-1", DAY, thread)
    play(recorder)
    assert not kept.folder.exists()
    moves.set()
    recording = await recorder.finish()
    assert recording is not None
    assert recording.seconds == 2.5


async def test_a_disk_that_refuses_is_logged_once_and_ends_no_call(tmp_path: Path, thread: ThreadPoolExecutor) -> None:
    (tmp_path / "file").touch()
    with structlog.testing.capture_logs() as logs:
        recorder = Recorder(Recordings(tmp_path / "file"), "call-1", DAY, thread)
        play(recorder)
        play(recorder)
        assert await recorder.finish() is None
    assert recorder.broke
    assert [(each["event"], each["recording"], each["log_level"]) for each in logs] == [
        ("recording_broke", "call-1", "error")
    ]


async def test_a_disk_that_fails_in_mid_call_keeps_what_was_said_before(
    kept: Recordings, thread: ThreadPoolExecutor
) -> None:
    recorder = Recorder(kept, "call-1", DAY, thread)
    play(recorder, CALLER[:RATE], OURS[:RATE])
    await asyncio.wrap_future(thread.submit(_break, recorder))
    play(recorder)
    with structlog.testing.capture_logs() as logs:
        recording = await recorder.finish()
    assert recorder.broke
    assert len(logs) <= 1
    assert recording is None
    (found,) = kept.recover()
    assert found.seconds == 1.0


def _break(recorder: Recorder) -> None:
    """As if the disk had gone: nothing can be written any more."""
    file = recorder._tape._file
    assert file is not None
    file._close()


async def test_a_message_that_is_not_whole_is_no_message(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    (kept.folder / "2026-11-22").mkdir(parents=True)
    (kept.folder / "2026-11-22" / "message-1.wav").touch()
    recorder = MessageRecorder(kept, "message-1", DAY, thread)
    play(recorder)
    with structlog.testing.capture_logs(), pytest.raises(StoreError, match="of this name already"):
        await recorder.finish()


@pytest.mark.parametrize("kind", [Recorder, MessageRecorder])
async def test_what_is_given_up_leaves_nothing(
    kept: Recordings, thread: ThreadPoolExecutor, kind: type[Recorder | MessageRecorder]
) -> None:
    recorder = kind(kept, "message-1", DAY, thread)
    play(recorder)
    await recorder.discard()
    assert list(kept.folder.rglob("*.*")) == []


async def test_a_call_that_is_cancelled_while_it_waits_is_kept_all_the_same(
    kept: Recordings, thread: ThreadPoolExecutor
) -> None:
    moves = threading.Event()
    thread.submit(moves.wait)
    recorder = Recorder(kept, "call-1", DAY, thread)
    play(recorder)
    waiting = asyncio.create_task(recorder.finish())
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    moves.set()
    await asyncio.wrap_future(thread.submit(lambda: None))
    assert len(read_wav(kept.path("2026-11-22/call-1.wav")).samples) == len(CALLER)


async def test_a_recording_begins_and_ends_with_its_call(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    heard: list[int] = []
    recording = CallRecording(kept, DAY, thread, lambda caller, _: heard.append(len(caller)))
    recording.notice(CallEvent(EventKind.STARTED, "call-1", 0))
    for caller, ours in zip(frames(CALLER), frames(OURS), strict=True):
        recording.tap(caller.samples, ours.samples)
    recording.notice(CallEvent(EventKind.ENDED, "call-1", len(CALLER)))
    call = await recording.finish(CALL)
    assert call == replace(CALL, recording="2026-11-22/call-1.wav")
    assert np.array_equal(read_wav(kept.path(call.recording), channel=1).samples, OURS)
    assert sum(heard) == len(CALLER)


async def test_a_call_whose_recording_failed_is_flagged(tmp_path: Path, thread: ThreadPoolExecutor) -> None:
    (tmp_path / "file").touch()
    recording = CallRecording(Recordings(tmp_path / "file"), DAY, thread)
    with structlog.testing.capture_logs():
        recording.notice(CallEvent(EventKind.STARTED, "call-1", 0))
        recording.tap(CALLER[:FRAME], OURS[:FRAME])
        assert await recording.finish(CALL) == replace(CALL, flags=("emergency", "recording_broke"))


async def test_a_recording_that_the_disk_would_not_erase_is_not_erased_when_it_is_refused_again(
    kept: Recordings, thread: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    recording = CallRecording(kept, DAY, thread)
    recording.notice(CallEvent(EventKind.STARTED, "call-1", 0))
    recording.tap(silence(FRAME), silence(FRAME))
    monkeypatch.setattr(Path, "unlink", refuse)
    monkeypatch.setattr(os, "ftruncate", refuse)
    assert not await recording.refuse()
    monkeypatch.undo()
    assert not await recording.refuse()


async def test_a_call_that_never_began_has_no_recording(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    assert await CallRecording(kept, DAY, thread).finish(CALL) == CALL


async def test_a_caller_who_does_not_want_it_has_nothing_recorded(kept: Recordings, thread: ThreadPoolExecutor) -> None:
    recording = CallRecording(kept, DAY, thread)
    recording.notice(CallEvent(EventKind.STARTED, "call-1", 0))
    for theirs, mine in zip(frames(CALLER), frames(OURS), strict=True):
        recording.tap(theirs.samples, mine.samples)
    assert await recording.refuse()
    assert list(kept.folder.rglob("*.*")) == []
    # what is said afterwards is not recorded either, and to refuse again is harmless
    recording.tap(silence(FRAME), silence(FRAME))
    assert await recording.refuse()
    assert await recording.finish(CALL) == CALL
    assert list(kept.folder.rglob("*.*")) == []
