"""Which espeak voices we speak with, how fast, and the voices that test callers borrow (facts/speech.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from ivr.errors import SettingsError, VoiceError
from ivr.records import Language

SLOWEST, FASTEST = 80, 450
"""pyttsx3 rates that espeak obeys; it clips others without a word"""


@dataclass(frozen=True)
class VoiceChoice:
    """One espeak voice and how it speaks. Raises VoiceError for a value that pyttsx3 would ignore silently."""

    voice: str
    """espeak identifier with an optional variant, `sit/cmn` or `gmw/en-us+f3`; exact, espeak's aliases are refused"""
    rate: int
    """pyttsx3 rate, 80 to 450; see `rate_for`"""
    volume: float = 0.6
    """0 to 1; Mandarin clips at 1.0 (facts/speech.md)"""
    pitch: int = 50
    """0 to 99, 50 is the voice's own"""

    def __post_init__(self) -> None:
        if type(self.rate) is not int or not SLOWEST <= self.rate <= FASTEST:
            raise VoiceError(f"rate {self.rate!r} of voice {self.voice}: give a whole number, {SLOWEST} to {FASTEST}")
        if type(self.pitch) is not int or not 0 <= self.pitch <= 99:
            raise VoiceError(f"pitch {self.pitch!r} of voice {self.voice}: give a whole number, 0 to 99")
        if not 0 < self.volume <= 1:
            raise VoiceError(f"volume {self.volume!r} of voice {self.voice}: give a number over 0, up to 1")

    def __str__(self) -> str:
        return f"{self.voice},{self.rate},{self.volume:g},{self.pitch}"


@dataclass(frozen=True)
class CallerVoice:
    """A voice for a scripted caller in a test scenario."""

    language: Language
    choice: VoiceChoice


MEASURED_RATES = (90, 100, 110, 120, 128, 136, 144, 152, 160, 180, 200, 220, 240, 260)
MEASURED_SPEEDS: Mapping[Language, tuple[float, ...]] = MappingProxyType(
    {
        "zh": (95.6, 107.1, 118.9, 130.2, 140.3, 150.6, 161.2, 170.2, 180.9, 207.7, 235.4, 262.7, 293.7, 325.6),
        "en": (95.2, 106.2, 117.6, 128.7, 138.3, 147.3, 156.8, 165.5, 175.1, 199.9, 223.2, 247.5, 272.0, 296.8),
    }
)
"""Chinese characters and English words a minute at each of MEASURED_RATES, pauses included: the whole catalogue of
`hotel` (94 prompts, 2032 characters, 1561 words) by sit/cmn and gmw/en-us of espeak-ng 1.52. Measured here, November
2026; `ivr prompts check` measures it again at the site's own speed"""

SLOWEST_SPEED, FASTEST_SPEED = 105, 285


def rate_for(language: Language, characters_per_minute: float) -> int:
    """pyttsx3 rate at which Chinese runs at that many characters a minute, 105 to 285, and English as briskly.

    English gets as many words as Chinese gets characters: espeak says both nearly equally fast at equal rates, and
    150 of either is unhurried (facts/speech.md). Raises SettingsError outside what was measured.
    """
    if not SLOWEST_SPEED <= characters_per_minute <= FASTEST_SPEED:
        raise SettingsError(
            f"speed {characters_per_minute} characters a minute: give {SLOWEST_SPEED} to {FASTEST_SPEED}, 150 is usual"
        )
    return round(float(np.interp(characters_per_minute, MEASURED_SPEEDS[language], MEASURED_RATES)))


def voices_at(characters_per_minute: float) -> Mapping[Language, VoiceChoice]:
    """Choose the desk's own voice in both languages at a speed; see `rate_for`."""
    return MappingProxyType(
        {
            "zh": VoiceChoice("sit/cmn", rate_for("zh", characters_per_minute)),
            "en": VoiceChoice("gmw/en-us", rate_for("en", characters_per_minute)),
        }
    )


DEFAULT_SPEED = 150
"""Chinese characters a minute (design.md, profiles)"""

DEFAULT_VOICES = voices_at(DEFAULT_SPEED)

CALLER_RATE = 136
"""150 characters or 147 words a minute"""

CALLER_VOICES: Mapping[str, CallerVoice] = MappingProxyType(
    {
        "zh-m3": CallerVoice("zh", VoiceChoice("sit/cmn+m3", CALLER_RATE)),
        "zh-m8": CallerVoice("zh", VoiceChoice("sit/cmn+m8", CALLER_RATE)),
        "zh-f2": CallerVoice("zh", VoiceChoice("sit/cmn+f2", CALLER_RATE)),
        "zh-f5": CallerVoice("zh", VoiceChoice("sit/cmn+f5", CALLER_RATE)),
        "en-us-m3": CallerVoice("en", VoiceChoice("gmw/en-us+m3", CALLER_RATE)),
        "en-us-m7": CallerVoice("en", VoiceChoice("gmw/en-us+m7", CALLER_RATE)),
        "en-us-f5": CallerVoice("en", VoiceChoice("gmw/en-us+f5", CALLER_RATE)),
        "en-gb-m3": CallerVoice("en", VoiceChoice("gmw/en+m3", CALLER_RATE)),
        "en-gb-f2": CallerVoice("en", VoiceChoice("gmw/en-gb-x-rp+f2", CALLER_RATE)),
    }
)
"""Median pitch on one sentence: zh-m3 91 Hz, zh-m8 75, zh-f2 170, zh-f5 182, en-us-m3 and -m7 104, en-us-f5 200,
en-gb-m3 103, en-gb-f2 190; long-term spectra 2 to 5 dB from the desk's own voice. Of 24 phrases (12 at two rates) the
bundled model misses 4 to 6 of each Chinese voice (plain sit/cmn 4), 0 to 2 of en-us (plain 2), 4 and 5 of en-gb."""
