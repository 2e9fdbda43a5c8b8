from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ivr.clock import CountingIds, FakeClock, RandomIds, SystemClock


def test_the_machines_clock_is_aware_and_goes_forward() -> None:
    clock = SystemClock()
    before, started = clock.now(), clock.monotonic()
    assert before.tzinfo is UTC
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert clock.monotonic() >= started


def test_a_fake_clock_stands_still_until_it_is_advanced() -> None:
    start = datetime(2026, 11, 21, 22, 0, tzinfo=timezone(timedelta(hours=8)))
    clock = FakeClock(start)
    assert clock.now() == clock.now() == start
    assert clock.now().tzinfo is UTC
    clock.advance(90.5)
    clock.advance(0.5)
    assert clock.now() - start == timedelta(seconds=91)
    assert clock.monotonic() == 91


def test_a_fake_clock_needs_to_know_its_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        FakeClock(datetime(2026, 11, 21))  # noqa: DTZ001 - the fault that is refused


def test_ids_are_unique_or_countable() -> None:
    random = RandomIds()
    assert len({random.new("call") for _ in range(100)}) == 100
    assert random.new("call").startswith("call-")
    ids, scoped = CountingIds(), CountingIds("night")
    assert [ids.new("call"), ids.new("booking"), ids.new("call")] == ["call-0001", "booking-0001", "call-0002"]
    assert scoped.new("call") == "night-call-0001"
