"""When the endpointer ends an answer: too soon, too late, never; beside plain webrtcvad on the same sound.

`ivr bench endpoint` prints the table (docs/hearing.md, “Endpointing”).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
import webrtcvad

from ivr.audio.frame import RATE, Frame, Samples, frames, silence
from ivr.audio.g711 import decode_ulaw, encode_ulaw
from ivr.audio.level import active_level, scale
from ivr.audio.pcm import to_fractions, to_pcm
from ivr.audio.resample import resample
from ivr.audio.wav import read_wav
from ivr.bench.line_sounds import NOISES, Source
from ivr.bench.voices import Recording, recorded
from ivr.errors import AudioError
from ivr.records import Language
from ivr.speech.endpoint import Endpoint, Endpointer, EndpointRule, rule_for
from ivr.speech.tts import Voice
from ivr.speech.vad import MODE, VoiceDetector, WebrtcVoiceDetector
from ivr.speech.voices import CALLER_VOICES

LEVEL = -20.0
"""dBFS, active speech level of an answer (P.56)"""

TRIM_DBFS = -50.0
"""a piece begins and ends with 10 ms that are louder: the true end. A single sample that is, in the recording's own
noise, would not do: it made pauses of 1.1 s (lab: c5_endpoint.py trims by the sample)"""

HOP = RATE // 100

EARLY = RATE // 20
"""samples before the true end from which an end is a cut-off: a last 50 ms is breath (lab: c5_endpoint.py)"""

FLOOR_DBFS = -72.0
"""of the line itself"""

WATCHED = 2 * RATE
"""samples of line before the listening, in which a detector learns the floor: the prompt that we play meanwhile"""

TAIL = 16 * RATE
"""samples of line after the answer: more than the longest utterance that is still to come"""

DIGITS: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": ("零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "幺"),
        "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "oh"),
    }
)

SHORT: Mapping[Language, tuple[str, ...]] = MappingProxyType(
    {
        "zh": ("好", "对", "是", "是的", "好的", "不用", "不", "不对", "行", "可以"),
        "en": ("yes", "no", "yeah", "sure", "okay", "correct", "right", "no thanks"),
    }
)
"""answers to yes or no"""

TIMES: Mapping[Language, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "zh": (("明天", "早上", "七点", "半"), ("早上", "六点", "四十五分"), ("晚上", "十点"), ("七点", "三刻")),
        "en": (("tomorrow", "at", "half past six"), ("seven", "forty five", "in the morning"), ("six", "thirty")),
    }
)
"""clock times, cut where a slow speaker pauses"""

Pieces = tuple[Samples, ...]


class Fate(StrEnum):
    """What became of one answer."""

    ENDED = "ended"
    CUT = "cut"
    """ended before the caller had"""
    MISSED = "missed"
    """never began"""
    TOO_LONG = "too long"
    """the line after it was taken for voice, up to the longest utterance"""


@dataclass(frozen=True)
class Answer:
    """What a caller says to one kind of question."""

    suite: str
    kind: str
    """key of endpoint.TRAILING_MS"""
    samples: Samples
    """from its first to its last audible sample, at LEVEL"""


@dataclass(frozen=True)
class Condition:
    """One kind of line; all of them over µ-law."""

    name: str
    gain: float = 0.0
    """dB on the voice"""
    under: float = 0.0
    """dB of the voice over the background"""
    background: str = ""


CONDITIONS = (
    Condition("clean"),
    Condition("pink 15 dB", under=15.0, background="pink"),
    Condition("-45 dBFS", gain=-25.0),
    Condition("babble 25 dB", under=25.0, background="babble"),
    Condition("music 25 dB", under=25.0, background="music"),
)


@dataclass(frozen=True)
class Trial:
    """One answer over one line."""

    suite: str
    condition: str
    detector: str
    fate: Fate
    latency: float
    """seconds from the true end to the endpoint"""
    onset: float | None
    """seconds from the true start until the voice is noticed; negative: the background was"""


@dataclass(frozen=True)
class Figure:
    """All trials of one suite, line and detector; shares 0.0 to 1.0, seconds of those that ended."""

    suite: str
    condition: str
    detector: str
    trials: int
    cut: float
    missed: float
    too_long: float
    onset_p95: float | None
    latency_p50: float | None
    latency_p95: float | None


class PlainDetector:
    """webrtcvad as it comes: neither scaled nor warmed up."""

    def __init__(self) -> None:
        self._vad = webrtcvad.Vad(MODE)

    def is_voice(self, frame: Frame) -> bool:
        return bool(self._vad.is_speech(frame.samples.tobytes(), RATE))


OURS, PLAIN = "ours", "webrtcvad"

DETECTORS: Mapping[str, tuple[Callable[[], VoiceDetector], Callable[[EndpointRule], EndpointRule]]] = MappingProxyType(
    {
        OURS: (WebrtcVoiceDetector, lambda rule: rule),
        PLAIN: (PlainDetector, lambda rule: replace(rule, gate_db=np.inf, quiet_gate_db=np.inf)),
    }
)


def answers(
    voices: Mapping[str, Voice], known: Sequence[Recording], digits: Path | None, cases: int, seed: int
) -> Iterator[Answer]:
    """`cases` answers of each suite; one seed gives the same for ever. AudioError for a folder without digits."""
    said = {language: _spoken(voices, language) for language in DIGITS}
    if digits is not None:
        yield from _some("digits, human", "room", cases, seed, _strings(human_digits(digits)))
    for language, speakers in said.items():
        words = [tuple(say(word) for word in DIGITS[language]) for say in speakers]
        yield from _some(f"digits, {language}", "room", cases, seed, _strings(words))
    short = [(say(word),) for language, speakers in said.items() for say in speakers for word in SHORT[language]]
    short += [(audible(recorded(each.path)),) for each in known if each.kind == "agreement"]
    yield from _some("yes or no", "agreement", cases, seed, _phrases(short))
    menu = [(audible(recorded(each.path)),) for each in known if each.kind in {"menu", "universal", "half", "day"}]
    yield from _some("one of a menu", "menu", cases, seed, _phrases(menu))
    slow = [
        tuple(say(part) for part in time)
        for language, speakers in said.items()
        for say in speakers
        for time in TIMES[language]
    ]
    yield from _some("slow clock time", "clock_time", cases, seed, _phrases(slow, (0.3, 0.8)))


def human_digits(folder: Path) -> list[Pieces]:
    """The digits of each speaker of `folder`, whose files are named DIGIT_SPEAKER_NUMBER.wav; AudioError for none."""
    speakers: dict[str, list[Samples]] = {}
    for path in sorted(folder.glob("[0-9]_*_*.wav")):
        sound = read_wav(path)
        speakers.setdefault(path.stem.split("_")[1], []).append(audible(resample(sound.samples, sound.rate)))
    if not speakers:
        raise AudioError("no digits here: expected files such as 7_name_0.wav", where=folder)
    return [tuple(said) for said in speakers.values()]


def audible(samples: Samples) -> Samples:
    """From the first to the last 10 ms over −50 dBFS; nothing if there are none."""
    hops = to_fractions(samples[: len(samples) // HOP * HOP]).reshape(-1, HOP)
    (loud,) = np.nonzero(np.mean(np.square(hops), axis=1) > 10.0 ** (TRIM_DBFS / 10.0))
    return samples[loud[0] * HOP : (loud[-1] + 1) * HOP] if len(loud) else samples[:0]


def over(answer: Answer, condition: Condition, babble: Pieces, source: Source) -> tuple[Samples, int]:
    """The line on which `answer` is given, and the sample at which it begins."""
    lead = WATCHED + round(source.uniform(0.5, 1.5) * RATE)
    line = np.concatenate([silence(lead), scale(answer.samples, condition.gain), silence(TAIL)])
    sound = to_fractions(line) + source.standard_normal(len(line)) * _factor(FLOOR_DBFS)
    if condition.background:
        under = NOISES[condition.background](source, len(line), babble)
        sound += under * _factor(LEVEL + condition.gain - condition.under)
    return decode_ulaw(encode_ulaw(to_pcm(sound))), lead


def listen(line: Samples, detector: VoiceDetector, rule: EndpointRule) -> tuple[Endpoint, int, int | None]:
    """How the listening ended, at which sample, and the sample at which the voice was noticed."""
    endpointer, noticed = Endpointer(rule), None
    for frame in frames(line):
        voice = detector.is_voice(frame)
        event = endpointer.push(frame, voice) if frame.offset >= WATCHED else None
        if event is Endpoint.VOICE_STARTED:
            noticed = frame.end
        elif event is not None:
            return event, frame.end, noticed
    raise AudioError("the line is shorter than the longest listening")


def trial(answer: Answer, condition: Condition, babble: Pieces, seed: str) -> Iterator[Trial]:
    """The same line to every detector."""
    line, start = over(answer, condition, babble, np.random.RandomState(zlib.crc32(seed.encode())))
    end = start + len(answer.samples)
    for name, (detector, ruled) in DETECTORS.items():
        event, at, noticed = listen(line, detector(), ruled(rule_for(answer.kind)))
        onset = None if noticed is None else (noticed - start) / RATE
        yield Trial(answer.suite, condition.name, name, _fate(event, at, end), (at - end) / RATE, onset)


def trials(
    given: Iterable[Answer], known: Sequence[Recording], seed: int, tell: Callable[[], None] = lambda: None
) -> Iterator[Trial]:
    """Every answer over every line; in the background talk the `known` recordings of rooms and times."""
    babble = tuple(_at_level(audible(recorded(each.path))) for each in known if each.kind in {"room", "time"})
    for number, answer in enumerate(given):
        for condition in CONDITIONS:
            yield from trial(answer, condition, babble, f"{seed}/{number}/{condition.name}")
            tell()


def figures(tried: Iterable[Trial]) -> tuple[Figure, ...]:
    """One figure a suite, line and detector, in the order in which they were tried."""
    groups: dict[tuple[str, str, str], list[Trial]] = {}
    for each in tried:
        groups.setdefault((each.suite, each.condition, each.detector), []).append(each)
    return tuple(_figure(*place, group) for place, group in groups.items())


def _figure(suite: str, condition: str, detector: str, group: Sequence[Trial]) -> Figure:
    def share(fate: Fate) -> float:
        return sum(each.fate is fate for each in group) / len(group)

    latency = [each.latency for each in group if each.fate is Fate.ENDED]
    onset = [each.onset for each in group if each.onset is not None]
    return Figure(
        suite,
        condition,
        detector,
        len(group),
        share(Fate.CUT),
        share(Fate.MISSED),
        share(Fate.TOO_LONG),
        _percentile(onset, 95),
        _percentile(latency, 50),
        _percentile(latency, 95),
    )


def _percentile(values: Sequence[float], percent: int) -> float | None:
    return round(float(np.percentile(values, percent)), 3) if values else None


def _fate(event: Endpoint, at: int, end: int) -> Fate:
    if event is Endpoint.SILENT:
        return Fate.MISSED
    if at < end - EARLY:
        return Fate.CUT
    return Fate.ENDED if event is Endpoint.ENDED else Fate.TOO_LONG


def _some(suite: str, kind: str, cases: int, seed: int, make: Callable[[Source], Samples]) -> Iterator[Answer]:
    source = np.random.RandomState(zlib.crc32(f"{seed}/{suite}".encode()))
    for _ in range(cases):
        yield Answer(suite, kind, _at_level(make(source)))


def _strings(speakers: Sequence[Pieces]) -> Callable[[Source], Samples]:
    def make(source: Source) -> Samples:
        own = speakers[source.randint(len(speakers))]
        return _paused([own[source.randint(len(own))] for _ in range(source.randint(3, 12))], (0.3, 0.7), source)

    return make


def _phrases(phrases: Sequence[Pieces], pauses: tuple[float, float] = (0.0, 0.0)) -> Callable[[Source], Samples]:
    return lambda source: _paused(phrases[source.randint(len(phrases))], pauses, source)


def _paused(pieces: Sequence[Samples], pauses: tuple[float, float], source: Source) -> Samples:
    said = [part for piece in pieces for part in (piece, silence(round(source.uniform(*pauses) * RATE)))]
    return np.concatenate(said[:-1])


def _spoken(voices: Mapping[str, Voice], language: Language) -> list[Callable[[str], Samples]]:
    """Each synthetic caller of a language, as a function from words to what is audible of them."""
    names = [name for name, caller in CALLER_VOICES.items() if caller.language == language and name in voices]
    return [partial(_said, voices[name], language) for name in names]


def _said(voice: Voice, language: Language, text: str) -> Samples:
    return audible(voice.render(text, language))


def _at_level(samples: Samples) -> Samples:
    return scale(samples, LEVEL - active_level(samples).dbfs)


def _factor(db: float) -> float:
    return float(10.0 ** (db / 20.0))
