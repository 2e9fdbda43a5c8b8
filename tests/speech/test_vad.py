from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import webrtcvad

from ivr.audio.frame import FRAME, RATE, Frame, Samples, frames, silence
from ivr.audio.level import scale
from ivr.audio.tones import NoiseFloor, noise_floor
from ivr.audio.wav import read_wav
from ivr.errors import AudioError
from ivr.speech.vad import WebrtcVoiceDetector

Flags = npt.NDArray[np.bool_]

FOLDER = Path(__file__).parents[1] / "audio" / "hearing"
SECOND = RATE // FRAME
"""frames"""


def voiced(samples: Samples) -> Flags:
    detector = WebrtcVoiceDetector()
    return np.array([detector.is_voice(frame) for frame in frames(samples)])


def unscaled(samples: Samples) -> Flags:
    vad = webrtcvad.Vad(1)
    return np.array([vad.is_speech(frame.samples.tobytes(), RATE) for frame in frames(samples)])


@pytest.fixture(scope="module")
def speech() -> Samples:
    """A second of silence before each of the phrases; -20 dBFS."""
    pieces = [read_wav(path).samples for path in sorted(FOLDER.glob("*.wav"))]
    return np.concatenate([piece for phrase in pieces for piece in (silence(RATE), phrase)])


def truth(speech: Samples) -> tuple[Flags, Flags]:
    """Frames that surely are voice, and frames a fifth of a second and more away from any."""
    loudness = np.array([float(np.square(frame.samples.astype(float)).mean()) for frame in frames(speech)])
    voice = loudness > loudness.max() * 1e-4
    near = np.convolve(voice, np.ones(SECOND * 2 // 5 + 1), "same") > 0
    return voice, ~near


@pytest.mark.parametrize("dbfs", [-80.0, -70.0, -60.0, -50.0, -40.0, -30.0, -20.0])
def test_steady_noise_is_no_voice_at_any_level(dbfs: float) -> None:
    assert voiced(noise_floor(8 * RATE, dbfs)).mean() < 0.01


def test_digital_silence_and_an_idle_alaw_line_are_no_voice() -> None:
    assert not voiced(silence(2 * RATE)).any()
    assert not voiced(np.full(2 * RATE, 8, dtype=np.int16)).any()


def test_silence_after_a_voice_is_none_either(speech: Samples) -> None:
    assert not voiced(np.concatenate([speech, silence(RATE)]))[-SECOND:].any()


@pytest.mark.parametrize("dbfs", [-20.0, -30.0, -40.0])
def test_a_clean_voice_is_found_as_well_as_without_scaling(speech: Samples, dbfs: float) -> None:
    voice, pause = truth(speech)
    line = NoiseFloor(-70.0).add(scale(speech, dbfs + 20.0), 0)
    ours, plain = voiced(line), unscaled(line)
    assert ours[voice].mean() >= plain[voice].mean() - 0.01
    assert ours[voice].mean() > 0.95
    assert ours[pause].mean() < 0.02


def test_a_faint_voice_is_found_better_than_by_webrtcvad_alone(speech: Samples) -> None:
    voice, pause = truth(speech)
    line = NoiseFloor(-80.0).add(scale(speech, -40.0), 0)
    assert voiced(line)[voice].mean() > max(0.9, unscaled(line)[voice].mean() + 0.1)
    assert voiced(line)[pause].mean() < 0.02


def test_a_voice_over_noise_is_told_from_it_where_webrtcvad_alone_takes_all_for_voice(speech: Samples) -> None:
    voice, pause = truth(speech)
    line = NoiseFloor(-30.0).add(speech, 0)
    assert unscaled(line)[pause].mean() > 0.9
    assert voiced(line)[pause].mean() < 0.02
    assert voiced(line)[voice].mean() > 0.7


@pytest.mark.parametrize("before", [0.0, 1.0])
def test_voice_ends_within_half_a_second_even_after_ten_seconds_without_a_pause(speech: Samples, before: float) -> None:
    voice, _ = truth(speech)
    dense = np.concatenate([frame.samples for frame, said in zip(frames(speech), voice, strict=True) if said] * 3)
    lead = round(before * RATE)
    line = NoiseFloor(-70.0).add(np.concatenate([silence(lead), dense, silence(3 * RATE)]), 0)
    found = voiced(line)[(lead + len(dense)) // FRAME :]
    assert not found[SECOND // 2 :].any()


def test_the_same_sound_gives_the_same_answers(speech: Samples) -> None:
    line = NoiseFloor(-40.0).add(speech, 0)
    assert np.array_equal(voiced(line), voiced(line))


@pytest.mark.parametrize("frame", [Frame(silence(80), RATE, 0), Frame(silence(320), 16000, 0)])
def test_frames_of_another_shape_are_refused(frame: Frame) -> None:
    with pytest.raises(AudioError, match="expected 160 samples"):
        WebrtcVoiceDetector().is_voice(frame)
