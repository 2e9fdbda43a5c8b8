from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE, Samples, frames, silence
from ivr.audio.level import normalise, scale
from ivr.audio.tones import NoiseFloor, noise_floor, tone
from ivr.audio.wav import read_wav
from ivr.speech.barge_in import Barged, BargeIn, BargeInRule, periodicity
from ivr.speech.vad import WebrtcVoiceDetector
from tests.conftest import RECORDINGS

QUIET = -100.0
"""what leaks of an echo where there is none"""

LEAD = RATE
"""samples of line before a sound"""


def recording(name: str) -> Samples:
    return normalise(read_wav(RECORDINGS / "callers" / name).samples)


def line(sound: Samples) -> Samples:
    return NoiseFloor(-65.0).add(np.concatenate([silence(LEAD), sound, silence(RATE)]), 0)


def decisions(samples: Samples, leak_dbfs: float = QUIET, rule: BargeInRule | None = None) -> Iterator[Barged | None]:
    barge_in, detector = BargeIn(rule), WebrtcVoiceDetector()
    for frame in frames(samples):
        yield barge_in.push(frame, leak_dbfs, voice=detector.is_voice(frame))


def barged(samples: Samples, leak_dbfs: float = QUIET) -> Barged | None:
    return next((each for each in decisions(samples, leak_dbfs) if each), None)


@pytest.mark.parametrize(
    "name",
    [
        "jm_kumo/en-agreement-yes.wav",
        "jf_nezumi/zh-agreement-haode.wav",
        "jm_kumo/zh-agreement-dui.wav",
        "flite_slt/en-agreement-no.wav",
        "flite_rms/en-room-one-two-oh-eight.wav",
        "jf_nezumi/zh-time-mingtian-zaoshang-qidian.wav",
    ],
)
def test_a_caller_who_says_a_word_stops_us_soon(name: str) -> None:
    voice = recording(name)
    start = LEAD + int(np.flatnonzero(np.abs(voice) > 0.01 * np.abs(voice).max())[0])
    found = barged(line(voice))
    assert found is not None
    # the frame that counts first may hold the beginning
    assert start - FRAME < found.voice_start < found.decided < start + 0.45 * RATE


@pytest.mark.parametrize("seed", range(5))
def test_a_burst_of_noise_does_not(seed: int) -> None:
    assert barged(line(noise_floor(RATE * 3 // 10, -18.0, seed))) is None


def test_a_click_does_not() -> None:
    click = silence(RATE // 2)
    click[:8] = 20000
    click[900:910] = -25000
    assert barged(line(click)) is None


def test_a_voice_far_from_the_telephone_does_not() -> None:
    assert barged(line(scale(recording("jm_kumo/zh-time-mingtian-zaoshang-qidian.wav"), -25.0))) is None


def test_what_our_echo_leaves_does_not_stop_us_but_a_louder_voice_does() -> None:
    voice = recording("jm_kumo/en-time-six-thirty-in-the-morning.wav")
    assert barged(line(scale(voice, -10.0)), leak_dbfs=-32.0) is None
    assert barged(line(voice), leak_dbfs=-32.0) is not None


def test_nothing_counts_that_the_voice_detector_takes_for_none() -> None:
    barge_in = BargeIn()
    assert not any(
        barge_in.push(frame, QUIET, voice=False) for frame in frames(recording("jm_kumo/en-agreement-yes.wav"))
    )


def test_a_decision_stands() -> None:
    found = [each for each in decisions(line(recording("jm_kumo/en-agreement-yes.wav"))) if each]
    assert len(found) > RATE // 160 // 2
    assert len(set(found)) == 1


def test_frames_far_apart_make_no_caller_together() -> None:
    short = tone((180.0, 360.0, 540.0, 720.0), 0.1, -20.0)
    apart = np.concatenate([short, silence(RATE // 2)] * 4)
    voices = (BargeIn(), BargeIn())
    together = np.concatenate([short] * 4)
    stopped = [
        any(voice.push(frame, QUIET, voice=True) for frame in frames(sound))
        for voice, sound in zip(voices, (apart, together), strict=True)
    ]
    assert stopped == [False, True]


def test_periodicity_tells_a_voiced_sound_from_noise() -> None:
    assert periodicity(tone((120.0, 240.0, 480.0), 0.04, -20.0)) > 0.9
    assert max(periodicity(noise_floor(320, -20.0, seed)) for seed in range(20)) < 0.5
    assert periodicity(silence(320)) == 0.0
