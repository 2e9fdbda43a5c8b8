"""Ask once: say the prompts, listen, and make an answer of what was heard."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ivr.audio.frame import RATE, Samples, frames, silence
from ivr.audio.level import normalise
from ivr.audio.wav import read_wav
from ivr.calls.line import Line
from ivr.calls.state import CallState
from ivr.dialogue.flow import LADDERS, Ask
from ivr.dialogue.normalise import speakable
from ivr.dialogue.prompts import Catalogue, base_key, said_in
from ivr.dialogue.steps import CLIP
from ivr.dialogue.understand import slots
from ivr.dialogue.understand.answer import UNCLEAR, Context, Slot
from ivr.records import Hearing, HearingKind, Language, Part
from ivr.speech.endpoint import rule_for
from ivr.speech.listener import Listener
from ivr.speech.speaker import Speaker
from ivr.store.recordings import Recordings

BREATH = RATE // 5
"""samples of silence between two prompts said as one"""

BEARABLE_SNR_DB = 4.0
"""two thirds of the answers are still understood at 5 dB (docs/models.md), and what matters is read back (S9)"""


@dataclass(frozen=True)
class Spoken:
    """A prompt as the caller gets it."""

    prompts: tuple[str, ...]
    """catalogue keys"""
    text: str
    samples: Samples


def silent(spoken: Spoken) -> Spoken:
    """The same words without a sound: what a caller who typed ahead hears of them."""
    return replace(spoken, samples=silence(0))


@dataclass(frozen=True)
class Played:
    """What became of playing a prompt."""

    start: int
    """sample of the call"""
    end: int
    keys: str
    """keys pressed meanwhile; the first one stops a question"""
    stopped_by: str = ""
    """keys, voice or tone; empty when all was said"""


@dataclass(frozen=True)
class Asked:
    """What one listening gave."""

    hearing: Hearing
    outcome: str
    value: str = ""
    also: Mapping[str, str] | None = None
    heard: str = ""
    language: Language = "zh"


@dataclass(frozen=True)
class House:
    """What a house says, and how."""

    speaker: Speaker
    catalogue: Catalogue
    values: Mapping[Language, Mapping[str, str]]
    """the house's own variables, by language"""
    apologies: Mapping[Language, Spoken]
    recordings: Recordings
    """of callers, to be played back to them"""
    part: Part = "open"
    """of the house's day, when the call came in (K6)"""


class Mouth:
    """Says prompts on the line."""

    def __init__(self, line: Line, house: House) -> None:
        self._line = line
        self._house = house

    async def prepare(self, keys: tuple[str, ...], state: CallState) -> Spoken:
        """The words and the sound of several prompts; FlowError for a missing one, VoiceError when the voice failed."""
        texts: list[str] = []
        pieces: list[Samples] = []
        for key in keys:
            if key.startswith(CLIP):
                pieces += [await self._clip(state.clips[key.removeprefix(CLIP)]), silence(BREATH)]
                continue
            language = said_in(key, state.language)
            prompt = self._house.catalogue.prompt_at(base_key(key), language, self._house.part)
            text = self._house.catalogue.text(prompt, language, {**self._house.values[language], **state.slots})
            words = speakable(text, language)
            samples = await asyncio.to_thread(
                self._house.speaker.samples, prompt.key, words, language, fixed=prompt.fixed
            )
            texts.append(text)
            pieces += [samples, silence(BREATH)]
        return Spoken(keys, " ".join(texts), np.concatenate(pieces[:-1]))

    async def _clip(self, file: str) -> Samples:
        """A recording of this call; AudioError when it cannot be read any more."""
        sound = await asyncio.to_thread(read_wav, self._house.recordings.path(file))
        return normalise(sound.samples) if sound.samples.any() else sound.samples

    def apology(self, language: Language) -> Spoken:
        """What a caller hears when something of ours broke; rendered at the start, so that it cannot fail."""
        return self._house.apologies[language]

    async def play(self, spoken: Spoken, listener: Listener, *, keys_stop: bool, voice_stops: bool) -> Played:
        """Play to the end, or until the caller wants to speak (barge-in); CallerHungUp and LineBroke pass through."""
        start, typed, stopped_by = self._line.position, "", ""
        listener.speak()
        for frame in frames(spoken.samples):
            inbound = await self._line.exchange(frame.samples)
            keys = inbound.keys + listener.watch(inbound.frame, frame.samples)
            # a hash that ends an entry which was complete already says nothing new
            typed += keys if typed else keys.lstrip("#")
            if keys_stop and (typed or listener.machine):
                stopped_by = "keys" if typed else "tone"
                break
            if voice_stops and listener.barged:
                stopped_by = "voice"
                break
        return Played(start, self._line.position, typed, stopped_by)


class Ears:
    """Listens for the answer to a question."""

    def __init__(self, line: Line, listener: Listener, catalogue: Catalogue, room_lengths: tuple[int, ...]) -> None:
        self._line = line
        self._listener = listener
        self._catalogue = catalogue
        self._room_lengths = room_lengths

    async def answer(self, step: Ask, state: CallState, early_keys: str) -> Asked:
        """Listen once, and understand: line outcomes and `unclear` go to the ladder, the rest to the flow."""
        slot = slots.SLOTS[step.listen_for]
        context = self._context(step, state)
        hearing = await self._hear(step, slot, context, state, early_keys)
        if hearing.kind is HearingKind.KEYS:
            understood = slots.from_keys(hearing.keys, slot, context, state.language)
        elif hearing.kind is HearingKind.SPEECH or bearable(hearing):
            understood = slots.from_speech(hearing.heard, slot, context, state.language)
            if hearing.kind is not HearingKind.SPEECH and understood.answer.outcome == UNCLEAR:
                return Asked(hearing, hearing.kind.value, heard=understood.heard, language=state.language)
            hearing = replace(hearing, kind=HearingKind.SPEECH)
        else:
            return Asked(hearing, hearing.kind.value, language=state.language)
        words = hearing.kind is HearingKind.KEYS or any(each.text for each in hearing.heard)
        state.attempts.wordless = 0 if words else state.attempts.wordless + 1
        answer = understood.answer
        return Asked(hearing, answer.outcome, answer.value, answer.also, understood.heard, understood.language)

    async def _hear(self, step: Ask, slot: Slot, context: Context, state: CallState, early_keys: str) -> Hearing:
        grammars = slots.grammar(slot, context, state.language, known=state.language_known)
        self._listener.begin(
            grammars, rule_for(slot.kind.value, round(step.ladder.wait * RATE)), slot.longest_keys(context)
        )
        keys, decided = early_keys, False
        while not decided:
            inbound = await self._line.exchange()
            decided = self._listener.push(inbound.frame, keys + inbound.keys)
            keys = ""
        return await self._listener.result()

    def _context(self, step: Ask, state: CallState) -> Context:
        return Context(
            saved=state.slots.get(step.save_as or "", ""),
            day=state.slots.get("day", ""),
            choices=step.choices,
            words=self._catalogue.choices,
            departments=self._catalogue.departments,
            room_lengths=self._room_lengths,
        )


def bearable(hearing: Hearing) -> bool:
    """Whether an answer that makes sense is taken in spite of the line: a person who understood would not ask again."""
    noise = hearing.kind is HearingKind.NOISY and hearing.snr_db is not None and hearing.snr_db >= BEARABLE_SNR_DB
    return noise or hearing.kind is HearingKind.CHOPPY


def failed(outcome: str) -> bool:
    """Whether a try failed, so that the ladder takes over."""
    return outcome in LADDERS
