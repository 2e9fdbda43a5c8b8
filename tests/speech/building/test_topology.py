from __future__ import annotations

from ivr.speech.building.topology import (
    DISAMBIGUATION,
    PHONES,
    TRANSITIONS,
    boundaries,
    leave,
    loop,
    pdf,
    phone,
    phone_names,
)
from ivr.speech.building.units import UNIT, UNITS


def test_every_unit_has_four_phones_that_share_its_output() -> None:
    for unit in range(1, len(UNITS)):
        assert [pdf(phone(unit, position)) for position in "BEIS"] == [unit] * 4


def test_silence_and_the_blank_inside_words_share_output_nought() -> None:
    assert [pdf(1), pdf(2)] == [UNIT["<blk>"]] * 2


def test_phones_are_numbered_without_gaps_and_named_for_people() -> None:
    numbers = {phone(unit, position) for unit in range(1, len(UNITS)) for position in "BEIS"}
    assert numbers == set(range(3, PHONES + 1))
    assert phone_names()[phone(UNIT["e_AA"], "E")] == "e_AA_E"
    assert len(phone_names()) == PHONES + 1


def test_each_phone_has_two_transitions_and_one_number_is_left_for_vosk() -> None:
    used = {each for number in range(1, PHONES + 1) for each in (leave(number), loop(number))}
    assert used == set(range(1, TRANSITIONS + 1))
    assert DISAMBIGUATION not in used


def test_word_boundaries_tell_each_phones_place() -> None:
    places = boundaries()
    assert places[0] == "nonword"
    assert places[phone(5, "S") - 1] == "singleton"
    assert len(places) == PHONES
