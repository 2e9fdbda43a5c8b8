from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ivr.audio.frame import frames
from ivr.audio.level import rms_dbfs
from ivr.audio.resample import Resampler, resample
from ivr.audio.tones import tone
from ivr.errors import AudioError

RATES = st.sampled_from([8000, 11025, 16000, 22050, 24000, 44100, 48000])
PCM = arrays.arrays(np.int16, st.integers(0, 3000))


@given(PCM, RATES, RATES)
def test_the_length_follows_the_rates(samples: np.ndarray, from_rate: int, to_rate: int) -> None:
    converted = resample(samples, from_rate, to_rate)
    assert converted.dtype == np.int16
    assert abs(len(converted) - len(samples) * to_rate / from_rate) <= 1


@given(PCM, RATES, RATES, st.lists(st.integers(0, 3000), max_size=5))
def test_a_stream_cut_anywhere_equals_the_whole(
    samples: np.ndarray, from_rate: int, to_rate: int, cuts: list[int]
) -> None:
    stream = Resampler(from_rate, to_rate)
    pieces = [stream.push(piece) for piece in np.split(samples, sorted(cuts))]
    assert np.array_equal(np.concatenate([*pieces, stream.flush()]), resample(samples, from_rate, to_rate))


@given(PCM)
def test_the_same_rate_changes_nothing(samples: np.ndarray) -> None:
    assert np.array_equal(resample(samples, 8000, 8000), samples)


@pytest.mark.parametrize("rate", [16000, 22050, 44100, 48000])
def test_a_voice_tone_keeps_its_level_and_what_telephones_cannot_carry_is_gone(rate: int) -> None:
    middle = slice(800, 7200)
    assert rms_dbfs(resample(tone([1000], 1.0, -20.0, rate), rate)[middle]) == pytest.approx(-20.0, abs=0.02)
    assert rms_dbfs(resample(tone([5000], 1.0, -20.0, rate), rate)[middle]) < -88.0


def test_there_and_back_a_voice_band_sound_is_the_same_within_two_steps() -> None:
    sound = tone([300, 1100, 3000], 1.0, -20.0)
    back = resample(resample(sound, 8000, 16000), 16000, 8000)
    assert np.abs(back.astype(int) - sound)[100:-100].max() <= 2


@pytest.mark.parametrize(("quality", "lag_ms"), [("HQ", 180), ("MQ", 120), ("LQ", 65)])
@pytest.mark.parametrize(("from_rate", "to_rate"), [(48000, 8000), (44100, 8000), (16000, 8000), (8000, 16000)])
def test_frames_of_20_ms_come_out_within_the_lag_that_the_docstring_names(
    quality: str, lag_ms: int, from_rate: int, to_rate: int
) -> None:
    stream = Resampler(from_rate, to_rate, quality=quality)  # type: ignore[arg-type]  # parametrize knows no Literal
    given_out = 0
    for frame in frames(np.ones(from_rate * 2, np.int16), from_rate):
        given_out += len(stream.push(frame.samples))
        assert frame.end / from_rate - given_out / to_rate <= lag_ms / 1000


def test_a_loud_square_wave_is_clipped_and_never_wraps() -> None:
    square = np.repeat(np.array([32767, -32768] * 50, np.int16), 80)
    converted = resample(square, 16000)
    assert converted.max() == 32767
    assert np.all(converted[5:35] > 20000)


def test_a_flushed_stream_is_over() -> None:
    stream = Resampler(48000)
    stream.push(np.ones(960, np.int16))
    assert len(stream.flush()) == 160
    assert len(stream.flush()) == 0
    with pytest.raises(AudioError, match="needs a new Resampler"):
        stream.push(np.ones(960, np.int16))


@pytest.mark.parametrize(("from_rate", "to_rate"), [(0, 8000), (8000, 0), (-8000, 8000), (8000, 96000)])
def test_rates_that_are_none_of_ours_are_refused(from_rate: int, to_rate: int) -> None:
    with pytest.raises(AudioError, match="8000 to 48000"):
        resample(np.zeros(5, np.int16), from_rate, to_rate)


def test_floats_are_refused() -> None:
    with pytest.raises(AudioError, match="expected int16 mono"):
        resample(np.zeros(5), 16000)  # type: ignore[arg-type]  # that is the point
