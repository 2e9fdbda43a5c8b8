"""Every prompt of a house made to sound and measured, in each of its profiles; what is wrong, with file:line (S16)."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ivr.audio.frame import RATE
from ivr.audio.wav import read_wav
from ivr.calls.equipment import house_values, pace
from ivr.config import Settings
from ivr.dialogue.house import Problem, near
from ivr.dialogue.profile import profiles, read_profile
from ivr.dialogue.prompts import Catalogue, Prompt, read_prompts
from ivr.errors import AudioError, VoiceError
from ivr.prompt_audio import ON_AVERAGE, Sound, heard_faults, measured, recorded_faults, without_echo
from ivr.records import LANGUAGES, Language
from ivr.sample import Sample, Words, sample, units
from ivr.speech.speaker import Speaker

MORNING = datetime(2026, 11, 22, 1, tzinfo=UTC)
"""when prompts are measured: the greeting is of the time of day, and what is measured must not be"""

ENOUGH = 20
"""prompts, of which the pace on average says something about the voice"""

EXAMPLES = {
    "room": "1208",
    "clock": "06:30",
    "date": "2026-11-22",
    "text": "1208",
    "digits": "8802",
    "phone": "13812345678",
    "department": "restaurant",
    "moment": "07:00",
}
"""type of a variable that only a call sets → a value to measure it with"""


@dataclass(frozen=True)
class Line:
    """One prompt in the words of one profile."""

    profile: str
    prompt: Prompt
    words: Words
    target: int
    """Chinese characters, or English words, a minute"""


@dataclass(frozen=True)
class Measured:
    """A line and its sound."""

    line: Line
    source: str
    """recording or voice"""
    sound: Sound

    def as_data(self) -> dict[str, object]:
        """JSON-ready."""
        line, sound = self.line, self.sound
        return {
            "profile": line.profile,
            "language": line.words.language,
            "key": line.prompt.key,
            "where": line.prompt.where,
            "source": self.source,
            "seconds": round(sound.seconds, 2),
            "level_dbfs": round(sound.level_dbfs, 1),
            "clipped": sound.clipped,
            "per_minute": round(sound.per_minute),
            "target": line.target,
        }


def lines(settings: Settings) -> tuple[Line, ...]:
    """Everything that the site says, and the words that other profiles have of their own; FlowError for a bad file."""
    found: dict[tuple[Language, str], list[Line]] = {}
    for profile in dict.fromkeys((settings.profile, *profiles(settings.flow_folders))):
        chosen = settings.model_copy(update={"profile": profile})
        catalogue, target = read_prompts(settings.prompt_folders, profile), pace(chosen)
        for language in LANGUAGES:
            for key, prompt in catalogue.prompts[language].items():
                others = found.setdefault((language, key), [])
                if all(prompt.text != each.prompt.text for each in others):
                    words = Words(key, language, _filled(chosen, catalogue, prompt, language), prompt.fixed)
                    others.append(Line(profile, prompt, words, target))
    return tuple(line for each in found.values() for line in each)


def render(
    settings: Settings, speaker_at: Callable[[int], Speaker], done: Callable[[], None] = lambda: None
) -> Iterator[tuple[Line, Sample]]:
    """Say every line; `done` after each. Raises FlowError for a bad file, VoiceError for words that cannot be said."""
    speaker = functools.cache(speaker_at)
    for line in lines(settings):
        yield line, sample(speaker(line.target), line.words)
        done()


def review(
    settings: Settings, speaker_at: Callable[[int], Speaker], done: Callable[[], None] = lambda: None
) -> tuple[tuple[Measured, ...], tuple[Problem, ...]]:
    """Measure every line; what was measured, and what is wrong.

    Raises FlowError for a bad file, and VoiceError when nothing at all can be said.
    """
    found: list[Measured] = []
    problems = list(stray_recordings(settings))
    failed: VoiceError | None = None
    speaker = functools.cache(speaker_at)
    for line in lines(settings):
        where, key = line.prompt.where, line.prompt.key
        try:
            measure, faults = _measure(settings, line, speaker(line.target))
            found.append(measure)
            problems += [Problem(where, f"“{key}”, {measure.source}: {fault}") for fault in faults]
        except (AudioError, VoiceError) as error:
            failed = error if isinstance(error, VoiceError) else failed
            problems.append(Problem(where, f"“{key}”: {error}"))
        done()
    if failed and not found:
        raise failed
    return tuple(found), (*problems, *_on_average(settings, found))


def _measure(settings: Settings, line: Line, speaker: Speaker) -> tuple[Measured, list[str]]:
    words, said = line.words, sample(speaker, line.words)
    sound = measured(said.samples, RATE, words.spoken, words.language)
    faults = list(heard_faults(sound, words.language, line.target))
    if said.source == "recording":
        path = next(path for path in _recordings(settings, words.language) if path.stem == line.prompt.key)
        faults = _recording_faults(path, faults)
    return Measured(line, said.source, sound), faults


def recording_path(prompts: Path, key: str, language: Language) -> Path:
    """Where a prompt's recording lies."""
    return prompts / language / "recordings" / f"{key}.wav"


