from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ivr.audio.pcm import check_pcm, check_rate, to_fractions, to_pcm
from ivr.errors import AudioError

FLOATS = arrays.arrays(np.float64, st.integers(0, 300), elements=st.floats(allow_nan=False, allow_infinity=False))


def test_every_int16_value_survives_the_way_to_fractions_and_back() -> None:
    every = np.arange(-32768, 32768).astype(np.int16)
    assert np.array_equal(to_pcm(to_fractions(every)), every)


@given(FLOATS)
def test_any_finite_float_becomes_the_nearest_int16(values: np.ndarray) -> None:
    nearest = np.clip(values, -1.0, 32767 / 32768) * 32768
    assert np.all(np.abs(to_pcm(values) - nearest) <= 0.5)


def test_full_scale_is_clipped_and_never_wraps() -> None:
    assert to_pcm(np.array([1.0, -1.0, 7.0, -7.0])).tolist() == [32767, -32768, 32767, -32768]


@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers_are_refused(wrong: float) -> None:
    with pytest.raises(AudioError, match="NaN or infinity"):
        to_pcm(np.array([0.0, wrong]))


@pytest.mark.parametrize("wrong", [np.zeros(3), np.zeros(3, ">i2"), np.zeros(3, np.int32), np.zeros((3, 2), np.int16)])
def test_only_native_int16_mono_counts_as_samples(wrong: np.ndarray) -> None:
    with pytest.raises(AudioError, match="expected int16 mono"):
        check_pcm(wrong)


def test_two_axes_of_floats_are_refused() -> None:
    with pytest.raises(AudioError, match="expected mono"):
        to_pcm(np.zeros((3, 2)))


@pytest.mark.parametrize("rate", [-1, 0, 7999, 48001, 2**32])
def test_a_rate_outside_8_to_48_khz_is_refused(rate: int) -> None:
    with pytest.raises(AudioError, match="8000 to 48000"):
        check_rate(rate)
