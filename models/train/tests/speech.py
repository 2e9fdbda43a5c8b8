"""A handful of espeak clips for tests of training: a few words each, durations shared out evenly."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
from numpy.random import Generator
from scipy.signal import resample_poly

from ivr.bench.exam.corpus import HOP, Clip, Corpus, Shard
from ivr.speech.building.units import english_units, pinyin_units
from models.train.examples import Samples

ENGLISH = ("yes", "no", "room three", "wake me up", "front desk", "seven thirty", "zero nine", "hello")

CHINESE = ("shi4 de5", "bu4 yao4", "qian2 tai2", "jiao4 xing3", "liu2 yan2", "qu3 xiao1")


def corpus(folder: Path) -> Corpus:
    """Fourteen clips of which every third has no durations; the last two are of the tune split."""
    said = [*((text, "en") for text in ENGLISH), *((text, "zh") for text in CHINESE)]
    with Shard(folder, "espeak") as shard:
        for number, (text, language) in enumerate(said):
            samples = _spoken(text, "en-us" if language == "en" else "cmn-latn-pinyin")
            units = tuple(english_units(text) if language == "en" else pinyin_units(text.split()))
            shared = tuple(
                int(each) for each in np.diff(np.linspace(0, len(samples) // HOP, len(units) + 1).astype(int))
            )
            known = number % 3 != 2
            shard.add(
                Clip(
                    name=f"espeak-{language}-{number}",
                    text=text,
                    language="en" if language == "en" else "zh",
                    units=units,
                    voice="espeak",
                    engine="espeak",
                    split="train" if number < len(said) - 2 else "tune",
                    seconds=len(samples) / 8000,
                    durations=shared if known else None,
                    pauses=(0,) * (len(units) + 1) if known else None,
                ),
                samples,
            )
    return Corpus(folder)


def hissing(samples: Samples, rng: Generator, *, voices: Sequence[Samples] = ()) -> Samples:
    """The simplest bad line."""
    assert all(len(voice) for voice in voices)
    noisy = samples + rng.normal(0, 30, len(samples))
    return np.clip(noisy, -32768, 32767).astype(np.int16)


def _spoken(text: str, voice: str) -> Samples:
    command = [shutil.which("espeak-ng") or "espeak-ng", "-v", voice, "--stdout", text]
    made = subprocess.run(command, capture_output=True, check=True, timeout=60)
    sound, rate = soundfile.read(io.BytesIO(made.stdout))
    samples: Samples = (resample_poly(sound, 8000, rate).clip(-1, 1) * 32767).astype(np.int16)
    return samples
