from __future__ import annotations

import io
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len
from rich.console import Console, RenderableType

from ivr import screen
from ivr.errors import IvrError
from ivr.model_check import ModelCheck
from ivr.records import Booking, Call, HearingKind, Turn
from ivr.site_check import Check

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 21, 4, tzinfo=UTC)
CALL = Call("call-1", "wav", "来电.wav", NOON, NOON, 10.0, "zh", "finished", "goodbye", ())
BOOKING = Booking(
    "booking-1", "call-1", "0412", date(2026, 11, 22), time(6, 30), "Asia/Shanghai", NOON, language="zh", created=NOON
)
TURN = Turn(
    call_id="call-1",
    number=1,
    state="wake_up_booking/ask_room",
    prompts=("wakeup.what_room",),
    said="请问您的房号是多少？",
    language="zh",
    attempt=1,
    hearing=HearingKind.SPEECH,
    outcome="understood",
    heard="零 四 幺 二",
    value="0412",
    level_dbfs=-20.0,
    prompt_start=0,
    prompt_end=32_000,
    voice_start=40_000,
    voice_end=56_000,
    decided=64_000,
)


def drawn(what: RenderableType, width: int = 120) -> str:
    text = io.StringIO()
    Console(file=text, width=width, highlight=False, markup=False).print(what)
    return text.getvalue()


def test_a_calls_timeline_tells_words_levels_and_times() -> None:
    text = drawn(screen.timeline(CALL, (TURN,), (BOOKING,), ZONE))
    assert "2026-11-21 12:00" in text
    assert "“零 四 幺 二” → understood 0412  -20.0 dBFS" in text
    # a second from the prompt's end to the voice, another from its end to the outcome
    assert text.count("1.00 s") == 2
    assert "booking-1" in text


def test_a_calls_bar_shows_who_spoke_when() -> None:
    line = screen.bar(CALL, (TURN,)).plain
    assert line[:60] == "▒" * 24 + "·" * 6 + "█" * 12 + "·" * 18


def test_a_key_is_seen_in_the_bar() -> None:
    pressed = Turn(
        "call-1", 1, "a/b", (), "", "zh", 1, HearingKind.KEYS, "understood", keys="1", prompt_end=100, decided=79_999
    )
    assert screen.bar(CALL, (pressed,)).plain[59] == "#"


def test_a_call_without_any_length_can_be_shown() -> None:
    assert "open" in drawn(screen.timeline(Call("call-2", "wav", "x", NOON), (), (), ZONE))


def test_columns_that_nothing_stands_in_are_left_out() -> None:
    assert "flags" not in drawn(screen.calls((CALL,), ZONE))
    assert "zone" not in drawn(screen.bookings((BOOKING,), ZONE))
    assert "Asia/Shanghai" in drawn(screen.bookings((BOOKING,), ZoneInfo("Europe/Berlin")))


@pytest.mark.parametrize("width", [40, 80, 200])
def test_chinese_is_wrapped_within_the_width(width: int) -> None:
    text = drawn(screen.timeline(CALL, (TURN,), (BOOKING,), ZONE), width)
    assert max(cell_len(line) for line in text.splitlines()[3:]) <= width


def test_findings_are_shown_with_their_remedy() -> None:
    text = drawn(screen.checks((Check("disk", "warning", "0.5 GB free", "free some space"),)))
    assert "warning" in text
    assert "free some space" in text


def test_a_model_that_cannot_be_used_is_wrong() -> None:
    checks = (ModelCheck("zh", None, fault="none here"), ModelCheck("en", Path("/m"), 8000, 9, phrases=3))
    text = drawn(screen.model_checks(checks))
    assert "wrong" in text
    assert "3 of 3" in text


def test_json_keeps_chinese_and_knows_paths() -> None:
    assert screen.as_json({"酒店": Path("/models")}) == '{\n  "酒店": "/models"\n}'


def test_a_text_that_cannot_be_written_names_its_file(tmp_path: Path) -> None:
    with pytest.raises(IvrError, match="cannot be written") as refused:
        screen.write(tmp_path, "text")
    assert refused.value.where == str(tmp_path)
