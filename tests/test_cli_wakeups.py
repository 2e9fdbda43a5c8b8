"""The operator's wake-up calls from outside: booked for any room, for groups, cancelled (W4)."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.archive import Archive
from ivr.calls.equipment import wakeup_rules
from ivr.clock import CountingIds
from ivr.config import load_settings
from ivr.wakeup_orders import Order, add
from tests.conftest import Ivr

HOUSE = ZoneInfo("Asia/Shanghai")


def days_ahead(days: int) -> str:
    return (datetime.now(UTC).astimezone(HOUSE) + timedelta(days=days)).date().isoformat()


def test_a_group_is_booked_for_one_time(ivr: Ivr) -> None:
    added = ivr("wakeups", "add", "06:30", "1208", "1209", "--on", days_ahead(2), "--language", "en", "--json")
    listed = ivr("wakeups", "list", "--json").data["wakeups"]
    assert added.code == 0
    assert {(each["room"], each["local_time"], each["language"]) for each in listed} == {
        ("1208", "06:30:00", "en"),
        ("1209", "06:30:00", "en"),
    }
    assert set(added.data["new"]) == {each["id"] for each in listed}


def test_a_room_that_has_this_call_already_keeps_the_one_it_has(ivr: Ivr) -> None:
    first = ivr("wakeups", "add", "06:30", "1208", "--on", days_ahead(2), "--json").data
    again = ivr("wakeups", "add", "06:30", "1208", "--on", days_ahead(2))
    assert "1208 had this wake-up call already" in again.out
    assert [each["id"] for each in ivr("wakeups", "list", "--json").data["wakeups"]] == first["new"]


@pytest.mark.parametrize(
    ("local", "at", "day"),
    [
        ("2026-11-22 06:00", time(6, 30), date(2026, 11, 22)),
        ("2026-11-22 06:29", time(6, 30), date(2026, 11, 23)),
        ("2026-11-22 23:59", time(0, 1), date(2026, 11, 24)),
    ],
)
def test_without_a_day_the_next_such_time_is_meant(kept: Archive, local: str, at: time, day: date) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=HOUSE)
    order = Order(["1208"], at, None, "zh")
    (added,) = add(kept, wakeup_rules(load_settings(os.environ)), order, CountingIds("test"), now)
    assert added.booking.day == day


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("06:30", "1208", "9999"), "there is no room 9999"),
        (("06:30", "1208", "--on", "2020-01-01"), "2020-01-01 06:30 is over"),
        (("06:30", "1208", "--on", "0001-01-01"), "06:30 is over"),
        (("25:00", "1208"), "25:00"),
    ],
)
def test_an_order_that_cannot_be_met_books_nothing(ivr: Ivr, words: tuple[str, ...], told: str) -> None:
    refused = ivr("wakeups", "add", *words)
    assert refused.code == 2
    assert told in refused.err
    assert ivr("wakeups", "list", "--all", "--json").data["wakeups"] == []


def test_a_cancelled_call_stands_no_longer(ivr: Ivr) -> None:
    ids = ivr("wakeups", "add", "06:30", "1208", "1209", "--on", days_ahead(2), "--json").data["new"]
    assert "room 1208" in ivr("wakeups", "cancel", ids[0]).out
    assert [each["id"] for each in ivr("wakeups", "list", "--json").data["wakeups"]] == [ids[1]]


def test_nothing_is_cancelled_when_one_id_does_not_stand(ivr: Ivr) -> None:
    (standing,) = ivr("wakeups", "add", "06:30", "1208", "--on", days_ahead(2), "--json").data["new"]
    refused = ivr("wakeups", "cancel", standing, "booking-0")
    assert refused.code == 2
    assert "booking-0" in refused.err
    assert [each["id"] for each in ivr("wakeups", "list", "--json").data["wakeups"]] == [standing]
