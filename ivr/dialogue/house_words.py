"""The words by which prompts are judged: ours in house_words.yaml, a site's own beside its prompts (S15)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from ivr.dialogue.document import load, validate
from ivr.overlay import Folders, layers
from ivr.records import LANGUAGES, Language

FILE = "house_words.yaml"
"""in this folder, and perhaps in the one of the prompts"""

_QUOTED = re.compile("“[^”]*”")


class WordsSheet(BaseModel):
    """The lists of one language; each word as it is written in prompts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    forbidden: tuple[str, ...] = ()
    instead: Mapping[str, str] = Field(default_factory=dict)
    """word → the one that is meant"""
    never_alone: tuple[str, ...] = ()
    question: tuple[str, ...] = ()
    question_needs: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()
    polite: tuple[str, ...] = ()
    again: tuple[str, ...] = ()
    sorry: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    way_on: tuple[str, ...] = ()
    promise: tuple[str, ...] = ()
    when: tuple[str, ...] = ()
    farewell: tuple[str, ...] = ()
    thanks: tuple[str, ...] = ()


class HouseWordsSheet(BaseModel):
    """Both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: WordsSheet = WordsSheet()
    en: WordsSheet = WordsSheet()


HouseWords = Mapping[Language, WordsSheet]


def read_house_words(prompts: Folders) -> HouseWords:
    """The house's lists, a site's own added to each; FlowError with file:line for a bad file."""
    files = [Path(__file__).with_name(FILE), *(folder / FILE for folder in layers(prompts))]
    sheets = [validate(load(path), HouseWordsSheet) for path in files if path.is_file()]
    return {language: _merged([getattr(sheet, language) for sheet in sheets]) for language in LANGUAGES}


def _merged(sheets: list[WordsSheet]) -> WordsSheet:
    lists = {
        name: tuple(word for sheet in sheets for word in getattr(sheet, name))
        for name in WordsSheet.model_fields
        if name != "instead"
    }
    return WordsSheet(**lists, instead={word: meant for sheet in sheets for word, meant in sheet.instead.items()})


@dataclass(frozen=True)
class Wording:
    """A prompt's text, ready to look for words in."""

    text: str
    language: Language

    def said(self, words: tuple[str, ...]) -> list[str]:
        """Those of `words` that it holds."""
        plain = bare(self.text, self.language)
        return [word for word in words if bare(word, self.language) in plain]

    def written(self, words: tuple[str, ...]) -> bool:
        """Whether it holds one of `words`, signs included."""
        return any(word.lower() in self.text.lower() for word in words)

    def told(self, words: tuple[str, ...]) -> bool:
        """Whether it holds one of `words` itself, not in what it tells the caller to say."""
        return bool(Wording(_QUOTED.sub(" ", self.text), self.language).said(words))

    def alone(self, words: tuple[str, ...]) -> list[str]:
        """Those of `words` that are a sentence, or a part of one, by themselves."""
        parts = {bare(part, self.language) for part in re.split("[，。！？；,.!?;]", self.text)}
        return [word for word in words if bare(word, self.language) in parts]


def bare(text: str, language: Language) -> str:
    """Without punctuation: Chinese without spaces, English as small words between single spaces, one at each end."""
    if language == "zh":
        return re.sub(r"[\W_]", "", text)
    words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
    return f" {' '.join(words)} "
