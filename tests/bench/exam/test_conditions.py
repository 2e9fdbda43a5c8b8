from __future__ import annotations

import numpy as np
import pytest

from ivr.audio.level import active_level, rms_dbfs
from ivr.audio.tones import tone
from ivr.bench.exam.conditions import CLEAN, KNOWN, LEAD, ROBUST, TAIL, Condition, no_speech, over

VOICE = tone((300.0, 700.0), 1.0, -30.0)


@pytest.mark.parametrize("condition", ROBUST, ids=lambda each: each.name)
def test_one_seed_gives_one_sound_whatever_came_before(condition: Condition) -> None:
    first = over(VOICE, condition, "a")
    over(VOICE, condition, "b")
    assert np.array_equal(first, over(VOICE, condition, "a"))
    assert not np.array_equal(first, over(VOICE, condition, "b"))


@pytest.mark.parametrize("level", [-10.0, -20.0, -40.0, -45.0])
def test_the_voice_arrives_at_its_level(level: float) -> None:
    heard = over(VOICE, Condition("x", level=level), "a")
    assert active_level(heard[LEAD : LEAD + 8000]).dbfs == pytest.approx(level, abs=1.0)


def test_noise_lies_under_the_pauses_at_its_distance() -> None:
    heard = over(VOICE, Condition("x", snr=10.0), "a")
    assert rms_dbfs(heard[:LEAD]) == pytest.approx(-30.0, abs=2.0)


def test_a_quiet_line_is_never_digital_silence() -> None:
    assert rms_dbfs(over(VOICE, CLEAN, "a")[:LEAD]) > -80.0
    assert all(rms_dbfs(sound) > -80.0 for sound in no_speech().values())


def test_gsm_changes_the_sound_but_not_its_length_or_its_place() -> None:
    plain, coded = over(VOICE, CLEAN, "a"), over(VOICE, Condition("clean", codec="gsm"), "a")
    assert len(coded) == len(plain)
    assert not np.array_equal(coded, plain)
    assert np.corrcoef(coded, plain)[0, 1] > 0.9


def test_a_twentieth_of_the_packets_is_lost() -> None:
    heard = over(tone((300.0,), 20.0, -30.0), Condition("x", loss=0.05), "a")
    packets = heard[: len(heard) // 160 * 160].reshape(-1, 160)
    assert 0.02 < np.mean(~packets.any(axis=1)) < 0.09


@pytest.mark.parametrize(("name", "seconds"), [("slow", 4 / 3), ("fast", 1 / 1.3)])
def test_slow_and_fast_speech_is_longer_and_shorter_and_as_loud(name: str, seconds: float) -> None:
    heard = over(VOICE, KNOWN[name], "a")
    assert len(heard) == pytest.approx(LEAD + TAIL + 8000 * seconds, abs=1)
    assert active_level(heard[LEAD:-TAIL]).dbfs == pytest.approx(-20.0, abs=1.0)


def test_sounds_without_speech_are_the_same_every_time_and_of_telephone_loudness() -> None:
    first, second = no_speech(), no_speech()
    assert {"silence", "pink", "hum 50 Hz", "busy 450", "chords", "key 5"} <= set(first)
    for name, sound in first.items():
        assert np.array_equal(sound, second[name]), name
        assert len(sound) == 24000
        assert rms_dbfs(sound) < -10.0, name
