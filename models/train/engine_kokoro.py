"""Training speech by Kokoro-82M (Apache-2.0): natural Mandarin and English, with its own durations.

The int8 graph is the quicker one: its weights made float again need 0.79 x real time on one core, int8 0.65 (Conv is
nearly all of it). A run begins and ends with 0.9 s of silence, so that several sentences share one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.errors import ModelError, VoiceError
from ivr.records import Language
from ivr.speech.building.units import chinese_pinyin
from models.train import chinese_ipa, english_ipa, kokoro_graph
from models.train.accents import ACCENTS, Accent, accented
from models.train.english_ipa import Sound
from models.train.espeak import espeak
from models.train.kokoro_styles import styles
from models.train.spoken import Sound as Samples
from models.train.spoken import Span, Spoken, spoken
from models.train.text import Sentence

RATE = 24_000
FRAME = 600
"""samples of one step of its durations, 25 ms"""

LEAD = 3
"""steps by which every sound comes before its predicted place: measured for four voices, both languages, two speeds
(vowels are loudest and stops quietest with labels moved by 60 to 90 ms)"""

JITTER = 0.03
"""standard deviation added to a style: another throat with the same manner"""

NATIVE: Mapping[Language, str] = {"zh": "z", "en": "ab"}
"""first letters of the voices that were made for a language"""

WOMAN = "f"
"""second letter of a woman's voice"""

ACCENTED, TO_ITSELF = 0.5, 0.7
"""share of English with an accent, and of that the share in voices that have it by themselves"""

ALONE = 0.25
"""share of batches whose sentences are said one by one"""

PACES = (0.72, 1.32)
"""speed of speech beside the voice's own"""

LONGEST = 400
"""symbols; the model takes 510"""

ENDS = (".", ".", ".", "?", "!")
"""between sentences; each brings another melody, and a pause to cut in (commas hardly pause)"""


SILENT = 10**-4.0
"""of the loudest step's power: -40 dB, the pause at which sentences are cut apart"""

Steps = npt.NDArray[np.int64]

Session = Callable[[Mapping[str, npt.NDArray[Any]]], Sequence[npt.NDArray[Any]]]
"""the graph: its inputs by name → sound and durations"""


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

    def __init__(self, cache: Path, device: str = "auto", accented: float = ACCENTED) -> None:
        """`cache` keeps the joined model; `device` is torch's name of one, auto for an accelerator where there is one.

        VoiceError where a package is missing.
        """
        model = kokoro_graph.with_durations(kokoro_graph.assembled(cache))
        self._text = Text(accented)
        self._sound = Sounding(_on_accelerator(model, device) or on_processor(model))

    @property
    def at_once(self) -> int:
        return 4

    def speak(self, sentences: Sequence[Sentence], seed: str) -> list[Spoken]:
        return [each for run in self._text.runs(sentences, seed) for each in self._sound.render(run)]


@dataclass(frozen=True)
class Run:
    """What one run of the graph says: known before any sound is made, so that other machines can make it."""

    pieces: tuple[Piece, ...]
    ends: tuple[str, ...]
    style: Style
    pace: float
    """speed before the shift"""
    seed: int
    """of the jitter"""

    @property
    def text(self) -> str:
        return " ".join(piece.symbols + end for piece, end in zip(self.pieces, self.ends, strict=True))


class Text:
    """From sentences to runs; needs dictionaries, but no graph."""

    def __init__(self, accented: float = ACCENTED) -> None:
        """`accented` is the share of English with an accent."""
        self._accented = accented
        self._symbols = symbols()
        self._names = styles().names

    def runs(self, sentences: Sequence[Sentence], seed: str) -> list[Run]:
        rng = Random(seed)  # noqa: S311 - not for secrets
        language = sentences[0].language
        accent = rng.choice(list(ACCENTS.values())) if language == "en" and rng.random() < self._accented else None
        own = accent.voices if accent and rng.random() < TO_ITSELF else NATIVE[language]
        style = _style(rng, own, self._names)
        pieces = [piece for sentence in sentences if (piece := self._piece(sentence, accent, rng)) is not None]
        # some alone: a single word has a melody of its own
        longest = 0 if rng.random() < ALONE else LONGEST
        return [self._run(group, style, rng) for group in _groups(pieces, longest)]

    def _run(self, pieces: Sequence[Piece], style: Style, rng: Random) -> Run:
        ends = [rng.choice(ENDS) for _ in pieces]
        if rng.random() < 0.3:
            ends[-1] = ""
        return Run(tuple(pieces), tuple(ends), style, rng.uniform(*PACES), rng.getrandbits(64))

    def _piece(self, sentence: Sentence, accent: Accent | None, rng: Random) -> Piece | None:
        try:
            sounds = _chinese(sentence.text) if sentence.language == "zh" else _english(sentence.text)
        except (ModelError, VoiceError):
            return None
        if accent:
            sounds = accented(sounds, accent, rng)
        known = tuple(sound for sound in sounds if set(sound.symbols) <= set(self._symbols))
        return Piece(sentence, known) if len(known) == len(sounds) else None


