"""espeak-ng as a library in this process: sound with the moment of every phoneme, and text as IPA.

Only for making training speech: what it says first changes what it says later (ivr/speech/tts_worker.py), so that a
resumed run differs in tiny ways from an unbroken one.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import espeakng_loader
import numpy as np

from ivr.audio.frame import Samples
from ivr.errors import VoiceError

AUDIO_RETRIEVAL = 1
PHONEMES_AS_IPA = 1 | 2
NO_EXIT = 0x8000
UTF8 = 1
RATE, PITCH, RANGE = 1, 3, 4
"""parameters of espeak_SetParameter"""
LIST_END, PHONEME = 0, 7
"""kinds of event"""
IPA = 2
"""phoneme mode of espeak_TextToPhonemes"""


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Phone:
    """A phoneme in IPA (a pause begins with `_`), and the sample at which it begins."""

    ipa: str
    start: int


@dataclass(frozen=True)
class Said:
    """int16 at the library's own rate, and its phonemes in order."""

    samples: Samples
    phones: tuple[Phone, ...]


class Espeak:
    """The one instance of the library that a process can have; get it from `espeak()`."""

    def __init__(self) -> None:
        """VoiceError where espeakng-loader's data is missing."""
        data = Path(espeakng_loader.get_data_path())
        if not (data / "phontab").is_file():
            raise VoiceError("espeak's data is missing: reinstall espeakng-loader", where=data)
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate: int = self._library.espeak_Initialize(
            AUDIO_RETRIEVAL, 0, str(data).encode(), PHONEMES_AS_IPA | NO_EXIT
        )
        if self.rate <= 0:
            raise VoiceError("espeak could not be started: reinstall espeakng-loader", where=data)
        self.variants = tuple(sorted(file.name for file in (data / "voices" / "!v").iterdir()))
        self._sound: list[Samples] = []
        self._phones: list[Phone] = []
        self._receive = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._receive)
        self._library.espeak_TextToPhonemes.restype = ctypes.c_char_p

    def say(self, text: str, voice: str, rate: int = 175, pitch: int = 50, melody: int = 50) -> Said:
        """Speak in `voice` (sit/cmn-Latn-pinyin+f2); rate in words a minute, pitch and melody 0 … 100. VoiceError."""
        self._use(voice)
        for parameter, value in ((RATE, rate), (PITCH, pitch), (RANGE, melody)):
            self._library.espeak_SetParameter(parameter, value, 0)
        self._sound, self._phones = [], []
        encoded = text.encode() + b"\0"
        fault = self._library.espeak_Synth(encoded, len(encoded), 0, 1, 0, UTF8, None, None)
        self._library.espeak_Synchronize()
        if fault or not self._sound:
            raise VoiceError(f"espeak said nothing to {text!r} (status {fault})")
        return Said(np.concatenate(self._sound), tuple(self._phones))

    def ipa(self, text: str, voice: str = "gmw/en-US") -> str:
        """How espeak would pronounce it; a line break between clauses."""
        self._use(voice)
        rest = ctypes.c_char_p(text.encode())
        clauses: list[str] = []
        while rest.value:
            clauses.append(self._library.espeak_TextToPhonemes(ctypes.byref(rest), UTF8, IPA).decode())
        return "\n".join(clauses)

    def _use(self, voice: str) -> None:
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise VoiceError(f"espeak has no voice {voice!r}")

    def _take(self, sound: ctypes._Pointer[ctypes.c_short], count: int, events: ctypes._Pointer[_Event]) -> int:
        if sound and count > 0:
            self._sound.append(np.ctypeslib.as_array(sound, (count,)).copy())
        place = 0
        while events[place].type != LIST_END:
            event = events[place]
            if event.type == PHONEME:
                self._phones.append(Phone(bytes(event.id.string).decode("utf-8", "replace"), event.sample))
            place += 1
        return 0


@lru_cache(maxsize=1)
def espeak() -> Espeak:
    """The library, started at the first call."""
    return Espeak()
