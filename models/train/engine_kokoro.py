"""Training speech by Kokoro-82M (Apache-2.0): natural Mandarin and English, with its own durations.

The int8 graph is the quicker one: its weights made float again need 0.79 x real time on one core, int8 0.65 (Conv is
nearly all of it). A run begins and ends with 0.9 s of silence, so that several sentences share one.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
import onnxruntime

from ivr.errors import ModelError, VoiceError
from ivr.records import Language
from ivr.speech.building.units import chinese_pinyin
from models.train import chinese_ipa, english_ipa, kokoro_graph
from models.train.english_ipa import Sound
from models.train.espeak import espeak
from models.train.spoken import Sound as Samples
from models.train.spoken import Span, Spoken, spoken
from models.train.text import Sentence

RATE = 24_000
FRAME = 600
"""samples of one step of its durations, 25 ms"""

LEAD = 3
"""steps by which every sound comes before its predicted place: measured for four voices, both languages, two speeds
(vowels are loudest and stops quietest with labels moved by 60 to 90 ms)"""

VOICES = ("jf_alpha", "jf_gongitsune", "jf_tebukuro", "jm_kumo")
"""those to learn from; jf_nezumi is kept for evaluation"""

WOMEN = VOICES[:3]
JITTER = 0.03
"""standard deviation added to a style: another throat with the same manner"""

LONGEST = 400
"""symbols; the model takes 510"""

ENDS = (".", ".", ".", "?", "!")
"""between sentences; each brings another melody, and a pause to cut in (commas hardly pause)"""


SILENT = 10**-4.0
"""of the loudest step's power: -40 dB, the pause at which sentences are cut apart"""

Steps = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Style:
    """A mix of voices, and how far pitch and formants are shifted."""

    name: str
    shares: tuple[float, ...]
    jitter: float
    shift: float


@dataclass(frozen=True)
class Piece:
    """One sentence's symbols."""

    sentence: Sentence
    sounds: tuple[Sound, ...]

    @property
    def symbols(self) -> str:
        return "".join(sound.symbols for sound in self.sounds)


@dataclass(frozen=True)
class Part:
    """A sentence's place in a sound of several, in steps."""

    piece: Piece
    spans: tuple[Span, ...]
    gap: tuple[int, int]
    """between which steps the next sentence may be cut off"""


