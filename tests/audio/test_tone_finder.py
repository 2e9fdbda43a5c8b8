from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Frame, Samples, frames, silence
from ivr.audio.g711 import decode_alaw, encode_alaw
from ivr.audio.tone_finder import ToneFinder
from ivr.audio.tones import NoiseFloor, tone
from ivr.audio.wav import read_wav
from ivr.errors import AudioError

CALLERS = sorted((Path(__file__).parent / "callers").glob("*/*.wav"))


def over_the_line(sound: Samples, floor: float = -60.0) -> Samples:
    return decode_alaw(encode_alaw(NoiseFloor(floor).add(sound, 0)))


def cadence(hertz: tuple[float, ...], on: float, off: float, seconds: float, skip: float = 0.0) -> Samples:
    """A tone that begins `skip` seconds into its round."""
    turn = np.concatenate([tone(hertz, on, -20.0), silence(round(off * RATE))])
    return np.resize(np.roll(turn, -round(skip * RATE)), round(seconds * RATE))


def listened(sound: Samples) -> ToneFinder:
    finder = ToneFinder()
    for frame in frames(sound):
        finder.push(frame)
    return finder


def certain_after(sound: Samples) -> float | None:
    """Seconds until the finder is certain."""
    finder = ToneFinder()
    for frame in frames(sound):
        finder.push(frame)
        if finder.certain is not None:
            return frame.end / RATE
    return None


@pytest.mark.parametrize(
    ("kind", "hertz", "on", "off"),
    [
        (ToneKind.DIAL, (450.0,), 10.0, 0.0),
        (ToneKind.DIAL, (425.0,), 10.0, 0.0),
        (ToneKind.DIAL, (350.0, 440.0), 10.0, 0.0),
        (ToneKind.BUSY, (450.0,), 0.35, 0.35),
        (ToneKind.BUSY, (425.0,), 0.5, 0.5),
        (ToneKind.BUSY, (450.0,), 0.7, 0.7),
        (ToneKind.BUSY, (480.0, 620.0), 0.5, 0.5),
        (ToneKind.RINGBACK, (450.0,), 1.0, 4.0),
        (ToneKind.RINGBACK, (440.0, 480.0), 2.0, 4.0),
        (ToneKind.FAX_CNG, (1100.0,), 0.5, 3.0),
        (ToneKind.FAX_CNG, (1065.0,), 0.5, 3.0),
        (ToneKind.FAX_CED, (2100.0,), 3.0, 0.1),
        (ToneKind.DTMF, (770.0, 1336.0), 0.3, 0.3),
        (ToneKind.OTHER, (1000.0,), 0.4, 3.0),
        (ToneKind.OTHER, (1100.0,), 4.0, 0.1),
    ],
)
@pytest.mark.parametrize("skip", [0.0, 0.23])
def test_a_tone_is_known_by_frequency_and_cadence(
    kind: ToneKind, hertz: tuple[float, ...], on: float, off: float, skip: float
) -> None:
    assert listened(over_the_line(cadence(hertz, on, off, 5.0, skip))).kind is kind


def test_a_special_information_tone_is_three_other_tones() -> None:
    steps = np.concatenate([tone([hertz], 0.33, -15.0) for hertz in (950.0, 1400.0, 1800.0)])
    finder = listened(over_the_line(np.concatenate([steps, silence(RATE)])))
    assert finder.kind is ToneKind.OTHER
    assert [round(each.hertz[0], -1) for each in finder.tones] == [950, 1400, 1800]


def test_a_tone_is_dated_to_a_frame_and_measured_to_a_hertz() -> None:
    finder = listened(np.concatenate([silence(RATE), tone([450.0], 0.5, -20.0), silence(RATE)]))
    (found,) = finder.tones
    assert found.start == pytest.approx(RATE, abs=160)
    assert found.ms == pytest.approx(500, abs=40)
    assert found.hertz == pytest.approx((450.0,), abs=1.0)
    assert found.whole


def test_a_calling_fax_is_certain_with_the_end_of_its_first_whole_burst() -> None:
    sound = np.concatenate([silence(RATE), cadence((1100.0,), 0.5, 3.0, 3.0)])
    assert certain_after(over_the_line(sound)) == pytest.approx(1.5, abs=0.1)


def test_a_called_fax_is_certain_after_six_tenths_of_a_second_even_with_phase_reversals() -> None:
    times = np.arange(3 * RATE) / RATE
    turned = np.where(times // 0.45 % 2, -1.0, 1.0) * (1 + 0.2 * np.sin(2 * np.pi * 15 * times))
    sound = (4000 * turned * np.sin(2 * np.pi * 2100 * times)).astype(np.int16)
    assert certain_after(over_the_line(sound)) == pytest.approx(0.6, abs=0.1)
    assert len(listened(over_the_line(sound)).tones) == 1


def test_a_cut_burst_of_1100_hertz_makes_nobody_certain() -> None:
    assert certain_after(over_the_line(cadence((1100.0,), 0.5, 3.0, 3.0, skip=0.2))) is None


@pytest.mark.parametrize("path", CALLERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_voice_is_no_tone(path: Path) -> None:
    finder = listened(read_wav(path).samples)
    assert finder.tones == ()


def test_a_sung_vowel_of_flat_pitch_is_no_tone() -> None:
    times = np.arange(2 * RATE) / RATE
    for pitch in (180.0, 240.0, 350.0):
        vowel = sum(np.sin(2 * np.pi * pitch * number * times) / number for number in (1, 2, 3))
        assert listened((4000 * np.asarray(vowel)).astype(np.int16)).tones == ()


def test_noise_and_silence_hold_no_tone() -> None:
    for sound in (silence(2 * RATE), NoiseFloor(-20.0).add(silence(2 * RATE), 0)):
        finder = listened(sound)
        assert finder.tones == ()
        assert finder.kind is finder.certain is None


def test_frames_of_another_shape_are_refused() -> None:
    with pytest.raises(AudioError, match="expected 160 samples"):
        ToneFinder().push(Frame(silence(80), RATE, 0))
