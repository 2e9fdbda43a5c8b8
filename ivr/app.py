"""Puts the parts together: settings in, a front desk that can take calls out."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

from ivr.calls import answering
from ivr.calls.equipment import Equipment, Office, apologies, house, pace, read_house, warm
from ivr.calls.recorder import writer
from ivr.clock import Clock, Ids, SystemClock
from ivr.config import Settings
from ivr.desk.site import SiteFiles
from ivr.dialogue.check import Problem, check
from ivr.dialogue.flow import FlowBook
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompts import Catalogue
from ivr.errors import FlowError
from ivr.overlay import Folders
from ivr.records import LANGUAGES, Language
from ivr.speech.lexicon import Lexicon, lexicon_of
from ivr.speech.models import SpeechModel, find_model, open_model
from ivr.speech.silero import voice_detector
from ivr.speech.speaker import Speaker
from ivr.speech.tts import Pyttsx3Voice, Voice
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voice_cache import CachedVoice, VoiceCache
from ivr.speech.voice_plugins import OWN, VoiceOptions, open_voice
from ivr.speech.voices import voices_at
from ivr.speech.vosk_asr import VoskRecogniser
from ivr.store.bookings import BookingStore
from ivr.store.calls import CallStore
from ivr.store.engine import open_engine
from ivr.store.messages import MessageStore
from ivr.store.pool import StoreThreads
from ivr.store.recordings import messages_of, recordings_of
from ivr.store.wall_clock import WallClock

VOICE_SECONDS = 4.0
"""how long a prompt may take to be rendered, twice, before the caller hears our apology; 0.05 s is usual"""

take_call = answering.take_call


@dataclass(frozen=True)
class ModelWords:
    """The vocabularies of the languages' models, for the flow checker."""

    lexicons: dict[Language, Lexicon]

    def missing(self, phrase: str, language: Language) -> tuple[str, ...]:
        return self.lexicons[language].missing(phrase, language)

    def nearest(self, word: str, language: Language) -> tuple[str, ...]:
        return self.lexicons[language].nearest(word, language)


def models(settings: Settings) -> dict[Language, SpeechModel]:
    """The checked model of each language; ModelError when one is missing or unfit."""
    cache = settings.data / "models"
    found: dict[Language, SpeechModel] = {}
    for language in LANGUAGES:
        path = find_model(language, settings.model(language), settings.models)
        same = next((model for model in found.values() if model.path == path), None)
        found[language] = same or open_model(path, cache)
    return found


def problems(settings: Settings, speech: dict[Language, SpeechModel]) -> tuple[Problem, ...]:
    """Everything that is wrong with flows and prompts, in every profile, checked against the models' words (rule 4)."""
    found: dict[Problem, None] = {}
    # the site's own profile first: it may be one that is not there
    for profile in dict.fromkeys((settings.profile, *profiles(settings.flow_folders))):
        chosen = settings.model_copy(update={"profile": profile})
        try:
            flows, catalogue = read_house(chosen)
        except FlowError as error:
            message = str(error).removeprefix(f"{error.where}: ")
            found[Problem(error.where or "", message)] = None
        else:
            found |= dict.fromkeys(_problems(flows, catalogue, speech, settings.flow_folders))
    return tuple(found)


def _problems(
    flows: FlowBook, catalogue: Catalogue, speech: dict[Language, SpeechModel], folders: Folders
) -> tuple[Problem, ...]:
    words = ModelWords({language: lexicon_of(model.vocabulary) for language, model in speech.items()})
    return check(house(flows, catalogue, words, profiles(folders)))


@contextlib.contextmanager
def voice(settings: Settings) -> Iterator[Voice]:
    """The desk's voice at the site's speed; nothing of it is kept."""
    with voices(settings) as voice_at:
        yield voice_at(pace(settings))


@contextlib.contextmanager
def voices(settings: Settings) -> Iterator[Callable[[int], Voice]]:
    """The site's voice at any pace, Chinese characters a minute; SettingsError for a plug-in that is not installed."""
    with contextlib.ExitStack() as ends:
        if settings.voice == OWN:
            worker = ends.enter_context(SpeechWorker(VOICE_SECONDS))
            yield lambda speed: Pyttsx3Voice(voices_at(speed), worker)
        else:

            def plugged(speed: int) -> Voice:
                options = VoiceOptions(speed, settings.data, settings.options_of_voice)
                opened = open_voice(settings.voice, options)
                ends.callback(opened.close)
                return opened

            yield plugged


@contextlib.contextmanager
def speakers(settings: Settings) -> Iterator[Callable[[int], Speaker]]:
    """The desk's mouth at any pace, Chinese characters a minute: recordings first, what was rendered is kept."""
    with voices(settings) as voice_at:

        def speaker_at(speed: int) -> Speaker:
            spoken = voice_at(speed)
            kept = CachedVoice(spoken, VoiceCache(settings.data / "voice"))
            return Speaker(kept, settings.prompt_folders, passing=CachedVoice(spoken, VoiceCache(None)))

        yield speaker_at


@contextlib.contextmanager
def equipment(settings: Settings) -> Iterator[Equipment]:
    """Everything that calls share, checked; FlowError names the first fault and how many more there are."""
    flows, catalogue = read_house(settings)
    site = SiteFiles(settings)
    speech = models(settings)
    found = _problems(flows, catalogue, speech, settings.flow_folders)
    if found:
        more = f" (and {len(found) - 1} more: ivr flows check)" if len(found) > 1 else ""
        raise FlowError(found[0].message + more, where=found[0].where)
    # a detector that is not installed is told now, not to the first caller
    voice_detector(settings.detector)
    with speakers(settings) as speaker_at, VoskRecogniser(speech, settings.threads) as recogniser:
        speaker = speaker_at(pace(settings))
        speaker.check_recordings()
        warm(flows, catalogue, recogniser)
        sorry = apologies(catalogue, speaker)
        yield Equipment(settings, flows, catalogue, recogniser, speaker, sorry, speaker_at, site)


@contextlib.asynccontextmanager
async def office(database: str, clock: Clock, ids: Ids, keys: str = "") -> AsyncIterator[Office]:
    """The database of that URL, ready and migrated, its `keys` the setting, recordings beside it.

    StoreError when it cannot be used.
    """
    engine = open_engine(database, keys=keys)
    threads, writing = StoreThreads(), writer()
    recordings = messages_of(engine)
    try:
        calls = CallStore(engine)
        await threads.run(calls.mark_interrupted, clock.now())
        await threads.run(recordings.recover)
        whole = recordings_of(engine)
        await threads.run(calls.recovered, await threads.run(whole.recover))
        wall_clock = WallClock(engine, clock) if isinstance(clock, SystemClock) else None
        stores = (calls, BookingStore(engine), threads, clock, ids, MessageStore(engine), recordings)
        yield Office(*stores, writing, whole, wall_clock)
    finally:
        await threads.close()
        writing.shutdown()
        engine.dispose()
