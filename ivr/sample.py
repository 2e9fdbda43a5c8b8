"""One prompt made to sound, outside of any call: for whoever writes prompts and wants to hear them."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ivr.audio.frame import RATE, Samples, seconds
from ivr.audio.level import active_level
from ivr.calls.equipment import house_values
from ivr.clock import SystemClock
from ivr.config import Settings
from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompts import Catalogue, Prompt
from ivr.errors import IvrError
from ivr.overlay import shown
from ivr.records import Language
from ivr.speech.speaker import Speaker

_HAN = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_KEY = re.compile(r"[a-z_]+\.[a-z_0-9]+")


@dataclass(frozen=True)
class Words:
    """What shall be said."""

    key: str
    """of the catalogue; empty for free text"""
    language: Language
    text: str
    fixed: bool

    @property
    def spoken(self) -> str:
        """What the voice gets: no figures left."""
        return speakable(self.text, self.language)


@dataclass(frozen=True)
class Sample:
    """A prompt and its sound."""

    words: Words
    samples: Samples
    """8 kHz"""
    source: Literal["recording", "voice"]

    @property
    def seconds(self) -> float:
        return seconds(len(self.samples), RATE)

    @property
    def level_dbfs(self) -> float:
        """Active speech level, ITU-T P.56."""
        return active_level(self.samples).dbfs

    @property
    def pace(self) -> float:
        """Chinese characters or English words a minute, pauses included (S16)."""
        return units(self.words.spoken, self.words.language) / self.seconds * 60

    def as_data(self) -> dict[str, object]:
        """JSON-ready: everything but the sound."""
        words = self.words
        return {
            "key": words.key,
            "language": words.language,
            "text": words.text,
            "spoken": words.spoken,
            "source": self.source,
            "seconds": round(self.seconds, 3),
            "level_dbfs": round(self.level_dbfs, 1),
            "per_minute": round(self.pace),
            "unit": "characters" if words.language == "zh" else "words",
        }


def units(spoken: str, language: Language) -> int:
    """Chinese characters or English words of what the voice gets."""
    return len((_HAN if language == "zh" else _WORD).findall(spoken))


def read_values(pairs: tuple[str, ...]) -> dict[str, str]:
    """`room=1208` … as a mapping; IvrError for anything else."""
    values = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not (name and sign and value):
            raise IvrError(f"--set “{pair}”: expected slot=value, for example room=1208")
        values[name] = value
    return values


def words_of(
    settings: Settings, catalogue: Catalogue, what: str, language: Language | None, values: Mapping[str, str]
) -> Words:
    """The words of a catalogue key, or `what` itself; IvrError for an unknown key, a missing or an unfit value."""
    if not what.strip():
        raise IvrError("nothing to say: give a key of the catalogue, or some words")
    chosen = language or _language_of(settings, catalogue, what)
    prompt = catalogue.prompts[chosen].get(what)
    if prompt is not None:
        return Words(what, chosen, _filled(settings, catalogue, prompt, chosen, values), prompt.fixed)
    if _KEY.fullmatch(what):
        near = difflib.get_close_matches(what, catalogue.prompts[chosen], n=1)
        hint = f"; did you mean “{near[0]}”?" if near else ""
        raise IvrError(f"no prompt “{what}” in {shown(settings.prompt_folders)}, {chosen}{hint}")
    return Words("", chosen, what, fixed=False)


def sample(speaker: Speaker, words: Words) -> Sample:
    """Say the words, by the recording of a fixed prompt where there is one. Raises VoiceError."""
    samples = speaker.samples(words.key, words.spoken, words.language, fixed=words.fixed)
    recorded = words.fixed and words.key in speaker.recorded_keys(words.language)
    return Sample(words, samples, "recording" if recorded else "voice")


def _language_of(settings: Settings, catalogue: Catalogue, what: str) -> Language:
    """A key is said in the site's first language, free text in the one that it is written in."""
    if any(what in prompts for prompts in catalogue.prompts.values()) or _KEY.fullmatch(what):
        return settings.languages[0]
    return "zh" if _HAN.search(what) else "en"


def _filled(
    settings: Settings, catalogue: Catalogue, prompt: Prompt, language: Language, values: Mapping[str, str]
) -> str:
    known = {**house_values(settings, SystemClock().now())[language], **values}
    missing = [f"{slot}=… ({kind})" for slot, kind in prompt.variables if slot not in known]
    if missing:
        raise IvrError(f"“{prompt.key}” needs a value: --set {' --set '.join(missing)}", where=prompt.where)
    try:
        return catalogue.text(prompt, language, known)
    except (ValueError, IndexError) as error:
        given = ", ".join(f"{slot}={known[slot]} ({kind})" for slot, kind in prompt.variables)
        raise IvrError(f"“{prompt.key}” cannot be said with {given}: {error}", where=prompt.where) from error
