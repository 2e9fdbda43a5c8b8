from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE, silence
from ivr.errors import AudioError
from ivr.recording import StereoRecording


def test_the_caller_is_left_and_the_desk_right(tmp_path: Path) -> None:
    recording, file = StereoRecording(), tmp_path / "new" / "call.wav"
    ours = np.full(FRAME, 7, dtype=np.int16)
    recording.tap(silence(FRAME), ours)
    recording.tap(ours * 2, silence(FRAME))
    recording.write(file)
    with wave.open(str(file)) as kept:
        assert (kept.getnchannels(), kept.getframerate(), kept.getsampwidth()) == (2, RATE, 2)
        both = np.frombuffer(kept.readframes(9999), "<i2").reshape(-1, 2)
    assert both[0].tolist() == [0, 7]
    assert both[-1].tolist() == [14, 0]
    assert len(both) == 2 * FRAME
    assert [entry.name for entry in file.parent.iterdir()] == ["call.wav"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(AudioError, match="cannot be written") as refused:
        StereoRecording().write(tmp_path / "file" / "call.wav")
    assert refused.value.where == str(tmp_path / "file" / "call.wav")
