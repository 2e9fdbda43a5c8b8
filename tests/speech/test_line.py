from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ivr.audio.cadence import ToneKind
from ivr.audio.frame import RATE, Frame, Samples, frames, silence
from ivr.audio.keypad import KeypadDecoder
from ivr.audio.level import scale
from ivr.audio.tones import NoiseFloor, dtmf, tone
from ivr.audio.wav import read_wav
from ivr.bench.line_sounds import pink
from ivr.errors import AudioError
from ivr.speech.call_line import CallLine
from ivr.speech.line import LineCheck, LineKind, LineReport
from ivr.speech.thresholds import Thresholds
from ivr.speech.vad import WebrtcVoiceDetector

FOLDER = Path(__file__).parents[1] / "audio" / "callers"


@pytest.fixture(scope="module")
def answer() -> Samples:
    """A second of quiet, “half past six” at -20 dBFS, two seconds of quiet."""
    said = read_wav(FOLDER / "jf_nezumi" / "en-time-six-forty-five.wav").samples
    return np.concatenate([silence(RATE), said, silence(2 * RATE)])


def report(sound: Samples, own_level: float | None = None, thresholds: Thresholds | None = None) -> LineReport:
    detector, keypad = WebrtcVoiceDetector(), KeypadDecoder()
    check = LineCheck() if thresholds is None else LineCheck(thresholds=thresholds)
    for frame in frames(sound):
        keypad.push(frame)
        check.add(frame, detector.is_voice(frame), key=bool(keypad.sounding))
    return check.report(own_level)


def on_a_line(sound: Samples, floor: float = -68.0) -> Samples:
    return NoiseFloor(floor, seed=2).add(sound, 0)


def test_an_answer_on_a_good_line_is_normal_and_measured(answer: Samples) -> None:
    found = report(on_a_line(answer))
    assert found.kind is LineKind.NORMAL
    assert found.level_dbfs == pytest.approx(-20.0, abs=2.0)
    assert found.floor_dbfs == pytest.approx(-66.0, abs=2.5)
    assert found.snr_db == pytest.approx(46.0, abs=4.0)
    assert found.seconds == pytest.approx(len(answer) / RATE, abs=0.02)
    assert 0.5 < found.voice_seconds < 2.0
    assert found.tone is None
    assert found.gap_share == found.tone_share == 0.0


@pytest.mark.parametrize("sound", [silence(4 * RATE), np.full(4 * RATE, 8, dtype=np.int16)])
def test_a_dead_line_is_silent(sound: Samples) -> None:
    found = report(sound)
    assert found.kind is LineKind.SILENT
    assert found.level_dbfs is found.snr_db is None
    assert found.floor_dbfs == -100.0


def test_a_hissing_line_is_silent_and_a_roaring_one_noisy() -> None:
    assert report(on_a_line(silence(4 * RATE), -48.0)).kind is LineKind.SILENT
    assert report(on_a_line(silence(4 * RATE), -30.0)).kind is LineKind.NOISY


def test_steady_noise_that_the_detector_takes_for_voice_is_still_noise() -> None:
    def kind(dbfs: float) -> LineKind:
        check = LineCheck()
        for frame in frames(on_a_line(silence(4 * RATE), dbfs)):
            check.add(frame, voice=True)
        return check.report().kind

    assert kind(-30.0) is LineKind.NOISY
    assert kind(-50.0) is LineKind.SILENT


@pytest.mark.parametrize("rise", [0.0, 1.0, 3.0])
@pytest.mark.parametrize(("loud", "kind"), [(-30.0, LineKind.NOISY), (-45.0, LineKind.SILENT)])
def test_noise_that_rises_is_no_voice_though_the_detector_takes_it_for_one(
    rise: float, loud: float, kind: LineKind
) -> None:
    gain = np.interp(np.arange(6 * RATE) / RATE, [1.0, 1.0 + rise], [-60.0, loud])
    noise = pink(np.random.RandomState(3), 6 * RATE) * 10 ** (gain / 20)
    found = report((noise * 32768).astype(np.int16))
    assert found.kind is kind
    assert found.level_dbfs is None


@pytest.mark.parametrize(("dbfs", "kind"), [(-38.0, LineKind.NORMAL), (-46.0, LineKind.TOO_QUIET)])
def test_a_voice_is_too_quiet_below_42_dbfs(answer: Samples, dbfs: float, kind: LineKind) -> None:
    assert report(on_a_line(scale(answer, dbfs + 20.0), -75.0)).kind is kind


@pytest.mark.parametrize(("floor", "kind"), [(-38.0, LineKind.NORMAL), (-24.0, LineKind.NOISY)])
def test_a_voice_drowns_in_noise_near_its_own_level(answer: Samples, floor: float, kind: LineKind) -> None:
    assert report(on_a_line(answer, floor)).kind is kind


