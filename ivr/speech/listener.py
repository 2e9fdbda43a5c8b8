"""Listening once: frames and keys in, one hearing out, all time counted in samples (design rules 1-3)."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Frame
from ivr.audio.keypad import KeypadDecoder
from ivr.audio.tone_finder import ToneFinder
from ivr.records import Heard, Hearing, HearingKind, Language
from ivr.speech.call_line import CallLine
from ivr.speech.endpoint import Endpoint, Endpointer, EndpointRule
from ivr.speech.line import LineCheck, LineKind, LineReport
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


MACHINES = frozenset({ToneKind.DIAL, ToneKind.BUSY, ToneKind.RINGBACK, ToneKind.FAX_CNG, ToneKind.FAX_CED})
"""tones that mean that nobody is there; any other is only a noise on the line"""

KINDS: Mapping[LineKind, HearingKind] = MappingProxyType(
    {
        LineKind.SILENT: HearingKind.SILENT,
        LineKind.UNANSWERED: HearingKind.UNANSWERED,
        LineKind.TOO_QUIET: HearingKind.TOO_QUIET,
        LineKind.NOISY: HearingKind.NOISY,
        LineKind.CHOPPY: HearingKind.CHOPPY,
        LineKind.TONE: HearingKind.TONE,
        LineKind.NORMAL: HearingKind.SPEECH,
    }
)
"""what a line's kind means for the answer: the line decides, not the recogniser's luck (design rule 2)"""


class Listener:
    """The ears of one call: one detector for the whole call, one utterance a question.

    `key_sounds`: keys come as sound and as nothing else, so they are decoded from it.
    """

    def __init__(self, recogniser: VoskRecogniser, detector: VoiceDetector, *, key_sounds: bool = False) -> None:
        self._recogniser = recogniser
        self._detector = detector
        self._keypad = KeypadDecoder() if key_sounds else None
        self._tones = ToneFinder()
        self._recent: deque[_Heard] = deque(maxlen=EARLY)
        self._question: _Question | None = None
        self.line = CallLine()
        """what the call's line was like so far"""

    @property
    def machine(self) -> ToneKind | None:
        """A machine's tone that came while we spoke, so that nobody need be spoken to any more."""
        return self._tones.certain if self._tones.certain in MACHINES else None

    def watch(self, frame: Frame) -> str:
        """Follow the line while we speak; keys by their sound.

        For the noise floor, for machines, and so that an early answer does not lose its start.
        """
        keys = self._keys(frame)
        tone = self._tones.push(frame)
        self._recent.append(self._heard(frame, tone=tone))
        return keys

    def begin(self, grammars: Mapping[Language, tuple[str, ...]], rule: EndpointRule, longest_keys: int) -> None:
        """Start to listen for an answer; the next frame pushed is the first after the prompt."""
        self._question = _Question(self._recogniser, grammars, rule, longest_keys, self.line.own_level, self.machine)
        early = _begun(tuple(self._recent))
        self._recent.clear()
        self._tones = ToneFinder()
        for heard in early:
            self._hear(heard)

    def push(self, frame: Frame, keys: str = "") -> bool:
        """Take 20 ms; True when the outcome is due and `result` may be awaited."""
        keys += self._keys(frame)
        if keys:
            self._current().press(keys, frame.offset)
        return self._hear(self._heard(frame))

    def _keys(self, frame: Frame) -> str:
        return self._keypad.push(frame) if self._keypad else ""

    def _heard(self, frame: Frame, *, tone: bool = False) -> _Heard:
        key = bool(self._keypad and self._keypad.sounding)
        return _Heard(frame, voice=self._detector.is_voice(frame) and not (tone or key), key=key)

    def _hear(self, heard: _Heard) -> bool:
        before = tuple(each.frame for each in islice(reversed(self._recent), PRE_ROLL))[::-1]
        self._recent.append(heard)
        return self._current().push(heard, before)

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

    def _current(self) -> _Question:
        if self._question is None:
            raise RuntimeError("listening was not begun")
        return self._question


@dataclass(frozen=True)
class _Heard:
    """20 ms and what they are."""

    frame: Frame
    voice: bool
    key: bool
    """a keypad tone sounds"""


def _begun(recent: tuple[_Heard, ...]) -> tuple[_Heard, ...]:
    """The frames of an answer that is being given when the prompt ends, with what lies just before it; else nothing."""
    quiet, first = 0, len(recent)
    for number in range(len(recent) - 1, -1, -1):
        quiet = 0 if recent[number].voice else quiet + 1
        if quiet > PAUSE:
            break
        first = number if recent[number].voice else first
    spoken = sum(each.voice for each in recent[first:])
    return recent[max(0, first - PRE_ROLL) :] if spoken >= BEGUN else ()


