"""Prompt text as the voice must get it: no figure, no sign and no title is left to the engine's own reading."""

from __future__ import annotations

import re
import unicodedata

from ivr.dialogue.normalise.text_en import spoken_en
from ivr.dialogue.normalise.text_zh import spoken_zh
from ivr.records import Language

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_FRACTIONS = {"½": ("二分之一", "a half"), "¼": ("四分之一", "a quarter"), "¾": ("四分之三", "three quarters")}


def speakable(text: str, language: Language) -> str:
    """The words as they are spoken, with no figure left; what is spelt out already stays as it is.

    Signs and words around a figure tell what it is: a time, a date, an amount, a telephone, a range, a measure. What
    nothing tells is counted up to 99 and read digit by digit beyond: a room, an extension.
    """
    text = _INVISIBLE.sub("", text)
    for sign, words in _FRACTIONS.items():
        text = text.replace(sign, words[0] if language == "zh" else f" {words[1]}")
    text = "".join(_half_width(character, language) for character in text)
    said = spoken_zh(text) if language == "zh" else spoken_en(text)
    return " ".join(said.split())


def _half_width(character: str, language: Language) -> str:
    """Full-width, circled and foreign figures, letters and signs; Chinese keeps its punctuation, for its pauses."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return f"{digit} " if "①" <= character <= "➓" else str(digit)
    if language == "zh" and character in "，。！？；：（）、…":
        return character
    return unicodedata.normalize("NFKC", character)
