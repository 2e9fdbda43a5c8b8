"""The machine of words, as Kaldi numbers it; compiling it needs OpenFst's tools (models/train/tests)."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.building.costs import COSTS, Costs, read_costs
from ivr.speech.building.graph import WordTree, fits
from ivr.speech.building.openfst import Arc
from ivr.speech.building.topology import leave, loop, phone
from ivr.speech.building.units import UNIT, english_units, pinyin_units
from ivr.speech.lexicon import UNKNOWN
from ivr.speech.models import BUNDLED

MODEL = BUNDLED / "front-desk-zh-en"


def test_a_model_that_does_not_tell_its_costs_has_the_usual_ones(tmp_path: Path) -> None:
    assert read_costs(tmp_path) == Costs()


def test_costs_are_those_that_the_model_tells(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / COSTS).write_text(json.dumps({"unknown_word": 9.5, "unknown_row": 0.9}), encoding="ascii")
    assert read_costs(tmp_path) == Costs(unknown_word=9.5, unknown_row=0.9)


def test_a_graph_that_charged_for_units_is_extended_at_that_price(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    before = {"phone": 0.2, "word": 3.0, "wrong_tone": 1.0, "accent": 2.0, "unknown_phone": 5.0, "unknown_word": 12.0}
    (tmp_path / COSTS).write_text(json.dumps(before), encoding="ascii")
    assert read_costs(tmp_path) == Costs(**before, unknown_row=0.0)


def test_the_bundled_graph_has_the_usual_costs() -> None:
    assert read_costs(MODEL) == Costs()


@pytest.mark.parametrize("text", ["{", "[]1", '{"colour": 1}', "[1]"])
def test_costs_that_cannot_be_understood_are_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / COSTS).write_text(text, encoding="ascii")
    with pytest.raises(ModelError, match=r"costs\.json: expected the costs"):
        read_costs(tmp_path)


def test_words_fit_a_model_whose_phones_are_ours(tmp_path: Path) -> None:
    assert fits(MODEL)
    assert not fits(tmp_path)
    (tmp_path / "graph").mkdir()
    shutil.copyfile(MODEL / "graph/phones.txt", tmp_path / "graph/phones.txt")
    with (tmp_path / "graph/phones.txt").open("a", encoding="utf-8") as table:
        table.write("one_more_S 1004\n")
    assert not fits(tmp_path)


def test_a_word_is_entered_left_and_lingered_in_as_kaldi_numbers_it() -> None:
    labels = {label for _, _, label, _, _ in _arcs("qi1")}
    for number in (phone(UNIT["z_q"], "B"), phone(UNIT["z_i1"], "E")):
        assert {leave(number), loop(number)} <= labels


def test_a_wrong_tone_costs_and_a_wrong_sound_is_no_word() -> None:
    paid = {label: cost for _, _, label, _, cost in _arcs("qi1", Costs(phone=0.0, wrong_tone=1.5))}
    assert paid[leave(phone(UNIT["z_i1"], "E"))] == 0.0
    assert {paid[leave(phone(UNIT[f"z_i{tone}"], "E"))] for tone in "2345"} == {1.5}
    assert leave(phone(UNIT["z_a1"], "E")) not in paid


def test_an_accents_sound_costs_and_leads_to_the_same_word() -> None:
    paid = {label: cost for _, _, label, _, cost in _arcs("shi4", Costs(phone=0.0, accent=2.5))}
    assert paid[leave(phone(UNIT["z_sh"], "B"))] == 0.0
    assert paid[leave(phone(UNIT["z_s"], "B"))] == paid[leave(phone(UNIT["z_ii4"], "E"))] == 2.5


def test_a_word_may_lose_its_r_at_a_cost() -> None:
    machine = WordTree(Costs(word=1.0, accent=2.5)).machine({"four": [english_units("four")]}, {UNKNOWN: 1, "four": 2})
    assert sorted(cost for _, _, _, word, cost in machine.arcs if word == 2) == [1.0, 3.5]


def test_two_equal_units_in_a_row_need_a_blank_between_them() -> None:
    """Else 一一 would be heard in every long 一."""
    arcs = _arcs("yi1 yi1")
    ends = {target for _, target, label, _, _ in arcs if label == leave(phone(UNIT["z_i1"], "B"))}
    seconds = {source for source, _, label, _, _ in arcs if label == leave(phone(UNIT["z_i1"], "E"))}
    assert ends
    assert not ends & seconds


def test_other_speech_is_paid_for_by_the_time_that_it_takes_and_words_are_not() -> None:
    costs = Costs(phone=0.25, unknown_row=1.5, unknown_phone=3.0)
    arcs = WordTree(costs).machine({"word": [pinyin_units(["qi1"])]}, {UNKNOWN: 1, "word": 2}).arcs
    number = phone(UNIT["z_q"], "B")
    entered = sorted(cost for _, _, label, _, cost in arcs if label == leave(number))
    lingered = sorted(cost for _, _, label, _, cost in arcs if label == loop(number))
    assert (entered, lingered) == ([0.25, 4.75], [0.0, 1.5])


def test_other_speech_is_paid_for_at_its_end() -> None:
    """Paid for at its beginning, it fell out of the beam, or took right answers with it."""
    machine = WordTree(Costs(unknown_word=7.5)).machine({"word": [pinyin_units(["qi1"])]}, {UNKNOWN: 1, "word": 2})
    assert [cost for _, _, _, word, cost in machine.arcs if word == 1] == [7.5]
    free = {target for _, target, label, word, cost in machine.arcs if (label, word, cost) == (0, 0, 0.0)}
    unknown_end = next(source for source, _, _, word, _ in machine.arcs if word == 1)
    # states are numbered as they are made: its first one, two before its last, is entered for nothing
    assert unknown_end - 2 in free


def _arcs(syllables: str, costs: Costs | None = None) -> list[Arc]:
    """The arcs of the machine for one word, without those of `[unk]`."""
    units = pinyin_units(syllables.split())
    machine = WordTree(costs or Costs()).machine({"word": [units]}, {UNKNOWN: 1, "word": 2})
    first_unknown = min(arc[0] for arc in machine.arcs if arc[3] == 1) - 2
    return [arc for arc in machine.arcs if max(arc[:2]) < first_unknown]
