"""The site's own tables: rooms, register, calendar. They are read again when somebody has saved them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ivr.config import CALENDAR_FILE, REGISTER_FILE, ROOMS_FILE, Settings
from ivr.desk.calendar import Calendar, read_calendar
from ivr.desk.directory import Directory, directory, read_register
from ivr.desk.rooms import Room, numbered, read_rooms
from ivr.errors import SettingsError
from ivr.log import logger


@dataclass(frozen=True)
class Site:
    """What a call may ask the house."""

    directory: Directory
    calendar: Calendar

    @property
    def room_lengths(self) -> tuple[int, ...]:
        """How many digits room numbers have."""
        return tuple(sorted({len(room) for room in self.directory.rooms}))


def read_site(settings: Settings) -> Site:
    """Rooms, register and calendar; what the site has no file for is as the settings say. SettingsError with line."""
    rooms = rooms_of(settings)
    register = settings.file_of_site(REGISTER_FILE)
    # a register without a line is the example that was never filled in
    guests = (read_register(register, rooms) if register else ()) or None
    return Site(
        directory(rooms, guests),
        calendar_of(settings),
    )


def rooms_of(settings: Settings) -> tuple[Room, ...]:
    """The rooms of `rooms.csv`; those of the settings where it is not there, or has no rows yet."""
    path = settings.file_of_site(ROOMS_FILE)
    return (read_rooms(path) if path else ()) or numbered(settings.rooms)


def calendar_of(settings: Settings) -> Calendar:
    """The hours of the settings, the days of `calendar.csv` over them."""
    path = settings.file_of_site(CALENDAR_FILE)
    return read_calendar(path, settings.hours) if path else Calendar(settings.hours)


class SiteFiles:
    """The site as it is at each call: guests come and go while the desk runs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen = self._stamps()
        self._site = read_site(settings)

    def __call__(self) -> Site:
        """The site now; where a file was saved with a fault, the last one that was right, and a line in the log."""
        stamps = self._stamps()
        if stamps != self._seen:
            self._seen = stamps
            try:
                self._site = read_site(self._settings)
            except SettingsError as error:
                # the message may hold a guest's name
                logger().error("site_not_read", where=error.where or "", remedy="ivr doctor")
        return self._site

    def _stamps(self) -> tuple[tuple[int, int] | None, ...]:
        names = (ROOMS_FILE, REGISTER_FILE, CALENDAR_FILE)
        return tuple(_stamp(self._settings.file_of_site(name)) for name in names)


def _stamp(path: Path | None) -> tuple[int, int] | None:
    try:
        status = path.stat() if path else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size) if status else None
