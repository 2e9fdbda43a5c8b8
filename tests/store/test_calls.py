from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import Engine

from ivr.errors import StoreError
from ivr.records import Call, HearingKind, Turn
from ivr.store.calls import LONGEST_CALL, CallStore
from ivr.store.owner import this_process
from ivr.store.transaction import writing


@pytest.fixture
def store(engine: Engine) -> CallStore:
    return CallStore(engine)


def test_a_call_comes_back_as_it_was_kept(store: CallStore, make_call: Callable[..., Call]) -> None:
    call = make_call(flags=("emergency", "老人"))
    store.begin(call)
    assert store.get("call-1") == call
    ended = call.started + timedelta(seconds=61.5)
    finished = make_call(ended=ended, seconds=61.5, language="zh", outcome="finished", ending="booked", flags=("a",))
    finished = replace(finished, done=("wakeup_booked", "message_taken"))
    store.finish(finished)
    assert store.get("call-1") == finished
    assert store.get("unknown") is None


def test_an_instant_of_any_zone_comes_back_as_the_same_instant_in_utc(
    store: CallStore, make_call: Callable[..., Call]
) -> None:
    local = datetime(2026, 11, 22, 6, 30, tzinfo=timezone(timedelta(hours=8)))
    store.begin(make_call(started=local))
    kept = store.get("call-1")
    assert kept is not None
    assert kept.started == local
    assert kept.started.tzinfo == UTC


def test_calls_are_found_by_the_number_that_called(store: CallStore, make_call: Callable[..., Call]) -> None:
    for name, caller in (("call-1", "13912345678"), ("call-2", "1208"), ("call-3", "")):
        store.begin(make_call(name, caller=caller))
        store.finish(make_call(name, caller=caller, outcome="finished"))
    (found,) = store.latest(9, caller="13912345678")
    assert (found.id, found.caller, found.outcome) == ("call-1", "13912345678", "finished")
    assert store.latest(9, caller="139") == ()


@pytest.mark.parametrize(
    "changes",
    [
        {"started": datetime(2026, 11, 22)},  # noqa: DTZ001 # the naive time is what must be refused
        {"outcome": "bored"},
        {"language": "fr"},
        {"line": "\udcff.wav"},
        {"channel": None},
    ],
    ids=["naive", "outcome", "language", "no UTF-8", "missing"],
)
def test_a_record_that_breaks_the_rules_is_refused(
    store: CallStore, make_call: Callable[..., Call], changes: dict[str, Any]
) -> None:
    with pytest.raises(StoreError, match=r"ivr\.db: "):
        store.begin(make_call(**changes))
    assert store.get("call-1") is None


def test_the_database_itself_keeps_the_closed_sets(
    store: CallStore, engine: Engine, make_call: Callable[..., Call]
) -> None:
    store.begin(make_call())
    with pytest.raises(StoreError, match="ck_calls_outcome"), writing(engine) as connection:
        connection.exec_driver_sql("UPDATE calls SET outcome = 'bored'")


def test_what_is_said_twice_is_kept_once(
    store: CallStore, make_call: Callable[..., Call], make_turn: Callable[..., Turn]
) -> None:
    """After an error nobody knows whether the row was kept; saying it again must be safe."""
    for _ in range(2):
        store.begin(make_call())
        store.add_turn(make_turn())
    assert store.latest(9) == (make_call(),)
    assert store.turns("call-1") == (make_turn(),)


def test_an_error_shows_no_personal_data(store: CallStore, make_turn: Callable[..., Turn]) -> None:
    with pytest.raises(StoreError) as caught:
        store.add_turn(make_turn(said="13800138000"))
    assert "13800138000" not in f"{caught.value} {caught.value.__cause__}"


