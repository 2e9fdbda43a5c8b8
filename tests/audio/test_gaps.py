from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE, Samples, frames, silence
from ivr.audio.g711 import decode_alaw, encode_alaw
from ivr.audio.gaps import Gap, GapFinder, find_gaps
from ivr.audio.level import scale
from ivr.audio.tones import NoiseFloor
from ivr.audio.wav import read_wav

CALLERS = sorted((Path(__file__).parent / "callers").glob("*/*.wav"))


def voice() -> Samples:
    """Three seconds of speech-like sound: noise that never rests."""
    return NoiseFloor(-20.0, seed=5).add(silence(3 * RATE), 0)


def holed(sound: Samples, *holes: tuple[int, int], value: int = 0) -> Samples:
    lossy = sound.copy()
    for start, length in holes:
        lossy[start : start + length] = value
    return lossy


@pytest.mark.parametrize("value", [0, 8, -8])
def test_packets_that_became_silence_are_found_where_they_were_lost(value: int) -> None:
    found = find_gaps(holed(voice(), (4000, 160), (9000, 480), value=value))
    assert [gap.start for gap in found] == pytest.approx([4000, 9000], abs=2)
    assert [gap.end - gap.start for gap in found] == pytest.approx([160, 480], abs=2)


def test_a_packet_that_was_played_twice_is_found() -> None:
    lossy = voice()
    lossy[8000:8320] = np.tile(lossy[7840:8000], 2)
    assert find_gaps(lossy) == (Gap(8000, 8320),)


def test_a_hole_of_half_a_second_is_a_line_that_fell_silent() -> None:
    assert find_gaps(holed(voice(), (8000, RATE // 2))) == ()


def test_holes_in_a_lines_faint_noise_are_no_loss() -> None:
    assert find_gaps(holed(NoiseFloor(-60.0).add(silence(RATE), 0), (2000, 160), (4000, 320))) == ()


@pytest.mark.parametrize("path", CALLERS[::3], ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_closed_lips_on_a_silent_line_are_no_loss(path: Path) -> None:
    speech = read_wav(path).samples
    # what lies under -56 dBFS becomes digital silence, as behind a phone that suppresses it
    gated = np.where(np.convolve(np.abs(speech.astype(int)), np.ones(40) / 40, "same") < 40, 0, speech)
    for sound in (speech, gated.astype(np.int16), decode_alaw(encode_alaw(scale(speech, -20.0)))):
        assert find_gaps(np.concatenate([silence(RATE), sound, silence(RATE)])) == ()


def test_a_stream_gives_the_same_gaps_as_the_whole() -> None:
    source = np.random.RandomState(1)
    holes = [(int(start), 160 * int(source.randint(1, 4))) for start in range(1000, 15 * RATE, 1237)]
    lossy = holed(np.resize(voice(), 16 * RATE), *holes)
    finder = GapFinder()
    for frame in frames(lossy):
        finder.add(frame.samples)
    assert finder.gaps == find_gaps(lossy)
    assert len(finder.gaps) == len(holes)


def test_nothing_holds_no_gap() -> None:
    assert find_gaps(silence(0)) == find_gaps(silence(FRAME)) == GapFinder().gaps == ()


def test_a_mouth_that_closes_into_digital_silence_is_no_loss() -> None:
    # 37 ms: no packets have that length
    assert find_gaps(holed(voice(), (4000, 296), (9000, 296))) == ()
