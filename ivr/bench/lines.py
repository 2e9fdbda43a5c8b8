"""How well the line check tells one kind of line from another: seeded cases, real voices, real detectors, figures."""

from __future__ import annotations

import csv
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Samples, frames
from ivr.audio.g711 import decode_ulaw, encode_ulaw
from ivr.audio.keypad import KeypadDecoder
from ivr.audio.tones import DTMF_KEYS, NoiseFloor, dtmf
from ivr.audio.wav import write_wav
from ivr.bench.line_cases import WAIT, LineCase, at_level, cases, over_noise
from ivr.bench.line_sounds import NOISES
from ivr.bench.voices import known_recordings, recorded
from ivr.errors import IvrError
from ivr.records import LANGUAGES
from ivr.speech.line import LineCheck, LineKind, LineReport
from ivr.speech.silero import voice_detector
from ivr.speech.tts import Voice
from ivr.speech.voices import CALLER_VOICES

LEVELS = tuple(float(level) for level in range(-36, -61, -2))
"""dBFS of the curve over level"""

SNRS = tuple(float(snr) for snr in range(20, -1, -2))
"""dB of the curve over noise"""

POINT_SHARE = 6
"""a point of a curve gets a sixth of a kind's cases"""

EVERY_TEXT = 3
"""of the recorded texts, which the synthetic voices say too"""

KEYS_A_STRING = 8

Tell = Callable[[int, int], None]
"""gets how much is done, of how much"""


@dataclass(frozen=True)
class Judged:
    """A case and what the line check made of it."""

    case: LineCase
    report: LineReport
    keys: str
    """that the keypad's decoder heard in it"""


@dataclass(frozen=True)
class Point:
    """One point of a curve: `called` of `tried` windows were given the curve's kind."""

    curve: str
    value: float
    called: int
    tried: int


@dataclass(frozen=True)
class KeyLine:
    """Strings of keys over one line: how many came out right."""

    dbfs: float
    snr: float
    ms: int
    """of each tone and of each pause"""
    right: int
    tried: int


@dataclass
class Cost:
    """Seconds of processor that so many seconds of sound took."""

    sound: float = 0.0
    detector: float = 0.0
    check: float = 0.0
    keypad: float = 0.0
    report: float = 0.0
    """of the slowest report"""


@dataclass(frozen=True)
class LineFigures:
    """One detector's figures."""

    detector: str
    judged: tuple[Judged, ...]
    curves: tuple[Point, ...]
    cost: Cost

    @property
    def confusion(self) -> Mapping[LineKind, Counter[LineKind]]:
        """Kind → what its cases were called."""
        table: dict[LineKind, Counter[LineKind]] = {kind: Counter() for kind in LineKind}
        for each in self.judged:
            table[each.case.kind][each.report.kind] += 1
        return table

    @property
    def right(self) -> tuple[int, int]:
        return sum(each.case.kind is each.report.kind for each in self.judged), len(self.judged)

    @property
    def tones(self) -> tuple[int, int]:
        """Tones whose kind was right, of all."""
        tones = [each for each in self.judged if each.case.tone is not None]
        return sum(each.report.tone is each.case.tone for each in tones), len(tones)

    @property
    def false_keys(self) -> int:
        """Keys heard where nobody pressed one."""
        return sum(len(each.keys) for each in self.judged if each.case.tone is not ToneKind.DTMF)


def spoken(voices: Mapping[str, Voice], folder: Path) -> tuple[Samples, ...]:
    """What the cases are made of: every recording of `folder`, and the synthetic callers with a third of the texts."""
    kept = known_recordings(folder)
    texts = {each: sorted({one.text for one in kept if one.language == each})[::EVERY_TEXT] for each in LANGUAGES}
    synthetic = [
        voices[name].render(text, caller.language)
        for name, caller in CALLER_VOICES.items()
        for text in texts[caller.language]
    ]
    return (*(recorded(each.path) for each in kept), *synthetic)


