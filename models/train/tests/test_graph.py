from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.graph import check_graph, vocabulary
from models.train.graph import UNKNOWN, Costs, Lexicon, build_graph
from models.train.openfst import Arc
from models.train.topology import DISAMBIGUATION, leave, loop, phone
from models.train.units import UNIT, pinyin_units

WORDS = ("yes", "no", "七点半", "一一", "救命")


def test_the_product_reads_the_words_of_a_graph_and_finds_it_whole(tmp_path: Path) -> None:
    assert build_graph(tmp_path, WORDS) == len(WORDS)
    assert vocabulary(tmp_path) == {*WORDS, "[unk]"}
    check_graph(tmp_path)
    assert (tmp_path / "graph/disambig_tid.int").read_text(encoding="ascii") == f"{DISAMBIGUATION}\n"
    assert not [entry for entry in (tmp_path / "graph").iterdir() if entry.name.startswith("tmp")]


def test_words_that_nobody_can_say_are_all_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="xqzzy, qqqrst"):
        build_graph(tmp_path, ("yes", "xqzzy", "qqqrst"))


def test_a_graph_without_words_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="expected words"):
        build_graph(tmp_path, ())


def test_a_failed_build_leaves_the_old_graph(tmp_path: Path) -> None:
    build_graph(tmp_path, WORDS)
    with pytest.raises(ModelError):
        build_graph(tmp_path, (*WORDS, "xqzzy"))
    assert vocabulary(tmp_path) == {*WORDS, "[unk]"}


def test_a_word_is_entered_left_and_lingered_in_as_kaldi_numbers_it() -> None:
    labels = {label for _, _, label, _, _ in _arcs("qi1")}
    for number in (phone(UNIT["z_q"], "B"), phone(UNIT["z_i1"], "E")):
        assert {leave(number), loop(number)} <= labels


def test_a_wrong_tone_costs_and_a_wrong_sound_is_no_word() -> None:
    paid = {label: cost for _, _, label, _, cost in _arcs("qi1", Costs(phone=0.0, wrong_tone=1.5))}
    assert paid[leave(phone(UNIT["z_i1"], "E"))] == 0.0
    assert {paid[leave(phone(UNIT[f"z_i{tone}"], "E"))] for tone in "2345"} == {1.5}
    assert leave(phone(UNIT["z_a1"], "E")) not in paid


def test_two_equal_units_in_a_row_need_a_blank_between_them() -> None:
    """Else 一一 would be heard in every long 一."""
    arcs = _arcs("yi1 yi1")
    ends = {target for _, target, label, _, _ in arcs if label == leave(phone(UNIT["z_i1"], "B"))}
    seconds = {source for source, _, label, _, _ in arcs if label == leave(phone(UNIT["z_i1"], "E"))}
    assert ends
    assert not ends & seconds


def _arcs(syllables: str, costs: Costs | None = None) -> list[Arc]:
    """The arcs of the machine for one word, without those of `[unk]`."""
    units = pinyin_units(syllables.split())
    machine = Lexicon(costs or Costs()).machine({"word": [units]}, {UNKNOWN: 1, "word": 2})
    first_unknown = min(arc[0] for arc in machine.arcs if arc[3] == 1) - 2
    return [arc for arc in machine.arcs if max(arc[:2]) < first_unknown]
