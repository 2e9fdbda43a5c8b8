"""One listening: from the prompt's end to what came of it, all time counted in samples (design rules 1-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Frame
from ivr.records import Heard, Hearing, HearingKind, Language
from ivr.speech.endpoint import Endpoint, Endpointer, EndpointRule
from ivr.speech.line import LineCheck, LineKind, LineReport
from ivr.speech.utterance import Utterance
from ivr.speech.vosk_asr import VoskRecogniser

LATENCY = RATE // 5
"""samples of thinking time after the endpoint: the recogniser's result is awaited exactly there, live and in replay"""

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


@dataclass(frozen=True)
class Sounded:
    """20 ms and what they are."""

    frame: Frame
    voice: bool
    key: bool
    """a keypad tone sounds"""


class Listening:
    """One listening, from the prompt's end to its outcome. One object a question."""

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

    def push(self, sounded: Sounded, recent: tuple[Frame, ...]) -> bool:
        if self._keys:
            return self._push_keys(sounded.frame)
        if self._due is None:
            self._check.add(sounded.frame, sounded.voice, key=sounded.key)
            self._push_voice(sounded, recent)
        return self._due is not None and sounded.frame.end >= self._due

    def _push_keys(self, frame: Frame) -> bool:
        if not self._keys_complete() and frame.end - self._last_key < KEY_GAP:
            return False
        self._due = frame.end
        return True

    def _keys_complete(self) -> bool:
        return self._keys.endswith("#") or len(self._keys) >= self._longest_keys or self._keys == "*"

    def _push_voice(self, sounded: Sounded, recent: tuple[Frame, ...]) -> None:
        frame = sounded.frame
        if self._machine or self._check.certain_tone in MACHINES:
            self.cancel()
            self._end(frame.end)
            return
        event = self._endpointer.push(frame, sounded.voice and not self._check.tone_sounds)
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