class Sounding:
    """From runs to clips; needs the graph, but no dictionary."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._symbols = symbols()
        self._styles = styles()

    def render(self, run: Run) -> list[Spoken]:
        sound, steps = self._synthesise(run)
        parts = _timeline(run.pieces, run.ends, steps)
        found: list[Spoken] = []
        start = first = 0
        for number, part in enumerate(parts):
            last = number + 1 == len(parts)
            stop = len(sound) // FRAME if last else _quiet_step(sound, *part.gap)
            if stop is None:
                # read on without a pause: then both are one clip
                continue
            found += _clip(parts[first : number + 1], sound, start, stop, run.style)
            start, first = stop, number + 1
        return found

    def _synthesise(self, run: Run) -> tuple[Samples, Steps]:
        tokens = [self._symbols[symbol] for symbol in run.text]
        noise = np.random.default_rng(run.seed).normal(0.0, 1.0, 256)
        vector = self._styles.mixed(run.style.shares, len(tokens)) + run.style.jitter * noise
        # shifting up shortens: speak slower before
        speed = np.array([run.pace / run.style.shift], dtype=np.float32)
        sound, steps = self._session(
            {"tokens": np.array([[0, *tokens, 0]]), "style": vector.astype(np.float32).reshape(1, 256), "speed": speed}
        )
        return np.asarray(sound, dtype=np.float32).ravel(), np.asarray(steps).ravel()


def symbols() -> dict[str, int]:
    """The graph's symbols and their numbers; VoiceError where the voice's package is missing."""
    known: dict[str, int] = json.loads(kokoro_graph.data("vocab.json"))["vocab"]
    return known


def _groups(pieces: Sequence[Piece], longest: int) -> list[list[Piece]]:
    """Pieces in a row of about `longest` symbols at most; a piece that is longer than the model takes is left out."""
    groups: list[list[Piece]] = []
    size = 0
    for piece in pieces:
        length = len(piece.symbols) + 2
        if length > LONGEST:
            continue
        if not groups or size + length > longest:
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += length
    return groups


def _on_accelerator(model: bytes, device: str) -> Session | None:
    """The graph in torch, where torch has an accelerator or a device is named: twenty times as quick there."""
    if device == "auto" and find_spec("torch") is None:
        return None
    import torch  # noqa: PLC0415 - the processor's engine does without

    from models.train.onnx_torch import Graph  # noqa: PLC0415 - likewise

    if device == "auto" and not torch.cuda.is_available():
        return None
    return Graph(model, torch.device("cuda" if device == "auto" else device)).run


def on_processor(model: bytes) -> Session:
    """Onnxruntime on one core."""
    import onnxruntime  # noqa: PLC0415 - an accelerator does without

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return lambda inputs: session.run(None, inputs)


def _style(rng: Random, own: str, names: Sequence[str]) -> Style:
    """A voice whose name begins like `own`, a mix, or any voice at all; shifted by what keeps each believable."""
    native = [number for number, name in enumerate(names) if name[0] in own]
    way = rng.random()
    if way < 0.35:
        chosen = [rng.choice(native)]
    elif way < 0.6:
        chosen = rng.sample(native, min(len(native), rng.choice([2, 2, 3])))
    elif way < 0.8:
        chosen = [rng.choice(native), *rng.sample(range(len(names)), rng.choice([1, 2]))]
    else:
        chosen = rng.sample(range(len(names)), rng.choice([1, 1, 2, 3]))
    drawn = [rng.gammavariate(0.8, 1.0) + 1e-6 for _ in chosen]
    shares = [0.0] * len(names)
    for number, each in zip(chosen, drawn, strict=True):
        shares[number] += each / sum(drawn)
    woman = sum(share for share, name in zip(shares, names, strict=True) if name[1] == WOMAN)
    low, high = (0.80, 1.14) if woman > 0.5 else (0.88, 1.25)
    jitter = JITTER if len(chosen) > 1 else JITTER * (rng.random() < 0.5)
    name = names[chosen[0]] if len(chosen) == 1 else "mix"
    return Style(name, tuple(shares), jitter, rng.uniform(low, high) if rng.random() < 0.8 else 1.0)


def _chinese(text: str) -> list[Sound]:
    syllables = iter(chinese_pinyin(text))
    found: list[Sound] = []
    for stretch in text.split():
        found += [Sound((), " ")] if found else []
        found += chinese_ipa.sounds([next(syllables) for _ in stretch])
    return found


def _english(text: str) -> list[Sound]:
    found = english_ipa.sounds(espeak().ipa(english_ipa.with_letters(text)).strip())
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
