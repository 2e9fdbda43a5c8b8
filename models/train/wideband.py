"""Six minutes of 16 kHz speech from Debian's free synthesisers: what the feature map is fitted on (korean.py)."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import soundfile
from scipy.signal import resample_poly

from ivr.errors import VoiceError
from models.train.features import WIDE

ENGLISH = (
    "The quick brown fox jumps over the lazy dog while seven judges watch from the beige house.",
    "Please transfer me to the front desk, I would like to leave a message for room four oh nine.",
    "She sells sea shells, he chose cheap thick cheese, and they measure treasure with pleasure.",
    "Wake me tomorrow morning at a quarter past six, and again at twenty five to seven.",
    "How much does breakfast cost, and where may I join the others for a game of chess?",
)

CHINESE = (
    "qing3 ni3 ming2 tian1 zao3 shang5 qi1 dian3 ban4 jiao4 wo3 qi3 chuang2",
    "wo3 yao4 zhuan3 jie1 qian2 tai2 fang2 jian1 hao4 shi4 san1 ling2 liu4 ba1",
    "si4 shi2 si4 zhi1 shi2 shi1 zi5 zai4 shan1 shang4 chi1 cao3 he1 shui3",
    "xue2 xiao4 de5 yin1 yue4 hui4 cong2 wan3 shang5 jiu3 dian3 kai1 shi3",
)

FLITE_VOICES = ("kal16", "awb", "rms", "slt")

ESPEAK_VARIANTS = ("m1", "m3", "m7", "f1", "f3", "f5")

SECONDS = 60
"""within which a sentence must be said"""


def wideband() -> Iterator[npt.NDArray[np.int16]]:
    """Utterances at 16 kHz; VoiceError where neither flite nor espeak-ng is installed."""
    flite, espeak = shutil.which("flite"), shutil.which("espeak-ng")
    if flite is None and espeak is None:
        raise VoiceError("neither espeak-ng nor flite is installed: apt-get install espeak-ng flite")
    if flite is not None:
        for voice in FLITE_VOICES:
            yield from (_said([flite, "-voice", voice, "-t", text, "-o", "/dev/stdout"]) for text in ENGLISH)
    if espeak is not None:
        for variant in ESPEAK_VARIANTS:
            yield from (_said([espeak, "--stdout", "-v", f"en-us+{variant}", text]) for text in ENGLISH)
            yield from (_said([espeak, "--stdout", "-v", f"cmn-latn-pinyin+{variant}", text]) for text in CHINESE)


def _said(command: list[str]) -> npt.NDArray[np.int16]:
    try:
        made = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS)  # noqa: S603  # our own words
        sound, rate = soundfile.read(io.BytesIO(made.stdout), dtype="float32")
    except (OSError, subprocess.SubprocessError, soundfile.SoundFileError) as error:
        raise VoiceError(f"{command[0]} could not speak: {error}") from error
    wide: npt.NDArray[np.int16] = np.clip(resample_poly(sound, WIDE.rate, rate) * 32767, -32768, 32767).astype(np.int16)
    return wide
