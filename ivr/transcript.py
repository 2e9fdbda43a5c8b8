"""A call on the screen while it happens: who says what, what was heard, what the desk did."""

from __future__ import annotations

import contextlib

from rich.console import Console, Group, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from ivr.audio.frame import RATE, seconds
from ivr.dialogue.flow import LADDERS
from ivr.records import CallEvent, EventKind, HearingKind, Turn

DESK, CALLER, DEED, QUIET, TROUBLE = "cyan", "green", "magenta", "dim", "yellow"
"""one colour for each who acts"""


class Transcript:
    """Shows one call; an observer of its events.

    `live`: line by line as it happens. Otherwise all of it at the call's end: calls at the same time must not mix.
    """

    def __init__(self, console: Console, title: str, about: str = "", *, live: bool = True) -> None:
        self._console = console
        self._title = title
        self._about = about
        self._live = live
        self._kept: list[RenderableType] = []

    def __call__(self, event: CallEvent) -> None:
        """Take one event of the call."""
        if event.kind is EventKind.STARTED:
            self._show(heading(self._title, self._about))
        line = row(event)
        if line is not None:
            self._show(line)
        if event.kind is EventKind.ENDED:
            for kept in self._kept:
                self._print(kept)
            self._kept.clear()

    def _show(self, line: RenderableType) -> None:
        if self._live:
            self._print(line)
        else:
            self._kept.append(line)

    def _print(self, line: RenderableType) -> None:
        # rich leaves so, then stays quiet, when its reader has gone (`| head`); a watcher must not end a call
        with contextlib.suppress(SystemExit):
            self._console.print(line)


def heading(title: str, about: str) -> RenderableType:
    """The call's name as a rule, what it is about beneath."""
    rule = Rule(Text(title, style="bold"), align="left", style=QUIET)
    return Group(rule, Text(about, style=QUIET)) if about else rule


def row(event: CallEvent) -> RenderableType | None:
    """One event as a line of the transcript; None where there is nothing to show."""
    match event.kind:
        case EventKind.STATE:
            return _line(event.at, "", Text(event.state, style=QUIET))
        case EventKind.SAYING:
            return _line(event.at, "desk", Text(event.text, style=DESK), DESK)
        case EventKind.HEARD if event.turn is not None:
            return _line(event.at, "caller", heard(event.turn), CALLER)
        case EventKind.DONE:
            return _line(event.at, "does", Text(f"{event.text} → {event.outcome}", style=DEED), DEED)
        case EventKind.ENDED:
            return _line(event.at, "end", Text(f"{event.outcome} · {event.text}", style="bold"))
        case _:
            return None


def heard(turn: Turn) -> Text:
    """What came after a prompt, with what was made of it and how loud it was."""
    line = Text()
    if turn.keys:
        line.append(f"keys {turn.keys}", style=CALLER)
    elif turn.heard:
        line.append(f"“{turn.heard}”", style=CALLER)
    elif turn.hearing is HearingKind.SPEECH:
        line.append("(no word of this question)", style=TROUBLE)
    else:
        line.append(f"({trouble(turn)})", style=QUIET)
    line.append(f" → {turn.outcome}", style=TROUBLE if turn.outcome in LADDERS else QUIET)
    if turn.value and turn.value != turn.outcome:
        line.append(f" {turn.value}", style="bold")
    if turn.level_dbfs is not None and turn.hearing in {HearingKind.SPEECH, HearingKind.KEYS}:
        line.append(f"  {turn.level_dbfs:.1f} dBFS", style=QUIET)
    if turn.stopped_by:
        played, whole = (seconds(count, RATE) for count in (turn.prompt_end - turn.prompt_start, turn.prompt_length))
        line.append(f"  {turn.stopped_by} stopped the prompt after {played:.1f} of {whole:.1f} s", style=QUIET)
    return line


def trouble(turn: Turn) -> str:
    """What the line was like where no answer was heard, with the figure that decided it: `too quiet: −47 dBFS`."""
    if turn.hearing is None:
        return "not listened"
    name, level, snr = turn.hearing.value.replace("_", " "), turn.level_dbfs, turn.snr_db
    match turn.hearing:
        case HearingKind.TOO_QUIET | HearingKind.UNANSWERED if level is not None:
            return f"{name}: −{-level:.0f} dBFS"
        case HearingKind.NOISY if snr is not None:
            return f"{name}: {snr:.0f} dB over the noise"
        case HearingKind.CHOPPY:
            return f"{name}: {turn.gap_share:.0%} lost"
        case HearingKind.TONE:
            return f"{name}: {turn.tone}"
        case _:
            return name


def moment(sample: int) -> str:
    """A sample of the call as minutes, seconds and tenths."""
    tenths = round(seconds(sample, RATE) * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _line(at: int, who: str, text: Text, style: str = QUIET) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(width=7, justify="right", style=QUIET, no_wrap=True)
    grid.add_column(width=6, no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(moment(at), Text(who, style=style), text)
    return grid
