from __future__ import annotations

import io

from rich.console import Console

from ivr import meter
from ivr.audio.frame import frames, silence
from ivr.audio.level import scale
from ivr.audio.tones import NoiseFloor
from ivr.bench.voices import recorded
from tests.conftest import RECORDINGS

YES = RECORDINGS / "callers" / "jm_kumo" / "en-agreement-yes.wav"


def shown(now: meter.Meter) -> str:
    screen = Console(file=io.StringIO(), width=100)
    with screen.capture() as captured:
        screen.print(now)
    return captured.get()


def test_it_shows_level_floor_and_voice() -> None:
    now = meter.Meter()
    assert shown(now).strip() == "ringing"
    line = NoiseFloor(-60.0).add(scale(recorded(YES), 0.0), 0)
    quiet = NoiseFloor(-60.0).add(silence(8000), 0)
    for frame in frames(quiet):
        now.tap(frame.samples, silence(160))
    before = shown(now)
    assert "floor  -60" in before
    assert "voice" not in before
    longest = ""
    for frame in frames(line):
        now.tap(frame.samples, silence(160))
        longest = max(longest, shown(now), key=lambda text: text.count("█"))
    assert longest.count("█") > before.count("█") + 10
    assert "voice" in longest


def test_nobody_sees_it_in_a_file() -> None:
    screen = Console(file=io.StringIO(), force_terminal=False)
    with meter.below(screen) as now:
        now.tap(silence(160), silence(160))
    assert isinstance(screen.file, io.StringIO)
    assert screen.file.getvalue() == ""


def test_a_terminal_shows_it_and_is_left_without_it() -> None:
    screen = Console(file=io.StringIO(), force_terminal=True, width=100)
    with meter.below(screen) as now:
        now.tap(silence(160), silence(160))
    assert isinstance(screen.file, io.StringIO)
    assert "ringing" in screen.file.getvalue()
