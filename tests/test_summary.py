from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.bench.report import Question, Report
from ivr.demo import Shown
from ivr.records import Booking, Call
from ivr.replay import Replayed
from ivr.summary import show_demo, show_replay

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
CALL = Call("call-1", "scenario", "night", NOON, NOON, 90.0, "zh", "finished", "goodbye", ("emergency",))
BOOKING = Booking(
    "booking-1", "call-1", "0412", date(2026, 11, 22), time(6, 30), ZONE.key, NOON, language="zh", created=NOON
)


def shown(*differences: str) -> Shown:
    asked = (Question("a/b", "六点半", "六点半", right=True), Question("a/c", "不用了", "不 救", right=False))
    report = Report("night", "zh", CALL, (), (BOOKING,), (), differences, asked)
    return Shown((report,), (Path("demo/night.wav"),), 0.5)


def test_a_demo_ends_with_what_is_stored_and_how_well_it_was_understood(capsys: pytest.CaptureFixture[str]) -> None:
    show_demo(shown(), ZONE)
    text = capsys.readouterr().out
    assert "Sun 2026-11-22  06:30" in text
    assert "emergency" in text
    assert "night a/c: said “不用了”, heard “不 救”" in text
    assert "understood at first try: zh 1 of 2 (50%), en none asked by voice" in text
    assert "all 1 ended as stated" in text
    assert "180 × real time" in text
    assert "demo/night.wav" in text


def test_a_demo_tells_what_went_otherwise(capsys: pytest.CaptureFixture[str]) -> None:
    demo = shown("ending: expected booked, got goodbye")
    assert not demo.passed
    show_demo(demo, ZONE)
    text = capsys.readouterr().out
    assert "night: ending: expected booked, got goodbye" in text
    assert "1 of 1 ended otherwise than stated" in text


def test_a_replay_tells_how_to_look_at_it(capsys: pytest.CaptureFixture[str]) -> None:
    show_replay(Replayed(CALL, (), (), 1.0), ZONE, stored=True)
    assert "ivr calls show call-1" in capsys.readouterr().out
