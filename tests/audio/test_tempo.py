from __future__ import annotations

import numpy as np
import pytest

from ivr.audio.tempo import WINDOW, stretched

TONE = 0.3 * np.sin(2 * np.pi * 200 * np.arange(16_000) / 8000)


@pytest.mark.parametrize("factor", [0.75, 1.0, 1.34])
def test_tempo_changes_the_length_and_neither_pitch_nor_loudness(factor: float) -> None:
    made = stretched(TONE, factor)
    assert len(made) == pytest.approx(16_000 * factor, abs=1)
    spectrum = np.abs(np.fft.rfft(made))
    assert np.argmax(spectrum) * 8000 / len(made) == pytest.approx(200, abs=5)
    assert np.std(made) == pytest.approx(np.std(TONE), rel=0.05)


def test_what_is_shorter_than_two_windows_is_left_alone() -> None:
    short = TONE[: 2 * WINDOW - 1]
    assert stretched(short, 1.5) is short