def test_lost_packets_in_a_voice_make_a_line_choppy_one_does_not(answer: Samples) -> None:
    line = on_a_line(answer)
    loud = [start for start in range(RATE, 2 * RATE + 2400, 160) if np.abs(line[start : start + 160]).max() > 3000]
    lossy = line.copy()
    for start in loud[3::6]:
        lossy[start : start + 320] = 0
    assert report(lossy).kind is LineKind.CHOPPY
    once = line.copy()
    once[loud[8] : loud[8] + 160] = 0
    assert report(once).kind is LineKind.NORMAL


def test_silence_between_words_as_some_phones_send_it_is_no_gap(answer: Samples) -> None:
    assert report(answer).kind is LineKind.NORMAL


def test_a_murmur_far_under_the_callers_own_level_is_not_meant_for_us(answer: Samples) -> None:
    murmur = on_a_line(scale(answer, -16.0))
    assert report(murmur, own_level=-20.0).kind is LineKind.UNANSWERED
    assert report(murmur, own_level=-30.0).kind is LineKind.NORMAL
    assert report(murmur).kind is LineKind.NORMAL


def test_talk_without_an_end_is_not_meant_for_us_but_a_long_answer_is(answer: Samples) -> None:
    said = answer[RATE + 1200 : -2 * RATE - 1200]
    talk = on_a_line(np.resize(said, 6 * RATE))
    assert report(talk).kind is LineKind.UNANSWERED
    assert report(np.concatenate([talk, on_a_line(silence(RATE))])).kind is LineKind.NORMAL


def test_a_busy_tone_is_a_tone_and_no_voice() -> None:
    turn = np.concatenate([tone([450.0], 0.35, -20.0), silence(2800)])
    found = report(on_a_line(np.resize(turn, 4 * RATE)))
    assert (found.kind, found.tone) == (LineKind.TONE, ToneKind.BUSY)
    assert found.tone_share > 0.9


def test_keys_are_a_tone_where_their_decoder_says_so() -> None:
    found = report(on_a_line(np.concatenate([dtmf("1208#"), silence(2 * RATE)])))
    assert (found.kind, found.tone) == (LineKind.TONE, ToneKind.DTMF)


def test_a_fax_is_certain_before_the_listening_ends() -> None:
    check = LineCheck()
    for frame in frames(np.concatenate([silence(RATE), tone([1100.0], 0.5, -15.0), silence(1600)])):
        check.add(frame, voice=False)
    assert check.certain_tone is ToneKind.FAX_CNG


def test_thresholds_are_in_one_place(answer: Samples) -> None:
    deaf = replace(Thresholds(), quiet_level=-10.0)
    assert report(on_a_line(answer), thresholds=deaf).kind is LineKind.TOO_QUIET


def test_nothing_heard_is_silence() -> None:
    assert LineCheck().report().kind is LineKind.SILENT


def test_a_report_may_be_asked_for_twice_and_says_the_same(answer: Samples) -> None:
    check = LineCheck()
    for frame in frames(on_a_line(answer)):
        check.add(frame, voice=True)
    assert check.report() == check.report()


def test_the_place_in_the_call_changes_nothing(answer: Samples) -> None:
    def shifted(by: int) -> LineReport:
        detector, check = WebrtcVoiceDetector(), LineCheck()
        for frame in frames(on_a_line(np.concatenate([answer, tone([450.0], 1.0, -20.0)]))):
            check.add(Frame(frame.samples, RATE, frame.offset + by), detector.is_voice(frame))
        return check.report()

    assert shifted(0) == shifted(123 * 160)


def test_frames_of_another_shape_are_refused() -> None:
    with pytest.raises(AudioError, match="expected 160 samples"):
        LineCheck().add(Frame(silence(80), RATE, 0), voice=False)


def told(kind: LineKind, level: float | None = None, snr: float | None = None) -> LineReport:
    return replace(LineCheck().report(), kind=kind, level_dbfs=level, snr_db=snr)


def test_a_call_knows_its_callers_level_from_normal_turns_only() -> None:
    call = CallLine()
    assert (call.own_level, call.level_dbfs, call.worst) == (None, None, None)
    assert call.shares == {}
    call.add(told(LineKind.SILENT))
    call.add(told(LineKind.NORMAL, -21.0, 40.0))
    call.add(told(LineKind.UNANSWERED, -39.0, 25.0))
    call.add(told(LineKind.NORMAL, -23.0, 30.0))
    assert call.own_level == -22.0
    assert call.level_dbfs == -23.0
    assert call.snr_db == 30.0
    assert call.worst is LineKind.UNANSWERED
    assert call.shares == {LineKind.NORMAL: 0.5, LineKind.SILENT: 0.25, LineKind.UNANSWERED: 0.25}
