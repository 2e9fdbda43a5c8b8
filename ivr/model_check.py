"""Whether the speech models can do what the flows ask of them: files, rate, dither, every phrase of every question."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.calls.equipment import read_house
from ivr.config import Settings
from ivr.dialogue.check import context_of
from ivr.dialogue.flow import Ask, FlowBook
from ivr.dialogue.prompts import Catalogue
from ivr.dialogue.understand.slots import SLOTS, grammar
from ivr.errors import ModelError
from ivr.records import LANGUAGES, Language
from ivr.speech.conf import sample_rate
from ivr.speech.graph import vocabulary
from ivr.speech.lexicon import lexicon_of
from ivr.speech.models import BUNDLED, ModelDescription, SpeechModel, describe, find_model, open_model
from ivr.speech.vosk_asr import VoskRecogniser


@dataclass(frozen=True)
class ModelCheck:
    """What was found of one language's model."""

    language: Language
    path: Path | None
    """where it was found; None: nowhere"""
    rate: int = 0
    """samples a second"""
    words: int = 0
    corrected: bool = False
    """whether dither or rate had to be corrected in a copy"""
    phrases: int = 0
    """different phrases that the flows listen for"""
    unheard: int = 0
    """how many of them the model cannot hear"""
    missing: tuple[str, ...] = ()
    """`flow/step: phrase (word)`, for every phrase that the model cannot hear"""
    fault: str = ""
    """why it cannot be used at all"""

    @property
    def passed(self) -> bool:
        return not self.fault and not self.missing


def folders(settings: Settings) -> tuple[Path, ...]:
    """Model folders of the site and those that come with the program."""
    places = dict.fromkeys(place.resolve() for place in (settings.models, BUNDLED))
    kept = (settings.model_zh, settings.model_en)
    inside = [entry for place in places if place.is_dir() for entry in sorted(place.iterdir()) if _is_model(entry)]
    return tuple(dict.fromkeys([*inside, *(path for path in kept if path is not None)]))


def descriptions(settings: Settings) -> tuple[ModelDescription, ...]:
    """Every model that is here; ModelError for a broken one."""
    return tuple(describe(path) for path in folders(settings))


def used(settings: Settings) -> dict[Language, Path]:
    """The folder that serves each language; ModelError when one has none."""
    return {language: find_model(language, settings.model(language), settings.models) for language in LANGUAGES}


def check_models(settings: Settings) -> tuple[ModelCheck, ...]:
    """Check each language's model, opening it in Vosk; FlowError when the flows themselves cannot be read."""
    flows, catalogue = read_house(settings)
    return tuple(_check(settings, language, flows, catalogue) for language in LANGUAGES)


def lacking(settings: Settings) -> tuple[str, ...]:
    """The words of the flows' phrases, in Chinese what stands between blanks, that their language's model lacks."""
    flows, catalogue = read_house(settings)
    found: dict[str, None] = {}
    for language, path in used(settings).items():
        lexicon = lexicon_of(vocabulary(path))
        words = (word for _, phrase in _phrases(language, flows, catalogue) for word in phrase.lower().split())
        found |= {word: None for word in dict.fromkeys(words) if lexicon.missing(word, language)}
    return tuple(found)


def asked_words(flows: FlowBook, catalogue: Catalogue) -> frozenset[str]:
    """Every word that stands between blanks in a phrase of any question."""
    phrases = (phrase for language in LANGUAGES for _, phrase in _phrases(language, flows, catalogue))
    return frozenset(word for phrase in phrases for word in phrase.lower().split())


def _check(settings: Settings, language: Language, flows: FlowBook, catalogue: Catalogue) -> ModelCheck:
    path = None
    try:
        path = find_model(language, settings.model(language), settings.models)
        model = open_model(path, settings.data / "models")
        with VoskRecogniser({language: model}, threads=1):
            rate = sample_rate(model.path)
    except ModelError as error:
        return ModelCheck(language, path, fault=str(error))
    asked = dict.fromkeys(_phrases(language, flows, catalogue))
    missing = dict(_missing(language, model, asked))
    return ModelCheck(
        language,
        path,
        rate=rate,
        words=len(model.vocabulary),
        corrected=model.path != path,
        phrases=len({phrase for _, phrase in asked}),
        unheard=len({phrase for _, phrase in missing}),
        missing=tuple(f"{state}: {phrase} ({', '.join(words)})" for (state, phrase), words in missing.items()),
    )


def _missing(
    language: Language, model: SpeechModel, asked: Iterable[tuple[str, str]]
) -> Iterator[tuple[tuple[str, str], tuple[str, ...]]]:
    """Every (state, phrase) that the model cannot hear, with the words that it lacks."""
    lexicon = lexicon_of(model.vocabulary)
    for state, phrase in asked:
        lacking = lexicon.missing(phrase, language)
        if lacking:
            yield (state, phrase), lacking


def _phrases(language: Language, flows: FlowBook, catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    for flow in flows.values():
        for name, step in flow.steps.items():
            if isinstance(step, Ask) and step.listen_for in SLOTS:
                heard = grammar(SLOTS[step.listen_for], context_of(step, catalogue), language, known=False)
                yield from ((f"{flow.name}/{name}", phrase) for phrase in heard.get(language, ()))


def _is_model(entry: Path) -> bool:
    return entry.is_dir() and not entry.name.startswith(".") and (entry / "am").is_dir()
