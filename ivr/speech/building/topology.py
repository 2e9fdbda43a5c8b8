"""How units become Kaldi's phones, states and transition ids: four phones a unit, one state a phone (trap 4)."""

from __future__ import annotations

from ivr.speech.building.units import UNITS

SILENCE = 1
"""phone between words; shares the blank's pdf"""

INNER = 2
"""phone of the blank inside a word"""

POSITIONS = {"B": "begin", "E": "end", "I": "internal", "S": "singleton"}
"""place of a unit in its word → the name in word_boundary.int"""

PHONES = 2 + len(POSITIONS) * (len(UNITS) - 1)
"""phones count from 1, as in Kaldi, where 0 is no phone"""

TRANSITIONS = 2 * PHONES
"""transition ids count from 1: a loop and a way out for each phone"""

DISAMBIGUATION = TRANSITIONS + 1
"""an id that no transition has: Vosk wants one in disambig_tid.int"""


def phone(unit: int, position: str) -> int:
    """The phone of a unit (1 …) at a place in its word, one of B E I S."""
    return 3 + len(POSITIONS) * (unit - 1) + list(POSITIONS).index(position)


def pdf(number: int) -> int:
    """The network's output, which is a unit, for a phone; both blanks share output 0."""
    return 0 if number <= INNER else 1 + (number - 3) // len(POSITIONS)


def leave(number: int) -> int:
    """The transition id that enters (in Kaldi's reordered graphs) and so leaves a phone's only state."""
    return 2 * number


def loop(number: int) -> int:
    """The transition id of a phone's self-loop."""
    return 2 * number - 1


def phone_names() -> tuple[str, ...]:
    """Names of the phones 0 … PHONES, `<eps>` first."""
    named = [f"{unit}_{position}" for unit in UNITS[1:] for position in POSITIONS]
    return ("<eps>", "SIL", "BLK_I", *named)


def boundaries() -> tuple[str, ...]:
    """Each phone's place in words, phone 1 first, in Kaldi's words."""
    return ("nonword", "internal", *(list(POSITIONS.values()) * (len(UNITS) - 1)))
