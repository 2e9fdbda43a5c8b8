"""Recordings taken into the prompts: judged first, trimmed, brought to the house's level, written whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.audio.frame import RATE, Samples
from ivr.audio.level import normalise, trim
from ivr.audio.wav import read_wav, write_wav
from ivr.calls.equipment import pace
from ivr.config import Settings
from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompts import read_catalogue
from ivr.errors import AudioError, IvrError
from ivr.prompt_audio import heard_faults, measured, recorded_faults, without_echo
from ivr.prompt_review import recording_path, refused
from ivr.records import LANGUAGES, Language
from ivr.speech.tts import CEILING_DBFS, KEEP_MS, LEVEL_DBFS, finish


@dataclass(frozen=True)
class Recording:
    """One prompt, spoken by a person."""

    source: str
    """the file, or the microphone"""
    key: str
    language: Language
    samples: Samples
    rate: int
    """samples a second, 8 to 48 kHz"""


@dataclass(frozen=True)
class Taken:
    """What came of one recording."""

    source: str
    """the file, or the microphone"""
    key: str
    language: Language
    taken: bool
    faults: tuple[str, ...]
    """why it was refused, or, taken by force, what is wrong with it"""
    path: str
    """where it lies now; empty if it was refused"""

    def as_data(self) -> dict[str, object]:
        """JSON-ready."""
        return {
            "source": self.source,
            "key": self.key,
            "language": self.language,
            "taken": self.taken,
            "faults": list(self.faults),
            "path": self.path,
        }


def take(settings: Settings, recording: Recording, *, force: bool = False) -> Taken:
    """Put a recording in its prompt's place if nothing is wrong with it, or with `force` even so.

    Silence, and a key that no recording can stand for, are refused always. Raises AudioError when it cannot be written,
    SettingsError when there is no place for it.
    """
    key, language, folder = recording.key, recording.language, settings.own_prompts
    catalogue = read_catalogue(settings.prompt_folders, settings.profile)
    reason = refused(catalogue, key, language)
    if reason:
        return _refused(recording, reason)
    try:
        faults = _faults(recording, catalogue.prompts[language][key].text, pace(settings))
    except AudioError as error:
        return _refused(recording, str(error))
    if faults and not force:
        return _refused(recording, *faults)
    path = recording_path(folder, key, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    trimmed = trim(recording.samples, recording.rate, keep_ms=2 * KEEP_MS)
    write_wav(path, normalise(trimmed, recording.rate, level=LEVEL_DBFS, ceiling=CEILING_DBFS), recording.rate)
    return Taken(recording.source, key, language, taken=True, faults=faults, path=str(path))


def take_folder(settings: Settings, folder: Path, language: Language | None, *, force: bool = False) -> Iterator[Taken]:
    """Take every `<key>.wav` of a folder, or of its subfolders `zh` and `en` where no `language` is given.

    Raises IvrError for a folder without any.
    """
    found = list(files(folder, language))
    if not found:
        expected = "KEY.wav" if language else "zh/KEY.wav or en/KEY.wav, or give --language"
        raise IvrError(f"no recordings here: expected {expected}", where=folder)
    for path, spoken in found:
        try:
            sound = read_wav(path)
        except AudioError as error:
            reason = str(error).removeprefix(f"{path}: ")
            yield Taken(str(path), path.stem, spoken, taken=False, faults=(reason,), path="")
        else:
            yield take(settings, Recording(str(path), path.stem, spoken, sound.samples, sound.rate), force=force)


def files(folder: Path, language: Language | None) -> Iterator[tuple[Path, Language]]:
    """The WAV files of a folder with their language."""
    places = ((folder, language),) if language else ((folder / each, each) for each in LANGUAGES)
    for place, spoken in places:
        wavs = (each for each in place.glob("*") if each.suffix.lower() == ".wav")
        yield from ((path, spoken) for path in sorted(wavs))


def known(settings: Settings, key: str, language: Language) -> str:
    """The words that a recording of `key` must hold; IvrError for a key that cannot be recorded."""
    catalogue = read_catalogue(settings.prompt_folders, settings.profile)
    reason = refused(catalogue, key, language)
    if reason:
        raise IvrError(reason)
    return catalogue.prompts[language][key].text


def _refused(recording: Recording, *faults: str) -> Taken:
    return Taken(recording.source, recording.key, recording.language, taken=False, faults=faults, path="")


def _faults(recording: Recording, text: str, wanted: int) -> tuple[str, ...]:
    """By the rules of recordings, and by those of every prompt once it has the house's level and its ends are cut."""
    samples, rate, language = recording.samples, recording.rate, recording.language
    heard = measured(finish(samples, rate), RATE, speakable(text, language), language)
    raw = list(recorded_faults(samples, rate))
    return (*raw, *without_echo(list(heard_faults(heard, language, wanted)), raw))
