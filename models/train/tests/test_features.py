"""The network must learn from the very numbers that Kaldi will show it."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from models.train.features import TELEPHONE, WIDE, Bands, Mfcc, _filters, frame_count, frames
from models.train.kaldi import Array

knf = pytest.importorskip("kaldi_native_fbank", reason="Kaldi's own features come from this package")


def noise(samples: int, size: float = 3000.0) -> Array:
    return np.random.default_rng(5).normal(0, size, samples).astype(np.float32)


def kaldi(bands: Bands, sound: Array) -> Array:
    options = knf.MfccOptions()
    options.frame_opts.samp_freq = bands.rate
    options.frame_opts.dither = 0
    options.frame_opts.snip_edges = True
    options.mel_opts.num_bins = options.num_ceps = bands.bins
    options.mel_opts.low_freq, options.mel_opts.high_freq = bands.low, bands.high
    options.use_energy = False
    online = knf.OnlineMfcc(options)
    online.accept_waveform(bands.rate, sound.tolist())
    online.input_finished()
    return np.stack([online.get_frame(number) for number in range(online.num_frames_ready)])


@pytest.mark.parametrize("bands", [TELEPHONE, WIDE])
@pytest.mark.parametrize("size", [3.0, 3000.0])
def test_cepstra_are_kaldis(bands: Bands, size: float) -> None:
    sound = noise(bands.rate + 37, size)
    ours = Mfcc(bands)(torch.from_numpy(sound)).numpy()
    theirs = kaldi(bands, sound)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 2e-3


def test_telephone_filters_are_the_lower_ones_of_the_korean_model() -> None:
    narrow, wide = _filters(TELEPHONE, 256, 100), _filters(WIDE, 512, 100)
    assert torch.allclose(narrow[:128], wide[:128, :30], atol=2e-2)


def test_frames_takes_samples_and_gives_thirty_cepstra_each_ten_milliseconds() -> None:
    sound = noise(8000).astype(np.int16)
    assert frames(sound).shape == (frame_count(8000), 30) == (98, 30)


def test_sound_shorter_than_a_frame_is_one_frame() -> None:
    assert frames(np.zeros(50, np.int16)).shape == (1, 30) == (frame_count(50), 30)


def test_silence_has_finite_cepstra() -> None:
    assert np.isfinite(frames(np.zeros(800, np.int16))).all()


def test_another_vocal_tract_changes_the_spectrum_but_not_its_shape() -> None:
    sound, mfcc = torch.from_numpy(noise(8000)), Mfcc()
    assert mfcc(sound, 1.1).shape == mfcc(sound).shape
    assert not torch.allclose(mfcc(sound, 1.1), mfcc(sound))


def test_a_louder_line_moves_only_the_first_cepstrum() -> None:
    sound, mfcc = torch.from_numpy(noise(8000)), Mfcc()
    moved = mfcc(2 * sound) - mfcc(sound)
    assert torch.allclose(moved[:, 0], torch.tensor(np.log(4.0) * np.sqrt(30)).float(), atol=2e-3)
    assert moved[:, 1:].abs().max() < 2e-3
