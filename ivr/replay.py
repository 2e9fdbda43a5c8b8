"""Any WAV as a call to this house: what its caller would have got."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from ivr.app import office, take_call
from ivr.audio.frame import RATE, Samples
from ivr.audio.resample import resample
from ivr.audio.wav import read_wav
from ivr.calls.equipment import Equipment
from ivr.calls.line import Tap
from ivr.calls.state import Observer
from ivr.channels.base import Channel, Inbound
from ivr.channels.wav import WavChannel
from ivr.clock import Clock, FakeClock, RandomIds, SystemClock
from ivr.config import Settings
from ivr.desk.site import rooms_of
from ivr.errors import IvrError
from ivr.records import Booking, Call, Language, Turn

KEY_GAP = RATE // 4
"""samples between the keys of one entry"""

_PRESSES = re.compile(r"([0-9*#]+)@(\d+(?:\.\d+)?)s?")


@dataclass(frozen=True)
class Presses:
    """Keys that the caller presses one after the other."""

    keys: str
    at: int
    """sample of the call at which the first one is pressed"""


@dataclass(frozen=True)
class Caller:
    """Who calls."""

    number: str = ""
    inside: bool = False


_NUMBER = re.compile(r"\+?\d{1,15}", re.ASCII)


def read_number(text: str | None, settings: Settings) -> Caller:
    """The caller's number as it was typed; a room's number is the room's own telephone. IvrError for anything else."""
    if text is None:
        return Caller()
    if not _NUMBER.fullmatch(text):
        raise IvrError(f"--caller “{text}”: expected up to 15 digits, for example 1208 or +8613800138000")
    return Caller(text, inside=any(room.extension == text for room in rooms_of(settings)))


@dataclass(frozen=True)
class Replayed:
    """What came of a replay; all of it is in the site's database."""

    call: Call
    turns: tuple[Turn, ...]
    bookings: tuple[Booking, ...]
    wall: float
    """seconds that it took"""


def read_presses(text: str) -> Presses:
    """`805#@12.5`: these keys, the first of them 12.5 s into the call; IvrError for anything else."""
    match = _PRESSES.fullmatch(text)
    if match is None:
        raise IvrError(f"--keys “{text}”: expected keys and seconds of the call, for example 805#@12.5")
    return Presses(match[1], round(float(match[2]) * RATE))


def read_caller(path: Path, channel: int | None = 0) -> Samples:
    """The caller's side at 8 kHz: a channel, of a stereo file the left one as we record it, or None for the mean.

    Raises AudioError naming the file.
    """
    sound = read_wav(path, channel=channel)
    return resample(sound.samples, sound.rate)


def with_language(settings: Settings, language: Language | None) -> Settings:
    """The site's settings with `language` spoken first."""
    if language is None:
        return settings
    others = tuple(each for each in settings.languages if each != language)
    return settings.model_copy(update={"languages": (language, *others)})


def clock_at(settings: Settings, local: datetime | None) -> Clock:
    """A clock that stands at the house's local time, or the machine's own."""
    return SystemClock() if local is None else FakeClock(local.replace(tzinfo=settings.zone))


class KeyedChannel:
    """A line on which keys are pressed at fixed times besides whatever else is on it."""

    def __init__(self, channel: Channel, presses: tuple[Presses, ...]) -> None:
        self.name, self.line, self.key_sounds = channel.name, channel.line, channel.key_sounds
        self.caller, self.inside = channel.caller, channel.inside
        self._channel = channel
        pressed = [(each.at + number * KEY_GAP, key) for each in presses for number, key in enumerate(each.keys)]
        self._pressed = sorted(pressed, key=lambda entry: entry[0])

    async def answer(self) -> None:
        await self._channel.answer()

    async def send(self, samples: Samples) -> None:
        await self._channel.send(samples)

    async def receive(self) -> Inbound:
        inbound = await self._channel.receive()
        due = [key for at, key in self._pressed if at < inbound.frame.end]
        self._pressed = self._pressed[len(due) :]
        return Inbound(inbound.frame, inbound.keys + "".join(due))

    async def hang_up(self) -> None:
        await self._channel.hang_up()


def channel_of(samples: Samples, line: str, presses: tuple[Presses, ...], caller: Caller | None = None) -> Channel:
    who = caller or Caller()
    channel = WavChannel(samples, line, caller=who.number, inside=who.inside)
    return KeyedChannel(channel, presses) if presses else channel


async def replay(  # noqa: PLR0913, PLR0917 - a call's own surroundings
    gear: Equipment,
    database: str,
    channel: Channel,
    clock: Clock,
    observers: tuple[Observer, ...] = (),
    tap: Tap | None = None,
) -> Replayed:
    """Take the call, store it in the database of that URL, and read back what was stored. Raises StoreError."""
    watch = SystemClock()
    async with office(database, clock, RandomIds(), gear.settings.keys) as room:
        began = watch.monotonic()
        call = await take_call(gear, room, channel, observers, tap)
        wall = watch.monotonic() - began
        turns = await room.threads.run(room.calls.turns, call.id)
        bookings = await room.threads.run(room.bookings.of_call, call.id)
    return Replayed(call, turns, bookings, wall)
