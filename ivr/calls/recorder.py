"""A call's sound on its way to the disk: the event loop hands seconds over, one thread writes them in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TypeVar

import numpy as np

from ivr.audio.frame import FRAME, RATE, Samples
from ivr.calls.line import Tap
from ivr.errors import StoreError
from ivr.log import logger
from ivr.records import Call, CallEvent, EventKind
from ivr.store.recordings import RecordingFile, Recordings

UNRECORDED_SOUND = "recording_broke"
"""flag of a call whose recording is missing or ends early"""

HANDED_OVER = RATE // FRAME
"""frames that go to the disk together: one second"""

T = TypeVar("T")


@dataclass(frozen=True)
class Kept:
    """A recording that is on the disk."""

    file: str
    """as records hold it, `2026-11-22/call-1.wav`"""
    seconds: float


def writer() -> ThreadPoolExecutor:
    """The one thread that writes all calls' sound; its shutdown waits for what it was given."""
    return ThreadPoolExecutor(1, thread_name_prefix="recorder")


class Recorder:
    """Both sides of one call, stereo, the caller left; `tap` is the line's tap.

    A disk that fails costs the recording, never the call: it is logged once, `broke` tells, what was written is kept.
    """

    def __init__(self, recordings: Recordings, name: str, day: date, thread: Executor) -> None:
        """`name` is the call's id, `day` the house's date. Does not block, and begins the file at once."""
        self._tape = _Tape(recordings, name, day, thread, channels=2)

    @property
    def broke(self) -> bool:
        """Whether the disk has failed so far."""
        return self._tape.failure is not None

    def tap(self, caller: Samples, ours: Samples) -> None:
        """Take the same 20 ms of both sides, int16; never blocks."""
        self._tape.add((caller, ours))

    async def finish(self) -> Kept | None:
        """The recording, on the disk; None when there is none. Never raises for the disk."""
        try:
            return await self._tape.finish()
        except StoreError:
            return None

    async def discard(self) -> bool:
        """Leave nothing behind, because the caller did not consent; False when the disk would not let it go."""
        return await self._tape.discard()


class CallRecording:
    """A call's recorder that begins when the call does: `notice` is an observer of the call, `tap` its line's tap."""

    def __init__(self, recordings: Recordings, day: date, thread: Executor, tap: Tap | None = None) -> None:
        """`tap` is another's, which gets the same."""
        self._begin = partial(Recorder, recordings, day=day, thread=thread)
        self._recorder: Recorder | None = None
        self._gone = True
        self._tap = tap

    def notice(self, event: CallEvent) -> None:
        """Begin with the call, under its id."""
        if event.kind is EventKind.STARTED:
            self._recorder = self._begin(name=event.call_id)

    def tap(self, caller: Samples, ours: Samples) -> None:
        if self._recorder is not None:
            self._recorder.tap(caller, ours)
        if self._tap is not None:
            self._tap(caller, ours)

    async def refuse(self) -> bool:
        """Stop, and leave nothing behind: the caller does not want it. False when the disk would not let it go.

        Whoever asks again gets the same answer: what was not erased is mended at the next start.
        """
        if self._recorder is not None:
            recorder, self._recorder = self._recorder, None
            self._gone = await recorder.discard()
        return self._gone

    async def close(self) -> None:
        """Finish the file of a call that broke off without a record."""
        if self._recorder is not None:
            await self._recorder.finish()

    async def finish(self, call: Call) -> Call:
        """The call's record with its recording, flagged when that is missing or ends early."""
        if self._recorder is None:
            return call
        kept = await self._recorder.finish()
        flags = (*call.flags, UNRECORDED_SOUND) if self._recorder.broke else call.flags
        return replace(call, recording="" if kept is None else kept.file, flags=flags)


class MessageRecorder:
    """What a caller leaves, mono. Unlike a call's recording it is a promise: `finish` tells when it failed (M3)."""

    def __init__(self, recordings: Recordings, name: str, day: date, thread: Executor) -> None:
        """`name` is the message's id, or that of a clip."""
        self._tape = _Tape(recordings, name, day, thread, channels=1)

    def tap(self, caller: Samples, _ours: Samples) -> None:
        """Take 20 ms of the caller, int16; never blocks."""
        self._tape.add((caller,))

    async def finish(self, length: int | None = None) -> Kept:
        """The message, whole and on the disk, or its first `length` samples.

        StoreError when any of it is missing; the rest stays, as interrupted.
        """
        kept = await self._tape.finish(length)
        if self._tape.failure is not None:
            raise self._tape.failure
        return kept

    async def discard(self) -> None:
        """Leave nothing behind: the caller wants to say it again, or hung up before anything was said."""
        await self._tape.discard()


class _Tape:
    """Frames in, seconds out, in the order in which they came; after the first failure nothing more is written."""

    def __init__(self, recordings: Recordings, name: str, day: date, thread: Executor, *, channels: int) -> None:
        self.failure: StoreError | None = None
        self._recordings = recordings
        self._name = name
        self._thread = thread
        self._file: RecordingFile | None = None
        self._frames: list[tuple[Samples, ...]] = []
        self._put(lambda: self._create(day, channels))

    def add(self, sides: tuple[Samples, ...]) -> None:
        self._frames.append(sides)
        if len(self._frames) >= HANDED_OVER:
            self._hand_over()

    async def finish(self, length: int | None = None) -> Kept:
        self._hand_over()
        return await _awaited(self._thread.submit(self._finish, length))

    async def discard(self) -> bool:
        self._frames = []
        return await _awaited(self._thread.submit(self._discard))

    def _hand_over(self) -> None:
        frames, self._frames = self._frames, []
        if frames and self.failure is None:
            self._put(lambda: self._append(frames))

    def _put(self, write: Callable[[], None]) -> None:
        """Let the thread do it; the first failure is logged, and ends the writing."""
        self._thread.submit(self._guarded, write)

    def _guarded(self, write: Callable[[], None]) -> None:
        if self.failure is not None:
            return
        try:
            write()
        except StoreError as error:
            self.failure = error
            logger().error("recording_broke", recording=self._name, reason=str(error))

    def _create(self, day: date, channels: int) -> None:
        self._file = self._recordings.create(self._name, day, channels)

    def _append(self, frames: list[tuple[Samples, ...]]) -> None:
        assert self._file is not None
        # one column a side
        sound = np.stack([np.concatenate(side) for side in zip(*frames, strict=True)], axis=1)
        self._file.append(sound.astype("<i2").tobytes())

    def _finish(self, samples: int | None) -> Kept:
        if self._file is None:
            assert self.failure is not None
            raise self.failure
        if samples is not None:
            self._guarded(partial(self._file.shorten, samples))
        length = self._file.seconds
        if length == 0 and self.failure is not None:
            self._file.discard()
            raise self.failure
        try:
            path = self._file.finish(interrupted=self.failure is not None)
        except StoreError as error:
            if self.failure is None:
                self.failure = error
                logger().error("recording_broke", recording=self._name, reason=str(error))
            raise
        return Kept(self._recordings.name_of(path), length)

    def _discard(self) -> bool:
        try:
            if self._file is not None:
                self._file.discard()
        except StoreError as error:
            logger().error("recording_not_removed", recording=self._name, reason=str(error))
            return False
        return True


async def _awaited(work: Future[T]) -> T:
    """Wait for the thread; a task that is cancelled stops waiting, the work is done all the same."""
    return await asyncio.shield(asyncio.wrap_future(work))
