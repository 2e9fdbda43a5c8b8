"""What is printed at the end of a demo, a run or a replay."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from rich.rule import Rule
from rich.text import Text

from ivr.bench.report import Report
from ivr.demo import Shown
from ivr.record_tables import messages
from ivr.replay import Replayed
from ivr.screen import GOOD, bookings, calls, differences, misses, outcomes, share_line
from ivr.terminal import WRONG, console
from ivr.transcript import QUIET


def show_demo(shown: Shown, zone: ZoneInfo) -> None:
    """What is stored after a demo, and how well it went."""
    screen, reports = console(), shown.reports
    screen.print(Rule(Text("stored", style="bold"), align="left", style=QUIET))
    screen.print(calls(tuple(report.call for report in reports), zone))
    screen.print()
    screen.print(bookings(tuple(booking for report in reports for booking in report.bookings), zone))
    screen.print()
    screen.print(messages(tuple(message for report in reports for message in report.messages), zone))
    show_run(reports, shown.times_real_time)
    screen.print("recordings, the caller left and the desk right:")
    for file in shown.recordings:
        screen.print(f"  {file}", soft_wrap=True)


def show_run(reports: tuple[Report, ...], speed: float) -> None:
    """A table of the scenarios, then in words what went otherwise."""
    screen = console()
    screen.print()
    screen.print(outcomes(reports))
    screen.print()
    for line in (*misses(reports), *differences(reports)):
        screen.print(line)
    failed = sum(not report.passed for report in reports)
    screen.print(share_line(reports))
    ended = (
        f"{failed} of {len(reports)} ended otherwise than stated" if failed else f"all {len(reports)} ended as stated"
    )
    screen.print(Text(ended, style=WRONG if failed else GOOD))
    screen.print(f"{speed:.0f} × real time")


def show_replay(done: Replayed, zone: ZoneInfo, *, stored: bool) -> None:
    """What came of a replay."""
    screen = console()
    screen.print(calls((done.call,), zone))
    if done.bookings:
        screen.print(bookings(done.bookings, zone))
    speed = done.call.seconds / max(done.wall, 1e-6)
    kept = f"stored: ivr calls show {done.call.id}" if stored else "not stored in the site's database (--store does)"
    screen.print(f"{len(done.turns)} turns; {speed:.0f} × real time; {kept}")
