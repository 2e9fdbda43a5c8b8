"""Voices that other packages bring: entry points of the group `ivr.voices`, none of them installed by default."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Protocol

import numpy as np

from ivr.audio.frame import Samples
from ivr.errors import IvrError, SettingsError, VoiceError
from ivr.records import Language
from ivr.speech.tts import Voice

GROUP = "ivr.voices"

OWN = "pyttsx3"
"""the voice that is always there"""


@dataclass(frozen=True)
class VoiceOptions:
    """What a plug-in is told."""

    speed: int
    """Chinese characters a minute, English words likewise (S16)"""
    folder: Path
    """the site's data folder: a plug-in may keep models there, under its own name"""
    options: Mapping[str, str] = field(default_factory=dict)
    """the site's `voice_options`"""


class VoiceFactory(Protocol):
    """What an entry point of the group names."""

    def __call__(self, options: VoiceOptions) -> Voice:
        """Make the voice; IvrError for options that it cannot use. A `close()` of the voice is called at the end."""


class PluginVoice:
    """A plug-in's voice, under a name that holds its package's name and version; its faults are VoiceErrors."""

    def __init__(self, entry: EntryPoint, options: VoiceOptions) -> None:
        self._entry = entry.name
        package = f"{entry.dist.name}-{entry.dist.version}" if entry.dist else "unknown"
        try:
            factory: VoiceFactory = entry.load()
            self._voice = factory(options)
            self._name = f"{entry.name} {package} speed-{options.speed} {self._voice.name}"
        except IvrError:
            raise
        except Exception as error:
            raise self._fault("cannot be loaded", error) from error

    @property
    def name(self) -> str:
        return self._name

    def render(self, text: str, language: Language) -> Samples:
        try:
            samples = self._voice.render(text, language)
        except IvrError:
            raise
        except Exception as error:
            raise self._fault("failed", error) from error
        if not isinstance(samples, np.ndarray) or samples.dtype != np.int16 or samples.ndim != 1 or not samples.any():
            raise VoiceError(f"the voice “{self._entry}” gave no sound: expected int16, mono, 8 kHz")
        return samples

    def close(self) -> None:
        """Let the plug-in end what it started."""
        close = getattr(self._voice, "close", None)
        if close is not None:
            close()

    def _fault(self, what: str, error: Exception) -> VoiceError:
        return VoiceError(f"the voice “{self._entry}” {what}: {type(error).__name__}: {error}")


def installed(found: Iterable[EntryPoint] | None = None) -> tuple[str, ...]:
    """Names that the setting `voice` may have."""
    return (OWN, *sorted({entry.name for entry in _entries(found)} - {OWN}))


def open_voice(name: str, options: VoiceOptions, found: Iterable[EntryPoint] | None = None) -> PluginVoice:
    """The voice of an installed plug-in; SettingsError that lists what is installed for another name."""
    for entry in _entries(found):
        if entry.name == name != OWN:
            return PluginVoice(entry, options)
    raise SettingsError(f"voice = {name!r}: not installed; there is {', '.join(installed(found))}")


def _entries(found: Iterable[EntryPoint] | None) -> tuple[EntryPoint, ...]:
    return tuple(entry_points(group=GROUP) if found is None else found)
