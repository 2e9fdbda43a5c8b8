from __future__ import annotations

import numpy as np
import pytest
import torch

from ivr.audio.frame import FULL_SCALE, RATE
from ivr.audio.g711 import decode_ulaw, encode_ulaw
from ivr.audio.level import active_level
from models.train.device_line import Chances, Line

CLEAN = Chances(level=(-20.0, -20.0), noisy=0.0, room=0.0, line=0.0, lossy=0.0, codecs={"none": 1.0})


def _noises():
    return torch.randn((2, 6 * RATE), generator=torch.Generator().manual_seed(1))


def _voice(seconds=2.0):
    """Buzz in two stretches with a pause between."""
    time = torch.arange(int(seconds * RATE)) / RATE
    return (torch.sin(2 * torch.pi * 140 * time) * 6000 * (torch.sin(2 * torch.pi * time) > 0)).repeat(3, 1)


def _heard(chances, sound=None, *, spoken=True, seed=1):
    sound = _voice() if sound is None else sound
    everyone = torch.full((len(sound),), spoken)
    return Line(_noises(), chances)(sound, everyone, torch.Generator().manual_seed(seed))


def test_a_voice_comes_at_the_level_that_was_drawn():
    # P.56 counts pauses of a fifth of a second as voice, the line does not
    steady = torch.sin(2 * torch.pi * 140 * torch.arange(2 * RATE) / RATE) * 6000
    for row in _heard(CLEAN, steady.repeat(3, 1)):
        assert active_level(row.numpy().astype(np.int16)).dbfs == pytest.approx(-20.0, abs=1.0)


def test_the_same_seed_gives_the_same_line_and_another_one_does_not():
    assert torch.equal(_heard(Chances(), seed=4), _heard(Chances(), seed=4))
    assert not torch.equal(_heard(Chances(), seed=4), _heard(Chances(), seed=5))


def test_mu_law_is_the_telephones_own():
    plain = _heard(CLEAN)
    coded = _heard(Chances(**{**vars(CLEAN), "codecs": {"ulaw": 1.0}}))
    for row, other in zip(plain, coded, strict=True):
        assert np.array_equal(decode_ulaw(encode_ulaw(row.numpy().astype(np.int16))), other.numpy().astype(np.int16))


def test_noise_lies_as_far_under_the_voice_as_was_drawn():
    quiet = Chances(**{**vars(CLEAN), "noisy": 1.0, "snr": (10.0, 10.0), "second": 0.0, "fitful": 0.0})
    noise = (_heard(quiet) - _heard(CLEAN)).square().mean().sqrt()
    assert 20 * torch.log10(noise / FULL_SCALE) == pytest.approx(-30.0, abs=1.0)


def test_a_line_on_which_nobody_speaks_is_not_made_as_loud_as_speech():
    silent = torch.zeros(4, RATE)
    heard = _heard(Chances(**{**vars(CLEAN), "snr": (20.0, 20.0)}), silent, spoken=False)
    assert float(heard.abs().max()) < 0.2 * FULL_SCALE
    assert float(heard.abs().max()) > 0


@pytest.mark.parametrize("codec", ["ulaw", "alaw", "gsm", "none"])
def test_whatever_the_line_it_is_whole_numbers_of_16_bits(codec):
    heard = _heard(Chances(codecs={codec: 1.0}, lossy=1.0, loss=0.3))
    assert bool((heard == heard.round()).all())
    assert float(heard.min()) >= -FULL_SCALE
    assert float(heard.max()) <= FULL_SCALE - 1
    assert heard.shape == _voice().shape
