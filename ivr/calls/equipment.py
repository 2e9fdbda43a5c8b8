"""What every call of a house shares, what one office keeps, and how a call is made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ivr.calls.actions import DECLARED, Desk
from ivr.calls.journal import Journal
from ivr.calls.line import Line, Tap
from ivr.calls.session import Parts, Session
from ivr.calls.state import CallState, Observer
from ivr.calls.turn import Ears, Mouth
from ivr.channels.base import Channel
from ivr.clock import Clock, Ids
from ivr.config import Settings
from ivr.desk.wakeups import WakeupRules
from ivr.dialogue.check import House, Words
from ivr.dialogue.flow import FlowBook
from ivr.dialogue.machine import Dialogue
from ivr.dialogue.prompts import Catalogue
from ivr.records import LANGUAGES, Call, Language
from ivr.speech.listener import Listener
from ivr.speech.speaker import Speaker
from ivr.speech.vad import WebrtcVoiceDetector
from ivr.speech.vosk_asr import VoskRecogniser
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.pool import StoreThreads

START = "reception"


@dataclass(frozen=True)
class Equipment:
    """Loaded once, shared by all calls."""

    settings: Settings
    flows: FlowBook
    catalogue: Catalogue
    recogniser: VoskRecogniser
    speaker: Speaker


@dataclass(frozen=True)
class Office:
    """Where records and bookings go, by whose clock, under which ids."""

    calls: CallStore
    bookings: BookingStore
    threads: StoreThreads
    clock: Clock
    ids: Ids


def house_values(settings: Settings) -> Mapping[Language, Mapping[str, str]]:
    """The variables that prompts may use without anything setting them."""
    return {
        language: {"house": settings.house(language), "operator_from": settings.operator_from.isoformat("minutes")}
        for language in LANGUAGES
    }


def house(settings: Settings, flows: FlowBook, catalogue: Catalogue, words: Words) -> House:
    """What the flow checker needs to know."""
    return House(flows, catalogue, DECLARED, words, tuple(house_values(settings)["zh"]))


def wakeup_rules(settings: Settings) -> WakeupRules:
    return WakeupRules(
        rooms=frozenset(settings.rooms),
        zone=settings.zone,
        day_boundary=settings.day_boundary,
        soonest=timedelta(minutes=settings.soonest),
    )


def session(
    equipment: Equipment, office: Office, channel: Channel, observers: tuple[Observer, ...] = (), tap: Tap | None = None
) -> Session:
    """One call, ready to run."""
    settings, catalogue = equipment.settings, equipment.catalogue
    line = Line(channel, tap)
    listener = Listener(equipment.recogniser, WebrtcVoiceDetector())
    call = Call(office.ids.new("call"), channel.name, channel.line, office.clock.now())
    parts = Parts(
        line=line,
        dialogue=Dialogue(equipment.flows, START),
        mouth=Mouth(line, equipment.speaker, catalogue, house_values(settings)),
        ears=Ears(line, listener, catalogue, settings.room_lengths),
        listener=listener,
        desk=Desk(wakeup_rules(settings), office.bookings, office.threads, office.clock, office.ids),
        journal=Journal(office.calls, office.threads),
        observers=observers,
    )
    return Session(parts, call, CallState(call.id, settings.languages[0]))
