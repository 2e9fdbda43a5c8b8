"""Runs scenarios on the real equipment, each in an office of its own: any order, any number at a time, same report."""

from __future__ import annotations

import asyncio
import contextlib
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from ivr.audio.frame import Samples
from ivr.audio.wav import read_wav
from ivr.bench.caller import ScriptedCaller
from ivr.bench.passages import Footprints
from ivr.bench.report import Kept, Report, differences, questions
from ivr.bench.scenario import Scenario, Stage, cast, read_scenario, stage
from ivr.calls.answering import take_call
from ivr.calls.equipment import Equipment, Office, in_profile, wakeup_rules
from ivr.calls.recorder import writer
from ivr.calls.state import Observer
from ivr.channels.base import Channel
from ivr.channels.scripted import ScriptedChannel
from ivr.clock import CountingIds, FakeClock
from ivr.desk.calendar import Calendar
from ivr.desk.directory import directory
from ivr.errors import IvrError
from ivr.records import LANGUAGES, Call, Message
from ivr.speech.tts import Voice
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore
from ivr.store.pool import StoreThreads
from ivr.store.recordings import Recordings

MANY = 1000

Watch = Callable[[Scenario], tuple[Observer, ...]]
"""makes the observers of one scenario's call, for a live transcript"""

Keep = Callable[[Scenario], Callable[[Samples, Samples], None]]
"""makes a tap for one scenario's call, for a recording of both sides"""


@dataclass(frozen=True)
class Bench:
    """Equipment and callers' voices, shared by all scenarios of a run."""

    equipment: Equipment
    voices: Mapping[str, Voice]
    recordings: Path
    """folder of the callers' recordings, tests/audio"""

    ways: dict[str, Equipment] = field(default_factory=dict)
    """the equipment by profile, as scenarios asked for it"""

    def gear(self, scenario: Scenario) -> Equipment:
        """The house as a scenario wants it: its profile, its first language, its hours and guests."""
        chosen = self.equipment
        if scenario.profile not in {"", chosen.settings.profile}:
            if scenario.profile not in self.ways:
                self.ways[scenario.profile] = in_profile(self.equipment, scenario.profile)
            chosen = self.ways[scenario.profile]
        chosen = _with_site(chosen, scenario)
        changes: dict[str, object] = {"record_calls": scenario.recorded == "yes"}
        if scenario.greet is not None:
            changes["languages"] = (scenario.greet, *(each for each in LANGUAGES if each != scenario.greet))
        return replace(chosen, settings=chosen.settings.model_copy(update=changes))

    @property
    def stage(self) -> Stage:
        """What scenarios may lean on here."""
        return stage(self.equipment.flows, self.equipment.catalogue, self.voices, self.recordings)


def _with_site(gear: Equipment, scenario: Scenario) -> Equipment:
    site = gear.site()
    if scenario.register_ is not None:
        guests = tuple(each.guest for each in scenario.register_)
        site = replace(site, directory=directory(site.directory.rooms.values(), guests))
    if scenario.hours is not None:
        site = replace(site, calendar=Calendar(scenario.hours))
    return replace(gear, site=lambda: site)


async def run_all(
    bench: Bench, paths: tuple[Path, ...], *, at_a_time: int = 1, watch: Watch | None = None, keep: Keep | None = None
) -> tuple[Report, ...]:
    """Run scenario files, each with every voice that it lists; reports in the order of `paths`, see `run_each`."""
    scenarios = [each for path in paths for each in cast(read_scenario(path, bench.stage))]
    return await run_each(bench, scenarios, at_a_time=at_a_time, watch=watch, keep=keep)


async def run_each(
    bench: Bench,
    scenarios: Iterable[Scenario],
    *,
    at_a_time: int = 1,
    watch: Watch | None = None,
    keep: Keep | None = None,
) -> tuple[Report, ...]:
    """Run scenarios, with the first voice of those that list several; reports in their order."""
    gate = asyncio.Semaphore(at_a_time)

    async def guarded(scenario: Scenario) -> Report:
        async with gate:
            return await run(bench, scenario, watch=watch, keep=keep)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(guarded(scenario)) for scenario in scenarios]
    return tuple(task.result() for task in tasks)