def measure(detector: str, voices: Sequence[Samples], count: int, seed: int, tell: Tell) -> LineFigures:
    """`count` cases of each kind and both curves with one detector (a key of silero.DETECTORS); SettingsError."""
    cost = Cost()
    all_cases = cases(voices, count, seed)
    points = tuple(_windows(voices, max(1, count // POINT_SHARE), seed))
    total = len(all_cases) + sum(len(windows) for *_, windows in points)
    done = 0

    def judged(case: LineCase) -> Judged:
        nonlocal done
        done += 1
        tell(done, total)
        return judge(case, detector, cost)

    found = tuple(judged(case) for case in all_cases)
    curves = tuple(
        Point(curve, value, sum(judged(case).report.kind is case.kind for case in windows), len(windows))
        for curve, value, windows in points
    )
    return LineFigures(detector, found, curves, cost)


def judge(case: LineCase, detector: str, cost: Cost | None = None) -> Judged:
    """Play one case through a fresh detector, keypad decoder and line check."""
    spent = Cost() if cost is None else cost
    ears, keypad, check = voice_detector(detector), KeypadDecoder(), LineCheck(WAIT)
    keys = ""
    for frame in frames(case.samples):
        start = time.process_time()
        voice = ears.is_voice(frame)
        heard = time.process_time()
        keys += keypad.push(frame)
        decoded = time.process_time()
        check.add(frame, voice, key=bool(keypad.sounding))
        spent.check += time.process_time() - decoded
        spent.detector += heard - start
        spent.keypad += decoded - heard
    start = time.process_time()
    report = check.report(case.own_level)
    spent.report = max(spent.report, time.process_time() - start)
    spent.sound += len(case.samples) / RATE
    return Judged(case, report, keys)


def _windows(voices: Sequence[Samples], count: int, seed: int) -> Iterator[tuple[str, float, list[LineCase]]]:
    """The points of both curves: name, value, windows whose kind is the one that is counted."""
    for dbfs in LEVELS:
        sounds = [at_level(voices, dbfs, f"{seed}/level/{dbfs:g}/{number}") for number in range(count)]
        yield "level", dbfs, [LineCase(f"level {dbfs:g} dBFS", LineKind.TOO_QUIET, sound) for sound in sounds]
    for noise in NOISES:
        for snr in SNRS:
            sounds = [over_noise(voices, noise, snr, f"{seed}/{noise}/{snr:g}/{number}") for number in range(count)]
            yield noise, snr, [LineCase(f"{noise} {snr:g} dB", LineKind.NOISY, sound) for sound in sounds]


def press(count: int, seed: int) -> tuple[KeyLine, ...]:
    """`count` strings of keys over each of several lines, through µ-law: level, noise, length."""
    lines = [(dbfs, snr, ms) for dbfs in (-5.0, -20.0, -35.0) for snr in (30.0, 15.0, 12.0) for ms in (40, 70)]
    return tuple(
        KeyLine(dbfs, snr, ms, sum(_is_decoded(dbfs, snr, ms, [seed, number]) for number in range(count)), count)
        for dbfs, snr, ms in lines
    )


def _is_decoded(dbfs: float, snr: float, ms: int, seed: list[int]) -> bool:
    source = np.random.RandomState(seed)
    keys = "".join(DTMF_KEYS[source.randint(len(DTMF_KEYS))] for _ in range(KEYS_A_STRING))
    lead = np.zeros(source.randint(RATE // 10, RATE // 2), dtype=np.int16)
    sound = np.concatenate([lead, dtmf(keys, ms, ms, min(dbfs, -6.1)), lead])
    noisy = NoiseFloor(max(-90.0, dbfs - snr), source.randint(2**31)).add(sound, 0)
    decoder = KeypadDecoder()
    return "".join(decoder.push(frame) for frame in frames(decode_ulaw(encode_ulaw(noisy)))) == keys


def write_cases(folder: Path, found: Sequence[LineCase]) -> Path:
    """Every case as a WAV file, beside a `cases.csv` that says what each is; IvrError when the disk refuses."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        table = folder / "cases.csv"
        with table.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["file", "kind", "what", "tone", "own_level_dbfs"])
            for case in found:
                name, _, what = case.name.partition(" ")
                write_wav(folder / f"{name}.wav", case.samples, RATE)
                own = "" if case.own_level is None else f"{case.own_level:.1f}"
                writer.writerow([f"{name}.wav", case.kind.value, what, case.tone or "", own])
    except OSError as error:
        raise IvrError(f"cannot be written ({error}): name another folder", where=folder) from error
    return table
