"""Vocabularies like those of official models, of words and single characters: every phrase of every flow with them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from ivr import app, model_check
from ivr.config import Settings
from ivr.dialogue.check import context_of
from ivr.dialogue.flow import Ask, read_flows
from ivr.dialogue.prompts import read_catalogue
from ivr.dialogue.understand.answer import Context, Slot
from ivr.dialogue.understand.slots import SLOTS, grammar, reading
from ivr.errors import RecognitionError
from ivr.model_check import check_models
from ivr.records import LANGUAGES, Heard, Language
from ivr.speech.lexicon import Lexicon
from ivr.speech.models import BUNDLED, BUNDLED_NAME, SpeechModel, open_model
from ivr.speech.vosk_asr import VoskRecogniser

Asked = tuple[str, Slot, Context]


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> SpeechModel:
    return open_model(BUNDLED / BUNDLED_NAME, tmp_path_factory.mktemp("cache"))


def asked(language: Language) -> Iterator[Asked]:
    """Every phrase of every question, with the question; of questions that take the same phrases, the first."""
    site = Settings()
    catalogue = read_catalogue(site.prompts)
    before = set[tuple[str, tuple[str, ...]]]()
    for flow in read_flows(site.flows).values():
        for step in flow.steps.values():
            if isinstance(step, Ask) and step.listen_for in SLOTS:
                slot, context = SLOTS[step.listen_for], context_of(step, catalogue)
                phrases = grammar(slot, context, language, known=False)[language]
                if (slot.name, phrases) not in before:
                    before.add((slot.name, phrases))
                    yield from ((phrase, slot, context) for phrase in phrases)


def characters() -> set[str]:
    return {character for phrase, _, _ in asked("zh") for character in phrase if character != " "}


def pairs() -> set[str]:
    return {"".join(pair) for phrase, _, _ in asked("zh") for part in phrase.split() for pair in pairwise(part)}


@pytest.mark.parametrize("words", [characters(), characters() | pairs()], ids=["characters", "characters and pairs"])
def test_a_chinese_phrase_means_the_same_however_a_model_cuts_it(words: set[str]) -> None:
    lexicon = Lexicon(words)
    for phrase, slot, context in asked("zh"):
        cut = lexicon.segment(phrase, "zh")
        assert "".join(cut) == phrase.replace(" ", "")
        as_heard = reading(Heard("zh", " ".join(cut), 1.0), slot, context)
        assert as_heard.answer == reading(Heard("zh", phrase, 1.0), slot, context).answer, cut


def test_a_phrase_is_cut_into_the_longest_words_that_the_model_has() -> None:
    lexicon = Lexicon(characters() | pairs())
    for phrase, _, _ in asked("zh"):
        assert len(lexicon.segment(phrase, "zh")) == sum((len(part) + 1) // 2 for part in phrase.split())


@pytest.fixture
def lacking(bundled: SpeechModel, monkeypatch: pytest.MonkeyPatch) -> SpeechModel:
    """A model that hears single characters, but neither 醒 nor “half”."""
    english = {word for phrase, _, _ in asked("en") for word in phrase.lower().split()}
    model = replace(bundled, vocabulary=frozenset(characters() | english | {"[unk]"}) - {"醒", "half"})
    monkeypatch.setattr(model_check, "open_model", lambda _path, _cache: model)
    monkeypatch.setattr(app, "open_model", lambda _path, _cache: model)
    return model


def test_what_cannot_be_heard_is_told_with_flow_step_and_word(lacking: SpeechModel, tmp_path: Path) -> None:
    chinese, english = check_models(Settings(data=tmp_path))
    assert any(line.startswith("reception/choose: ") and line.endswith("(醒)") for line in chinese.missing)
    assert "wake_up_booking/ask_time: half past six (half)" in english.missing
    for check, word in ((chinese, "醒"), (english, "half")):
        # only what holds the word; a phrase of several questions counts once
        assert all(word in line for line in check.missing)
        assert 0 < check.unheard < check.phrases
        assert check.unheard <= len(check.missing)


def test_a_desk_whose_model_lacks_a_word_does_not_start(lacking: SpeechModel, tmp_path: Path) -> None:
    site = Settings(data=tmp_path)
    found = {problem.message for problem in app.problems(site, app.models(site))}
    assert any("the zh model lacks “醒”" in message for message in found)
    assert any("the en model lacks “half”" in message for message in found)


def test_a_phrase_that_cannot_be_said_is_never_left_out_of_a_grammar(lacking: SpeechModel) -> None:
    with VoskRecogniser(dict.fromkeys(LANGUAGES, lacking), threads=1) as ears:
        assert json.loads(ears.grammar("zh", ("七点半", "叫我"))) == ["[unk]", "七 点 半", "叫 我"]
        with pytest.raises(RecognitionError, match="lacks “醒”"):
            ears.grammar("zh", ("七点半", "叫醒服务"))
