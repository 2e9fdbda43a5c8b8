from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.audio.frame import FRAME, RATE, Frame, Samples, frames, silence
from ivr.audio.g711 import decode_alaw, decode_ulaw, encode_alaw, encode_ulaw
from ivr.audio.keypad import KeypadDecoder
from ivr.audio.tones import DTMF_COLUMNS, DTMF_KEYS, DTMF_ROWS, NoiseFloor, dtmf
from ivr.audio.wav import read_wav
from ivr.bench.line_sounds import babble, music, white

CALLERS = sorted((Path(__file__).parent / "callers").glob("*/*.wav"))


def decoded(sound: Samples) -> str:
    decoder = KeypadDecoder()
    return "".join(decoder.push(frame) for frame in frames(sound))


def pair(key: str, ms: int, low: float = 1.0, high: float = 1.0, twist: float = 0.0) -> Samples:
    """A key whose tones lie off their frequencies by factors, the high one `twist` dB stronger; 40 ms of pause."""
    place = DTMF_KEYS.find(key)
    times = np.arange(ms * RATE // 1000) / RATE
    tones = [
        gain * np.sin(2 * np.pi * hertz * times)
        for hertz, gain in (
            (DTMF_ROWS[place // 4] * low, 10 ** (min(0.0, -twist) / 20)),
            (DTMF_COLUMNS[place % 4] * high, 10 ** (min(0.0, twist) / 20)),
        )
    ]
    return np.concatenate([(3000 * np.sum(tones, axis=0)).astype(np.int16), silence(320)])


def keys(sounds: list[Samples]) -> str:
    return decoded(np.concatenate([silence(130), *sounds, silence(800)]))


@pytest.mark.parametrize("dbfs", [-7.0, -20.0, -35.0])
@pytest.mark.parametrize("lead", [0, 37, 101])
def test_every_key_comes_out_once_at_any_level(dbfs: float, lead: int) -> None:
    line = NoiseFloor(-70.0).add(np.concatenate([silence(lead), dtmf(DTMF_KEYS, 40, 40, dbfs), silence(800)]), 0)
    assert decoded(decode_ulaw(encode_ulaw(line))) == DTMF_KEYS


def test_the_same_key_twice_counts_twice_and_a_long_one_once() -> None:
    assert decoded(dtmf("1155", 60, 60)) == "1155"
    assert decoded(dtmf("8", 1500, 100)) == "8"


def test_keys_survive_noise_15_db_below_them() -> None:
    noisy = NoiseFloor(-35.0, seed=3).add(np.concatenate([silence(50), dtmf("0123456789*#", 45, 45, -20.0)]), 0)
    assert decoded(decode_ulaw(encode_ulaw(noisy))) == "0123456789*#"
    assert decoded(decode_alaw(encode_alaw(noisy))) == "0123456789*#"


@pytest.mark.parametrize("off", [0.985, 1.015])
def test_a_tone_one_and_a_half_percent_off_is_taken(off: float) -> None:
    assert keys([pair(key, 45, low=off, high=1 / off) for key in DTMF_KEYS]) == DTMF_KEYS


@pytest.mark.parametrize("off", [0.965, 1.035])
def test_a_tone_three_and_a_half_percent_off_is_refused(off: float) -> None:
    assert keys([pair(key, 100, low=off) for key in DTMF_KEYS]) == ""
    assert keys([pair(key, 100, high=off) for key in DTMF_KEYS]) == ""


@pytest.mark.parametrize(("twist", "taken"), [(-8.0, True), (4.0, True), (-13.0, False), (9.0, False)])
def test_one_tone_may_be_stronger_within_the_limits_of_q24(twist: float, taken: bool) -> None:  # noqa: FBT001
    assert keys([pair(key, 60, twist=twist) for key in "159D"]) == ("159D" if taken else "")


def test_twenty_milliseconds_are_no_key() -> None:
    assert keys([pair(key, 20) for key in DTMF_KEYS]) == ""


def test_a_tone_that_breaks_for_ten_milliseconds_is_still_one_key() -> None:
    broken = np.concatenate([dtmf("4", 60, 10), dtmf("4", 60, 100)])
    assert decoded(broken) == "4"


def test_the_decoder_says_while_a_key_sounds() -> None:
    decoder = KeypadDecoder()
    sounding = [bool(decoder.push(frame)) or bool(decoder.sounding) for frame in frames(dtmf("6", 200, 200))]
    assert sounding[2:9] == [True] * 7
    assert not any(sounding[13:])


@pytest.mark.parametrize("path", CALLERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_no_caller_presses_a_key_by_speaking(path: Path) -> None:
    assert decoded(read_wav(path).samples) == ""


def test_no_key_is_heard_in_music_babble_noise_or_call_progress() -> None:
    source = np.random.RandomState(4)
    voices = [read_wav(path).samples for path in CALLERS[::9]]
    for sound in (music(source, 20 * RATE), babble(source, 10 * RATE, voices), white(source, 10 * RATE)):
        assert decoded((sound * 3000).clip(-32768, 32767).astype(np.int16)) == ""


@pytest.mark.parametrize("frame", [Frame(silence(80), RATE, 0), Frame(silence(2 * FRAME), 2 * RATE, 0)])
def test_frames_of_another_shape_are_refused(frame: Frame) -> None:
    with pytest.raises(Exception, match="expected 160 samples"):
        KeypadDecoder().push(frame)
