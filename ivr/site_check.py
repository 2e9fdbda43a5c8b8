"""Looks at a site's own files, and says how to mend what is wrong: settings, rooms, register, calendar, overlay."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from ivr.clock import SystemClock
from ivr.config import CALENDAR_FILE, REGISTER_FILE, ROOMS_FILE, SITE_FILE, Settings
from ivr.desk.directory import Guest, read_register, spelt
from ivr.desk.rooms import Room
from ivr.desk.site import calendar_of, rooms_of
from ivr.dialogue.flow import FlowBook, read_flows
from ivr.dialogue.machine import INTERRUPTIONS, START, edges
from ivr.dialogue.profile import FOLDER as PROFILES
from ivr.dialogue.prompt_check import check_prompts
from ivr.dialogue.prompts import read_prompts
from ivr.dialogue.understand.person import SURNAMES
from ivr.errors import SettingsError
from ivr.records import LANGUAGES

STALE = timedelta(days=2)
"""after a guest's departure: then a register is no longer kept up, or holds data that nobody needs (K4)"""


_TABLES = frozenset({".csv", ".xls", ".xlsx", ".xlsm", ".ods", ".toml"})
"""endings of what somebody may have taken for a file of the site's"""


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: Literal["ok", "warning", "wrong"]
    found: str
    remedy: str = ""


def _now(settings: Settings) -> datetime:
    return SystemClock().now().astimezone(settings.zone).replace(tzinfo=None)


def rooms(settings: Settings) -> Check:
    """The table of rooms, or the setting."""
    found = rooms_of(settings)
    path = settings.file_of_site(ROOMS_FILE)
    own = sum(room.extension != room.number for room in found)
    source = str(path) if path and not _is_setting(settings, found) else "the setting `rooms`"
    extensions = f", {own} with another extension" if own else ""
    return Check("rooms", "ok", f"{len(found)}, {found[0].number} to {found[-1].number}, of {source}{extensions}")


def _is_setting(settings: Settings, found: tuple[object, ...]) -> bool:
    path = settings.file_of_site(ROOMS_FILE)
    return path is None or found == rooms_of(settings.model_copy(update={"site": None}))


def register(settings: Settings) -> Check:
    """The register: who has left, and whom the recogniser cannot know by name."""
    guests, now = _guests(settings), _now(settings)
    if not guests:
        found = "no guests are registered: nobody is addressed by name, wake-up calls are changed from the room only"
        return Check("register", "ok", found)
    staying = sum(guest.stays(now) for guest in guests)
    found = f"{len(guests)} guests, {staying} of them here now"
    stale = sum(guest.departure < (now - STALE).date() for guest in guests)
    if stale or not staying:
        gone = f"{stale} left more than {STALE.days} days ago" if stale else "nobody is here"
        path = settings.file_of_site(REGISTER_FILE)
        return Check("register", "warning", f"{found}; {gone}", f"save {path} anew at every check-in and check-out")
    unheard = sorted({guest.room for guest in guests if not _hearable(guest)})
    if unheard:
        names = f"{found}; the surnames of {_some(unheard)} are not among those that are understood"
        return Check("register", "ok", f"{names}: these guests change wake-up calls from the room")
    return Check("register", "ok", found)


def _guests(settings: Settings) -> tuple[Guest, ...]:
    path = settings.file_of_site(REGISTER_FILE)
    if path is None:
        return ()
    try:
        rooms: tuple[Room, ...] | None = rooms_of(settings)
    except SettingsError:
        # told by `rooms`: the register's own faults are none the less to be told
        rooms = None
    return read_register(path, rooms)


def _hearable(guest: Guest) -> bool:
    known = {spelt(surname) for surnames in SURNAMES.values() for surname in surnames}
    return any(spelt(surname) in known for surname in (guest.surname_zh, guest.surname_en) if surname)


def _some(rooms: list[str]) -> str:
    more = f" and {len(rooms) - 5} more" if len(rooms) > 5 else ""
    return f"room{'s' if len(rooms) > 1 else ''} {', '.join(rooms[:5])}{more}"


def calendar(settings: Settings) -> Check:
    """The calendar: which part of the day it is, when people are there again."""
    kept, now = calendar_of(settings), _now(settings)
    opens = kept.next_opening(now)
    dates = sorted(kept.dates)
    ahead = sum(day >= now.date() for day in dates)
    found = f"{now:%Y-%m-%d %H:%M} is {kept.part(now)}, people come at {opens:%Y-%m-%d %H:%M}"
    if dates and not ahead:
        path = settings.file_of_site(CALENDAR_FILE)
        told = f"{found}; the last single date was {dates[-1]}"
        return Check("calendar", "warning", told, f"add the coming holidays to {path}")
    return Check("calendar", "ok", f"{found}; {ahead} single dates to come")


