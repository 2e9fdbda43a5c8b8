"""Speaks the phrases of tests/audio/hearing and tests/audio/other with the desk's engine; the WAV files are committed.

8 kHz mono PCM16, speech at -20 dBFS, 0.3 s before and 0.5 s after it, no noise. From the repository's root:
`python -m tests.audio.make_hearing`.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.wav import write_wav
from ivr.records import Language
from ivr.speech.tts import Pyttsx3Voice
from ivr.speech.voices import CALLER_RATE, VoiceChoice

FOLDER = Path(__file__).parent / "hearing"

PHRASES: dict[str, tuple[Language, str]] = {
    "zh-yes": ("zh", "是的"),
    "zh-half-past-seven": ("zh", "早上七点半"),
    "zh-room-1208": ("zh", "一二零八"),
    "en-yes": ("en", "yes"),
    "en-half-past-six": ("en", "half past six"),
    "en-room-1208": ("en", "one two oh eight"),
}

OTHERS: dict[str, tuple[str, str]] = {
    "cantonese-wake-me": ("sit/yue", "唔該你聽朝七點鐘叫我起身"),
    "cantonese-do-you-hear": ("sit/yue", "喂你聽唔聽到我講嘢呀"),
    "german-wake-me": ("gmw/de", "Bitte wecken Sie mich morgen um sieben Uhr"),
    "german-room": ("gmw/de", "Ich wohne im Zimmer neben dem Aufzug"),
}
"""callers in a language that the desk does not speak (S13): espeak's voice, words"""


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    with Pyttsx3Voice() as voice:
        for name, (language, text) in PHRASES.items():
            _write(FOLDER / f"{name}.wav", voice.render(text, language))
    (FOLDER.parent / "other").mkdir(exist_ok=True)
    for name, (espeak, text) in OTHERS.items():
        with Pyttsx3Voice({"zh": VoiceChoice(espeak, CALLER_RATE)}) as voice:
            _write(FOLDER.parent / "other" / f"{name}.wav", voice.render(text, "zh"))


def _write(path: Path, spoken: Samples) -> None:
    write_wav(path, np.concatenate([silence(RATE * 3 // 10), spoken, silence(RATE // 2)]))


if __name__ == "__main__":
    main()