def stray_recordings(settings: Settings) -> Iterator[Problem]:
    """Recordings that nothing will ever play."""
    catalogue = read_prompts(settings.prompt_folders, settings.profile)
    for language in LANGUAGES:
        for path in _recordings(settings, language):
            reason = refused(catalogue, path.stem, language)
            if reason:
                yield Problem(str(path), reason)


def _recordings(settings: Settings, language: Language) -> Iterator[Path]:
    """The recordings of a language, the site's own first."""
    for folder in reversed(settings.prompt_folders):
        yield from sorted((folder / language / "recordings").glob("*.wav"))


def refused(catalogue: Catalogue, key: str, language: Language) -> str | None:
    """Why no recording can stand for `key`; None when one can."""
    prompt = catalogue.prompts[language].get(key)
    if prompt is None:
        return f"no prompt “{key}” in {language}{near(key, catalogue.prompts[language])}"
    if not prompt.fixed:
        slots = ", ".join(f"{{{slot}}}" for slot, _ in prompt.variables)
        return f"“{key}” holds {slots}: only the voice can say it"
    return None


def _recording_faults(path: Path, heard: list[str]) -> list[str]:
    """Of the file as it lies there, then of what callers get of it."""
    file = read_wav(path)
    raw = list(recorded_faults(file.samples, file.rate))
    return [f"{fault} ({path})" for fault in (*raw, *without_echo(heard, raw))]


def _on_average(settings: Settings, found: list[Measured]) -> Iterator[Problem]:
    """The pace over all that the site says: S16 is about that."""
    profile = read_profile(settings.flow_folders, settings.profile)
    where = profile.line("speed") or str(profile.path)
    for language in LANGUAGES:
        own = [each for each in found if (each.line.profile, each.line.words.language) == (settings.profile, language)]
        if len(own) >= ENOUGH and abs(average(own) / own[0].line.target - 1) > ON_AVERAGE:
            told = f"{average(own):.0f} a minute on average, expected {own[0].line.target}"
            yield Problem(where, f"{language}: {told}, {ON_AVERAGE:.0%} more or less (S16)")


def average(found: list[Measured]) -> float:
    """Characters or words a minute over all of them."""
    spoken = sum(units(each.line.words.spoken, each.line.words.language) for each in found)
    return spoken / sum(each.sound.seconds for each in found) * 60


def _filled(settings: Settings, catalogue: Catalogue, prompt: Prompt, language: Language) -> str:
    examples = {slot: EXAMPLES.get(kind, "09:00") for slot, kind in prompt.variables}
    return catalogue.text(prompt, language, {**examples, **house_values(settings, MORNING)[language]})
