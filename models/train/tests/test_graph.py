from __future__ import annotations

from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.building.costs import Costs, read_costs
from ivr.speech.building.graph import build_graph
from ivr.speech.building.topology import DISAMBIGUATION
from ivr.speech.graph import check_graph, vocabulary

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


def test_a_graph_keeps_the_costs_that_it_was_built_with(tmp_path: Path) -> None:
    costs = Costs(word=2.5, unknown_word=6.0)
    build_graph(tmp_path, WORDS, costs)
    assert read_costs(tmp_path) == costs


def test_a_word_that_no_dictionary_knows_can_be_told(tmp_path: Path) -> None:
    assert build_graph(tmp_path, ("yes", "xqzzy"), spoken={"xqzzy": [[1, 2]]}) == 2
    assert "xqzzy" in vocabulary(tmp_path)
