from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

import ivr
from ivr.clock import FakeClock
from ivr.records import Call
from ivr.store.calls import CallStore
from ivr.store.wall_clock import WallClock

NOW = datetime.now(UTC)


def test_a_right_clock_is_believed(engine: Engine, make_call: Callable[..., Call]) -> None:
    CallStore(engine).begin(make_call(started=NOW - timedelta(hours=8), channel="asterisk"))
    assert WallClock(engine, FakeClock(NOW)).doubt(NOW - timedelta(minutes=2), NOW) == ""


def test_a_clock_before_the_programs_own_files_is_not(engine: Engine) -> None:
    written = datetime.fromtimestamp(Path(ivr.__file__).stat().st_mtime, UTC)
    doubt = WallClock(engine, FakeClock(written - timedelta(days=2))).doubt()
    assert "this program was installed on" in doubt
    assert "set the clock" in doubt


@pytest.mark.parametrize(("channel", "believed"), [("asterisk", False), ("microphone", False), ("wav", True)])
def test_a_clock_before_the_latest_call_is_not_but_a_replay_says_nothing_of_it(
    engine: Engine, make_call: Callable[..., Call], channel: str, *, believed: bool
) -> None:
    CallStore(engine).begin(make_call(started=NOW + timedelta(hours=2), channel=channel))
    doubt = WallClock(engine, FakeClock(NOW)).doubt()
    assert (doubt == "") is believed
    assert believed or "a call came in at" in doubt


@pytest.mark.parametrize(
    ("stepped", "told"), [(-2.0, "it stepped back"), (2.0, "it stepped forward"), (-0.05, ""), (0.05, "")]
)
def test_a_clock_that_steps_during_a_call_is_not(engine: Engine, stepped: float, told: str) -> None:
    clock = FakeClock(NOW + timedelta(hours=stepped))
    doubt = WallClock(engine, clock).doubt(NOW, NOW + timedelta(minutes=1))
    assert (told in doubt) if told else (doubt == "")


def test_a_clock_that_a_person_trusts_is_believed_though_calls_were_made_while_it_was_ahead(
    engine: Engine, make_call: Callable[..., Call]
) -> None:
    store, clock = CallStore(engine), FakeClock(NOW)
    store.begin(make_call(started=NOW + timedelta(days=300), channel="asterisk", flags=("emergency",)))
    assert "--trust-clock" in WallClock(engine, clock).doubt()
    assert WallClock(engine, clock).trust() == 1
    assert WallClock(engine, clock).doubt() == ""
    (call,) = store.latest(1)
    assert call.flags == ("emergency", "wrong_clock")
    assert WallClock(engine, clock).trust() == 0
