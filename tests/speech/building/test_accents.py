from __future__ import annotations

import pytest

from ivr.speech.building.accents import SUBSTITUTES, SUBSTITUTES_LAST, without_r
from ivr.speech.building.units import UNIT, UNITS, english_units


@pytest.mark.parametrize(
    ("word", "left"),
    [
        ("four", "F AO"),
        ("forty", "F AO T IY"),
        ("zero", "Z IH R OW"),
        ("three", "TH R IY"),
        ("transfer", "T R AE N S F ER"),
        ("wake", "W EY K"),
    ],
)
def test_an_r_is_dropped_after_a_vowel_unless_another_follows(word: str, left: str) -> None:
    assert [UNITS[unit].removeprefix("e_") for unit in without_r(english_units(word))] == left.split()


def test_an_accent_never_crosses_languages_nor_tones() -> None:
    for unit, others in [*SUBSTITUTES.items(), *SUBSTITUTES_LAST.items()]:
        for other in others:
            assert UNITS[unit][:2] == UNITS[other][:2]
            assert unit != other
            if UNITS[unit][-1] in "12345":
                assert UNITS[unit][-1] == UNITS[other][-1]


def test_sounds_that_tell_digits_apart_stay_apart() -> None:
    """一 and 七, 二 and 四 differ by more than any accent; so do the ten English digits."""
    assert UNIT["z_ii4"] not in SUBSTITUTES.get(UNIT["z_er4"], ())
    assert UNIT["z_i1"] not in SUBSTITUTES
    assert UNIT["e_AY"] not in SUBSTITUTES
