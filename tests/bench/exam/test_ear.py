from __future__ import annotations

from pathlib import Path

import pytest

from ivr.bench.exam.conditions import CLEAN, over
from ivr.bench.exam.ear import Ear
from ivr.bench.exam.questions import questions
from ivr.bench.exam.trials import caller_trials
from ivr.demo import RECORDINGS
from ivr.errors import ModelError
from ivr.speech.models import BUNDLED

CALLERS = RECORDINGS / "callers"
MODEL = BUNDLED / "front-desk-zh-en"


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(MODEL)


def test_the_bundled_model_hears_a_caller(ear: Ear) -> None:
    trial = next(each for each in caller_trials(CALLERS) if (each.voice, each.said) == ("jm_kumo", "是的"))
    yesno = questions("zh")[0]
    assert ear.hear(yesno.phrases, "zh", over(trial.samples, CLEAN, trial.name), rejects=False) == "是的"
    assert 0 < ear.busy_seconds < ear.heard_seconds


def test_phrases_that_the_model_cannot_hear_are_named(ear: Ear) -> None:
    assert ear.missing(("yes", "xqzzy"), "en") == ("xqzzy",)
    assert ear.missing(("是的", "龘"), "zh") == ("龘",)
    with pytest.raises(ModelError, match="knows no word of xqzzy"):
        ear.hear(("xqzzy",), "en", over(next(caller_trials(CALLERS)).samples, CLEAN, "x"), rejects=False)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Ear(tmp_path)