def overlay(settings: Settings) -> Check:
    """The site's own flows and prompts: what they replace, and what of them nobody will ever meet."""
    if settings.site is None:
        return Check("own flows and prompts", "ok", "no site folder: the program's own are used (ivr init makes one)")
    strays = [*_tables_unread(settings.site), *_strays(settings.site)]
    flows = read_flows(settings.flow_folders, settings.profile)
    own = sorted(name for name, flow in flows.items() if flow.path.parent == settings.site / "flows")
    strays += list(_unreached(settings, flows, own))
    if strays:
        more = f" (and {len(strays) - 1} more)" if len(strays) > 1 else ""
        where, reason, remedy = strays[0]
        return Check("own flows and prompts", "warning", f"{where}: {reason}{more}", remedy)
    prompts = sum(len(list((settings.site / "prompts" / language).glob("*.yaml"))) for language in LANGUAGES)
    told = f"flows: {', '.join(own) or 'none'}; files of prompts: {prompts}; in {settings.site}"
    return Check("own flows and prompts", "ok", told)


def _tables_unread(site: Path) -> Iterator[tuple[Path, str, str]]:
    """Spreadsheets and settings beside the site's own that have another name, as `_strays`."""
    known = {Path(name).stem: site / name for name in (ROOMS_FILE, REGISTER_FILE, CALENDAR_FILE, SITE_FILE)}
    for path in sorted(site.iterdir()):
        suffix = path.suffix.lower()
        if path in known.values() or suffix not in _TABLES or path.name.startswith((".", "~$")):
            continue
        near = difflib.get_close_matches(path.stem.lower(), [*known], n=1)
        meant = known[near[0]] if near else None
        if meant is None and suffix != ".toml":
            yield path, "is not read", f"the tables are {ROOMS_FILE}, {REGISTER_FILE} and {CALENDAR_FILE}"
        elif meant is not None and (meant.suffix == ".toml") == (suffix == ".toml") and not _filled(meant, path):
            saved = " as “CSV UTF-8”" if suffix not in {".csv", ".toml"} else ""
            yield path, "is not read", f"save it{saved} under the name {meant.name}"


def _filled(meant: Path, other: Path) -> bool:
    """Whether the right file has lines of its own, or is the other one where capitals make no difference."""
    if not meant.is_file():
        return False
    lines = (line.strip() for line in meant.read_bytes().removeprefix(codecs.BOM_UTF8).splitlines())
    # the first line of a table names its columns
    return meant.samefile(other) or sum(bool(line) and not line.startswith(b"#") for line in lines) > 1


def _strays(site: Path) -> Iterator[tuple[Path, str, str]]:
    """Files that are not where anybody looks for them: (file, what is wrong, how to mend it)."""
    for path in sorted(each for name in ("flows", "prompts") for each in (site / name).rglob("*") if each.is_file()):
        place = path.relative_to(site).parts
        if path.name.startswith("."):
            continue
        if path.suffix == ".yml":
            yield path, "is not read", f"call it {path.stem}.yaml"
        elif path.suffix == ".yaml" and not _read(place):
            yield (
                path,
                "lies where nobody reads it",
                "flows belong into flows/, prompts into prompts/zh/ and prompts/en/",
            )
        elif path.suffix.lower() in {".wav", ".mp3", ".m4a"} and not _played(place):
            remedy = (
                "ivr prompts import takes WAV files to prompts/zh/recordings/KEY.wav, prompts/en/recordings/KEY.wav"
            )
            yield path, "is never played", remedy


def _read(place: tuple[str, ...]) -> bool:
    inner = place[1:-1]
    if place[0] == "flows":
        return inner in {(), (PROFILES,)}
    return inner in {(language,) for language in LANGUAGES} or place[1:] == ("house_words.yaml",)


def _played(place: tuple[str, ...]) -> bool:
    recordings = {("prompts", language, "recordings") for language in LANGUAGES}
    return place[:-1] in recordings and place[-1].endswith(".wav")


def _unreached(settings: Settings, flows: FlowBook, own: list[str]) -> Iterator[tuple[Path, str, str]]:
    """Flows that replace none of the program's, and that no flow leads to."""
    ways = [(edge.source.split("/")[0], edge.target.split("/")[0]) for edge in edges(flows)]
    met = {START, *INTERRUPTIONS, *(target for source, target in ways if source != target)}
    for name in own:
        if name not in met and not (settings.flows / f"{name}.yaml").is_file():
            reason = "replaces none of the program's flows, and no flow leads to it"
            yield flows[name].path, reason, f"call it as the flow it shall replace, or add `call: {name}` to a flow"


def wording(settings: Settings) -> Check:
    """The words of all prompts by the house's rules (S15), keys that nobody says."""
    # files that cannot be read end this look, as those before it
    read_flows(settings.flow_folders, settings.profile)
    read_prompts(settings.prompt_folders, settings.profile)
    found = check_prompts(settings.flow_folders, settings.prompt_folders, settings.profile, settings.names)
    if found:
        told = f"{len(found)} found, first {found[0].where}: {found[0].message}"
        return Check("wording", "warning", told, "ivr prompts check --text lists them")
    return Check("wording", "ok", "every prompt is said, in both languages, politely")
