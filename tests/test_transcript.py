from __future__ import annotations

import io

import pytest
from rich.console import Console

from ivr.records import CallEvent, EventKind, HearingKind, Turn
from ivr.transcript import Transcript, heard, moment


def turn(**changes: object) -> Turn:
    known = {
        "call_id": "call-1",
        "number": 1,
        "state": "reception/choose",
        "prompts": ("reception.greeting",),
        "said": "您好",
        "language": "zh",
        "attempt": 1,
        "hearing": HearingKind.SPEECH,
        "outcome": "understood",
    }
    return Turn(**(known | changes))  # type: ignore[arg-type] # the test names the fields that it changes


EVENTS = (
    CallEvent(EventKind.STARTED, "call-1", 0),
    CallEvent(EventKind.STATE, "call-1", 0, state="reception/choose"),
    CallEvent(EventKind.SAYING, "call-1", 0, text="您好，[云间] 酒店。"),
    CallEvent(EventKind.SAID, "call-1", 16_000, text="您好，[云间] 酒店。"),
    CallEvent(EventKind.HEARD, "call-1", 24_000, turn=turn(heard="叫醒", value="wake_up", outcome="wake_up")),
    CallEvent(EventKind.DONE, "call-1", 24_000, text="check_room", outcome="known"),
    CallEvent(EventKind.ENDED, "call-1", 32_000, text="goodbye", outcome="caller_hung_up"),
)


def screen(**settings: object) -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=80, highlight=False, markup=False, **settings), text  # type: ignore[arg-type] # a test's choice


def test_every_line_of_a_call_is_shown_with_its_time() -> None:
    console, text = screen()
    show = Transcript(console, "a call", "what it is about")
    for event in EVENTS:
        show(event)
    lines = [" ".join(line.split()) for line in text.getvalue().splitlines()]
    assert lines[0].startswith("a call ─")
    assert lines[1:] == [
        "what it is about",
        "0:00.0 reception/choose",
        "0:00.0 desk 您好，[云间] 酒店。",
        "0:03.0 caller “叫醒” → wake_up",
        "0:03.0 does check_room → known",
        "0:04.0 end caller_hung_up · goodbye",
    ]


def test_desk_and_caller_have_colours_of_their_own_on_a_terminal() -> None:
    console, text = screen(force_terminal=True, color_system="standard")
    show = Transcript(console, "a call")
    for event in EVENTS:
        show(event)
    assert "\x1b[36m您好" in text.getvalue()
    assert "\x1b[32m“叫醒”" in text.getvalue()


def test_a_call_beside_others_is_shown_when_it_ends() -> None:
    console, text = screen()
    show = Transcript(console, "a call", live=False)
    for event in EVENTS[:-1]:
        show(event)
    assert text.getvalue() == ""
    show(EVENTS[-1])
    assert text.getvalue().startswith("a call ─")
    assert text.getvalue().count("0:0") == 5


@pytest.mark.parametrize(
    ("changes", "shown"),
    [
        ({"heard": "八 零 五", "value": "805", "level_dbfs": -19.44}, "“八 零 五” → understood 805  -19.4 dBFS"),
        ({"hearing": HearingKind.KEYS, "keys": "805", "value": "805"}, "keys 805 → understood 805"),
        ({"hearing": HearingKind.SILENT, "outcome": "silent"}, "(silent) → silent"),
        ({"outcome": "unclear", "level_dbfs": -30.0}, "(no word of this question) → unclear  -30.0 dBFS"),
    ],
)
def test_what_was_heard_is_shown_with_level_and_outcome(changes: dict[str, object], shown: str) -> None:
    assert heard(turn(**changes)).plain == shown


def test_moments_are_minutes_seconds_and_tenths() -> None:
    assert [moment(sample) for sample in (0, 8_000, 479_599, 480_000, 520_800)] == [
        "0:00.0",
        "0:01.0",
        "0:59.9",
        "1:00.0",
        "1:05.1",
    ]
