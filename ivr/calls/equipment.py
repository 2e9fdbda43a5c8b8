"""What every call of a house shares, what one office keeps, and how a call is made of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from ivr.calls import turn
from ivr.calls.actions import DECLARED
from ivr.calls.desk import Desk
from ivr.calls.journal import Journal
from ivr.calls.line import Line, Tap
from ivr.calls.recorder import CallRecording
from ivr.calls.session import Parts, Session
from ivr.calls.state import CallState, Observer
from ivr.calls.turn import Ears, Mouth, Spoken
from ivr.channels.base import Channel
from ivr.clock import Clock, Ids
from ivr.config import Settings
from ivr.desk.calendar import Calendar
from ivr.desk.site import Site, rooms_of
from ivr.desk.wakeups import WakeupRules
from ivr.dialogue.check import FAULT_PROMPT, House, Words, context_of
from ivr.dialogue.flow import Ask, FlowBook, read_flows
from ivr.dialogue.machine import Dialogue
from ivr.dialogue.normalise import speakable
from ivr.dialogue.profile import DEFAULT_PROFILE, read_profile
from ivr.dialogue.prompts import Catalogue, read_catalogue
from ivr.dialogue.understand.slots import SLOTS, grammar
from ivr.records import LANGUAGES, Call, Language
from ivr.speech.listener import Listener
from ivr.speech.silero import voice_detector
from ivr.speech.speaker import Speaker
from ivr.speech.vosk_asr import VoskRecogniser
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.messages import MessageStore
from ivr.store.pool import StoreThreads
from ivr.store.recordings import Recordings
from ivr.store.wall_clock import WallClock


@dataclass(frozen=True)
class Equipment:
    """Loaded once, shared by all calls."""

    settings: Settings
    flows: FlowBook
    catalogue: Catalogue
    recogniser: VoskRecogniser
    speaker: Speaker
    apologies: Mapping[Language, Spoken]
    """what callers hear when something of ours broke; rendered at the start"""
    speaker_at: Callable[[int], Speaker]
    """the same voice at another pace, Chinese characters a minute"""
    site: Callable[[], Site]
    """rooms, register and calendar as they are when a call comes in"""


@dataclass(frozen=True)
class Office:
    """Where records and bookings go, by whose clock, under which ids."""

    calls: CallStore
    bookings: BookingStore
    threads: StoreThreads
    clock: Clock
    ids: Ids
    messages: MessageStore
    recordings: Recordings
    writer: Executor
    """the one thread that writes all calls' sound"""
    call_sound: Recordings | None = None
    """where whole calls are kept, if the site wants it; None: nowhere"""
    wall_clock: WallClock | None = None
    """whether the clock can be believed; None where it is told what to say, as in a replay"""


def read_house(settings: Settings) -> tuple[FlowBook, Catalogue]:
    """Flows and prompts in the way of the site's profile; FlowError for the first fault in a file."""
    flows = read_flows(settings.flow_folders, settings.profile)
    return flows, read_catalogue(settings.prompt_folders, settings.profile)


def pace(settings: Settings) -> int:
    """Chinese characters a minute: the site's own, else its profile's."""
    return settings.speed or read_profile(settings.flow_folders, settings.profile).speed


def in_profile(gear: Equipment, profile: str) -> Equipment:
    """The same house answering in the way of another profile; FlowError when that is not there."""
    settings = gear.settings.model_copy(update={"profile": profile})
    flows, catalogue = read_house(settings)
    speaker = gear.speaker_at(pace(settings))
    return replace(
        gear,
        settings=settings,
        flows=flows,
        catalogue=catalogue,
        speaker=speaker,
        apologies=apologies(catalogue, speaker),
    )


def house_values(
    settings: Settings, now: datetime, calendar: Calendar | None = None
) -> Mapping[Language, Mapping[str, str]]:
    """The variables that prompts may use without anything setting them; `now` (aware) gives day and time there (S2)."""
    local = now.astimezone(settings.zone).replace(tzinfo=None)
    opens = (calendar or Calendar(settings.hours)).next_opening(local)
    # a caller who hears a time alone takes it for the next one of that name
    soon = opens - local < timedelta(days=1)
    values = {
        "operator_from": opens.strftime("%H:%M"),
        "operator_back": opens.strftime("%H:%M" if soon else "%Y-%m-%dT%H:%M"),
        "now": local.isoformat(timespec="minutes"),
        "guest": "",
    }
    return {language: {"house": settings.house(language), **values} for language in LANGUAGES}


