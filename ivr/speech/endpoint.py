"""When a caller begins and ends to speak: counted in samples, from the detector's word and the voice's own loudness."""

from __future__ import annotations

from bisect import insort
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from ivr.audio.frame import FRAME, RATE, Frame
from ivr.audio.level import rms_dbfs
from ivr.speech.floor import Floor

MS = RATE // 1000
"""samples in a millisecond"""

TRAILING_MS: Mapping[str, int] = MappingProxyType({"agreement": 500, "menu": 600, "clock_time": 900, "room": 900})
"""silence that ends an answer, by kind of question. Digit strings with pauses: 800 ms cuts up to 10 % of them, 900 ms
none; yes and no can end far sooner (facts/speech.md, “Listening”). Who pauses for 800 ms within a clock time is cut
in noise by 800 ms, hardly by 900 (measured here: `ivr bench endpoint`)"""

LONGEST_MS: Mapping[str, int] = MappingProxyType(
    {"agreement": 6000, "menu": 10_000, "clock_time": 10_000, "room": 15_000}
)
"""an answer is cut here: eleven digits with pauses take up to 13 s, behind a yes it is babble (`ivr bench endpoint`)"""


@dataclass(frozen=True)
class EndpointRule:
    """How long we wait, and what counts as a beginning and an end; lengths in samples at 8 kHz."""

    wait: int = 5000 * MS
    """silence after the prompt before `silent` (house rule S4; a flow's `wait`)"""
    trailing: int = 600 * MS
    """silence that ends an utterance; see TRAILING_MS"""
    longest: int = 10_000 * MS
    """an utterance is cut here: babble or music never ends a turn by itself (facts/speech.md); see LONGEST_MS"""
    begin: int = 60 * MS
    """voice within the last `begin_within` that makes a beginning (lab: c5_endpoint.py)"""
    begin_within: int = 120 * MS
    gate_db: float = 22.0
    """voice so far under the utterance's peak, which `begin` samples reach, does not prolong it where the line itself
    is that loud. 25 dB left 17 of 40 menu answers unended in music 25 dB under them, 22 dB none; 20 dB cuts more
    digits in noise (measured here: `ivr bench endpoint --seed 6`)"""
    quiet_gate_db: float = 40.0
    """the same on a quiet line, where a weak syllable is no background. 25 dB cut 2 of 40 slow clock times, 40 dB none
    (measured here: `ivr bench endpoint --seed 4`)"""
    over_floor_db: float = 12.0
    """babble reaches so far over the floor of its line; 6 dB left every third string of digits unended in it, 15 dB cut
    every twelfth English one (measured likewise)"""


def rule_for(kind: str, wait: int = 5000 * MS) -> EndpointRule:
    """The rule for a kind of question (a key of TRAILING_MS; KeyError for another) and a wait in samples.

    Nothing is cut before the wait is over: only then can be told who talks to somebody else (S5).
    """
    longest = max(LONGEST_MS[kind] * MS, wait + 1000 * MS)
    return EndpointRule(wait=wait, trailing=TRAILING_MS[kind] * MS, longest=longest)


class Endpoint(StrEnum):
    """What a frame brought; the last three end the listening."""

    VOICE_STARTED = "voice_started"
    ENDED = "ended"
    SILENT = "silent"
    TOO_LONG = "too_long"


class Endpointer:
    """Follows one answer, frame by frame, from the end of the prompt.

    VOICE_STARTED comes at most once; one of the others comes last, at the latest after `wait` + `begin_within` +
    `longest` samples, and then no more.
    """

    def __init__(self, rule: EndpointRule) -> None:
        self._rule = rule
        self._began: int | None = None
        self._recent: deque[Frame] = deque()
        self._peak = _Peak(max(1, rule.begin // FRAME))
        self._floor = Floor()
        self.voice_start: int | None = None
        """first sample of the voice, counted in the call; None before it"""
        self.voice_end: int | None = None
        """first sample after the voice, so far"""
        self.outcome: Endpoint | None = None
        """ENDED, SILENT or TOO_LONG once the listening is over"""

    def push(self, frame: Frame, voice: bool) -> Endpoint | None:  # noqa: FBT001  the detector's plain answer
        """Take the next 20 ms with the detector's word on them; frames after the end change nothing."""
        if self.outcome is not None:
            return None
        self._began = frame.offset if self._began is None else self._began
        self._floor.add(rms_dbfs(frame.samples))
        if self.voice_start is None or self.voice_end is None:
            event = self._waiting(frame, voice, self._began)
        else:
            event = self._speaking(frame, voice, self.voice_start, self.voice_end)
        self.outcome = None if event is Endpoint.VOICE_STARTED else event
        return event

    def _waiting(self, frame: Frame, voice: bool, began: int) -> Endpoint | None:  # noqa: FBT001  as above
        if voice:
            self._recent.append(frame)
        while self._recent and self._recent[0].offset < frame.end - self._rule.begin_within:
            self._recent.popleft()
        if sum(len(voiced.samples) for voiced in self._recent) >= self._rule.begin:
            self.voice_start, self.voice_end = self._recent[0].offset, self._recent[-1].end
            for voiced in self._recent:
                self._peak.add(rms_dbfs(voiced.samples))
            return Endpoint.VOICE_STARTED
        # a voice that begins just now gets its chance
        grace = self._rule.begin_within if self._recent else 0
        return Endpoint.SILENT if frame.end - began >= self._rule.wait + grace else None

    def _speaking(self, frame: Frame, voice: bool, start: int, end: int) -> Endpoint | None:  # noqa: FBT001  as above
        if voice and self._is_loud(frame):
            self.voice_end = end = frame.end
        if frame.end - end >= self._rule.trailing:
            return Endpoint.ENDED
        if frame.end - start >= self._rule.longest:
            return Endpoint.TOO_LONG
        return None

    def _is_loud(self, frame: Frame) -> bool:
        level = rms_dbfs(frame.samples)
        self._peak.add(level)
        peak, rule = self._peak.dbfs, self._rule
        quiet = max(peak - rule.quiet_gate_db, self._floor.dbfs + rule.over_floor_db)
        return level >= min(peak - rule.gate_db, quiet)


class _Peak:
    """The level that so many of the loudest frames reach: one click in the line makes no peak."""

    def __init__(self, frames: int) -> None:
        self._frames = frames
        self._loudest: list[float] = []

    def add(self, dbfs: float) -> None:
        insort(self._loudest, dbfs)
        del self._loudest[: -self._frames]

    @property
    def dbfs(self) -> float:
        return self._loudest[0]
