"""espeak's American IPA, cut into sounds: what each is in ARPAbet, and how Kokoro writes it."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.errors import VoiceError
from ivr.speech.building.units import UNIT

MARKS = "ˈˌːˑ:'ʰʲ\u0303\u0361"
"""stress and length: they belong to the sound that follows, or precedes"""

_SOUNDS: dict[str, tuple[str, str]] = {
    "eɪ": ("EY", "A"), "aɪ": ("AY", "I"), "aʊ": ("AW", "W"), "ɔɪ": ("OY", "Y"), "oʊ": ("OW", "O"),
    "tʃ": ("CH", "ʧ"), "dʒ": ("JH", "ʤ"), "əl": ("AH L", "ᵊl"), "n̩": ("AH N", "ᵊn"), "l̩": ("AH L", "ᵊl"),
    "m̩": ("AH M", "ᵊm"), "ɔɹ": ("AO R", "ɔɹ"), "oɹ": ("AO R", "ɔɹ"), "ɑɹ": ("AA R", "ɑɹ"), "ɛɹ": ("EH R", "ɛɹ"),
    "ɪɹ": ("IH R", "ɪɹ"), "iəɹ": ("IH R", "ɪɹ"), "ʊɹ": ("UH R", "ʊɹ"), "əɹ": ("ER", "əɹ"), "iə": ("IY AH", "iə"),
    "ɚ": ("ER", "əɹ"), "ɝ": ("ER", "ɜɹ"), "ɜɹ": ("ER", "ɜɹ"), "ɜ": ("ER", "ɜɹ"), "i": ("IY", "i"), "u": ("UW", "u"),
    "ɑ": ("AA", "ɑ"), "ɒ": ("AA", "ɑ"),
    "ɔ": ("AO", "ɔ"), "o": ("AO", "ɔ"), "æ": ("AE", "æ"), "a": ("AE", "æ"), "ɛ": ("EH", "ɛ"),
    "e": ("EH", "ɛ"), "ɪ": ("IH", "ɪ"), "ᵻ": ("IH", "ᵻ"), "ʊ": ("UH", "ʊ"), "ʌ": ("AH", "ʌ"), "ə": ("AH", "ə"),
    "ɐ": ("AH", "ə"), "b": ("B", "b"), "d": ("D", "d"), "ð": ("DH", "ð"), "f": ("F", "f"), "ɡ": ("G", "ɡ"),
    "h": ("HH", "h"), "k": ("K", "k"), "l": ("L", "l"), "m": ("M", "m"), "n": ("N", "n"), "ŋ": ("NG", "ŋ"),
    "p": ("P", "p"), "ɹ": ("R", "ɹ"), "r": ("R", "ɹ"), "s": ("S", "s"), "ʃ": ("SH", "ʃ"), "t": ("T", "t"),
    "ɾ": ("T", "T"), "ʔ": ("T", "t"), "θ": ("TH", "θ"), "v": ("V", "v"), "w": ("W", "w"), "j": ("Y", "j"),
    "z": ("Z", "z"), "ʒ": ("ZH", "ʒ"), "x": ("K", "k"),
}  # fmt: skip
"""IPA without marks → ARPAbet, and Kokoro's symbols"""

LONGEST = max(map(len, _SOUNDS))


@dataclass(frozen=True)
class Sound:
    """One sound, or what lies between words."""

    units: tuple[int, ...]
    """empty between words"""
    symbols: str
    """Kokoro's, stress included"""


def sounds(ipa: str) -> list[Sound]:
    """Cut up a line of IPA; VoiceError names a symbol that American English does not have."""
    found: list[Sound] = []
    stress = ""
    place = 0
    while place < len(ipa):
        symbol = ipa[place]
        if symbol in "ˈˌ":
            stress = symbol
            place += 1
        elif symbol in MARKS:
            place += 1
        elif symbol.isspace() or symbol in "_-|":
            found.append(Sound((), " "))
            place += 1
        else:
            length, name = _match(ipa, place)
            arpabet, symbols = _SOUNDS[name]
            found.append(Sound(tuple(UNIT["e_" + phone] for phone in arpabet.split()), stress + symbols))
            stress = ""
            place += length
    return found


def with_letters(text: str) -> str:
    """“a m” is read as the article without full stops."""
    return f"{text} ".replace(" a m ", " A.M. ").replace(" p m ", " P.M. ").strip()


def _match(ipa: str, place: int) -> tuple[int, str]:
    """The longest known sound here, whatever length marks lie inside it: (characters, name)."""
    best: tuple[int, str] | None = None
    name, end = "", place
    while end < len(ipa) and len(name) < LONGEST:
        if ipa[end] not in "ːˑ:":
            name += ipa[end]
        end += 1
        if name in _SOUNDS:
            best = (end - place, name)
    if best is None:
        raise VoiceError(f"no English sound is known for {ipa[place]!r} in {ipa!r}")
    return best
