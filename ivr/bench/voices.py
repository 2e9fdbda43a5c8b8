"""The callers' voices: synthetic ones that say anything, recorded ones of other engines that say what was recorded."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from ivr.audio.frame import Samples
from ivr.audio.resample import resample
from ivr.audio.wav import read_wav
from ivr.errors import FlowError, IvrError, VoiceError
from ivr.records import LANGUAGES, Language
from ivr.speech.tts import Pyttsx3Voice, Voice
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voice_cache import CachedVoice, VoiceCache
from ivr.speech.voices import CALLER_VOICES

MANIFEST = "callers/manifest.csv"
COLUMNS = ("file", "voice", "engine", "language", "kind", "text", "licence")


@dataclass(frozen=True)
class Recording:
    """One recorded utterance of a caller."""

    path: Path
    voice: str
    engine: str
    language: Language
    kind: str
    """kind of question that it answers, or `universal`"""
    text: str


@dataclass(frozen=True)
class RecordedVoice:
    """A voice that can say what was recorded, and nothing else."""

    name: str
    sayings: Mapping[tuple[Language, str], Path]

    def render(self, text: str, language: Language) -> Samples:
        """The recording of `text`: int16, 8 kHz. Raises VoiceError naming what else the voice can say."""
        path = self.sayings.get((language, text))
        if path is None:
            known = ", ".join(said for spoken, said in self.sayings if spoken == language)
            raise VoiceError(f"caller {self.name} has no recording of “{text}”; it can say: {known}")
        return recorded(path)


def recordings(folder: Path) -> tuple[Recording, ...]:
    """The callers' recordings that `folder`'s manifest lists; none without a manifest. FlowError as `listed`."""
    manifest = folder / MANIFEST
    return listed(manifest) if manifest.is_file() else ()


def known_recordings(folder: Path) -> tuple[Recording, ...]:
    """As `recordings`, for what measures with them; IvrError where they are not: a wheel brings none."""
    found = recordings(folder)
    if not found:
        raise IvrError("no callers' recordings here, a clone of the project has them: measure there", where=folder)
    return found


def listed(manifest: Path) -> tuple[Recording, ...]:
    """The recordings of a manifest, beside which they lie; FlowError with file:line for a row that is not whole."""
    found = []
    try:
        lines = manifest.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise FlowError(f"cannot be read ({error}): expected a CSV of {', '.join(COLUMNS)}", where=manifest) from error
    reader = csv.DictReader(lines)
    for row in reader:
        language = next((each for each in LANGUAGES if each == row.get("language")), None)
        if language is None or not all(row.get(column) for column in COLUMNS):
            raise FlowError(f"expected {', '.join(COLUMNS)}", where=f"{manifest}:{reader.line_num}")
        path = manifest.parent / row["file"]
        found.append(Recording(path, row["voice"], row["engine"], language, row["kind"], row["text"]))
    return tuple(found)


def recorded_voices(folder: Path) -> Mapping[str, RecordedVoice]:
    """The voices of the recordings in `folder`, by name."""
    sayings: dict[str, dict[tuple[Language, str], Path]] = {}
    for each in recordings(folder):
        sayings.setdefault(each.voice, {})[each.language, each.text] = each.path
    return {name: RecordedVoice(name, MappingProxyType(said)) for name, said in sayings.items()}


@contextlib.contextmanager
def caller_voices(cache: Path, folder: Path) -> Iterator[Mapping[str, Voice]]:
    """Every caller voice by name: the synthetic ones share a worker process and a cache on disk."""
    kept = VoiceCache(cache)
    with SpeechWorker() as worker:
        synthetic: dict[str, Voice] = {
            name: CachedVoice(Pyttsx3Voice(dict.fromkeys(LANGUAGES, caller.choice), worker), kept)
            for name, caller in CALLER_VOICES.items()
        }
        yield {**synthetic, **recorded_voices(folder)}


@lru_cache(maxsize=512)
def recorded(path: Path) -> Samples:
    """A caller's recording at 8 kHz; AudioError when it cannot be read."""
    sound = read_wav(path)
    return resample(sound.samples, sound.rate)
