from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Message, MessageStatus
from ivr.store.messages import MessageStore
from ivr.store.transaction import writing
from tests.store.conftest import NOON


@pytest.fixture
def store(engine: Engine) -> MessageStore:
    return MessageStore(engine)


def test_a_message_comes_back_as_it_was_kept(store: MessageStore, make_message: Callable[..., Message]) -> None:
    message = make_message(urgent=True)
    store.add(message)
    assert store.get("message-1") == message
    assert store.of_call("call-1") == (message,)
    assert store.get("message-2") is None
    bare = make_message("message-2", call_id=None, phone="", caller_clip="", kind="department", addressee="餐饮部")
    store.add(bare)
    assert store.get("message-2") == bare


def test_a_message_that_is_added_again_is_kept_once(store: MessageStore, make_message: Callable[..., Message]) -> None:
    store.add(make_message())
    store.mark("message-1", MessageStatus.HEARD, NOON)
    store.add(make_message())
    (kept,) = store.latest(None)
    assert kept.status is MessageStatus.HEARD


@pytest.mark.parametrize(
    "changes",
    [
        {"created": datetime(2026, 11, 22)},  # noqa: DTZ001 # the naive time is what must be refused
        {"kind": "planet"},
        {"language": "fr"},
        {"audio": None},
        {"status": "lost"},
    ],
    ids=["naive", "kind", "language", "no sound", "status"],
)
def test_a_message_that_breaks_the_rules_is_refused(
    store: MessageStore, make_message: Callable[..., Message], changes: dict[str, Any]
) -> None:
    with pytest.raises(StoreError):
        store.add(make_message(**changes))
    assert store.latest(None) == ()


def test_the_latest_come_first_and_filters_narrow_them(
    store: MessageStore, make_message: Callable[..., Message]
) -> None:
    for number in range(5):
        store.add(make_message(f"m{number}", minutes=number, addressee=f"120{number % 2}"))
    store.add(make_message("d", minutes=9, kind="department", addressee="1201"))
    store.mark("m0", MessageStatus.DELIVERED, NOON)

    def ids(limit: int | None = None, **filters: Any) -> list[str]:
        return [message.id for message in store.latest(limit, **filters)]

    assert ids() == ["d", "m4", "m3", "m2", "m1", "m0"]
    assert ids(2) == ["d", "m4"]
    assert ids(addressee="1201") == ["d", "m3", "m1"]
    assert ids(addressee="1201", kind="room") == ["m3", "m1"]
    assert ids(addressee="120") == []
    assert ids(status=MessageStatus.NEW, addressee="1200") == ["m4", "m2"]
    assert ids(since=NOON + timedelta(minutes=2), until=NOON + timedelta(minutes=4)) == ["m3", "m2"]


def test_a_message_was_heard_when_it_was_first_heard(store: MessageStore, make_message: Callable[..., Message]) -> None:
    store.add(make_message())
    for minutes, status in enumerate((MessageStatus.HEARD, MessageStatus.NEW, MessageStatus.DELIVERED), start=1):
        assert store.mark("message-1", status, NOON + timedelta(minutes=minutes))
    expected = replace(make_message(), status=MessageStatus.DELIVERED, heard_at=NOON + timedelta(minutes=1))
    assert store.get("message-1") == expected


def test_what_was_deleted_is_shown_only_when_it_is_asked_for_and_stays_deleted(
    store: MessageStore, make_message: Callable[..., Message]
) -> None:
    store.add(make_message())
    assert store.mark("message-1", MessageStatus.DELETED, NOON)
    assert not store.mark("message-1", MessageStatus.NEW, NOON)
    assert not store.mark("message-9", MessageStatus.NEW, NOON)
    assert store.latest(None) == ()
    (deleted,) = store.latest(None, status=MessageStatus.DELETED)
    assert deleted.heard_at is None


def test_a_locked_database_is_told_and_the_message_may_be_added_again(
    engine: Engine, url: str, store: MessageStore, make_message: Callable[..., Message], file: Path
) -> None:
    with writing(engine), pytest.raises(StoreError, match="another program keeps the database locked"):
        store.add(make_message())
    store.add(make_message())
    assert store.latest(None) == (make_message(),)


def test_no_error_names_the_caller(store: MessageStore, make_message: Callable[..., Message]) -> None:
    with pytest.raises(StoreError) as told:
        store.add(make_message(kind="planet", phone="13912345678", addressee="王先生"))
    assert "13912345678" not in str(told.value)
    assert "王先生" not in str(told.value)
