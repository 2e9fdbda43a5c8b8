from __future__ import annotations

from pathlib import Path

import pytest

from ivr.audio.tones import tone
from ivr.audio.wav import write_wav
from ivr.errors import ModelError
from ivr.speech.building.units import UNITS, pronunciations
from models.train.syllables import LIST, syllable_trials, unambiguous

VOICE = tone((300.0, 700.0), 0.5, -20.0)


def test_a_syllable_is_told_from_others_as_a_character_that_is_read_in_no_other_way(tmp_path: Path) -> None:
    for name in ("zhuo1", "luu4", "men", "dei5", "qu4"):
        write_wav(tmp_path / f"{name}.wav", VOICE)
    trials = list(syllable_trials(tmp_path))
    # no tone, or no common character: left out
    assert {trial.name for trial in trials} == {"zhuo1", "luu4"} | {
        trial.name for trial in trials if trial.name == "qu4"
    }
    for trial in trials:
        ((_, final),) = pronunciations(trial.said, "zh")
        assert UNITS[final][-1] == trial.name[-1]
        assert trial.question is not None
        assert trial.question.takes(trial.said)


def test_lists_are_about_equally_long_and_hold_everything_once(tmp_path: Path) -> None:
    names = {"".join(UNITS[unit][2:] for unit in units) for units in unambiguous()}
    plain = sorted(name for name in names if name[-1] != "5" and name.rstrip("1234") in ("ban", "dang", "fan", "shan"))
    assert plain
    for name in plain:
        write_wav(tmp_path / f"{name}.wav", VOICE)
    trials = list(syllable_trials(tmp_path))
    assert sorted(trial.name for trial in trials) == plain
    assert all(trial.question and len(trial.question.phrases) <= LIST for trial in trials)
    assert len({trial.said for trial in trials}) == len(trials)


def test_a_folder_without_syllables_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="zhuang1"):
        list(syllable_trials(tmp_path))
