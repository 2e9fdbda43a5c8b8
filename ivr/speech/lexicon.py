"""The words that a speech model knows, and a phrase cut into them."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache

from ivr.errors import ModelError
from ivr.records import Language

UNKNOWN = "[unk]"
"""Vosk's word for speech outside the grammar; no phrase may hold it"""

JOINT = "_"
"""between the words of an English phrase that a model has as one: in_the_morning"""

SUGGESTIONS = 3


class Lexicon:
    """Cuts phrases into a model's words, since Vosk drops a word that it does not know from a grammar in silence.

    Whole words hear far better than single characters (.95 against .65 for times, facts/models.md), so Chinese is
    covered by the fewest words, and English too where the model has phrases as words.
    """

    def __init__(self, vocabulary: Iterable[str]) -> None:
        own = frozenset(vocabulary) - {UNKNOWN}
        # a phrase is looked up in small letters; some official models write FM and CD
        self._capitals = {word.lower(): word for word in own if word != word.lower() and word.lower() not in own}
        self._words = own | self._capitals.keys()
        self._covered: set[tuple[str, Language]] = set()

    def segment(self, phrase: str, language: Language) -> tuple[str, ...]:
        """The phrase's words in order; ModelError, naming them and right words near them, when some are missing.

        Both are covered by the fewest words, the longer ones first. In Chinese a blank in the phrase stays a boundary.
        """
        pieces = self._pieces(phrase, language)
        missing = _missing(pieces)
        if missing:
            raise ModelError(self._complaint(phrase, missing, language))
        return tuple(self._capitals.get(word, word) for word, _ in pieces)

    def missing(self, phrase: str, language: Language) -> tuple[str, ...]:
        """The words, in Chinese the characters, that no word of the model covers; empty when all is well."""
        # every question of every profile asks for the same thousands of phrases
        if (phrase, language) in self._covered:
            return ()
        missing = _missing(self._pieces(phrase, language))
        if not missing:
            self._covered.add((phrase, language))
        return missing

    def nearest(self, word: str, language: Language) -> tuple[str, ...]:
        """Up to three of the model's words to use instead: like spelling in English, shared characters in Chinese."""
        if language == "en":
            word = word.lower()
            # official models have hundreds of thousands of words: only what begins alike is compared
            alike = (other for other in self._words if other[:1] == word[:1] and JOINT not in other)
            return tuple(difflib.get_close_matches(word, sorted(alike), SUGGESTIONS))
        wanted = set(word)
        near = [other for other in self._words if wanted & set(other)]
        near.sort(key=lambda other: (-len(wanted & set(other)), abs(len(other) - len(word)), other))
        return tuple(near[:SUGGESTIONS])

    @cached_property
    def _characters(self) -> Cover:
        """For Chinese; made when it is first needed, since most lexicons serve one language."""
        return Cover((word, tuple(word)) for word in self._words)

    @cached_property
    def _joined(self) -> Cover:
        """For English, likewise."""
        return Cover((word, tuple(word.split(JOINT))) for word in self._words)

    def _pieces(self, phrase: str, language: Language) -> list[tuple[str, bool]]:
        """The phrase in pieces, each with whether the model knows it."""
        if language == "en":
            return self._joined.pieces(phrase.lower().split())
        return [piece for part in phrase.lower().split() for piece in self._characters.pieces(tuple(part))]

    def _complaint(self, phrase: str, missing: tuple[str, ...], language: Language) -> str:
        hints = []
        for word in missing:
            near = self.nearest(word, language)
            hints.append(f"“{word}”" + (f" (it knows {', '.join(near)})" if near else ""))
        return (
            f"the {language} speech model lacks {'; '.join(hints)} of “{phrase}”: say it in words that "
            "it knows, or add yours (ivr models extend)"
        )


@lru_cache(maxsize=4)
def lexicon_of(vocabulary: frozenset[str]) -> Lexicon:
    """The lexicon of a model's words, the same one again: it remembers what it has covered."""
    return Lexicon(vocabulary)


class Cover:
    """Covers a row of parts, which are characters or words, with the words that are made of them."""

    def __init__(self, words: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        self._words = {parts: word for word, parts in words}
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for parts in self._words:
            lengths[parts[0] if parts else ""].add(len(parts))
        self._lengths = {first: tuple(sorted(sizes, reverse=True)) for first, sizes in lengths.items()}

    def pieces(self, parts: Sequence[str]) -> list[tuple[str, bool]]:
        """Fewest parts left over, then fewest words; built from the end: ties favour long first words."""
        parts = tuple(parts)
        costs = [(0, 0)] * (len(parts) + 1)
        steps = [0] * len(parts)
        for start in reversed(range(len(parts))):
            uncovered, words = costs[start + 1]
            costs[start] = (uncovered + 1, words)
            for size in self._lengths.get(parts[start], ()):
                end = start + size
                if end > len(parts) or parts[start:end] not in self._words:
                    continue
                cost = (costs[end][0], costs[end][1] + 1)
                if cost < costs[start]:
                    costs[start], steps[start] = cost, size
        return list(self._walk(parts, steps))

    def _walk(self, parts: tuple[str, ...], steps: Sequence[int]) -> Iterator[tuple[str, bool]]:
        start = 0
        while start < len(parts):
            end = start + (steps[start] or 1)
            yield (self._words[parts[start:end]], True) if steps[start] else (parts[start], False)
            start = end


def spoken(text: str) -> str:
    """What a recogniser heard, its joined words taken apart."""
    return text.replace(JOINT, " ")


def _missing(pieces: list[tuple[str, bool]]) -> tuple[str, ...]:
    return tuple(word for word, known in pieces if not known)
