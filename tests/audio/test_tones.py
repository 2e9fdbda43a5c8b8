from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ivr.audio.frame import silence
from ivr.audio.level import rms_dbfs
from ivr.audio.tones import DTMF_KEYS, NoiseFloor, dtmf, noise_floor, tone
from ivr.errors import AudioError

PCM = arrays.arrays(np.int16, st.integers(0, 500))


def strongest(samples: np.ndarray, count: int, rate: int = 8000) -> list[int]:
    """The `count` strongest frequencies, in Hz, lowest first."""
    size = 8 * rate
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
    found = []
    for _ in range(count):
        peak = int(spectrum.argmax())
        found.append(round(peak * rate / size))
        spectrum[max(0, peak - 60 * 8) : peak + 60 * 8] = 0
    return sorted(found)


@given(
    st.lists(st.floats(200, 3800), min_size=1, max_size=4, unique=True),
    st.floats(-60, -12),
    st.sampled_from([8000, 16000, 48000]),
)
def test_a_tone_has_its_length_and_fits_into_16_bits(frequencies: list[float], dbfs: float, rate: int) -> None:
    sound = tone(frequencies, 0.5, dbfs, rate)
    assert len(sound) == rate // 2
    assert np.abs(sound.astype(int)).max() <= 32768 * 10 ** (dbfs / 20) * math.sqrt(2 * len(frequencies)) + 1


@pytest.mark.parametrize("frequencies", [[450], [697, 1209], [350, 440], [950, 1400, 1800]])
def test_a_tone_has_its_level_and_frequencies(frequencies: list[int]) -> None:
    sound = tone(frequencies, 1.0, -20.0)
    assert rms_dbfs(sound) == pytest.approx(-20.0, abs=0.05)
    assert strongest(sound, len(frequencies)) == pytest.approx(frequencies, abs=1)


def test_a_tone_begins_and_ends_without_a_click() -> None:
    sound = tone([1000], 0.1, -6.0)
    assert abs(int(sound[0])) + abs(int(sound[-1])) < 100


@pytest.mark.parametrize("seconds", [0.0, 0.0001, 0.0005])
def test_a_tone_may_be_shorter_than_its_ramps(seconds: float) -> None:
    assert len(tone([1000], seconds, -20.0)) == round(seconds * 8000)


@pytest.mark.parametrize(
    ("frequencies", "seconds", "dbfs", "complaint"),
    [
        ([], 1.0, -20.0, "expected frequencies between 0 and 4000 Hz"),
        ([0], 1.0, -20.0, "expected frequencies"),
        ([4000], 1.0, -20.0, "expected frequencies"),
        ([math.nan], 1.0, -20.0, "expected frequencies"),
        ([1000], -1.0, -20.0, "length in seconds"),
        ([1000], math.inf, -20.0, "length in seconds"),
        ([1000], 1.0, -3.0, "at most -3.01 dBFS for 1 sines"),
        ([697, 1209], 1.0, -6.0, "at most -6.02 dBFS for 2 sines"),
        ([1000], 1.0, math.nan, "at most"),
    ],
)
def test_a_tone_that_cannot_be_is_refused(
    frequencies: list[float], seconds: float, dbfs: float, complaint: str
) -> None:
    with pytest.raises(AudioError, match=complaint):
        tone(frequencies, seconds, dbfs)


@pytest.mark.parametrize(
    ("key", "pair"),
    [("1", [697, 1209]), ("6", [770, 1477]), ("0", [941, 1336]), ("#", [941, 1477]), ("D", [941, 1633])],
)
def test_a_key_sounds_as_q23_says(key: str, pair: list[int]) -> None:
    assert strongest(dtmf(key, off_ms=0), 2) == pytest.approx(pair, abs=4)


def test_all_sixteen_keys_differ() -> None:
    assert len({dtmf(key).tobytes() for key in DTMF_KEYS}) == 16


@given(st.text(DTMF_KEYS, max_size=8), st.integers(1, 200), st.integers(0, 200))
def test_keys_follow_each_other_with_pauses_of_silence(keys: str, on_ms: int, off_ms: int) -> None:
    sound = dtmf(keys, on_ms, off_ms)
    assert len(sound) == len(keys) * (on_ms + off_ms) * 8
    rows = sound.reshape(len(keys), (on_ms + off_ms) * 8)
    assert not rows[:, on_ms * 8 :].any()


def test_a_keys_level_is_that_of_its_pair() -> None:
    assert rms_dbfs(dtmf("5", off_ms=0)) == pytest.approx(-13.0, abs=0.15)


@pytest.mark.parametrize("keys", ["12x", "a", "1 2", "１"])
def test_a_key_that_no_telephone_has_is_refused(keys: str) -> None:
    with pytest.raises(AudioError, match="there is no key"):
        dtmf(keys)


@pytest.mark.parametrize(("on_ms", "off_ms"), [(0, 100), (-5, 100), (100, -1)])
def test_key_lengths_that_cannot_be_are_refused(on_ms: int, off_ms: int) -> None:
    with pytest.raises(AudioError, match="on_ms > 0"):
        dtmf("1", on_ms, off_ms)


@pytest.mark.parametrize("dbfs", [-80.0, -70.0, -40.0, -20.0])
def test_the_noise_has_its_level(dbfs: float) -> None:
    assert rms_dbfs(noise_floor(16000, dbfs)) == pytest.approx(dbfs, abs=0.15)


@given(PCM, st.integers(0, 10**9), st.integers(0, 500))
def test_the_noise_is_the_same_however_the_stream_is_cut(samples: np.ndarray, offset: int, cut: int) -> None:
    whole = NoiseFloor().add(samples, offset)
    noise = NoiseFloor()
    later = noise.add(samples[cut:], offset + len(samples[:cut]))
    earlier = noise.add(samples[:cut], offset)
    assert np.array_equal(np.concatenate([earlier, later]), whole)


@given(PCM, st.integers(0, 10**9))
def test_noise_changes_a_sound_by_little_and_never_wraps(samples: np.ndarray, offset: int) -> None:
    assert np.abs(NoiseFloor().add(samples, offset).astype(int) - samples).max(initial=0) < 60


@pytest.mark.parametrize("dbfs", [-90.0, -70.0])
def test_silence_with_noise_is_never_digital_silence(dbfs: float) -> None:
    lively = np.flatnonzero(NoiseFloor(dbfs).add(silence(80_000), 0))
    assert np.diff(lively).max() < 20


def test_the_noise_of_a_seed_is_the_same_on_every_machine() -> None:
    assert noise_floor(8).tolist() == [18, 4, 10, 23, 19, -10, 10, -2]
    assert not np.array_equal(noise_floor(100, seed=1), noise_floor(100, seed=2))


def test_the_noise_repeats_after_two_seconds() -> None:
    noise = noise_floor(32000)
    assert np.array_equal(noise[:16000], noise[16000:])


@pytest.mark.parametrize(("dbfs", "seed"), [(-91.0, 0), (1.0, 0), (math.nan, 0), (-70.0, -1), (-70.0, 2**32)])
def test_a_noise_that_is_none_is_refused(dbfs: float, seed: int) -> None:
    with pytest.raises(AudioError, match="expected a"):
        NoiseFloor(dbfs, seed)
