"""How people from elsewhere say our words: sounds that stand for others, and an R that is not said.

The dictionaries know one Beijing and one America; callers are Londoners and Cantonese (docs/models.md, Accents).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ivr.speech.building.units import TONES, UNIT, UNITS

VOWELS = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())

_ENGLISH: Mapping[str, str] = {
    "TH": "S T F", "DH": "D Z", "V": "W B", "W": "V", "IH": "IY", "AE": "EH", "OW": "AO", "AA": "AO", "UH": "UW",
}  # fmt: skip
"""ARPAbet → what second-language speakers and the British say for it"""

_LAST: Mapping[str, str] = {"Z": "S", "D": "T", "G": "K", "B": "P", "V": "F"}
"""the same, at the end of a word only"""

_INITIALS: Mapping[str, str] = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
"""of Mandarin, as in the south"""

_FINALS: Mapping[str, str] = {"eng": "en", "ing": "in", "iii": "ii"}


def _substitutes() -> Mapping[int, tuple[int, ...]]:
    found = {f"e_{name}": [f"e_{other}" for other in others.split()] for name, others in _ENGLISH.items()}
    found |= {f"z_{name}": [f"z_{other}"] for name, other in _INITIALS.items()}
    found |= {f"z_{name}{tone}": [f"z_{other}{tone}"] for name, other in _FINALS.items() for tone in TONES}
    return MappingProxyType({UNIT[name]: tuple(UNIT[other] for other in others) for name, others in found.items()})


SUBSTITUTES = _substitutes()
"""unit → units that are said for it in some accent"""

SUBSTITUTES_LAST = MappingProxyType({UNIT[f"e_{name}"]: (UNIT[f"e_{other}"],) for name, other in _LAST.items()})
"""the same at the end of a word"""


def without_r(units: Sequence[int]) -> tuple[int, ...]:
    """The units with no R after a vowel, unless another vowel follows."""
    names = [UNITS[unit].removeprefix("e_") for unit in units]
    around = zip(["", *names], names, [*names[1:], ""], strict=False)
    dropped = [here == "R" and before in VOWELS and after not in VOWELS for before, here, after in around]
    return tuple(unit for unit, gone in zip(units, dropped, strict=True) if not gone)
