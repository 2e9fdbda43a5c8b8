"""The scripted caller: listens to the call's events and does what its scenario says, after the prompt it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.g711 import decode_ulaw, encode_ulaw
from ivr.audio.level import active_level, scale
from ivr.audio.tones import dtmf, tone
from ivr.bench.scenario import Noise, Reply, Scenario
from ivr.bench.surroundings import noise
from ivr.bench.voices import recorded
from ivr.channels.scripted import ScriptedChannel
from ivr.records import CallEvent, EventKind
from ivr.speech.tts import Voice

NOISE_SAMPLES = 20 * RATE
"""of a noise, which then begins again"""

TONE_SECONDS, TONE_DBFS = 8, -20.0


def _cadence(frequencies: tuple[float, ...], on: float, off: float) -> Samples:
    beat = np.concatenate([tone(frequencies, on, TONE_DBFS), silence(round(off * RATE))])
    return np.resize(beat, TONE_SECONDS * RATE)


TONES: Mapping[str, Callable[[], Samples]] = MappingProxyType(
    {
        "dial": lambda: tone((450.0,), TONE_SECONDS, TONE_DBFS),
        "busy": lambda: _cadence((450.0,), 0.35, 0.35),
        "ringback": lambda: _cadence((450.0,), 1.0, 4.0),
        "fax_cng": lambda: _cadence((1100.0,), 0.5, 3.0),
        "fax_ced": lambda: tone((2100.0,), 3.0, TONE_DBFS),
    }
)
"""what machines send: China's tones (facts/speech.md), T.30's of a fax"""


@dataclass(frozen=True)
class Said:
    """What the caller did at one prompt, to be compared with what was heard."""

    state: str
    at: int
    """sample at which it began"""
    words: str | None
    keys: str | None


@dataclass
class ScriptedCaller:
    """Plays one scenario on one channel. One object a call."""

    scenario: Scenario
    channel: ScriptedChannel
    voices: Mapping[str, Voice]
    recordings: Path
    said: list[Said] = field(default_factory=list)
    _asked: dict[str, int] = field(default_factory=dict)
    _pending: Reply | None = None

    def notice(self, event: CallEvent) -> None:
        """An observer of the call."""
        if event.kind is EventKind.STARTED:
            self._line_up()
        elif event.kind is EventKind.SAYING:
            self._pending = self._choose(event)
            if self._pending is not None and self._pending.noise is not None:
                self._surround(self._pending.noise, event.at)
            if self._pending is not None and self._pending.gaps is not None:
                self.channel.lose(self._pending.gaps)
            if self._pending is not None and self._pending.during is not None:
                self._do(self._pending, event.state, event.at + round(self._pending.during * RATE))
                self._pending = None
        elif event.kind is EventKind.SAID and self._pending is not None:
            self._do(self._pending, event.state, event.at + round(self._pending.after * RATE))
            self._pending = None

    def _line_up(self) -> None:
        """What the line does for the whole call."""
        caller = self.scenario.caller
        if caller.noise is not None:
            self._surround(caller.noise, 0)
        self.channel.lose(caller.gaps)
        if caller.echo is not None:
            self.channel.echo(caller.echo)

    def _surround(self, around: Noise, at: int) -> None:
        if around.kind == "none":
            self.channel.surround(at, silence(0))
        else:
            sound = noise(around.kind, NOISE_SAMPLES, around.level, self.recordings)
            self.channel.surround(at, over_the_line(sound))

    def _choose(self, event: CallEvent) -> Reply | None:
        """The reply to this prompt: by one of its keys, else by the state; one further each time it is asked."""
        answers = self.scenario.answers
        place = next((key for key in (*event.prompts, event.state) if key in answers), None)
        if place is None:
            return None
        fitting = [reply for reply in answers[place] if reply.if_ and _holds(reply.if_, event.slots)]
        if fitting:
            return fitting[0]
        plain = [reply for reply in answers[place] if not reply.if_]
        count = self._asked.get(place, 0)
        self._asked[place] = count + 1
        return plain[min(count, len(plain) - 1)] if plain else None

    def _do(self, reply: Reply, state: str, at: int) -> None:
        if reply.hang_up:
            self.channel.ring_off(at)
        elif reply.keys:
            self.channel.press(at, reply.keys)
        elif reply.key_sounds:
            self.channel.speak(at, over_the_line(dtmf(reply.key_sounds)))
        elif reply.tone:
            self.channel.speak(at, over_the_line(TONES[reply.tone]()))
        elif reply.say or reply.wav:
            said = self._at_level(self._sound(reply), reply.level)
            self.channel.speak(at, over_the_line(said))
            if reply.then_tone is not None:
                self.channel.speak(at + len(said) + RATE, over_the_line(TONES[reply.then_tone]()))
            if reply.then_hang_up is not None:
                self.channel.ring_off(at + round(reply.then_hang_up * RATE))
        self.said.append(Said(state, at, reply.say, reply.keys or reply.key_sounds))

    def _sound(self, reply: Reply) -> Samples:
        if reply.wav:
            return recorded(self.recordings / reply.wav)
        caller = self.scenario.caller
        return self.voices[caller.everyone[0]].render(reply.say or "", caller.language)

    def _at_level(self, samples: Samples, level: float | None) -> Samples:
        wanted = level if level is not None else self.scenario.caller.level
        return samples if wanted is None else scale(samples, wanted - active_level(samples).dbfs)


def over_the_line(samples: Samples) -> Samples:
    """As a telephone line carries it: G.711 µ-law and back."""
    return decode_ulaw(encode_ulaw(samples))


def _holds(wanted: Mapping[str, str], slots: Mapping[str, str]) -> bool:
    return all(slots.get(name) == value for name, value in wanted.items())
