"""What the `do:` verbs work with."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass

from ivr.calls.recorder import CallRecording
from ivr.clock import Ids
from ivr.desk.directory import Directory
from ivr.desk.wakeups import WakeupRules
from ivr.store.bookings import BookingStore
from ivr.store.messages import MessageStore
from ivr.store.pool import StoreThreads
from ivr.store.recordings import Recordings
from ivr.store.wall_clock import WallClock


@dataclass(frozen=True)
class Desk:
    """What actions work with."""

    rules: WakeupRules
    bookings: BookingStore
    threads: StoreThreads
    ids: Ids
    messages: MessageStore
    recordings: Recordings
    writer: Executor
    """the thread that writes sound"""
    directory: Directory
    recording: CallRecording | None = None
    """of the whole call; None where none is kept"""
    wall_clock: WallClock | None = None
    """whether the clock can be believed; None where nobody asks"""
