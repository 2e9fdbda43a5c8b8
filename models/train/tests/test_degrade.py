"""What the line does to speech."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivr.audio.level import active_level, rms_dbfs
from models.train.degrade import CLEAN, Recipe, coded, crowd, degrade, noise, noisy

KINDS = Recipe().kinds


def voice(seconds=1.5, seed=3):
    """A buzz that comes and goes."""
    time = np.arange(int(8000 * seconds)) / 8000
    buzz = sum(np.sin(2 * np.pi * 140 * k * time) / k for k in range(1, 20))
    return (buzz * (np.sin(2 * np.pi * 2 * time) > -0.5) * 6000).astype(np.int16)


def test_the_same_seed_gives_the_same_sound():
    one, two = (degrade(voice(), np.random.default_rng(5)) for _ in range(2))
    assert np.array_equal(one, two)


def test_all_sorts_of_lines_come_through():
    for seed in range(60):
        made = degrade(voice(), np.random.default_rng(seed))
        assert made.dtype == np.int16
        assert made.any()
        shortest, longest = Recipe().tempo
        assert shortest - 0.05 < len(made) / len(voice()) < longest + 0.05


@pytest.mark.parametrize("level", [-45.0, -30.0, -20.0, -10.0])
def test_the_level_is_what_was_asked(level):
    made = degrade(voice(), np.random.default_rng(1), replace(CLEAN, level=(level, level)))
    assert active_level(made).dbfs == pytest.approx(level, abs=1.0)


def test_clean_keeps_the_length():
    assert len(degrade(voice(), np.random.default_rng(1), CLEAN)) == len(voice())


@pytest.mark.parametrize("kind", KINDS)
def test_every_noise_has_the_size_that_was_asked(kind):
    made = noise(kind, 16_000, np.random.default_rng(2))
    assert made.shape == (16_000,)
    assert np.sqrt(np.mean(made**2)) == pytest.approx(1.0)


def test_the_ratio_of_voice_to_noise_is_kept():
    clean = degrade(voice(), np.random.default_rng(4), replace(CLEAN, codecs=("none",)))
    loud = degrade(voice(), np.random.default_rng(4), replace(noisy(10.0, "white"), codecs=("none",)))
    added = (loud.astype(int) - clean.astype(int)).astype(np.int16)
    assert rms_dbfs(clean) - rms_dbfs(added) == pytest.approx(10.0, abs=1.0)


def test_an_unknown_noise_is_named():
    with pytest.raises(ValueError, match="thunder"):
        noise("thunder", 10, np.random.default_rng(1))


@pytest.mark.parametrize("codec", ["ulaw", "alaw", "gsm", "none"])
def test_codecs_keep_the_voice(codec):
    made = coded(voice(), codec)
    assert np.corrcoef(made, voice())[0, 1] > 0.9


def test_a_crowd_is_made_of_other_clips():
    made = crowd([voice(), voice()[4000:]], 4000, np.random.default_rng(1))
    assert np.sqrt(np.mean(made**2)) == pytest.approx(1.0)


def test_silence_stays_silence():
    assert not degrade(np.zeros(800, dtype=np.int16), np.random.default_rng(1)).any()
