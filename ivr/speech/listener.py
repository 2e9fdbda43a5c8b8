"""Listening once: frames and keys in, one hearing out, all time counted in samples (design rules 1-3)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from itertools import islice

import numpy as np

from ivr.audio.frame import FRAME, RATE, Frame, Samples
from ivr.audio.level import active_level
from ivr.records import Heard, Hearing, HearingKind, Language
from ivr.speech.endpoint import Endpoint, Endpointer, EndpointRule
from ivr.speech.utterance import Utterance
from ivr.speech.vad import VoiceDetector
from ivr.speech.vosk_asr import VoskRecogniser

BEGUN = 3
"""frames of voice that make a beginning, as for the endpointer: 60 ms"""

LATENCY = RATE // 5
"""samples of thinking time after the endpoint: the recogniser's result is awaited exactly there, live and in replay"""

PRE_ROLL = 15
"""frames before the first voice that the recogniser also gets: 300 ms"""

EARLY = 500
"""frames kept from before the prompt's end: who begins to answer in its last ten seconds is heard from the beginning"""

PAUSE = 15
"""frames without voice that end what was said before the prompt's end: 300 ms"""

KEY_GAP = 3 * RATE
"""samples without a further key after which an entry is complete"""


class Listener:
    """The ears of one call: one detector for the whole call, one utterance a question."""

    def __init__(self, recogniser: VoskRecogniser, detector: VoiceDetector) -> None:
        self._recogniser = recogniser
        self._detector = detector
        self._recent: deque[tuple[Frame, bool]] = deque(maxlen=EARLY)
        self._question: _Question | None = None

    def watch(self, frame: Frame) -> None:
        """Follow the line while we speak: for the noise floor, and so that an early answer does not lose its start."""
        self._recent.append((frame, self._detector.is_voice(frame)))

    def begin(self, grammars: Mapping[Language, tuple[str, ...]], rule: EndpointRule, longest_keys: int) -> None:
        """Start to listen for an answer; the next frame pushed is the first after the prompt."""
        self._question = _Question(self._recogniser, grammars, rule, longest_keys)
        early = _begun(tuple(self._recent))
        self._recent.clear()
        for frame, voice in early:
            self._hear(frame, voice=voice)

    def push(self, frame: Frame, keys: str = "") -> bool:
        """Take 20 ms; True when the outcome is due and `result` may be awaited."""
        if keys:
            self._current().press(keys, frame.offset)
        return self._hear(frame, voice=self._detector.is_voice(frame))

    def _hear(self, frame: Frame, *, voice: bool) -> bool:
        before = tuple(each for each, _ in islice(reversed(self._recent), PRE_ROLL))[::-1]
        self._recent.append((frame, voice))
        return self._current().push(frame, before, voice=voice)

    async def result(self) -> Hearing:
        """What was heard; the recogniser's result is awaited here, at the same sample in every run."""
        hearing = await self._current().result()
        self._question = None
        return hearing

    def stop(self) -> None:
        """Give up listening: the call ended."""
        if self._question is not None:
            self._question.cancel()
            self._question = None

    def _current(self) -> _Question:
        if self._question is None:
            raise RuntimeError("listening was not begun")
        return self._question


def _begun(recent: tuple[tuple[Frame, bool], ...]) -> tuple[tuple[Frame, bool], ...]:
    """The frames of an answer that is being given when the prompt ends, with what lies just before it; else nothing."""
    quiet, first = 0, len(recent)
    for number in range(len(recent) - 1, -1, -1):
        quiet = 0 if recent[number][1] else quiet + 1
        if quiet > PAUSE:
            break
        first = number if recent[number][1] else first
    spoken = sum(voice for _, voice in recent[first:])
    return recent[max(0, first - PRE_ROLL) :] if spoken >= BEGUN else ()


class _Question:
    """One listening, from the prompt's end to its outcome."""

    def __init__(
        self,
        recogniser: VoskRecogniser,
        grammars: Mapping[Language, tuple[str, ...]],
        rule: EndpointRule,
        longest_keys: int,
    ) -> None:
        self._recogniser = recogniser
        self._grammars = grammars
        self._endpointer = Endpointer(rule)
        self._longest_keys = longest_keys
        self._keys = ""
        self._last_key = 0
        self._utterances: list[Utterance] = []
        self._spoken: list[Samples] = []
        self._spoken_from = 0
        self._kind: HearingKind | None = None
        self._due = 0

    def press(self, keys: str, at: int) -> None:
        """Keys win over voice: what was being said is dropped."""
        keys = keys if self._keys else keys.lstrip("#")
        if not keys or self._keys_complete():
            return
        self.cancel()
        self._keys += keys
        self._last_key = at
        self._kind = None

    def push(self, frame: Frame, recent: tuple[Frame, ...], *, voice: bool) -> bool:
        if self._keys:
            return self._push_keys(frame)
        if self._kind is None:
            self._push_voice(frame, recent, voice=voice)
        if self._kind is None:
            return False
        return frame.end >= self._due

    def _push_keys(self, frame: Frame) -> bool:
        if not self._keys_complete() and frame.end - self._last_key < KEY_GAP:
            return False
        self._kind, self._due = HearingKind.KEYS, frame.end
        return True

    def _keys_complete(self) -> bool:
        return self._keys.endswith("#") or len(self._keys) >= self._longest_keys or self._keys == "*"

    def _push_voice(self, frame: Frame, recent: tuple[Frame, ...], *, voice: bool) -> None:
        event = self._endpointer.push(frame, voice)
        if event is Endpoint.VOICE_STARTED:
            self._start(recent)
        if self._utterances:
            self._feed(frame)
        if event in {Endpoint.ENDED, Endpoint.TOO_LONG}:
            self._kind, self._due = HearingKind.SPEECH, frame.end + LATENCY
        elif event is Endpoint.SILENT:
            self._kind, self._due = HearingKind.SILENT, frame.end

    def _start(self, recent: tuple[Frame, ...]) -> None:
        """Only now is the recogniser put to work: on silence it would invent words."""
        self._utterances = [self._recogniser.begin(language, phrases) for language, phrases in self._grammars.items()]
        self._spoken_from = recent[0].offset if recent else self._endpointer.voice_start or 0
        for frame in recent:
            self._feed(frame)

    def _feed(self, frame: Frame) -> None:
        self._spoken.append(frame.samples)
        for utterance in self._utterances:
            utterance.feed(frame.samples, frame.offset)

    async def result(self) -> Hearing:
        if self._kind is HearingKind.KEYS:
            return Hearing(HearingKind.KEYS, keys=self._keys, decided=self._due)
        if self._kind is HearingKind.SILENT:
            return Hearing(HearingKind.SILENT, decided=self._due)
        heard: list[Heard] = [await utterance.result() for utterance in self._utterances]
        return Hearing(
            HearingKind.SPEECH,
            heard=tuple(heard),
            level_dbfs=self._level(),
            voice_start=self._endpointer.voice_start,
            voice_end=self._endpointer.voice_end,
            decided=self._due,
        )

    def _level(self) -> float | None:
        start, end = self._endpointer.voice_start, self._endpointer.voice_end
        if start is None or end is None or not self._spoken:
            return None
        samples = np.concatenate(self._spoken)[max(0, start - self._spoken_from) : max(FRAME, end - self._spoken_from)]
        return round(active_level(samples).dbfs, 1)

    def cancel(self) -> None:
        for utterance in self._utterances:
            utterance.cancel()
        self._utterances = []
