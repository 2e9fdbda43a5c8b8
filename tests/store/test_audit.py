from __future__ import annotations

import getpass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import AuditEntry
from ivr.store.audit import AuditStore
from tests.store.conftest import NOON


def test_the_last_entry_comes_first(engine: Engine) -> None:
    audit = AuditStore(engine)
    audit.add("export", "calls, csv", 12, NOON)
    audit.add("purge", "messages 4", 4, NOON + timedelta(days=1))
    last, first = audit.latest(9)
    assert first == AuditEntry(NOON, "export", getpass.getuser(), "calls, csv", 12)
    assert (last.action, last.rows) == ("purge", 4)
    assert audit.latest(1) == (last,)


def test_an_entry_that_comes_after_the_clock_went_back_is_still_the_last(engine: Engine) -> None:
    audit = AuditStore(engine)
    audit.add("export", "calls, csv", 12, NOON)
    audit.add("rotate", "key a", 4, NOON - timedelta(days=400))
    assert [entry.action for entry in audit.latest(9)] == ["rotate", "export"]


def test_a_user_without_a_name_is_told_by_number(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown() -> str:
        raise KeyError

    monkeypatch.setattr(getpass, "getuser", unknown)
    AuditStore(engine).add("export", "calls, csv", 1, NOON)
    assert AuditStore(engine).latest(1)[0].who.startswith("user ")


def test_an_entry_that_breaks_the_rules_is_refused(engine: Engine) -> None:
    with pytest.raises(StoreError):
        AuditStore(engine).add("export", "calls", 1, datetime(2026, 11, 22))  # noqa: DTZ001 # the naive time is refused
    assert AuditStore(engine).latest(9) == ()
