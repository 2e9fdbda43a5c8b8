from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.models import BUNDLED
from models.train.conditions import CLEAN, over
from models.train.ear import Ear
from models.train.figures import CALLERS
from models.train.questions import questions
from models.train.trials import caller_trials

MODEL = BUNDLED / "front-desk-zh-en"


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(MODEL)


def test_the_bundled_model_hears_a_caller(ear: Ear) -> None:
    trial = next(each for each in caller_trials(CALLERS) if (each.voice, each.said) == ("jm_kumo", "是的"))
    yesno = questions("zh")[0]
    assert ear.hear(yesno.phrases, "zh", over(trial.samples, CLEAN, trial.name), rejects=False) == "是的"
    assert 0 < ear.busy_seconds < ear.heard_seconds


def test_phrases_are_cut_into_the_models_longest_words(ear: Ear) -> None:
    assert ear._words("明天 早上 七点半", "zh") == "明天 早上 七点半"
    assert ear._words("half past six", "en") == "half past six"


def test_phrases_that_the_model_cannot_hear_are_named(ear: Ear) -> None:
    assert ear.missing(("yes", "xqzzy"), "en") == ("xqzzy",)
    assert ear.missing(("是的", "龘"), "zh") == ("龘",)
    with pytest.raises(ModelError, match="knows no word of xqzzy"):
        ear.hear(("xqzzy",), "en", over(next(caller_trials(CALLERS)).samples, CLEAN, "x"), rejects=False)


def test_a_folder_that_is_no_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Ear(tmp_path)
