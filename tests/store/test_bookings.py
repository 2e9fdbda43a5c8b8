from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Booking, BookingStatus
from ivr.store.bookings import Added, BookingStore
from ivr.store.transaction import writing


@pytest.fixture
def store(engine: Engine) -> BookingStore:
    return BookingStore(engine)


def test_a_booking_comes_back_as_it_was_kept(store: BookingStore, make_booking: Callable[..., Booking]) -> None:
    booking = make_booking()
    assert store.add(booking) == Added(booking, new=True)
    assert store.get("booking-1") == booking
    assert store.get("unknown") is None


def test_a_second_booking_for_the_same_room_and_instant_is_refused(
    store: BookingStore, make_booking: Callable[..., Booking]
) -> None:
    first = make_booking()
    store.add(first)
    assert store.add(make_booking("booking-2")) == Added(first, new=False)
    assert store.get("booking-2") is None
    assert store.add(make_booking("booking-3", room="0413")).new
    assert store.add(make_booking("booking-4", 5)).new


def test_a_cancelled_booking_makes_room_for_another(store: BookingStore, make_booking: Callable[..., Booking]) -> None:
    store.add(make_booking())
    store.cancel("booking-1")
    assert store.add(make_booking("booking-2")).new
    assert store.for_room("0412") == (make_booking("booking-2"),)


def test_adding_the_same_booking_again_changes_nothing(
    store: BookingStore, make_booking: Callable[..., Booking]
) -> None:
    store.add(make_booking())
    assert store.add(make_booking()) == Added(make_booking(), new=True)
    assert len(store.for_room("0412")) == 1


def test_of_many_callers_at_once_one_gets_the_booking(
    store: BookingStore, make_booking: Callable[..., Booking]
) -> None:
    with ThreadPoolExecutor(4) as threads:
        added = list(threads.map(store.add, [make_booking(f"booking-{number}") for number in range(8)]))
    assert sum(one.new for one in added) == 1
    assert {one.booking for one in added} == set(store.for_room("0412"))


def test_the_database_itself_refuses_a_second_booking(
    store: BookingStore, engine: Engine, make_booking: Callable[..., Booking]
) -> None:
    store.add(make_booking())
    store.add(make_booking("booking-2", status=BookingStatus.CANCELLED))
    with pytest.raises(StoreError, match="breaks its rules"), writing(engine) as connection:
        connection.exec_driver_sql("UPDATE bookings SET status = 'booked'")


def test_a_booking_is_cancelled_once(store: BookingStore, make_booking: Callable[..., Booking]) -> None:
    store.add(make_booking())
    assert store.cancel("booking-1") is True
    assert store.cancel("booking-1") is False
    assert store.cancel("unknown") is False
    assert store.get("booking-1") == make_booking(status=BookingStatus.CANCELLED)


def test_a_rooms_bookings_come_in_the_order_in_which_they_are_due(
    store: BookingStore, make_booking: Callable[..., Booking]
) -> None:
    later, sooner, gone = make_booking("a", 60), make_booking("b", 0), make_booking("c", 30)
    for booking in (later, sooner, gone, make_booking("d", room="0413")):
        store.add(booking)
    store.cancel("c")
    cancelled = make_booking("c", 30, status=BookingStatus.CANCELLED)
    assert store.for_room("0412") == (sooner, later)
    assert store.for_room("0412", BookingStatus.CANCELLED) == (cancelled,)
    assert store.for_room("0412", None) == (sooner, cancelled, later)


def test_upcoming_bookings_stand_and_are_not_past(store: BookingStore, make_booking: Callable[..., Booking]) -> None:
    for number in range(5):
        store.add(make_booking(f"booking-{number}", number))
    store.cancel("booking-3")
    now = make_booking(minutes=1).due
    assert [booking.id for booking in store.upcoming(now, 9)] == ["booking-1", "booking-2", "booking-4"]
    assert [booking.id for booking in store.upcoming(now, 2)] == ["booking-1", "booking-2"]
