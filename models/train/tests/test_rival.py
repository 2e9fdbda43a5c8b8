from __future__ import annotations

import pytest

from ivr.bench.exam.conditions import CLEAN, over
from ivr.bench.exam.trials import caller_trials
from ivr.errors import ModelError
from models.train.figures import CALLERS
from models.train.rival import PocketSphinx

pytest.importorskip("pocketsphinx")


def test_pocketsphinx_hears_a_phrase_of_a_grammar() -> None:
    trial = next(each for each in caller_trials(CALLERS) if (each.voice, each.said) == ("flite_rms", "cancel"))
    sound = over(trial.samples, CLEAN, trial.name)
    assert PocketSphinx().hear(("wake up call", "cancel", "front desk"), "en", sound, rejects=False) == "cancel"


def test_it_knows_english_only() -> None:
    with pytest.raises(ModelError, match="English"):
        PocketSphinx().hear(("是",), "zh", next(caller_trials(CALLERS)).samples, rejects=False)
