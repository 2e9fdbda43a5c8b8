"""Speaks the few phrases of tests/audio/hearing with the desk's own engine; the WAV files are committed.

8 kHz mono PCM16, speech at -20 dBFS, 0.3 s before and 0.5 s after it, no noise. From the repository's root:
`python -m tests.audio.make_hearing`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ivr.audio.frame import RATE, silence
from ivr.audio.wav import write_wav
from ivr.records import Language
from ivr.speech.tts import Pyttsx3Voice

FOLDER = Path(__file__).parent / "hearing"

PHRASES: dict[str, tuple[Language, str]] = {
    "zh-yes": ("zh", "是的"),
    "zh-half-past-seven": ("zh", "早上七点半"),
    "zh-room-1208": ("zh", "一二零八"),
    "en-yes": ("en", "yes"),
    "en-half-past-six": ("en", "half past six"),
    "en-room-1208": ("en", "one two oh eight"),
}


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with Pyttsx3Voice() as voice:
        for name, (language, text) in PHRASES.items():
            spoken = voice.render(text, language)
            write_wav(FOLDER / f"{name}.wav", np.concatenate([silence(RATE * 3 // 10), spoken, silence(RATE // 2)]))


if __name__ == "__main__":
    main()
