"""The ears of a call: our echo taken out, keys and machines found, each question listened to from its prompt's end."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from ivr.audio.cadence import Tone, ToneKind
from ivr.audio.echo import NOTHING_DBFS, EchoCanceller
from ivr.audio.frame import FRAME, Frame, Samples, silence
from ivr.audio.keypad import KeypadDecoder
from ivr.audio.level import rms_dbfs
from ivr.audio.tone_finder import ToneFinder
from ivr.records import Hearing, Language
from ivr.speech.barge_in import Barged, BargeIn, BargeInRule
from ivr.speech.call_line import CallLine
from ivr.speech.endpoint import EndpointRule
from ivr.speech.listening import MACHINES, Listening, Sounded
from ivr.speech.vad import VoiceDetector
from ivr.speech.vosk_asr import VoskRecogniser

BEGUN = 3
"""frames of voice that make a beginning, as for the endpointer: 60 ms"""

PRE_ROLL = 15
"""frames before the first voice that the recogniser also gets: 300 ms"""

EARLY = 500
"""frames kept from before the prompt's end: who begins to answer in its last ten seconds is heard from the beginning"""

PAUSE = 15
"""frames without voice that end what was said before the prompt's end: 300 ms"""


class Listener:
    """The ears of one call: one detector and one echo canceller for the whole call, one `Listening` a question.

    `key_sounds`: keys come as sound and as nothing else, so they are decoded from it.
    """

    def __init__(self, recogniser: VoskRecogniser, detector: VoiceDetector, *, key_sounds: bool = False) -> None:
        self._recogniser = recogniser
        self._detector = detector
        self._canceller = EchoCanceller()
        self._keypad = KeypadDecoder() if key_sounds else None
        self._tones = ToneFinder()
        self._barge_in = BargeIn()
        self._recent: deque[Sounded] = deque(maxlen=EARLY)
        self._question: Listening | None = None
        self.line = CallLine()
        """what the call's line was like so far"""
        self.barged: Barged | None = None
        """where the caller began to talk over the prompt that is playing"""

    @property
    def machine(self) -> ToneKind | None:
        """A machine's tone that came while we spoke, so that nobody need be spoken to any more."""
        return self._tones.certain if self._tones.certain in MACHINES else None

    def speak(self) -> None:
        """A prompt begins: whoever talks over it is noticed anew."""
        self._barge_in, self.barged = BargeIn(), None

    def watch(self, frame: Frame, ours: Samples) -> str:
        """Follow the line while we play `ours`; the keys that sounded.

        For the noise floor, the echo, machines and barge-in, and so that an early answer does not lose its start.
        """
        keys = self._keys(frame)
        sounded, leak_dbfs = self._sounded(frame, ours)
        if self._tones.push(sounded.frame):
            sounded = replace(sounded, voice=False)
        self.barged = self._barge_in.push(sounded.frame, leak_dbfs, voice=sounded.voice)
        self._recent.append(sounded)
        return keys

    def follow(self, frame: Frame) -> tuple[Sounded, str]:
        """20 ms in which we are silent and nothing is asked: what they are, and the keys that sounded.

        A tone is no voice; `machine` tells when it is sure that nobody is there any more, `tones` since when.
        """
        keys = self._keys(frame)
        sounded, _ = self._sounded(frame, silence(FRAME))
        if self._tones.push(sounded.frame):
            sounded = replace(sounded, voice=False)
        self._recent.append(sounded)
        return sounded, keys

    @property
    def tones(self) -> tuple[Tone, ...]:
        """Every tone since the last question began."""
        return self._tones.tones

    def begin(self, grammars: Mapping[Language, tuple[str, ...]], rule: EndpointRule, longest_keys: int) -> None:
        """Start to listen for an answer; the next frame pushed is the first after the prompt."""
        self._question = Listening(self._recogniser, grammars, rule, longest_keys, self.line.own_level, self.machine)
        early = _begun(tuple(self._recent))
        self._recent.clear()
        self._tones = ToneFinder()
        for sounded in early:
            self._hear(sounded)

    def push(self, frame: Frame, keys: str = "") -> bool:
        """Take 20 ms in which we are silent; True when the outcome is due and `result` may be awaited."""
        keys += self._keys(frame)
        if keys:
            self._current().press(keys, frame.offset)
        return self._hear(self._sounded(frame, silence(FRAME))[0])

    def _keys(self, frame: Frame) -> str:
        return self._keypad.push(frame) if self._keypad else ""

    def _sounded(self, frame: Frame, ours: Samples) -> tuple[Sounded, float]:
        """A frame without our echo, and how loud an echo may be left in it, dBFS."""
        left = self._canceller.push(ours, frame.samples)
        own = replace(frame, samples=left.samples)
        key = bool(self._keypad and self._keypad.sounding)
        voice = self._detector.is_voice(own) and not key
        # what our echo is used to leave is no voice, or every prompt would be an answer to itself
        if voice and left.leak_dbfs > NOTHING_DBFS:
            voice = rms_dbfs(own.samples) >= left.leak_dbfs + BargeInRule.over_leak_db
        return Sounded(own, voice=voice, key=key), left.leak_dbfs

    def _hear(self, sounded: Sounded) -> bool:
        before = tuple(each.frame for each in islice(reversed(self._recent), PRE_ROLL))[::-1]
        self._recent.append(sounded)
        return self._current().push(sounded, before)

    async def result(self) -> Hearing:
        """What was heard; the recogniser's result is awaited here, at the same sample in every run."""
        question = self._current()
        hearing = await question.result()
        if question.report is not None:
            self.line.add(question.report)
        self._question = None
        return hearing

    def stop(self) -> None:
        """Give up listening: the call ended."""
        if self._question is not None:
            self._question.cancel()
            self._question = None

    def _current(self) -> Listening:
        if self._question is None:
            raise RuntimeError("listening was not begun")
        return self._question


def _begun(recent: tuple[Sounded, ...]) -> tuple[Sounded, ...]:
    """The frames of an answer that is being given when the prompt ends, with what lies just before it; else nothing."""
    quiet, first = 0, len(recent)
    for number in range(len(recent) - 1, -1, -1):
        quiet = 0 if recent[number].voice else quiet + 1
        if quiet > PAUSE:
            break
        first = number if recent[number].voice else first
    spoken = sum(each.voice for each in recent[first:])
    return recent[max(0, first - PRE_ROLL) :] if spoken >= BEGUN else ()
