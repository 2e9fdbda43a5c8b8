from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.desk.calendar import Calendar, read_calendar
from ivr.errors import SettingsError
from ivr.hours import week

HOURS = {"weekdays": "07:00-12:00, 13:00-23:00", "saturday": "09:00-12:00", "sunday": "closed"}
OFFICE = Calendar(week(HOURS))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


# 2026-11-20 is a Friday
@pytest.mark.parametrize(
    ("moment", "part", "opens"),
    [
        ("2026-11-20 06:59", "night", "2026-11-20 07:00"),
        ("2026-11-20 07:00", "open", "2026-11-20 13:00"),
        ("2026-11-20 11:59", "open", "2026-11-20 13:00"),
        ("2026-11-20 12:00", "lunch", "2026-11-20 13:00"),
        ("2026-11-20 12:59", "lunch", "2026-11-20 13:00"),
        ("2026-11-20 13:00", "open", "2026-11-21 09:00"),
        ("2026-11-20 23:00", "night", "2026-11-21 09:00"),
        ("2026-11-21 00:00", "night", "2026-11-21 09:00"),
        ("2026-11-21 12:00", "holiday", "2026-11-23 07:00"),
        ("2026-11-22 10:00", "holiday", "2026-11-23 07:00"),
        ("2026-11-23 03:00", "night", "2026-11-23 07:00"),
    ],
)
def test_every_time_has_its_part_of_the_day_and_the_next_opening(moment: str, part: str, opens: str) -> None:
    assert OFFICE.part(at(moment)) == part
    assert OFFICE.next_opening(at(moment)) == at(opens)


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night_desk = Calendar(week({"friday": "22:00-06:00"}))
    assert night_desk.part(at("2026-11-21 05:59")) == "open"
    assert night_desk.part(at("2026-11-21 06:00")) == "holiday"
    assert night_desk.next_opening(at("2026-11-21 05:59")) == at("2026-11-27 22:00")


def test_a_house_that_never_closes_is_open_and_has_people_now() -> None:
    always = Calendar(week("00:00-24:00"))
    for moment in ("2026-11-20 00:00", "2026-11-20 23:59"):
        assert always.part(at(moment)) == "open"
        assert always.next_opening(at(moment)) == at(moment)


@given(st.datetimes(min_value=at("2026-01-01"), max_value=at("2027-12-31")))
def test_people_come_back_in_hours_and_not_before(moment: datetime) -> None:
    opens = OFFICE.next_opening(moment)
    assert opens > moment
    assert OFFICE.part(opens) == "open"


def calendar(path: Path, text: str) -> Calendar:
    path.write_text(text, encoding="utf-8")
    return read_calendar(path, week(HOURS))


def test_single_days_win_over_the_week(tmp_path: Path) -> None:
    found = calendar(
        tmp_path / "calendar.csv",
        "日期,至,时间,备注\n"
        "2027-02-05,2027-02-11,休息,春节\n"
        "2027-02-13,,monday,调休上班\n"
        "2027/2/14,,周一,调休上班\n"
        "2027-02-15,,10:00-15:00,\n",
    )
    assert found.part(at("2027-02-08 10:00")) == "holiday"
    # the evening before it has no tomorrow either
    assert found.part(at("2027-02-04 23:30")) == "holiday"
    assert found.next_opening(at("2027-02-04 23:30")) == at("2027-02-12 07:00")
    assert found.part(at("2027-02-13 12:30")) == found.part(at("2027-02-14 12:30")) == "lunch"
    assert found.part(at("2027-02-15 08:00")) == "night"


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2027-02-30,,closed,", "there is no such day"),
        ("soon,,closed,", "“soon” is no date such as 2026-11-22"),
        ("2027-02-05,2027-02-01,closed,", "until 2027-02-01: expected the same day or one in the 366 after"),
        ("2027-02-05,2029-02-01,closed,", "expected the same day or one in the 366 after"),
        ("2027-02-05,,noon,", "“noon” is no such thing as 07:00-12:00, nor “closed”, nor a weekday such as monday"),
        ("2027-02-01,,closed,", "2027-02-01 stands in line 2 already: remove one of them"),
        ("2027-02-05,,,", "hours is empty"),
    ],
)
def test_a_bad_day_is_told_with_its_line(tmp_path: Path, row: str, words: str) -> None:
    path = tmp_path / "calendar.csv"
    with pytest.raises(SettingsError, match=words) as caught:
        calendar(path, f"date,until,hours,note\n2027-01-30,2027-02-01,closed,\n{row}\n")
    assert caught.value.where == f"{path}:3"
