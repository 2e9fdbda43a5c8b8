"""Figures of made-up results."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.bench.exam.evaluate import NO_SPEECH, OTHER_SPEECH, RIGHT, Result
from ivr.bench.exam.exam import Examined
from ivr.bench.exam.summary import OTHERWISE, as_data, by_set, by_voice, confusion, level, mistaken, noise, shares

SEVEN = Result(RIGHT, "human", "ann", "en", "digit", "clean", rejects=False, said="seven", heard="seven")
WRONG = replace(SEVEN, voice="bob", heard="five")
SWALLOWED = replace(SEVEN, rejects=True, heard="[unk]")
RESULTS = (SEVEN, WRONG, SWALLOWED)


def examined(results: tuple[Result, ...] = RESULTS, curves: tuple[Result, ...] = (), name: str = "model") -> Examined:
    return Examined(name, 19_000_000, 0.2, 0.015, ("an odd phrase",), results, curves)


def test_shares_are_told_by_set_and_by_voice_with_and_without_rejection() -> None:
    assert [(each.place, each.rejects, each.right, each.tried) for each in shares(RESULTS, by_set)] == [
        (("human", "en"), False, 1, 2),
        (("human", "en"), True, 0, 1),
    ]
    assert [(each.place[1], each.rejects, each.right) for each in shares(RESULTS, by_voice)] == [
        ("ann", False, 1),
        ("bob", False, 0),
        ("ann", True, 0),
    ]


def test_curves_go_from_quiet_to_noisy_and_from_loud_to_faint() -> None:
    heard = tuple(replace(SEVEN, condition=name) for name in ("snr0", "faint", "clean", "snr20", "loud", "alaw"))
    found = examined(curves=heard)
    assert [each.condition for each in noise(found)] == ["clean", "snr20", "snr0"]
    assert [each.condition for each in level(found)] == ["loud", "clean", "faint"]


def test_a_digit_is_counted_where_it_was_heard() -> None:
    matrix = confusion(RESULTS, "en")
    assert matrix[7][7] == 1
    assert matrix[7][5] == 1
    assert sum(map(sum, matrix)) == 2
    assert sum(map(sum, confusion(RESULTS, "zh"))) == 0


@pytest.mark.parametrize("heard", ["", "seven seven"])
def test_a_digit_heard_as_nothing_or_as_two_is_something_else(heard: str) -> None:
    assert confusion([replace(SEVEN, heard=heard)], "en")[7][OTHERWISE] == 1


def test_digits_of_a_room_are_compared_one_by_one_where_none_was_lost() -> None:
    room = Result(RIGHT, "human", "ann", "zh", "room_number", "clean", rejects=False, said="幺二零八", heard="幺二零五")
    matrix = confusion([room, replace(room, heard="幺二八")], "zh")
    assert (matrix[1][1], matrix[2][2], matrix[0][0], matrix[8][5]) == (1, 1, 1, 1)
    assert sum(map(sum, matrix)) == 4


def test_noise_and_other_questions_are_not_in_the_matrix() -> None:
    others = (replace(SEVEN, condition="snr10"), replace(SEVEN, question="menu"), replace(SEVEN, kind=OTHER_SPEECH))
    assert sum(map(sum, confusion(others, "en"))) == 0


def test_what_is_mistaken_most_comes_first() -> None:
    nine = replace(SEVEN, said="nine", heard="five")
    assert [(each["said"], each["times"]) for each in mistaken([WRONG, nine, nine, SEVEN])] == [
        ("nine", 2),
        ("seven", 1),
    ]


def test_the_data_holds_every_figure() -> None:
    sound = Result(NO_SPEECH, "hum", "", "en", "digit", "clean", rejects=True, said="", heard="five")
    data = as_data(examined((*RESULTS, sound), (replace(SEVEN, condition="snr5"), replace(SEVEN, condition="faint"))))
    assert data["no_speech"] == {"rejected": 0, "tried": 1}
    assert data["other_speech"] == {"rejected": 0, "tried": 0}
    assert [point["db"] for point in data["by_snr"]] == [5.0]
    assert [point["dbfs"] for point in data["by_level"]] == [-45.0]
    assert data["mistaken"][0]["heard"] == "five"
