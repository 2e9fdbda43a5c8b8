"""What is played to a model, and what is told of it; the real one is examined in tests/test_model_measure.py."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.audio.frame import Samples
from ivr.audio.tones import tone
from ivr.audio.wav import write_wav
from ivr.bench.exam.conditions import LEVELS, NOISES
from ivr.bench.exam.exam import Sets, read_conditions
from ivr.bench.exam.questions import trial_texts
from ivr.demo import RECORDINGS
from ivr.errors import IvrError
from ivr.records import Language

SOUND = tone((300.0, 700.0), 0.5, -20.0)


@dataclass
class Beep:
    """A voice that beeps, and remembers how often."""

    name: str = "beep"
    said: int = 0

    def render(self, text: str, language: Language) -> Samples:
        self.said += 1
        return SOUND


def test_the_desks_own_voice_says_everything_that_is_asked() -> None:
    trials = Sets(voice=Beep()).trials(("en", "zh"))
    assert [trial.said for trial in trials] == [*trial_texts("en"), *trial_texts("zh")]
    assert any(trial.question is None for trial in trials)


def test_only_what_is_played_is_rendered() -> None:
    voice = Beep()
    assert len(Sets(voice=voice).trials(("en",), every=50)) == voice.said < 5


def test_every_set_is_thinned_by_itself(tmp_path: Path) -> None:
    write_wav(tmp_path / "7_ann_0.wav", SOUND)
    trials = Sets(recordings=RECORDINGS / "callers", digits=tmp_path, voice=Beep()).trials(("en",), every=1000)
    assert {trial.group for trial in trials} == {"human digits", "own voice"}
    assert {trial.language for trial in Sets(recordings=RECORDINGS / "callers").trials(("zh",), 20)} == {"zh"}


def test_lines_are_chosen_by_name() -> None:
    assert [each.name for each in read_conditions("clean, snr5,clean,alaw")] == ["clean", "snr5", "alaw"]
    with pytest.raises(IvrError, match=r"no line “snr7”: there is clean, snr10"):
        read_conditions("clean,snr7")


def test_the_curves_span_what_a_telephone_brings() -> None:
    assert [each.snr for each in NOISES] == [None, 20.0, 15.0, 10.0, 5.0, 0.0]
    assert [each.level for each in LEVELS] == [-10.0, -20.0, -30.0, -40.0, -45.0]
