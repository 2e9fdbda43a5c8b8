from __future__ import annotations

import pytest

from ivr.hours import Span, spans, week


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("07:00-23:00", (Span(420, 1380),)),
        ("7:00 - 12:00, 13:00–23:00", (Span(420, 720), Span(780, 1380))),
        ("7:00至12:00；13:00到24:00", (Span(420, 720), Span(780, 1440))),
        ("00:00-24:00", (Span(0, 1440),)),
        ("22:00-06:00", (Span(1320, 1800),)),
        ("closed", ()),
        ("休息", ()),
    ],
)
def test_hours_are_read_as_people_write_them(text: str, found: tuple[Span, ...]) -> None:
    assert spans(text) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("7-12", "“7-12” is no such thing as 07:00-12:00, nor “closed”"),
        ("07:00-25:00", "00:00 to 24:00"),
        ("07:00-12:60", "00:00 to 24:00"),
        ("24:00-06:00", "00:00 to 24:00"),
        ("13:00-23:00, 07:00-12:00", "the earliest first"),
        ("07:00-12:00, 11:00-13:00", "the earliest first"),
        ("05:00-12:00, 22:00-06:00", "more than a day long"),
        ("", "is no such thing"),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_what_was_expected(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        spans(text)


def test_the_narrower_word_wins_in_a_week() -> None:
    found = week({"sunday": "10:00-12:00", "weekend": "closed", "every_day": "08:00-18:00"})
    assert found == (*[(Span(480, 1080),)] * 5, (), (Span(600, 720),))
    # a day that nobody speaks of is closed
    assert week({"monday": "08:00-18:00"})[1:] == ((),) * 6


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ({"tusday": "08:00-18:00"}, r"“tusday” is no day \(did you mean tuesday\?\)"),
        ({"monday": 8}, "or a table of them by day"),
        (8, "must be hours such as"),
        ("closed", "at least one day"),
    ],
)
def test_a_week_that_makes_no_sense_is_refused(value: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        week(value)
