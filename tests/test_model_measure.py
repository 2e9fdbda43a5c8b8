"""Real models, thinly examined."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.bench.exam.exam import Lines, Sets, read_conditions
from ivr.config import Settings
from ivr.errors import ModelError
from ivr.model_measure import CALLERS, chosen, measure, sets
from ivr.speech.models import BUNDLED

MODEL = BUNDLED / "front-desk-zh-en"


def test_a_model_is_chosen_by_name_by_folder_or_by_use(house: Settings, tmp_path: Path) -> None:
    (tmp_path / "own-en").symlink_to(MODEL)
    assert chosen(house, None) == {"zh": MODEL, "en": MODEL}
    assert chosen(house, "front-desk-zh-en") == {"zh": MODEL, "en": MODEL}
    assert chosen(house, str(tmp_path / "own-en")) == {"en": tmp_path / "own-en"}
    with pytest.raises(ModelError, match="no model “nothing”: name a folder, or one of front-desk-zh-en"):
        chosen(house, "nothing")


def test_without_wishes_the_callers_and_the_desks_own_voice_are_played(house: Settings) -> None:
    with sets(house, Sets(), own_voice=False) as played:
        assert played.recordings == CALLERS
        assert played.voice is not None
    with sets(house, Sets(digits=CALLERS), own_voice=False) as played:
        assert (played.recordings, played.voice) == (None, None)
    with sets(house, Sets(), own_voice=True) as played:
        assert (played.recordings, played.voice is None) == (None, False)


def test_where_no_recordings_are_the_desks_own_voice_does(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.model_measure.CALLERS", Path("nowhere"))
    with sets(house, Sets(), own_voice=False) as played:
        assert played.recordings is None
        assert played.voice is not None


def test_the_models_in_use_are_heard_over_the_lines_that_are_asked_for(house: Settings) -> None:
    steps: list[tuple[int, int]] = []
    trials = Sets(recordings=CALLERS).trials(("zh", "en"), every=30)
    lines = Lines(read_conditions("clean,faint"), curves=False, every=20)
    found = measure(house, chosen(house, None), trials, lines, lambda *step: steps.append(step))
    assert found.name == "front-desk-zh-en"
    assert steps[-1] == (len(trials), len(trials))
    answers = [each for each in found.results if each.kind == "answer"]
    assert {each.condition for each in answers} == {"clean", "faint"}
    assert len(answers) == 4 * len(trials)
    # the bundled model's worst figure so far is three quarters
    assert sum(each.right for each in answers) > len(answers) / 2
    assert 0 < found.speed < 1
    assert found.size > 1_000_000
    assert found.deaf == ()


def test_the_curves_are_heard_by_a_few(house: Settings) -> None:
    trials = Sets(recordings=CALLERS).trials(("en",), every=60)
    lines = Lines(read_conditions("clean"), curves=True, every=1000)
    found = measure(house, {"en": MODEL}, trials, lines, lambda *_: None)
    assert len({each.condition for each in found.curves}) == 10
    assert {each.language for each in found.results} == {"en"}