class _Question:
    """One listening, from the prompt's end to its outcome."""

    def __init__(  # noqa: PLR0913, PLR0917 - what a listening depends on
        self,
        recogniser: VoskRecogniser,
        grammars: Mapping[Language, tuple[str, ...]],
        rule: EndpointRule,
        longest_keys: int,
        own_level: float | None,
        machine: ToneKind | None,
    ) -> None:
        self._recogniser = recogniser
        self._grammars = grammars
        self._endpointer = Endpointer(rule)
        self._longest_keys = longest_keys
        self._own_level = own_level
        self._machine = machine
        self._check = LineCheck(rule.wait)
        self._keys = ""
        self._last_key = 0
        self._utterances: list[Utterance] = []
        self._due: int | None = None
        self.report: LineReport | None = None
        """what the line was like; None when keys answered"""

    def press(self, keys: str, at: int) -> None:
        """Keys win over voice: what was being said is dropped."""
        keys = keys if self._keys else keys.lstrip("#")
        if not keys or self._keys_complete():
            return
        self.cancel()
        self._keys += keys
        self._last_key = at
        self._due, self.report = None, None

    def push(self, heard: _Heard, recent: tuple[Frame, ...]) -> bool:
        if self._keys:
            return self._push_keys(heard.frame)
        if self._due is None:
            self._check.add(heard.frame, heard.voice, key=heard.key)
            self._push_voice(heard, recent)
        return self._due is not None and heard.frame.end >= self._due

    def _push_keys(self, frame: Frame) -> bool:
        if not self._keys_complete() and frame.end - self._last_key < KEY_GAP:
            return False
        self._due = frame.end
        return True

    def _keys_complete(self) -> bool:
        return self._keys.endswith("#") or len(self._keys) >= self._longest_keys or self._keys == "*"

    def _push_voice(self, heard: _Heard, recent: tuple[Frame, ...]) -> None:
        frame = heard.frame
        if self._machine or self._check.certain_tone in MACHINES:
            self.cancel()
            self._end(frame.end)
            return
        event = self._endpointer.push(frame, heard.voice and not self._check.tone_sounds)
        if event is Endpoint.VOICE_STARTED:
            self._start(recent)
        if self._utterances:
            self._feed(frame)
        if event in {Endpoint.ENDED, Endpoint.TOO_LONG}:
            self._end(frame.end + LATENCY)
        elif event is Endpoint.SILENT:
            self._end(frame.end)

    def _end(self, due: int) -> None:
        self._due, self.report = due, self._check.report(self._own_level)

    def _start(self, recent: tuple[Frame, ...]) -> None:
        """Only now is the recogniser put to work: on silence it would invent words."""
        self._utterances = [self._recogniser.begin(language, phrases) for language, phrases in self._grammars.items()]
        for frame in recent:
            self._feed(frame)

    def _feed(self, frame: Frame) -> None:
        for utterance in self._utterances:
            utterance.feed(frame.samples, frame.offset)

    async def result(self) -> Hearing:
        due, report = self._due or 0, self.report
        if report is None:
            return Hearing(HearingKind.KEYS, keys=self._keys, decided=due)
        heard: list[Heard] = [await utterance.result() for utterance in self._utterances]
        machine = self._machine or (report.tone if report.tone in MACHINES else None)
        return Hearing(
            self._kind(report, machine, words=any(each.text for each in heard)),
            heard=tuple(heard),
            level_dbfs=report.level_dbfs,
            snr_db=report.snr_db,
            line=LineKind.TONE if machine else report.kind,
            tone=(machine or report.tone or ""),
            gap_share=report.gap_share,
            voice_start=self._endpointer.voice_start,
            voice_end=self._endpointer.voice_end,
            decided=due,
        )

    def _kind(self, report: LineReport, machine: ToneKind | None, *, words: bool) -> HearingKind:
        if machine and (self._machine or report.kind is LineKind.TONE or self._check.certain_tone in MACHINES):
            return HearingKind.TONE
        if report.kind is LineKind.TONE:
            return HearingKind.NOISY
        # a very short word is no voice by its length, but a word all the same
        if report.kind is LineKind.SILENT and words:
            return HearingKind.SPEECH
        return KINDS[report.kind]

    def cancel(self) -> None:
        for utterance in self._utterances:
            utterance.cancel()
        self._utterances = []
