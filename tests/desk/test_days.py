from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.desk.days import dates

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YEARS = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2028-12-31")


def meant(day: str, now: str, boundary: time = time(4)) -> str:
    moment = datetime.fromisoformat(now).replace(tzinfo=SHANGHAI).astimezone(UTC)
    return " ".join(f"{each:%m-%d}" for each in dates(day, moment, SHANGHAI, boundary))


@pytest.mark.parametrize(
    ("now", "day", "found"),
    [
        # Friday the 27th of November 2026
        ("2026-11-27 10:00", "today", "11-27"),
        ("2026-11-27 10:00", "tomorrow", "11-28"),
        ("2026-11-27 10:00", "after_tomorrow", "11-29"),
        ("2026-11-27 10:00", "in_three_days", "11-30"),
        ("2026-11-27 10:00", "monday", "11-30"),
        ("2026-11-27 10:00", "thursday", "12-03"),
        ("2026-11-27 10:00", "friday", "11-27 12-04"),
        ("2026-11-27 10:00", "this_friday", "11-27"),
        ("2026-11-27 10:00", "this_sunday", "11-29"),
        ("2026-11-27 10:00", "this_monday", ""),
        ("2026-11-27 10:00", "next_week_friday", "12-04"),
        ("2026-11-27 10:00", "next_friday", "12-04"),
        ("2026-11-27 10:00", "next_monday", "11-30"),
        ("2026-11-27 10:00", "next_saturday", "11-28 12-05"),
        ("2026-11-24 10:00", "next_friday", "11-27 12-04"),
        ("2026-11-27 10:00", "week_after_next_monday", "12-07"),
        ("2026-11-23 10:00", "week_after_next_monday", "12-07"),
        ("2026-11-23 10:00", "week_after_next_friday", "12-11"),
        ("2026-11-27 10:00", "a_week_on_monday", "12-07"),
        ("2026-11-24 10:00", "a_week_on_friday", "12-04"),
        ("2026-11-27 10:00", "a_week_on_friday", "12-04 12-11"),
        ("2026-11-27 10:00", "next_month_03", "12-03"),
        ("2026-11-01 10:00", "next_month_03", "12-03"),
        ("2026-11-27 10:00", "next_month_31", "12-31"),
        ("2027-01-31 10:00", "next_month_31", ""),
        ("2026-12-31 10:00", "next_month_01", "01-01"),
        ("2026-11-27 10:00", "this_month_30", "11-30"),
        ("2026-11-27 10:00", "this_month_31", ""),
        ("2026-11-27 10:00", "this_month_03", ""),
        # in the night between two months both are meant, and it is asked
        ("2026-12-01 01:00", "next_month_03", "12-03 01-03"),
        ("2026-11-27 10:00", "---27", "11-27"),
        ("2026-11-27 10:00", "---03", "12-03"),
        ("2026-11-27 10:00", "---31", "12-31"),
        ("2026-11-27 10:00", "--10-01", "10-01"),
        ("2026-11-27 10:00", "--11-27", "11-27"),
        ("2026-11-27 10:00", "--11-26", "11-26"),
        ("2026-11-27 10:00", "--02-29", ""),
        ("2027-11-27 10:00", "--02-29", "02-29"),
        ("2026-11-27 10:00", "--02-30", ""),
        ("2026-11-27 10:00", "weekend", ""),
        ("2026-11-27 10:00", "next_week", ""),
        ("2026-11-27 10:00", "no day", ""),
        # by the moon's calendar
        ("2026-11-27 10:00", "spring_festival", "02-06"),
        ("2027-02-06 10:00", "spring_festival", "02-06"),
        ("2027-02-07 10:00", "spring_festival", "01-26"),
        ("2026-11-27 10:00", "dragon_boat_festival", "06-09"),
        ("2026-11-27 10:00", "mid_autumn_festival", "09-15"),
        # the night after a day belongs to it: 周五晚上一点
        ("2026-11-25 10:00", "friday+1", "11-28"),
        ("2026-11-25 10:00", "---27+1", "11-28"),
        # after midnight the day before still lasts
        ("2026-11-28 01:00", "today", "11-28"),
        ("2026-11-28 01:00", "tomorrow", "11-28"),
        ("2026-11-28 01:00", "after_tomorrow", "11-29"),
        ("2026-11-28 01:00", "saturday", "11-28 12-05"),
        ("2026-11-28 01:00", "friday", "12-04"),
        ("2026-11-28 01:00", "friday+1", "11-28 12-05"),
        ("2026-11-30 01:00", "next_week_monday", "11-30 12-07"),
        ("2026-11-30 05:00", "next_week_monday", "12-07"),
        ("2026-11-28 01:00", "---27", "12-27"),
    ],
)
def test_a_day_is_one_date_or_has_to_be_asked_for(now: str, day: str, found: str) -> None:
    assert meant(day, now) == found


def test_the_site_chooses_its_day_boundary() -> None:
    assert meant("tomorrow", "2026-11-28 01:00", time(0)) == "11-29"
    assert meant("tomorrow", "2026-11-28 05:00", time(6)) == "11-28"


@given(
    st.datetimes(*YEARS),
    st.sampled_from([SHANGHAI, BERLIN]),
    st.sampled_from(
        [
            lead + day
            for lead in ("", "this_", "next_", "next_week_", "week_after_next_", "a_week_on_")
            for day in WEEKDAYS
        ]
    ),
)
def test_a_weekday_is_one_of_at_most_two_dates_of_that_name_within_three_weeks(
    now: datetime, zone: ZoneInfo, day: str
) -> None:
    moment = now.replace(tzinfo=zone)
    found = dates(day, moment, zone, time(4))
    assert len(found) <= 2
    for each in found:
        assert each.weekday() == WEEKDAYS.index(day.rpartition("_")[2])
        assert timedelta() <= each - moment.date() < timedelta(days=22)


@given(st.datetimes(*YEARS), st.integers(1, 12), st.integers(1, 28))
def test_a_date_of_the_year_is_the_next_one(now: datetime, month: int, day: int) -> None:
    moment = now.replace(tzinfo=SHANGHAI)
    (found,) = dates(f"--{month:02d}-{day:02d}", moment, SHANGHAI, time(0))
    assert (found.month, found.day) == (month, day)
    assert timedelta() <= found - moment.date() <= timedelta(days=366)
