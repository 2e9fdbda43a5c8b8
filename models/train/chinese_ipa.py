"""Mandarin syllables in the symbols that Kokoro was trained with (misaki's)."""

from __future__ import annotations

from collections.abc import Sequence

from ivr.speech.building.units import UNIT, syllable_units
from models.train.english_ipa import Sound

TONES = {"1": "→", "2": "↗", "3": "↓", "4": "↘", "5": ""}

INITIALS = {
    "b": "p", "p": "pʰ", "m": "m", "f": "f", "d": "t", "t": "tʰ", "n": "n", "l": "l", "g": "k", "k": "kʰ", "h": "x",
    "j": "ʨ", "q": "ʨʰ", "x": "ɕ", "zh": "ꭧ", "ch": "ꭧʰ", "sh": "ʂ", "r": "ɻ", "z": "ʦ", "c": "ʦʰ", "s": "s",
}  # fmt: skip

FINALS = {
    "a": "a_", "o": "ɔ_", "e": "ɤ_", "ai": "ai_", "ei": "ei_", "ao": "au_", "ou": "ou_", "an": "a_n", "en": "ə_n",
    "ang": "a_ŋ", "eng": "ə_ŋ", "ong": "ʊ_ŋ", "er": "ɚ_", "i": "i_", "ii": "ɨ_", "iii": "ɨ_", "ia": "ja_", "ie": "je_",
    "iao": "jau_", "iou": "jou_", "ian": "jɛ_n", "in": "i_n", "iang": "ja_ŋ", "ing": "i_ŋ", "iong": "jʊ_ŋ", "u": "u_",
    "ua": "wa_", "uo": "wo_", "uai": "wai_", "uei": "wei_", "uan": "wa_n", "uen": "wə_n", "uang": "wa_ŋ",
    "ueng": "wə_ŋ",
    "v": "y_", "ve": "ɥe_", "van": "ɥɛ_n", "vn": "y_n",
}  # fmt: skip
"""`_` is where the tone goes"""

LABIALS = ("z_b", "z_p", "z_m", "z_f")


def sounds(syllables: Sequence[str]) -> list[Sound]:
    """Initial and final of each syllable of pinyin; ModelError for what is no syllable."""
    return [sound for syllable in syllables for sound in _sounds(syllable)]


def _sounds(syllable: str) -> list[Sound]:
    *initial, final = syllable_units(syllable)
    name, tone = final[2:-1], final[-1]
    symbols = "wo_" if name == "o" and initial and initial[0] in LABIALS else FINALS[name]
    found = [Sound((UNIT[each],), INITIALS[each[2:]]) for each in initial]
    return [*found, Sound((UNIT[final],), symbols.replace("_", TONES[tone]))]
