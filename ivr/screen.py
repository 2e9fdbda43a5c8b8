"""Tables and lines for people: what was run, what is stored, what was found."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from ivr.audio.frame import RATE, seconds
from ivr.bench.report import Report, plain, share
from ivr.errors import IvrError
from ivr.model_check import ModelCheck
from ivr.records import LANGUAGES, Booking, Call, Turn
from ivr.site_check import Check
from ivr.speech.models import ModelDescription
from ivr.terminal import WRONG
from ivr.transcript import CALLER, DESK, QUIET, TROUBLE, heard, moment

GOOD = "green"
BAR = 60
"""columns of a call's bar"""


def as_json(value: object) -> str:
    """JSON of records, reports and plain data; Chinese stays Chinese."""
    return json.dumps(plain(value), ensure_ascii=False, indent=2, default=str)


def records(values: Iterable[Any]) -> list[dict[str, Any]]:
    """Dataclasses as plain mappings."""
    return [asdict(value) for value in values]


def write(path: Path, text: str) -> None:
    """Write a text file, its folder made; IvrError when the disk refuses."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise IvrError(f"cannot be written: {error.strerror or error}", where=path) from error


def outcomes(reports: tuple[Report, ...]) -> Table:
    """One line a scenario."""
    return columns(
        {
            "scenario": report.scenario,
            "language": report.call.language or "",
            "outcome": report.call.outcome,
            "ending": report.call.ending,
            "seconds": f"{report.call.seconds:.1f}",
            "first try": count(*share((report,))),
            "as stated": Text("yes", style=GOOD) if report.passed else Text("no", style=WRONG),
        }
        for report in reports
    )


def differences(reports: tuple[Report, ...]) -> Iterable[Text]:
    """Each way in which a call was not as its scenario states."""
    for report in reports:
        for difference in report.differences:
            yield Text.assemble((f"{report.scenario}: ", WRONG), difference)


def misses(reports: tuple[Report, ...]) -> Iterable[Text]:
    """Each question that was not understood at first try: what was said, what was heard."""
    for report in reports:
        for question in (each for each in report.questions if not each.right):
            what = f"said “{question.said}”, heard “{question.heard}”"
            yield Text.assemble((f"{report.scenario} {question.state}: ", TROUBLE), what)


def shares(reports: tuple[Report, ...]) -> Mapping[str, tuple[int, int]]:
    """(understood at first try, asked) of every language."""
    return {language: share(reports, language) for language in LANGUAGES}


def share_line(reports: tuple[Report, ...]) -> str:
    parts = [f"{language} {_share(*counts)}" for language, counts in shares(reports).items()]
    return f"questions understood at first try: {', '.join(parts)}"


def _share(right: int, asked: int) -> str:
    return f"{right} of {asked} ({right / asked:.0%})" if asked else "none asked by voice"


def calls(found: tuple[Call, ...], zone: ZoneInfo) -> Table:
    """Calls, one a line."""
    return columns(
        {
            "call": call.id,
            "began": local(call.started, zone),
            # a scenario's name is in its call's id already
            "line": "" if call.id.startswith(call.line) else call.line,
            "from": call.caller,
            "language": call.language or "",
            "seconds": f"{call.seconds:.1f}",
            "outcome": Text(call.outcome, style=WRONG if call.outcome in {"failed", "line_broke"} else ""),
            "ending": call.ending,
            "flags": ", ".join(call.flags),
            "done": ", ".join(call.done),
        }
        for call in found
    )


def bookings(found: tuple[Booking, ...], zone: ZoneInfo) -> Table:
    """Wake-up calls, one a line, in the time that was promised; its zone where that is not the house's."""
    return columns(
        {
            "booking": each.id,
            "room": each.room,
            "day": f"{each.day:%a} {each.day.isoformat()}",
            "time": each.local_time.isoformat("minutes"),
            "zone": "" if each.timezone == zone.key else each.timezone,
            "language": each.language,
            "status": each.status.value,
            "call": each.call_id or "",
        }
        for each in found
    )


