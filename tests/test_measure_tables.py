"""An examination as people see it."""

from __future__ import annotations

from dataclasses import replace

from rich.console import Console, RenderableType

from ivr.bench.exam.evaluate import OTHER_SPEECH, Result
from ivr.measure_tables import comparison, overview
from tests.bench.exam.test_summary import RESULTS, SEVEN, WRONG, examined


def drawn(what: RenderableType) -> str:
    screen = Console(width=140, markup=False, highlight=False)
    with screen.capture() as kept:
        screen.print(what)
    return kept.get()


def test_sets_curves_and_what_was_rejected_are_shown() -> None:
    curves = tuple(replace(SEVEN, condition=name) for name in ("clean", "snr10", "faint"))
    other = Result(OTHER_SPEECH, "human", "ann", "en", "menu", "clean", rejects=True, said="rain", heard="")
    text = drawn(overview(examined((*RESULTS, other), curves)))
    assert "model: 19.0 MB, loaded in 0.20 s" in text
    assert "50 / 0" in text
    assert "10 dB" in text
    assert "-45" in text
    assert "other speech rejected: 1 of 1" in text
    assert "no words for 1 phrases of the questions: an odd phrase" in text


def test_nothing_to_show_is_no_error() -> None:
    assert "other speech rejected: 0 of 0" in drawn(overview(examined(())))


def test_two_models_stand_side_by_side() -> None:
    lines = drawn(comparison([examined((WRONG,), name="old"), examined((SEVEN,), name="new")])).splitlines()
    assert lines[0].split() == ["set", "language", "line", "[unk]", "old", "new", "better", "by"]
    assert lines[1].split() == ["human", "en", "clean", "without", "0", "100", "+100"]


def test_a_set_that_one_model_was_not_asked_has_no_gain() -> None:
    lines = drawn(comparison([examined((SEVEN,), name="old"), examined((), name="new")])).splitlines()
    assert lines[1].split() == ["human", "en", "clean", "without", "100", "–"]
