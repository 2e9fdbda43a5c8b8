from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.desk.wakeups import WakeupCheck, WakeupRules, check_wakeup
from ivr.store.bookings import BookingStore
from ivr.store.engine import open_engine

# hypothesis wants bounds without a zone and adds none: the test does
YEARS = datetime.fromisoformat("2025-01-01"), datetime.fromisoformat("2027-12-31")
SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def rules(zone: ZoneInfo = SHANGHAI, boundary: time = time(4), soonest: int = 5) -> WakeupRules:
    return WakeupRules(frozenset({"1208"}), zone, boundary, timedelta(minutes=soonest))


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[BookingStore]:
    engine = open_engine(f"sqlite:///{tmp_path}/ivr.db")
    yield BookingStore(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("now", "day", "at", "due"),
    [
        ("2026-11-21 22:00", "tomorrow", "07:00", "2026-11-22 07:00"),
        ("2026-11-21 22:00", "after_tomorrow", "01:00", "2026-11-23 01:00"),
        ("2026-11-22 01:00", "after_tomorrow", "01:00", "2026-11-23 01:00"),
        ("2026-11-21 22:00", "today", "23:30", "2026-11-21 23:30"),
        ("2026-11-21 04:00", "tomorrow", "07:00", "2026-11-22 07:00"),
        ("2026-11-21 04:00", "today", "07:00", "2026-11-21 07:00"),
        # before the day boundary “tomorrow” is the coming morning
        ("2026-11-21 03:59", "tomorrow", "07:00", "2026-11-21 07:00"),
        ("2026-11-21 03:59", "today", "07:00", "2026-11-21 07:00"),
        ("2026-11-21 00:00", "tomorrow", "07:00", "2026-11-21 07:00"),
        ("2026-11-21 01:00", "tomorrow", "07:00", "2026-11-21 07:00"),
        ("2026-11-21 23:59", "tomorrow", "07:00", "2026-11-22 07:00"),
        ("2026-12-31 23:59", "tomorrow", "07:00", "2027-01-01 07:00"),
        # a time of the night that has passed is in the coming night
        ("2026-11-21 22:00", "today", "00:00", "2026-11-22 00:00"),
        ("2026-11-21 22:00", "today", "02:00", "2026-11-22 02:00"),
        ("2026-11-21 22:00", "tomorrow", "02:00", "2026-11-22 02:00"),
        ("2026-11-21 01:00", "today", "02:00", "2026-11-21 02:00"),
        ("2026-11-21 02:30", "tomorrow", "02:00", "2026-11-22 02:00"),
        ("2026-11-21 02:30", "today", "02:00", "2026-11-22 02:00"),
        # a time of the day that has passed stays in the past: it is too soon
        ("2026-11-21 22:00", "today", "07:00", "2026-11-21 07:00"),
        ("2026-11-21 22:00", "today", "04:00", "2026-11-21 04:00"),
    ],
)
def test_today_and_tomorrow_are_what_a_guest_means_by_them(now: str, day: str, at: str, due: str) -> None:
    (wakeup,) = rules().wakeups("1208", day, at, local(now).astimezone(UTC))
    assert wakeup.due == local(due)
    assert wakeup.due.utcoffset() == timedelta()
    assert f"{wakeup.day} {wakeup.at:%H:%M}" == due


def test_the_site_chooses_its_day_boundary() -> None:
    now = local("2026-11-21 05:00")
    assert rules(boundary=time(6)).wakeups("1208", "tomorrow", "07:00", now)[0].day == date(2026, 11, 21)
    assert rules(boundary=time(0)).wakeups("1208", "tomorrow", "07:00", now)[0].day == date(2026, 11, 22)


@given(st.datetimes(*YEARS), st.times(), st.sampled_from([SHANGHAI, BERLIN]))
def test_tomorrow_always_lies_ahead_and_never_beyond_two_days(now: datetime, at: time, zone: ZoneInfo) -> None:
    moment = now.replace(tzinfo=zone).astimezone(UTC)
    (wakeup,) = rules(zone).wakeups("1208", "tomorrow", at.isoformat("minutes"), moment)
    # an hour that the clock repeats is its first one, which may have passed
    assert timedelta(hours=-1) < wakeup.due - moment < timedelta(hours=49)


@pytest.mark.parametrize(
    ("day", "at", "due"),
    [
        # 29 March 2026, 02:00 to 03:00 is left out
        ("2026-03-29", "01:59", "2026-03-29T00:59Z"),
        ("2026-03-29", "02:30", "2026-03-29T01:30Z"),
        ("2026-03-29", "03:00", "2026-03-29T01:00Z"),
        # 25 October 2026, 02:00 to 03:00 comes twice
        ("2026-10-25", "02:30", "2026-10-25T00:30Z"),
        ("2026-10-25", "03:00", "2026-10-25T02:00Z"),
    ],
)
def test_a_gap_delays_and_the_first_of_two_hours_is_meant(day: str, at: str, due: str) -> None:
    wakeup = rules(BERLIN).wakeup_on("1208", date.fromisoformat(day), time.fromisoformat(at))
    assert wakeup.due == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("now", "hours"), [("2026-03-28 20:00", 10), ("2026-10-24 20:00", 12), ("2026-11-21 20:00", 11)]
)
def test_a_night_in_which_the_clocks_change_is_shorter_or_longer(now: str, hours: int) -> None:
    moment = local(now, BERLIN)
    (wakeup,) = rules(BERLIN).wakeups("1208", "tomorrow", "07:00", moment)
    assert wakeup.due - moment.astimezone(UTC) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-11-22 06:54:59", WakeupCheck.FREE),
        ("2026-11-22 06:55:00", WakeupCheck.FREE),
        ("2026-11-22 06:55:01", WakeupCheck.TOO_SOON),
        ("2026-11-22 07:00:00", WakeupCheck.TOO_SOON),
        ("2026-11-22 22:00:00", WakeupCheck.TOO_SOON),
    ],
)
def test_a_call_must_lie_ahead_by_the_sites_minutes(store: BookingStore, now: str, found: WakeupCheck) -> None:
    (wakeup,) = rules().wakeups("1208", "today", "07:00", local(now))
    assert check_wakeup(rules(), store, wakeup, local(now)) is found


def test_a_call_that_the_room_has_already_is_told(store: BookingStore) -> None:
    desk, now = rules(), local("2026-11-21 22:00")
    (wakeup,) = desk.wakeups("1208", "tomorrow", "07:00", now)
    assert check_wakeup(desk, store, wakeup, now) is WakeupCheck.FREE
    booking = desk.booking(wakeup, "booking-1", "call-1", "zh", now)
    assert (booking.room, booking.day, booking.local_time, booking.timezone, booking.due) == (
        "1208",
        date(2026, 11, 22),
        time(7),
        "Asia/Shanghai",
        local("2026-11-22 07:00"),
    )
    assert store.add(booking).new
    # the same instant, meant from after midnight
    (again,) = desk.wakeups("1208", "tomorrow", "07:00", local("2026-11-22 01:00"))
    assert check_wakeup(desk, store, again, local("2026-11-22 01:00")) is WakeupCheck.ALREADY_BOOKED
    (other_time,) = desk.wakeups("1208", "tomorrow", "07:01", now)
    (other_room,) = desk.wakeups("1209", "tomorrow", "07:00", now)
    assert check_wakeup(desk, store, other_time, now) is check_wakeup(desk, store, other_room, now) is WakeupCheck.FREE
    assert store.cancel("booking-1")
    assert check_wakeup(desk, store, wakeup, now) is WakeupCheck.FREE