async def run(
    bench: Bench,
    scenario: Scenario,
    *,
    watch: Watch | None = None,
    keep: Keep | None = None,
    wrap: Callable[[Channel], Channel] = lambda channel: channel,
) -> Report:
    """Run one scenario from ring to stored rows; `wrap` may put something between the call and its channel."""
    gear = bench.gear(scenario)
    async with _office(scenario, gear) as office:
        who = scenario.caller
        channel = ScriptedChannel(scenario.scenario, who.extension or who.number, inside=bool(who.extension))
        caller = ScriptedCaller(scenario, channel, bench.voices, bench.recordings)
        footprints = Footprints()
        observers = (*(watch(scenario) if watch else ()), caller.notice, footprints.notice)
        call = await take_call(gear, office, wrap(channel), observers, keep(scenario) if keep else None)
        stored = await office.threads.run(office.calls.get, call.id)
        turns = await office.threads.run(office.calls.turns, call.id)
        bookings = await office.threads.run(office.bookings.of_call, call.id)
        standing = await office.threads.run(office.bookings.upcoming, office.clock.now(), MANY)
        messages = await office.threads.run(office.messages.of_call, call.id)
        kept = Kept(turns, bookings, standing, messages, tuple(_unplayable(office, call, messages)))
    found = list(differences(scenario.expect, call, kept))
    if stored != call:
        found.append(f"stored call differs: {stored}")
    return Report(
        scenario=scenario.scenario,
        language=scenario.caller.language,
        call=call,
        turns=turns,
        bookings=bookings,
        messages=messages,
        differences=tuple(found),
        questions=tuple(questions(scenario, gear.flows, gear.catalogue, turns, caller.said)),
        passages=footprints.passages(call),
    )


@contextlib.asynccontextmanager
async def _office(scenario: Scenario, gear: Equipment) -> AsyncIterator[Office]:
    """A new database, a clock that stands at the scenario's time, ids that count from one."""
    local = scenario.at if scenario.at.tzinfo else scenario.at.replace(tzinfo=gear.settings.zone)
    with tempfile.TemporaryDirectory(prefix="ivr-scenario-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'ivr.db'}")
        threads, writing = StoreThreads(), writer()
        recordings = Recordings(Path(folder) / "messages")
        try:
            clock, ids = FakeClock(local), CountingIds(_plain_name(scenario))
            whole = Recordings(Path(folder) / "recordings")
            office = Office(
                *(CallStore(engine), BookingStore(engine), threads, clock, ids, MessageStore(engine), recordings),
                writing,
                whole,
            )
            await threads.run(_book_before, scenario, gear, office)
            yield office
        finally:
            await threads.close()
            writing.shutdown()
            engine.dispose()


def _plain_name(scenario: Scenario) -> str:
    """Its name for ids, which are names of files, too: without the brackets around a voice."""
    return re.sub(r"[^\w-]+", "-", scenario.scenario).strip("-")


def _unplayable(office: Office, call: Call, messages: tuple[Message, ...]) -> Iterator[str]:
    files = [office.recordings.path(file) for each in messages for file in (each.audio, each.caller_clip) if file]
    sides = [office.call_sound.path(call.recording)] if office.call_sound and call.recording else []
    for path in (*files, *sides):
        try:
            read_wav(path)
        except IvrError as error:
            yield str(error)
    if office.call_sound is not None:
        # what the record does not name must not lie about (K4)
        yield from (f"left behind: {path.name}" for path in office.call_sound.folder.rglob("*.*") if path not in sides)


def _book_before(scenario: Scenario, gear: Equipment, office: Office) -> None:
    rules, now = wakeup_rules(gear.settings), office.clock.now()
    for number, entry in enumerate(scenario.before, 1):
        wakeup = rules.wakeup_on(entry.room, entry.day, entry.time)
        office.bookings.add(rules.booking(wakeup, f"before-{number}", None, scenario.caller.language, now))