def timeline(call: Call, turns: tuple[Turn, ...], booked: tuple[Booking, ...], zone: ZoneInfo) -> RenderableType:
    """One call, turn by turn: when, in which state, what was said and heard, how loud, how long it took."""
    head = f"{call.id} · {call.channel} {call.line} · {local(call.started, zone)} · {call.seconds:.1f} s"
    end = f"{call.outcome} · {call.ending} · {call.language or 'no language'}"
    end += f" · from {call.caller}" if call.caller else ""
    flags = "".join(f" · {', '.join(words)}" for words in (call.flags, call.done) if words)
    table = columns(
        {
            "at": moment(turn.prompt_start),
            "state": turn.state,
            "try": str(turn.attempt) if turn.attempt else "",
            "said and heard": _exchange(turn),
            "answer after": _gap(turn.prompt_end, turn.voice_start),
            "decided after": _gap(turn.voice_end, turn.decided),
        }
        for turn in turns
    )
    parts: list[RenderableType] = [Text(head, style="bold"), Text(end + flags), bar(call, turns), table]
    return Group(*parts, bookings(booked, zone)) if booked else Group(*parts)


def bar(call: Call, turns: tuple[Turn, ...]) -> Text:
    """The whole call in one line: who spoke when."""
    length = max(call.seconds, 0.02) * RATE
    cells = [("·", QUIET)] * BAR
    for turn in turns:
        _paint(cells, turn.prompt_start / length, turn.prompt_end / length, ("▒", DESK))
        if turn.voice_start is not None and turn.voice_end is not None:
            _paint(cells, turn.voice_start / length, turn.voice_end / length, ("█", CALLER))
        elif turn.keys:
            _paint(cells, turn.decided / length, turn.decided / length, ("#", CALLER))
    return Text.assemble(*cells, ("  ▒ desk ", DESK), ("█ caller", CALLER))


def _paint(cells: list[tuple[str, str]], start: float, end: float, cell: tuple[str, str]) -> None:
    first = min(int(start * BAR), BAR - 1)
    for column in range(first, max(first + 1, min(round(end * BAR), BAR))):
        cells[column] = cell


def models(found: tuple[ModelDescription, ...], used: Mapping[Any, Path]) -> Table:
    """The speech models that are here."""
    return columns(
        {
            "model": each.name,
            "languages": ", ".join(each.languages),
            "used for": ", ".join(who for who, path in used.items() if path.resolve() == each.path.resolve()),
            "MB": f"{each.size / 1e6:.1f}",
            "words": str(each.words),
            "rate": f"{each.rate} Hz",
            "phrases": "" if each.grammar else Text("takes none", style=TROUBLE),
            "licence": each.licence,
            "folder": str(each.path),
        }
        for each in found
    )


def model_checks(found: tuple[ModelCheck, ...]) -> Table:
    """What was found of each language's model."""
    return columns(
        {
            "": Text("good", style=GOOD) if each.passed else Text("wrong", style=WRONG),
            "language": each.language,
            "rate": "" if each.fault else f"{each.rate} Hz",
            "dither": "" if each.fault else ("off, in a copy" if each.corrected else "off"),
            "words": "" if each.fault else str(each.words),
            "phrases": "" if each.fault else f"{each.phrases - each.unheard} of {each.phrases}",
            "folder": str(each.path or "none"),
        }
        for each in found
    )


def checks(found: tuple[Check, ...]) -> Table:
    """The doctor's findings."""
    styles = {"ok": GOOD, "warning": TROUBLE, "wrong": WRONG}
    return columns(
        {
            "": Text(each.state, style=styles[each.state]),
            "looked at": each.name,
            "found": each.found,
            "how to mend": each.remedy,
        }
        for each in found
    )


def local(instant: datetime, zone: ZoneInfo) -> str:
    """A moment as the house's clock shows it."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def _gap(start: int | None, end: int | None) -> str:
    return "" if start is None or end is None else f"{seconds(end - start, RATE):.2f} s"


def count(right: int, asked: int) -> str:
    return f"{right}/{asked}" if asked else ""


def _exchange(turn: Turn) -> Text:
    said = Text(turn.said, style=DESK)
    return said if turn.hearing is None else Text("\n").join([said, heard(turn)])


def columns(rows: Iterable[Mapping[str, str | Text]]) -> Table:
    """A table of rows by column name, without the columns that nothing stands in."""
    kept = list(rows)
    table = Table(box=None, header_style="underline", pad_edge=False, padding=(0, 2, 0, 0))
    names = [name for name in (kept[0] if kept else ()) if any(row[name] for row in kept)]
    for name in names:
        table.add_column(name, overflow="fold")
    for row in kept:
        table.add_row(*(row[name] for name in names))
    return table
