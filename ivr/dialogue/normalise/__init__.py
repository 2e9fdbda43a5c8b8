"""Values and text to speakable text: espeak reads 1208 as a thousand and some (facts/speech.md, S9)."""

from __future__ import annotations

from ivr.dialogue.normalise.english import EN_DIGITS, EN_TEENS, EN_TENS, en_number, en_ordinal
from ivr.dialogue.normalise.mandarin import ZH_DIGITS, zh_number
from ivr.dialogue.normalise.text import speakable
from ivr.dialogue.normalise.values import SPEAKERS, speak

__all__ = (
    "EN_DIGITS",
    "EN_TEENS",
    "EN_TENS",
    "SPEAKERS",
    "ZH_DIGITS",
    "en_number",
    "en_ordinal",
    "speak",
    "speakable",
    "zh_number",
)
