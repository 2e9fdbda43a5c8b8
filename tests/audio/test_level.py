from __future__ import annotations

import itertools
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from ivr.audio.frame import FRAME, RATE, frames, silence
from ivr.audio.level import Level, LevelMeter, active_level, normalise, rms_dbfs, scale, swing, trim
from ivr.audio.tones import noise_floor, tone
from ivr.audio.wav import read_wav
from ivr.errors import AudioError

RECORDED = sorted((Path(__file__).parent / "hearing").glob("*.wav"))

PCM = arrays.arrays(np.int16, st.integers(0, 2000))


def bursts(dbfs: float, rate: int = 8000) -> np.ndarray:
    """Ten times half a second of tone and half a second of silence."""
    burst = tone([440], 0.5, dbfs, rate)
    return np.concatenate([piece for _ in range(10) for piece in (burst, silence(rate - rate // 2))])


def p56_by_the_letter(samples: np.ndarray, rate: int) -> float:
    """P.56 method B, sample by sample as its text says."""
    decay, hold = math.exp(-1 / (rate * 0.03)), math.ceil(0.2 * rate)
    thresholds = [2.0**power for power in range(-16, 0)]
    active, since = [0] * 16, [hold] * 16
    smooth = smoother = energy = 0.0
    for sample in samples / 32768:
        energy += sample**2
        smooth = decay * smooth + (1 - decay) * abs(sample)
        smoother = decay * smoother + (1 - decay) * smooth
        for j, threshold in enumerate(thresholds):
            if smoother >= threshold:
                active[j] += 1
                since[j] = 0
            elif since[j] < hold:
                active[j] += 1
                since[j] += 1
    points = [(10 * math.log10(energy / a), 20 * math.log10(c)) for a, c in zip(active, thresholds, strict=True) if a]
    for (below, low), (above, high) in itertools.pairwise(points):
        if above - high <= 15.9:
            weight = (below - low - 15.9) / ((below - low) - (above - high))
            return below + weight * (above - below)
    raise AssertionError("the test's sound meets no margin")


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_active_level_is_p56_by_the_letter(rate: int) -> None:
    sound = np.concatenate([noise_floor(rate // 4, -25), silence(rate // 2), noise_floor(rate // 8, -35)])
    assert active_level(sound, rate).dbfs == pytest.approx(p56_by_the_letter(sound, rate), abs=1e-6)


@pytest.mark.parametrize("dbfs", [-50.0, -30.0, -20.0])
def test_pauses_do_not_lower_the_active_level(dbfs: float) -> None:
    level = active_level(bursts(dbfs))
    # the hangover of 0.2 s and the envelope's own tail count as voice: 0.5 s of burst become about 0.8 s
    assert level.dbfs == pytest.approx(dbfs - 2.0, abs=0.15)
    assert level.activity == pytest.approx(0.8, abs=0.03)
    assert rms_dbfs(bursts(dbfs)) == pytest.approx(dbfs - 3.0, abs=0.1)


def test_a_steady_sound_is_always_active() -> None:
    level = active_level(tone([1000], 5.0, -20.0))
    assert level.dbfs == pytest.approx(-20.0, abs=0.1)
    assert level.activity == pytest.approx(1.0, abs=0.02)


@given(PCM)
def test_any_sound_has_a_level(samples: np.ndarray) -> None:
    level = active_level(samples)
    assert -100.0 <= rms_dbfs(samples) <= 0.0
    assert rms_dbfs(samples) - 1e-9 <= level.dbfs <= 60.0
    assert 0.0 <= level.activity <= 1.0


@pytest.mark.parametrize("count", [0, 1, 8000])
def test_silence_has_the_lowest_level_and_no_activity(count: int) -> None:
    assert rms_dbfs(silence(count)) == -100.0
    assert (active_level(silence(count)).dbfs, active_level(silence(count)).activity) == (-100.0, 0.0)


def test_the_faintest_steady_sound_has_its_level() -> None:
    assert active_level(np.tile(np.array([1, -1], np.int16), 4000)).dbfs == pytest.approx(-90.3, abs=0.3)


def test_a_click_is_no_voice_and_keeps_its_plain_level() -> None:
    click = silence(8000)
    click[4000] = 1
    assert active_level(click).dbfs == -100.0


def test_a_full_scale_square_wave_is_0_dbfs() -> None:
    assert rms_dbfs(np.full(100, -32768, np.int16)) == 0.0


@given(PCM, st.floats(-60, 60))
def test_scaling_is_exact_until_it_clips(samples: np.ndarray, db: float) -> None:
    wanted = np.clip(samples * 10 ** (db / 20), -32768, 32767)
    assert np.all(np.abs(scale(samples, db) - wanted) <= 0.5 + 1e-6)


def test_absurd_gains_silence_or_clip() -> None:
    samples = np.array([0, 1, -1], np.int16)
    assert scale(samples, 1e9).tolist() == [0, 32767, -32768]
    assert scale(samples, -1e9).tolist() == [0, 0, 0]
    with pytest.raises(AudioError, match="a gain in decibels"):
        scale(samples, math.nan)


@given(PCM, st.floats(-60, -10), st.floats(-9, 0))
def test_no_sound_passes_the_ceiling(samples: np.ndarray, level: float, ceiling: float) -> None:
    louder = normalise(samples, level=level, ceiling=ceiling)
    assert len(louder) == len(samples)
    assert np.all(np.abs(louder.astype(int)) <= 32768 * 10 ** (ceiling / 20) + 0.5)
    assert np.all(np.sign(louder) * np.sign(samples) >= 0)


@pytest.mark.parametrize("dbfs", [-60.0, -35.0, -20.0, -12.0])
def test_a_voice_is_brought_to_the_wanted_level(dbfs: float) -> None:
    assert active_level(normalise(bursts(dbfs))).dbfs == pytest.approx(-20.0, abs=0.15)


def test_what_stays_below_the_knee_is_only_scaled() -> None:
    sound = tone([1000], 1.0, -30.0)
    gain = -20.0 - active_level(sound).dbfs
    assert np.array_equal(normalise(sound), scale(sound, gain))


def test_silence_is_not_made_loud() -> None:
    assert np.array_equal(normalise(silence(100)), silence(100))
    assert len(normalise(silence(0))) == 0


@pytest.mark.parametrize(("level", "ceiling"), [(-20.0, 1.0), (-1.0, -1.0), (-200.0, -1.0), (math.nan, -1.0)])
def test_levels_that_contradict_themselves_are_refused(level: float, ceiling: float) -> None:
    with pytest.raises(AudioError, match="level < ceiling"):
        normalise(silence(5), level=level, ceiling=ceiling)


def test_the_silence_around_a_voice_is_cut_to_the_margin() -> None:
    voice = tone([1000], 0.5, -20.0)
    padded = np.concatenate([silence(3200), voice, silence(4800)])
    cut = trim(padded, keep_ms=100)
    assert np.array_equal(cut, np.concatenate([silence(800), voice, silence(800)]))


def test_a_pause_inside_and_a_faint_end_of_a_word_stay() -> None:
    voice = np.concatenate([tone([400], 0.3, -20.0), silence(8000), tone([3000], 0.1, -55.0)])
    assert np.array_equal(trim(voice, keep_ms=0), voice)


def test_the_hiss_of_a_recording_is_cut_like_silence() -> None:
    hiss = noise_floor(24000, -65.0)
    hiss[8000:16000] += tone([1000], 1.0, -20.0)
    assert len(trim(hiss, keep_ms=50)) == pytest.approx(8800, abs=80)


@given(PCM, st.integers(0, 20), st.sampled_from([8000, 16000, 22050, 48000]))
def test_trimming_leaves_one_piece_of_the_sound_as_it_was(samples: np.ndarray, tens: int, rate: int) -> None:
    cut = trim(samples, rate, keep_ms=10 * tens)
    assert any(np.array_equal(samples[at : at + len(cut)], cut) for at in range(len(samples) + 1))
    assert cut.any() == samples.any()


@given(PCM, st.integers(0, 20))
def test_trimming_twice_cuts_no_more(samples: np.ndarray, tens: int) -> None:
    once = trim(samples, keep_ms=10 * tens)
    assert np.array_equal(trim(once, keep_ms=10 * tens), once)


def test_of_mere_silence_the_margins_stay() -> None:
    assert len(trim(silence(8000), keep_ms=50)) == 800


@pytest.mark.parametrize(("keep_ms", "below_db"), [(-1, 40.0), (50, 0.0), (50, math.nan)])
def test_margins_that_make_no_sense_are_refused(keep_ms: int, below_db: float) -> None:
    with pytest.raises(AudioError, match="keep_ms"):
        trim(silence(5), keep_ms=keep_ms, below_db=below_db)


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_meter_that_is_fed_frames_says_what_the_whole_says(path: Path) -> None:
    sound = read_wav(path).samples
    sound = np.concatenate([sound, scale(sound, -30.0), silence(RATE), sound])
    sound = sound[: len(sound) // FRAME * FRAME]
    meter = LevelMeter()
    for frame in frames(sound):
        meter.add(frame.samples)
    whole = active_level(sound)
    assert meter.level.dbfs == pytest.approx(whole.dbfs, abs=1e-9)
    assert meter.level.activity == pytest.approx(whole.activity, abs=1e-9)


def test_a_meter_of_silence_or_of_nothing_says_so() -> None:
    meter = LevelMeter()
    assert meter.level == Level(-100.0, 0.0)
    meter.add(silence(FRAME))
    assert meter.level == Level(-100.0, 0.0)
    with pytest.raises(AudioError, match="expected 160 samples"):
        meter.add(silence(80))


def test_a_constant_does_not_swing() -> None:
    assert swing(np.full(FRAME, 8, dtype=np.int16)) == swing(silence(0)) == 0.0
    square = np.resize(np.array([3327, -3227], dtype=np.int16), FRAME)
    assert 10 * np.log10(swing(square)) == pytest.approx(-20.0, abs=0.01)


@pytest.mark.parametrize("milliseconds", [5, 20, 60])
def test_a_bang_at_full_scale_is_no_louder_than_full_scale(milliseconds: int) -> None:
    bang = np.resize(np.array([-32768, 32767], dtype=np.int16), milliseconds * RATE // 1000)
    level = active_level(np.concatenate([bang, np.zeros(RATE, dtype=np.int16)]))
    assert level.dbfs <= 0.0
    assert 0.0 < level.activity <= 1.0
