"""How much of the callers' recordings is understood: through the real detector, endpointer and recogniser.

Recordings that the model fails are kept, listed and counted (tests/audio/callers/known_misses.txt), never dropped.
`python -m ivr.bench.hearing` prints the table.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ivr.audio.frame import RATE, Samples, frames, silence
from ivr.bench.caller import over_the_line
from ivr.bench.voices import Recording, recorded
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand import slots
from ivr.dialogue.understand.answer import Context
from ivr.records import Heard, Hearing, HearingKind
from ivr.speech.endpoint import rule_for
from ivr.speech.listener import Listener
from ivr.speech.vad import WebrtcVoiceDetector
from ivr.speech.vosk_asr import VoskRecogniser

KNOWN_MISSES = "callers/known_misses.txt"

ASKED: Mapping[str, str] = MappingProxyType(
    {
        "agreement": "agreement",
        "menu": "menu_choice",
        "room": "room_number",
        "time": "clock_time",
        "half": "half_of_day",
        "day": "day",
        "universal": "menu_choice",
    }
)
"""kind of recording → the slot of the question that it answers"""

LEAD = RATE // 2
"""samples of quiet line before the voice"""


@dataclass(frozen=True)
class Trial:
    """One recording and what became of it."""

    recording: Recording
    heard: str
    understood: bool

    @property
    def name(self) -> str:
        return f"{self.recording.voice}/{self.recording.path.name}"


async def listen_to_all(
    recordings: tuple[Recording, ...], catalogue: Catalogue, recogniser: VoskRecogniser
) -> tuple[Trial, ...]:
    """Play every recording as the answer to its kind of question, in its own language."""
    return tuple([await _trial(each, catalogue, recogniser) for each in recordings])


async def _trial(recording: Recording, catalogue: Catalogue, recogniser: VoskRecogniser) -> Trial:
    slot = slots.SLOTS[ASKED[recording.kind]]
    choices = {choice: str(number) for number, choice in enumerate(catalogue.choices[recording.language], 1)}
    context = Context(choices=choices, words=catalogue.choices, saved="06:30")
    grammars = slots.grammar(slot, context, recording.language, known=True)
    listener = Listener(recogniser, WebrtcVoiceDetector())
    listener.begin(grammars, rule_for(slot.kind.value), slot.longest_keys(context))
    hearing = await listen(listener, over_the_line(recorded(recording.path)))
    meant = slots.reading(Heard(recording.language, recording.text, 1.0), slot, context).answer
    got = slots.from_speech(hearing.heard, slot, context, recording.language)
    understood = hearing.kind is HearingKind.SPEECH and got.answer == meant
    return Trial(recording, got.heard, understood)


async def listen(listener: Listener, voice: Samples) -> Hearing:
    """Play `voice`, 8 kHz, to a listener that has begun, between half a second and six of quiet line."""
    line = np.concatenate([silence(LEAD), voice, silence(6 * RATE)])
    for frame in frames(line):
        if listener.push(frame):
            return await listener.result()
    raise RuntimeError("the endpointer ends every listening within its wait and its longest utterance")


def known_misses(folder: Path) -> frozenset[str]:
    """Recordings that the bundled model is known to fail, as `voice/file.wav`."""
    lines = (folder / KNOWN_MISSES).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split("#")[0].strip() for line in lines) - {""}


def table(trials: tuple[Trial, ...]) -> list[tuple[str, str, str, int, int]]:
    """Rows of (voice, language, kind, understood, tried)."""
    groups: dict[tuple[str, str, str], list[bool]] = {}
    for trial in trials:
        recording = trial.recording
        groups.setdefault((recording.voice, recording.language, recording.kind), []).append(trial.understood)
    return [(*place, sum(hits), len(hits)) for place, hits in sorted(groups.items())]


def run(recordings: tuple[Recording, ...], catalogue: Catalogue, recogniser: VoskRecogniser) -> tuple[Trial, ...]:
    """`listen_to_all` for callers without an event loop."""
    return asyncio.run(listen_to_all(recordings, catalogue, recogniser))
