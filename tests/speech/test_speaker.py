from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from structlog.testing import capture_logs

from ivr.audio.level import active_level
from ivr.audio.wav import write_wav
from ivr.errors import AudioError
from ivr.records import Language
from ivr.speech.speaker import Speaker
from ivr.speech.tts import Pyttsx3Voice


@pytest.fixture(scope="module")
def voice() -> Iterator[Pyttsx3Voice]:
    with Pyttsx3Voice() as voice:
        yield voice


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A recording of two seconds at 16 kHz, quiet, for the prompt `common.hello` in Chinese."""
    path = tmp_path / "zh" / "recordings" / "common.hello.wav"
    path.parent.mkdir(parents=True)
    time = np.arange(32000) / 16000
    wave = 1000 * np.sin(2 * np.pi * 300 * time) * (1 + np.sin(2 * np.pi * 3 * time))
    write_wav(path, wave.astype(np.int16), 16000)
    return path


def test_a_recording_wins_over_the_voice_in_the_house_form(
    voice: Pyttsx3Voice, tmp_path: Path, recording: Path
) -> None:
    samples = Speaker(voice, tmp_path).samples("common.hello", "您好", "zh", fixed=True)
    assert samples.tobytes() != voice.render("您好", "zh").tobytes()
    assert len(samples) == pytest.approx(16000, abs=800)
    assert active_level(samples).dbfs == pytest.approx(-20.0, abs=0.5)


@pytest.mark.parametrize(
    "asked",
    [("common.hello", "zh", False), ("common.hello", "en", True), ("common.bye", "zh", True), ("../hello", "zh", True)],
)
def test_the_voice_speaks_where_no_recording_can(
    voice: Pyttsx3Voice, tmp_path: Path, recording: Path, asked: tuple[str, Language, bool]
) -> None:
    key, language, fixed = asked
    samples = Speaker(voice, tmp_path).samples(key, "12", language, fixed=fixed)
    assert samples.tobytes() == voice.render("12", language).tobytes()


@pytest.mark.parametrize("content", [b"", b"RIFF", b"no sound at all"])
def test_a_broken_recording_is_named_at_start_up(
    voice: Pyttsx3Voice, tmp_path: Path, recording: Path, content: bytes
) -> None:
    recording.write_bytes(content)
    with pytest.raises(AudioError, match=r"common\.hello\.wav"):
        Speaker(voice, tmp_path).check_recordings()


def test_a_silent_recording_is_named_at_start_up(voice: Pyttsx3Voice, tmp_path: Path, recording: Path) -> None:
    write_wav(recording, np.zeros(16000, dtype=np.int16), 16000)
    with pytest.raises(AudioError, match=r"common\.hello\.wav: nothing but silence; record it again"):
        Speaker(voice, tmp_path).check_recordings()


@pytest.mark.parametrize("content", [b"no sound at all", None], ids=["broken", "gone"])
def test_a_recording_that_breaks_later_is_logged_once_and_spoken_instead(
    voice: Pyttsx3Voice, tmp_path: Path, recording: Path, content: bytes | None
) -> None:
    speaker = Speaker(voice, tmp_path)
    recording.unlink()
    if content is not None:
        recording.write_bytes(content)
    with capture_logs() as logged:
        for _ in range(2):
            samples = speaker.samples("common.hello", "您好", "zh", fixed=True)
            assert samples.tobytes() == voice.render("您好", "zh").tobytes()
    assert [(each["event"], each["path"]) for each in logged] == [("recording_left_out", str(recording))]


def test_good_recordings_pass_the_check(voice: Pyttsx3Voice, tmp_path: Path, recording: Path) -> None:
    speaker = Speaker(voice, tmp_path)
    speaker.check_recordings()
    assert speaker.recorded_keys("zh") == {"common.hello"}
    assert speaker.recorded_keys("en") == frozenset()


def test_a_prompts_folder_that_is_missing_is_named(voice: Pyttsx3Voice, tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="nowhere: no such folder"):
        Speaker(voice, tmp_path / "nowhere").check_recordings()


def test_without_a_folder_the_voice_says_everything(voice: Pyttsx3Voice) -> None:
    speaker = Speaker(voice, None)
    speaker.check_recordings()
    assert len(speaker.samples("common.hello", "您好", "zh", fixed=True))
