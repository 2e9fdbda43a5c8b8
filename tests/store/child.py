"""Another process that uses the store: started by the tests, killed by some. Prints what was acknowledged."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from ivr.errors import StoreError
from ivr.records import Booking, Call, Message
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore
from ivr.store.recordings import RecordingFile, Recordings

START = datetime(2026, 11, 22, 6, 30, tzinfo=UTC)


def say(word: str) -> None:
    sys.stdout.write(word + "\n")
    sys.stdout.flush()


def booking(name: str, number: int) -> Booking:
    due = START + timedelta(minutes=number)
    return Booking(f"{name}-{number}", None, name, due.date(), due.time(), "UTC", due, "zh", START)


def open_only(url: str) -> None:
    """Wait for the starting shot, then open."""
    say("ready")
    sys.stdin.readline()
    open_engine(url, version=VERSIONS[sys.argv[3]]).dispose()
    say("opened")


def book(url: str) -> None:
    """Add bookings for a room of our own, each acknowledged."""
    store = BookingStore(open_engine(url))
    say("ready")
    sys.stdin.readline()
    for number in range(int(sys.argv[4])):
        say(store.add(booking(sys.argv[3], number)).booking.id)
    say("done")


def call(url: str) -> None:
    """Begin a call and wait to be killed."""
    CallStore(open_engine(url)).begin(Call("theirs", "wav", "8001", START))
    say("begun")
    sys.stdin.readline()


def fill(url: str) -> None:
    """Add bookings until no file may grow any more: as on a full disk, the kernel refuses the write."""
    store = BookingStore(open_engine(url))
    limit = Path(sys.argv[3]).stat().st_size + 20_000
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    for number in range(10_000):
        try:
            store.add(booking("full", number))
        except StoreError as error:
            say(f"refused {error}")
            return
        say(f"full-{number}")


def recording(folder: str) -> RecordingFile:
    return Recordings(Path(folder)).create("theirs", START.date())


def record(folder: str) -> None:
    """Record some seconds and wait to be killed."""
    file = recording(folder)
    file.append(b"\7\0" * round(8000 * float(sys.argv[3])))
    say("recording")
    sys.stdin.readline()


def record_full(folder: str) -> None:
    """Record until no file may grow any more; say how many samples went in before."""
    file = recording(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_001, 10_001))
    try:
        for _ in range(1000):
            file.append(b"\7\0" * 160)
    except StoreError as error:
        say(str(round(file.seconds * 8000)))
        say(str(error))
    file.finish(interrupted=True)


def record_as_nobody(folder: str) -> None:
    """Record where we may not write; root may write everywhere."""
    if os.getuid() == 0:
        # the folders of pytest above it are its user's only
        os.chdir(folder)
        os.setuid(65_534)
        folder = "."
    try:
        recording(folder)
    except StoreError as error:
        say(str(error))


def messages(url: str) -> None:
    """For each number on stdin, fork a process that leaves messages from there on until it is killed; tell when it is.

    Forked, because fifty programs that each start from nothing would take minutes.
    """
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            leave(url, int(line))
        os.waitpid(child, 0)
        say("gone")


def leave(url: str, first: int) -> None:
    """Leave messages, each acknowledged when its sound and then its row are on the disk."""
    store, folder = MessageStore(open_engine(url)), Recordings(Path(sys.argv[3]))
    folder.recover()
    sound = np.arange(4000, dtype="<i2").tobytes()
    say(f"ready {os.getpid()}")
    for number in range(first, first + 10_000):
        name = f"message-{number}"
        file = folder.create(name, START.date())
        # two seconds in pieces, as a call brings them
        for _ in range(4):
            file.append(sound)
        path, created = file.finish(), START + timedelta(seconds=number)
        store.add(Message(name, None, "room", "1208", "zh", folder.name_of(path), file.seconds, created))
        say(name)


VERSIONS = {"wal": (3, 51, 3), "delete": (3, 40, 1)}
TASKS: dict[str, Callable[[str], None]] = {"open": open_only, "book": book, "call": call, "fill": fill}
TASKS |= {"record": record, "record_full": record_full, "record_as_nobody": record_as_nobody, "messages": messages}

if __name__ == "__main__":
    TASKS[sys.argv[1]](sys.argv[2])