HOUSE_VALUES = ("house", "operator_from", "operator_back", "now", "guest")
"""names of the variables that the house itself has"""


def apologies(catalogue: Catalogue, speaker: Speaker) -> Mapping[Language, Spoken]:
    """The sentence for a fault of ours, ready in both languages; VoiceError when even that cannot be said."""
    ready = {}
    for language in LANGUAGES:
        prompt = catalogue.prompt(FAULT_PROMPT, language)
        samples = speaker.samples(prompt.key, speakable(prompt.text, language), language, fixed=prompt.fixed)
        ready[language] = Spoken((prompt.key,), prompt.text, samples)
    return ready


def warm(flows: FlowBook, catalogue: Catalogue, recogniser: VoskRecogniser) -> None:
    """Check every question's grammar once, so that no call waits for 8000 phrases; RecognitionError for a bad one."""
    for flow in flows.values():
        for step in flow.steps.values():
            if isinstance(step, Ask):
                for language, known in itertools.product(LANGUAGES, (False, True)):
                    slot, context = SLOTS[step.listen_for], context_of(step, catalogue)
                    for each, phrases in grammar(slot, context, language, known=known).items():
                        recogniser.grammar(each, phrases)


def house(flows: FlowBook, catalogue: Catalogue, words: Words, profiles: tuple[str, ...] = (DEFAULT_PROFILE,)) -> House:
    """What the flow checker needs to know."""
    return House(flows, catalogue, DECLARED, words, HOUSE_VALUES, profiles)


def wakeup_rules(settings: Settings, rooms: Iterable[str] | None = None) -> WakeupRules:
    """The site's rules, for its `rooms` where they have been read already. SettingsError for a bad `rooms.csv`."""
    return WakeupRules(
        rooms=frozenset(rooms or (room.number for room in rooms_of(settings))),
        zone=settings.zone,
        day_boundary=settings.day_boundary,
        soonest=timedelta(minutes=settings.soonest),
    )


def session(  # noqa: PLR0913 - a call's own surroundings
    equipment: Equipment,
    office: Office,
    channel: Channel,
    observers: tuple[Observer, ...] = (),
    tap: Tap | None = None,
    *,
    recording: CallRecording | None = None,
) -> Session:
    """One call, ready to run; `recording` gets both sides, the caller is told so first and may object."""
    settings, catalogue = equipment.settings, equipment.catalogue
    if recording is not None:
        observers, tap = (recording.notice, *observers), recording.tap
    line = Line(channel, tap)
    listener = Listener(equipment.recogniser, voice_detector(settings.detector), key_sounds=channel.key_sounds)
    call = Call(office.ids.new("call"), channel.name, channel.line, office.clock.now(), caller=channel.caller)
    site = equipment.site()
    local = call.started.astimezone(settings.zone).replace(tzinfo=None)
    values = house_values(settings, call.started, site.calendar)
    saying = turn.House(
        equipment.speaker, catalogue, values, equipment.apologies, office.recordings, site.calendar.part(local)
    )
    parts = Parts(
        line=line,
        dialogue=Dialogue(equipment.flows),
        mouth=Mouth(line, saying),
        ears=Ears(line, listener, catalogue, site.room_lengths),
        listener=listener,
        desk=Desk(
            wakeup_rules(settings, site.directory.rooms),
            office.bookings,
            office.threads,
            office.ids,
            office.messages,
            office.recordings,
            office.writer,
            site.directory,
            recording,
            office.wall_clock,
        ),
        journal=Journal(office.calls, office.threads),
        observers=observers,
        recorded=recording is not None,
    )
    # a guest at the room's own telephone is greeted in the language of the register
    guest = site.directory.guest(site.directory.room_at(channel.caller), local) if channel.inside else None
    language = (guest.language if guest else None) or settings.languages[0]
    return Session(parts, call, CallState(call.id, language, channel.caller, channel.inside, call.started))
