from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.audio.frame import RATE
from ivr.config import Settings
from ivr.errors import SettingsError, VoiceError
from ivr.prompt_review import lines
from ivr.records import Language
from ivr.sample import units
from ivr.speech.tts import Pyttsx3Voice
from ivr.speech.tts_process import SpeechWorker
from ivr.speech.voices import CALLER_VOICES, DEFAULT_VOICES, VoiceChoice, rate_for, voices_at

EVERY = 8
"""of the catalogue's prompts: the whole is what `ivr prompts check` measures"""


@pytest.fixture(scope="module")
def worker() -> Iterator[SpeechWorker]:
    with SpeechWorker() as worker:
        yield worker


@pytest.mark.parametrize("rate", [128.0, "128", 79, 451, True])
def test_a_rate_that_pyttsx3_would_ignore_silently_is_refused(rate: object) -> None:
    with pytest.raises(VoiceError, match="whole number"):
        VoiceChoice("sit/cmn", rate)  # type: ignore[arg-type]  # what a settings file may hold


@pytest.mark.parametrize(("volume", "pitch"), [(0, 50), (1.1, 50), (0.6, 100), (0.6, -1), (0.6, 50.5)])
def test_a_volume_or_pitch_that_means_nothing_is_refused(volume: float, pitch: object) -> None:
    with pytest.raises(VoiceError, match="give a"):
        VoiceChoice("sit/cmn", 128, volume, pitch)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("speed", [120, 150, 220])
def test_a_speed_in_characters_a_minute_is_what_is_heard(
    house: Settings, worker: SpeechWorker, language: Language, speed: float
) -> None:
    voice = Pyttsx3Voice(voices_at(speed), worker)
    said = [line.words.spoken for line in lines(house) if line.words.language == language][::EVERY]
    minutes = sum(len(voice.render(text, language)) for text in said) / RATE / 60
    assert len(said) > 10
    assert sum(units(text, language) for text in said) / minutes == pytest.approx(speed, rel=0.06)


def test_the_usual_speed_is_the_default() -> None:
    assert voices_at(150) == DEFAULT_VOICES


@pytest.mark.parametrize("speed", [0, 104, 286, float("nan")])
def test_a_speed_that_nobody_measured_is_refused(speed: float) -> None:
    with pytest.raises(SettingsError, match="150 is usual"):
        rate_for("zh", speed)


def test_every_caller_has_a_voice_of_its_own_that_espeak_has(worker: SpeechWorker) -> None:
    text: dict[Language, str] = {"zh": "六点半", "en": "half past six"}
    sounds = {
        name: Pyttsx3Voice({caller.language: caller.choice}, worker).render(text[caller.language], caller.language)
        for name, caller in CALLER_VOICES.items()
    }
    assert len({samples.tobytes() for samples in sounds.values()}) == len(CALLER_VOICES)
