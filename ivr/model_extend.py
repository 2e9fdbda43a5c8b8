"""The site's own words for the speech model that it uses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ivr import model_check
from ivr.calls.equipment import read_house
from ivr.config import Settings
from ivr.errors import ModelError
from ivr.records import LANGUAGES, Language
from ivr.speech.building.extend import earlier_words, extend, sort_words
from ivr.speech.building.units import language_of
from ivr.speech.building.words import HOW_TO_SAY, SiteWord
from ivr.speech.models import languages_of

STEPS = 3
"""times that `extended` tells what it does"""

REMEDY = f"say how, {HOW_TO_SAY}, or use other words"

NOT_USED = "no language yet: name it in the settings, model_zh or model_en"

PREFIX = "extended"
"""of the new folder's name; it comes before front-desk in the order in which models are looked for"""


@dataclass(frozen=True)
class Extension:
    """What came of adding words."""

    source: Path
    """the model that was extended"""
    path: Path | None
    """the new model; None: there was nothing to add"""
    words: int
    """of the new model"""
    added: tuple[str, ...]
    changed: tuple[str, ...]
    known: tuple[str, ...]
    unsayable: tuple[str, ...]
    used_for: tuple[Language, ...]
    """languages that the desk will now hear with it; others have a model of their own in the settings"""

    @property
    def passed(self) -> bool:
        return not self.unsayable


def lacking(settings: Settings) -> tuple[SiteWord, ...]:
    """The words that the flows ask for and the models lack."""
    return tuple(SiteWord(word) for word in model_check.lacking(settings))


def extended(
    settings: Settings, words: tuple[SiteWord, ...], model: Path | None, tell: Callable[[str], None]
) -> Extension:
    """Add words to `model`, or to the one in use, in a new folder beside the site's models.

    ModelError when the model is not of our making, or without OpenFst's tools.
    """
    source = model or _source(settings, words)
    target = settings.models / "-".join([PREFIX, *(languages_of(source) or LANGUAGES)])
    plan = sort_words(source, (*words, *earlier_words(target, source)))
    path, count = None, 0
    if plan.added or plan.changed:
        asked = model_check.asked_words(*read_house(settings))
        count = extend(source, target, plan, asked=asked, tell=tell)
        path = target
    used = tuple(language for language, place in model_check.used(settings).items() if place == path)
    return Extension(source, path, count, plan.added, plan.changed, plan.known, plan.unsayable, used)


def _source(settings: Settings, words: tuple[SiteWord, ...]) -> Path:
    """The model that serves the words' languages."""
    used = model_check.used(settings)
    found = {used[language_of(word.text)] for word in words}
    if len(found) > 1:
        raise ModelError("Chinese and English have a model each: add their words one after the other, with --model")
    return found.pop() if found else used[LANGUAGES[0]]