class Kokoro:
    """One session on one thread."""

    name = "kokoro"
    languages: tuple[Language, ...] = ("zh", "en")

    def __init__(self, cache: Path) -> None:
        """`cache` keeps the joined model. VoiceError where a package is missing."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            kokoro_graph.with_durations(kokoro_graph.assembled(cache)), options, providers=["CPUExecutionProvider"]
        )
        self._symbols: dict[str, int] = json.loads(kokoro_graph.data("vocab.json"))["vocab"]
        with np.load(io.BytesIO(kokoro_graph.data("voices_ja.npz"))) as voices:
            self._voices = np.stack([voices[name].reshape(-1, 256) for name in VOICES])

    @property
    def at_once(self) -> int:
        return 4

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        style = _style(rng)
        pieces = [piece for sentence in sentences if (piece := self._piece(sentence)) is not None]
        # some alone: a single word has a melody of its own
        size = 1 if rng.random() < 0.2 else len(pieces)
        groups = [pieces[start : start + size] for start in range(0, len(pieces), size)]
        return [each for group in groups for each in self._run(group, style, rng)]

    def _piece(self, sentence: Sentence) -> Piece | None:
        try:
            sounds = _chinese(sentence.text) if sentence.language == "zh" else _english(sentence.text)
        except (ModelError, VoiceError):
            return None
        known = tuple(sound for sound in sounds if set(sound.symbols) <= set(self._symbols))
        return Piece(sentence, known) if len(known) == len(sounds) else None

    def _run(self, pieces: Sequence[Piece], style: Style, rng: Random) -> list[Spoken]:
        ends = [rng.choice(ENDS) for _ in pieces]
        if rng.random() < 0.3:
            ends[-1] = ""
        text = " ".join(piece.symbols + end for piece, end in zip(pieces, ends, strict=True))
        if not 0 < len(text) <= LONGEST:
            return []
        sound, steps = self._synthesise(text, style, rng)
        parts = _timeline(pieces, ends, steps)
        found: list[Spoken] = []
        start = first = 0
        for number, part in enumerate(parts):
            last = number + 1 == len(parts)
            stop = len(sound) // FRAME if last else _quiet_step(sound, *part.gap)
            if stop is None:
                # read on without a pause: then both are one clip
                continue
            found += _clip(parts[first : number + 1], sound, start, stop, style)
            start, first = stop, number + 1
        return found

    def _synthesise(self, text: str, style: Style, rng: Random) -> tuple[Samples, Steps]:
        symbols = [self._symbols[symbol] for symbol in text]
        noise = np.random.default_rng(rng.getrandbits(64)).normal(0.0, 1.0, 256)
        weights = np.array(style.shares) @ self._voices[:, min(len(symbols), 509) - 1]
        vector = (weights + style.jitter * noise).astype(np.float32).reshape(1, 256)
        # shifting up shortens: speak slower before
        speed = np.array([rng.uniform(0.75, 1.25) / style.shift], dtype=np.float32)
        sound, steps = self._session.run(
            None, {"tokens": np.array([[0, *symbols, 0]], dtype=np.int64), "style": vector, "speed": speed}
        )
        return np.asarray(sound, dtype=np.float32).ravel(), np.asarray(steps).ravel()


def _style(rng: Random) -> Style:
    """The man alone more often than each woman, else a mix; shifted by what keeps each believable."""
    way = rng.random()
    if way < 0.25:
        return Style("kumo", (0.0, 0.0, 0.0, 1.0), JITTER * (rng.random() < 0.5), rng.uniform(0.88, 1.25))
    if way < 0.40:
        chosen = rng.choice(WOMEN)
        shares = tuple(float(voice == chosen) for voice in VOICES)
        return Style(chosen[3:], shares, JITTER * (rng.random() < 0.5), rng.uniform(0.80, 1.12))
    drawn = [rng.gammavariate(0.6, 1.0) + 1e-6 for _ in VOICES]
    shares = tuple(each / sum(drawn) for each in drawn)
    low = 0.8 if shares[3] < 0.5 else 0.9
    return Style("mix", shares, JITTER, rng.uniform(low, 1.18))


def _chinese(text: str) -> list[Sound]:
    syllables = iter(chinese_pinyin(text))
    found: list[Sound] = []
    for stretch in text.split():
        found += [Sound((), " ")] if found else []
        found += chinese_ipa.sounds([next(syllables) for _ in stretch])
    return found


def _english(text: str) -> list[Sound]:
    # without full stops the letter is read as the article
    written = f"{text} ".replace(" a m ", " A.M. ").replace(" p m ", " P.M. ").strip()
    found = english_ipa.sounds(espeak().ipa(written).strip())
    return [sound for sound in found if sound.symbols]


def _timeline(pieces: Sequence[Piece], ends: Sequence[str], steps: Steps) -> list[Part]:
    """Where each piece lies in the sound that all share."""
    parts: list[Part] = []
    place, time = 1, max(0, int(steps[0]) - LEAD)
    lasting = 0
    for piece, end in zip(pieces, ends, strict=True):
        spans = [Span(0, time)]
        for each in piece.sounds:
            length = len(each.symbols)
            lasting = int(steps[place : place + length].sum())
            place += length
            time += lasting
            if each.units:
                spans += _spans(each, spans[-1].end, time)
            else:
                # a blank between words is no silence: both sides share it
                spans[-1] = Span(spans[-1].unit, spans[-1].end + lasting / 2)
        # the end's mark, and the blank behind it or the model's own last symbol
        rest = len(end) + 1
        silence = int(steps[place : place + rest].sum())
        place += rest
        # silence is counted to the last sound as well, so that the cut may lie in it
        parts.append(Part(piece, tuple(spans), (time - lasting * 2 // 3, time + silence)))
        time += silence
    return parts


def _quiet_step(sound: Samples, first: int, last: int) -> int | None:
    """The middle of the quietest steps among first … last; None if none is silent."""
    power = np.square(sound[: len(sound) // FRAME * FRAME].reshape(-1, FRAME)).mean(axis=1)
    around = power[first - 1 : last] + power[first : last + 1]
    quiet = np.flatnonzero(around <= SILENT * float(power.max()))
    return first + int(quiet[len(quiet) // 2]) if len(quiet) else None


def _spans(sound: Sound, start: float, end: float) -> list[Span]:
    """Spans of a sound's units, in equal parts."""
    width = (end - start) / len(sound.units)
    return [Span(unit, start + width * (number + 1)) for number, unit in enumerate(sound.units)]


def _clip(parts: Sequence[Part], sound: Samples, start: int, stop: int, style: Style) -> list[Spoken]:
    """The sound of these parts between two steps, its spans in seconds; nothing if it came out unusable."""
    step = FRAME / RATE / style.shift
    absolute = [*(span for part in parts for span in part.spans), Span(0, stop)]
    timed = [Span(span.unit, (span.end - start) * step) for span in absolute]
    units = [span.unit for span in timed if span.unit]
    sentences = [part.piece.sentence for part in parts]
    said = Sentence(" ".join(sentence.text for sentence in sentences), sentences[0].language)
    name = f"{style.name}*{style.shift:.2f}"
    try:
        return [spoken(said, sound[start * FRAME : stop * FRAME], RATE * style.shift, units, timed, name)]
    except VoiceError:
        return []
