from __future__ import annotations

from pathlib import Path

from ivr.bench.exam.corpus import Corpus
from models.train.generate import Order
from models.train.speech import fill, minutes

ORDERS = (Order("espeak", "zh", 0.1, 1), Order("flite", "en", 0.1, 1))


def test_engines_speak_side_by_side_and_a_second_run_adds_nothing(tmp_path: Path) -> None:
    fill(ORDERS, tmp_path, 2)
    made = [minutes(tmp_path, order) for order in ORDERS]
    assert all(each >= 0.1 for each in made)
    assert {clip.engine for clip in Corpus(tmp_path).clips()} == {"espeak", "flite"}
    fill(ORDERS, tmp_path, 2)
    assert [minutes(tmp_path, order) for order in ORDERS] == made


def test_a_line_being_written_does_not_count_yet(tmp_path: Path) -> None:
    (tmp_path / "flite-en.jsonl").write_text('{"seconds": 60}\n{"seco', encoding="utf-8")
    assert minutes(tmp_path, ORDERS[1]) == 1.0
    assert minutes(tmp_path, ORDERS[0]) == 0.0
