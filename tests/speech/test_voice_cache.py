from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from ivr.audio.frame import RATE, Samples
from ivr.audio.wav import read_wav
from ivr.records import Language
from ivr.speech.tts import Pyttsx3Voice, Voice
from ivr.speech.voice_cache import CachedVoice, VoiceCache, cache_key

ROOT = Path(__file__).parents[2]


class CountingVoice:
    """Passes each text on, and counts."""

    def __init__(self, voice: Voice) -> None:
        self.voice = voice
        self.count = 0

    @property
    def name(self) -> str:
        return self.voice.name

    def render(self, text: str, language: Language) -> Samples:
        self.count += 1
        return self.voice.render(text, language)


@pytest.fixture(scope="module")
def pyttsx3_voice() -> Iterator[Pyttsx3Voice]:
    with Pyttsx3Voice() as voice:
        yield voice


@pytest.fixture
def voice(pyttsx3_voice: Pyttsx3Voice) -> CountingVoice:
    return CountingVoice(pyttsx3_voice)


def entry(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_a_text_is_synthesised_once_and_survives_a_restart(voice: CountingVoice, tmp_path: Path) -> None:
    first = CachedVoice(voice, VoiceCache(tmp_path)).render("您好", "zh")
    again = CachedVoice(voice, VoiceCache(tmp_path))
    assert again.render("您好", "zh").tobytes() == first.tobytes()
    assert again.render("您好", "zh").tobytes() == first.tobytes()
    assert voice.count == 1


def test_a_cached_voice_says_what_the_voice_says_under_the_same_name(voice: CountingVoice, tmp_path: Path) -> None:
    cached = CachedVoice(voice, VoiceCache(tmp_path))
    assert cached.render("hello", "en").tobytes() == voice.voice.render("hello", "en").tobytes()
    assert cached.name == voice.name


def test_an_entry_is_a_wav_that_any_player_opens(voice: CountingVoice, tmp_path: Path) -> None:
    samples = CachedVoice(voice, VoiceCache(tmp_path)).render("您好", "zh")
    sound = read_wav(entry(tmp_path))
    assert sound.rate == RATE
    assert sound.samples.tobytes() == samples.tobytes()


def test_nobody_can_spoil_what_is_kept(voice: CountingVoice, tmp_path: Path) -> None:
    cached = CachedVoice(voice, VoiceCache(tmp_path))
    for _ in range(2):
        with pytest.raises(ValueError, match="read-only"):
            cached.render("您好", "zh")[0] = 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:20],
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: data[:500] + bytes([data[500] ^ 1]) + data[501:],
        lambda data: b"\0" * len(data),
        lambda data: data + b"more",
    ],
    ids=["empty", "header cut", "a byte lost", "half", "one bit", "zeros", "longer"],
)
def test_a_damaged_entry_is_silently_synthesised_again(
    voice: CountingVoice, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    first = CachedVoice(voice, VoiceCache(tmp_path)).render("您好", "zh")
    whole = entry(tmp_path).read_bytes()
    entry(tmp_path).write_bytes(damage(whole))
    with capture_logs() as logged:
        assert CachedVoice(voice, VoiceCache(tmp_path)).render("您好", "zh").tobytes() == first.tobytes()
    assert voice.count == 2
    assert entry(tmp_path).read_bytes() == whole
    assert not logged


def test_without_a_usable_folder_it_works_and_warns_once(voice: CountingVoice, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with capture_logs() as logged:
        cached = CachedVoice(voice, VoiceCache(tmp_path / "file" / "cache", memory_bytes=0))
        for _ in range(2):
            assert len(cached.render("您好", "zh"))
    assert voice.count == 2
    (record,) = logged
    assert (record["log_level"], record["folder"]) == ("warning", str(tmp_path / "file" / "cache"))


def test_without_any_folder_only_the_memory_keeps_what_was_said(voice: CountingVoice, tmp_path: Path) -> None:
    """A caller's room and time are not left on the disk (K4)."""
    cached = CachedVoice(voice, VoiceCache(None))
    assert cached.render("您好", "zh") is cached.render("您好", "zh")
    assert voice.count == 1
    assert CachedVoice(voice, VoiceCache(None)).render("您好", "zh").any()
    assert voice.count == 2


def test_a_full_disk_leaves_no_half_entry_and_warns_once(tmp_path: Path) -> None:
    code = f"""
import resource
from pathlib import Path
import numpy as np
from ivr.speech.voice_cache import VoiceCache
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
cache = VoiceCache(Path({str(tmp_path)!r}), memory_bytes=0)
for key in "ab":
    assert len(cache.put(key, np.ones(8000, dtype=np.int16))) == 8000
    assert cache.get(key) is None
"""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, timeout=30, check=False)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.count(b"voice_cache_unusable") == 1
    assert list(tmp_path.iterdir()) == []


def test_memory_is_bounded_and_forgets_the_least_lately_used(tmp_path: Path) -> None:
    cache = VoiceCache(tmp_path, memory_bytes=4000)
    for key in "abc":
        cache.put(key, np.ones(1000, dtype=np.int16))
        cache.get("a")
    for path in tmp_path.iterdir():
        path.unlink()
    assert [cache.get(key) is not None for key in "abc"] == [True, False, True]


def test_a_folder_that_grew_too_large_loses_what_was_not_used_for_longest(tmp_path: Path) -> None:
    cache = VoiceCache(tmp_path)
    for number, key in enumerate("abcd"):
        cache.put(key, np.ones(1000, dtype=np.int16))
        os.utime(tmp_path / f"{key}.wav", (number, number))
    VoiceCache(tmp_path).get("a")
    VoiceCache(tmp_path, disk_bytes=6500)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["a", "d"]


def test_a_key_tells_voice_language_and_text_apart() -> None:
    keys = {
        cache_key("v", "12", "zh"),
        cache_key("v", "12", "en"),
        cache_key("w", "12", "zh"),
        cache_key("v", "1", "zh"),
    }
    assert len(keys) == 4