def test_turns_come_back_in_their_order_and_whole(
    store: CallStore, make_call: Callable[..., Call], make_turn: Callable[..., Turn]
) -> None:
    store.begin(make_call())
    bare = make_turn(2, prompts=(), hearing=None, level_dbfs=None, voice_start=None, voice_end=None, attempt=0)
    store.add_turn(bare)
    store.add_turn(make_turn(1))
    store.add_turn(make_turn(3, hearing=HearingKind.HUNG_UP))
    assert store.turns("call-1") == (make_turn(1), bare, make_turn(3, hearing=HearingKind.HUNG_UP))
    assert store.turns("unknown") == ()


def test_every_kind_of_hearing_can_be_kept(
    store: CallStore, make_call: Callable[..., Call], make_turn: Callable[..., Turn]
) -> None:
    store.begin(make_call())
    for number, kind in enumerate(HearingKind):
        store.add_turn(make_turn(number, hearing=kind))
    assert [turn.hearing for turn in store.turns("call-1")] == list(HearingKind)


def test_a_turn_needs_its_call(store: CallStore, make_turn: Callable[..., Turn]) -> None:
    with pytest.raises(StoreError, match="breaks its rules"):
        store.add_turn(make_turn())


def test_the_end_of_a_call_that_never_began_is_an_error(store: CallStore, make_call: Callable[..., Call]) -> None:
    with pytest.raises(StoreError, match="never begun"):
        store.finish(make_call(outcome="finished"))


def test_the_latest_calls_come_first_and_can_be_filtered(store: CallStore, make_call: Callable[..., Call]) -> None:
    calls = [
        make_call("a", 0, outcome="finished", language="zh"),
        make_call("b", 10, outcome="failed", language="en"),
        make_call("c", 20, outcome="finished", language="en"),
        make_call("d", 30),
    ]
    for call in calls:
        store.begin(call)

    def names(found: tuple[Call, ...]) -> str:
        return "".join(call.id for call in found)

    assert names(store.latest(9)) == "dcba"
    assert names(store.latest(2)) == "dc"
    assert names(store.latest(0)) == ""
    assert names(store.latest(9, since=calls[1].started)) == "dcb"
    assert names(store.latest(9, until=calls[1].started)) == "a"
    assert names(store.latest(9, outcome="finished")) == "ca"
    assert names(store.latest(9, outcome="finished", language="en")) == "c"


def test_calls_of_a_killed_process_are_marked_and_those_of_a_living_one_are_not(
    start: Callable[..., Any], url: str, store: CallStore, make_call: Callable[..., Call]
) -> None:
    store.begin(make_call("ours"))
    child = start("call", url)
    assert child.stdout.readline() == "begun\n"
    assert store.mark_interrupted(make_call().started) == 0
    child.kill()
    # dead, but still in the table of processes: a zombie
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert store.mark_interrupted(make_call().started) == 1
    (theirs,) = store.latest(9, outcome="failed")
    assert (theirs.id, theirs.ending, theirs.ended) == ("theirs", "interrupted", None)
    assert store.get("ours") == make_call("ours")


@pytest.mark.parametrize(
    ("place", "age", "marked"),
    [
        ("another-boot/namespace/pid/start", timedelta(), 1),
        ("boot/namespace/pid/another-start", timedelta(), 1),
        ("boot/another-namespace/pid/start", LONGEST_CALL / 2, 0),
        ("boot/another-namespace/pid/start", LONGEST_CALL * 2, 1),
        ("nonsense", LONGEST_CALL / 2, 0),
        ("nonsense", LONGEST_CALL * 2, 1),
    ],
)
def test_where_life_cannot_be_told_age_decides(
    engine: Engine, make_call: Callable[..., Call], place: str, age: timedelta, marked: int
) -> None:
    ours = dict(zip(("boot", "namespace", "pid", "start"), this_process().split("/"), strict=True))
    owner = "/".join(ours.get(part, part) for part in place.split("/"))
    store = CallStore(engine)
    store.begin(make_call())
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE calls SET owner = ?", (owner,))
    assert store.mark_interrupted(make_call().started + age) == marked
