"""Rendered prompts on disk: the same words in the same voice are synthesised once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import struct
import threading
import zlib
from collections import OrderedDict
from pathlib import Path

import numpy as np

from ivr.audio.frame import RATE, Samples
from ivr.log import logger
from ivr.records import Language
from ivr.speech.tts import Voice

HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
"""RIFF and fmt chunks of a mono PCM16 WAV, up to the length of its data"""

CHECK = struct.Struct("<4sII")
"""a last chunk `crc `, which players skip: CRC-32 of all before it"""


class VoiceCache:
    """WAV files (8 kHz, int16) named by `cache_key`, behind an LRU memory of `memory_bytes`; thread-safe.

    Never raises: a damaged entry counts as missing, a folder that cannot be read or written is reported once and
    then done without. Without a folder there is only the memory. A folder that holds more than `disk_bytes` when it
    is opened loses the least lately read files.
    """

    def __init__(self, folder: Path | None, *, memory_bytes: int = 32_000_000, disk_bytes: int = 1_000_000_000) -> None:
        self._folder = folder
        self._memory: OrderedDict[str, Samples] = OrderedDict()
        self._memory_used = 0
        self._memory_bytes = memory_bytes
        self._lock = threading.Lock()
        self._warned = False
        if folder is None:
            return
        try:
            folder.mkdir(parents=True, exist_ok=True)
            _prune(folder, disk_bytes)
        except OSError as error:
            self._warn(error)

    def get(self, key: str) -> Samples | None:
        """Find the samples kept under `key`, read-only; None where there are none that can be trusted."""
        with self._lock:
            if key in self._memory:
                self._memory.move_to_end(key)
                return self._memory[key]
        samples = self._read(key)
        if samples is not None:
            self._remember(key, samples)
        return samples

    def put(self, key: str, samples: Samples) -> Samples:
        """Keep `samples` under `key`, on disk whole or not at all; gives back the read-only copy that is kept."""
        kept = samples.copy()
        kept.flags.writeable = False
        self._remember(key, kept)
        if self._folder is not None:
            self._write(self._folder / f"{key}.wav", kept)
        return kept

    def _write(self, path: Path, samples: Samples) -> None:
        part = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            try:
                part.write_bytes(_pack(samples))
                part.replace(path)
            finally:
                # On a full disk the half file would stay.
                part.unlink(missing_ok=True)
        except OSError as error:
            self._warn(error)

    def _read(self, key: str) -> Samples | None:
        if self._folder is None:
            return None
        path = self._folder / f"{key}.wav"
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._warn(error)
            return None
        # Marks it as used for `_prune`; on a read-only disk nothing is pruned either.
        with contextlib.suppress(OSError):
            os.utime(path)
        return _unpack(data)

    def _remember(self, key: str, samples: Samples) -> None:
        with self._lock:
            known = self._memory.pop(key, None)
            self._memory_used += samples.nbytes - (0 if known is None else known.nbytes)
            self._memory[key] = samples
            while self._memory_used > self._memory_bytes:
                self._memory_used -= self._memory.popitem(last=False)[1].nbytes

    def _warn(self, error: OSError) -> None:
        if self._warned:
            return
        self._warned = True
        logger().warning(
            "voice_cache_unusable",
            folder=str(self._folder),
            reason=str(error),
            remedy="prompts are synthesised again each time: give it a writable folder with free space",
        )


class CachedVoice:
    """A voice that asks the cache first. Samples are read-only. Raises VoiceError as the voice does."""

    def __init__(self, voice: Voice, cache: VoiceCache) -> None:
        self._voice = voice
        self._cache = cache

    @property
    def name(self) -> str:
        return self._voice.name

    def render(self, text: str, language: Language) -> Samples:
        key = cache_key(self._voice.name, text, language)
        kept = self._cache.get(key)
        return self._cache.put(key, self._voice.render(text, language)) if kept is None else kept


def cache_key(voice_name: str, text: str, language: Language) -> str:
    """SHA-256 of all that shapes the sound: the voice's name (versions, settings), the language and the text."""
    # surrogatepass: the voice refuses such a text with a better message
    return hashlib.sha256(f"{voice_name}\0{language}\0{text}".encode("utf-8", "surrogatepass")).hexdigest()


def _pack(samples: Samples) -> bytes:
    data = samples.astype("<i2").tobytes()
    body = _header(len(data)) + data
    return body + CHECK.pack(b"crc ", 4, zlib.crc32(body))


def _unpack(data: bytes) -> Samples | None:
    body, check = data[: -CHECK.size], data[-CHECK.size :]
    sound = body[HEADER.size :]
    if not sound or body[: HEADER.size] != _header(len(sound)) or check != CHECK.pack(b"crc ", 4, zlib.crc32(body)):
        return None
    samples = np.frombuffer(sound, dtype="<i2").astype(np.int16)
    samples.flags.writeable = False
    return samples


def _header(size: int) -> bytes:
    riff = HEADER.size - 8 + size + CHECK.size
    return HEADER.pack(b"RIFF", riff, b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16, b"data", size)


def _prune(folder: Path, disk_bytes: int) -> None:
    """Remove the files that were not read for longest, down to nine tenths of `disk_bytes`, if it is exceeded."""
    found = [
        (entry.stat().st_mtime, entry.stat().st_size, entry.path) for entry in os.scandir(folder) if entry.is_file()
    ]
    used = sum(size for _, size, _ in found)
    if used <= disk_bytes:
        return
    for _, size, path in sorted(found):
        Path(path).unlink(missing_ok=True)
        used -= size
        if used <= 0.9 * disk_bytes:
            return
