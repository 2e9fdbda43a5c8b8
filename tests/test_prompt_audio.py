from __future__ import annotations

import numpy as np
import pytest

from ivr.audio.frame import RATE, Samples, silence
from ivr.audio.level import scale
from ivr.audio.resample import resample
from ivr.audio.tones import noise_floor
from ivr.audio.wav import read_wav
from ivr.errors import AudioError
from ivr.prompt_audio import LONGEST_STILL, heard_faults, measured, recorded_faults, without_echo
from ivr.speech.tts import finish
from tests.conftest import RECORDINGS

WORDS = "早上六点半叫醒我谢谢"


@pytest.fixture(scope="module")
def voice() -> Samples:
    """A caller's sentence in the house's form."""
    sound = read_wav(min((RECORDINGS / "callers").glob("**/*.wav"), key=lambda path: -path.stat().st_size))
    return finish(sound.samples, sound.rate)


def spoken_at(voice: Samples, pace: float) -> str:
    """So many characters that the voice says them at `pace` a minute."""
    return "好" * round(len(voice) / RATE * pace / 60)


def padded(voice: Samples, seconds: float = 0.2) -> Samples:
    """The voice in a quiet room, some stillness around it."""
    room = noise_floor(round(seconds * RATE), -65.0)
    return np.concatenate([room, voice + noise_floor(len(voice), -65.0), room])


def test_what_no_microphone_made_may_begin_at_once(voice: Samples) -> None:
    loudest = int(np.argmax(np.abs(voice.astype(int))))
    still = silence(RATE // 5)
    assert list(recorded_faults(np.concatenate([voice[loudest:], still]), RATE)) == []


def test_a_prompt_at_the_houses_pace_and_level_has_no_fault(voice: Samples) -> None:
    sound = measured(voice, RATE, spoken_at(voice, 150), "zh")
    assert sound.per_minute == pytest.approx(150, rel=0.15)
    assert sound.level_dbfs == pytest.approx(-20, abs=1)
    assert list(heard_faults(sound, "zh", 150)) == []


@pytest.mark.parametrize(("pace", "says"), [(220, "too fast"), (80, "too slow")])
def test_pace_is_judged_by_the_houses_own(voice: Samples, pace: int, says: str) -> None:
    sound = measured(voice, RATE, spoken_at(voice, pace), "zh")
    (fault,) = heard_faults(sound, "zh", 150)
    assert fault.startswith(says)
    assert "expected 105 to 195" in fault
    assert not list(heard_faults(sound, "zh", pace))


@pytest.mark.parametrize("rate", [RATE, 48_000])
def test_cut_off_tops_are_found_at_any_level(voice: Samples, rate: int) -> None:
    clean = padded(voice) if rate == RATE else resample(padded(voice), RATE, rate)
    assert list(recorded_faults(clean, rate)) == []
    clipped = scale(clean, 24)
    for quieter in (0, -6):
        (fault,) = recorded_faults(scale(clipped, quieter), rate)
        assert fault.startswith("clipped in ")


def test_clipping_is_told_once(voice: Samples) -> None:
    clipped = scale(padded(voice), 24)
    raw = list(recorded_faults(clipped, RATE))
    heard = list(heard_faults(measured(finish(clipped, RATE), RATE, spoken_at(voice, 150), "zh"), "zh", 150))
    assert without_echo(heard, raw) == []
    assert without_echo(["clipped in 3 places"], []) == ["clipped in 3 places"]


def test_a_far_microphone_is_found(voice: Samples) -> None:
    (fault,) = recorded_faults(scale(padded(voice), -25), RATE)
    assert fault.startswith("too quiet: -4")


def test_a_recording_that_starts_or_ends_too_early_is_found(voice: Samples) -> None:
    middle = len(voice) // 2
    loudest = int(np.argmax(np.abs(voice[:middle].astype(int))))
    cut = [
        list(recorded_faults(each, RATE))
        for each in (padded(voice)[loudest + RATE // 5 :], padded(voice)[: loudest + RATE // 5])
    ]
    assert [[fault.split(":")[0] for fault in each] for each in cut] == [
        ["begins within a sound"],
        ["ends within a sound"],
    ]


def test_stillness_at_the_ends_is_measured_and_told(voice: Samples) -> None:
    pause = LONGEST_STILL + 0.5
    sound = measured(padded(voice, pause), RATE, spoken_at(padded(voice, pause), 150), "zh")
    assert sound.lead == pytest.approx(pause, abs=0.15)
    assert sound.tail == pytest.approx(pause, abs=0.15)
    before, after = heard_faults(sound, "zh", 150)
    assert "before the first word" in before
    assert "after the last word" in after


def test_a_wrong_level_is_told(voice: Samples) -> None:
    (fault,) = heard_faults(measured(scale(voice, -6), RATE, spoken_at(voice, 150), "zh"), "zh", 150)
    assert fault.startswith("level -26.")


def test_silence_cannot_be_measured() -> None:
    with pytest.raises(AudioError, match="nothing but silence"):
        measured(silence(RATE), RATE, WORDS, "zh")
