"""Records as a table for another program: CSV or XLSX, whole or not at all, for our eyes only (K1, K4)."""

from __future__ import annotations

import csv
import io
import os
import secrets
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import xlsxwriter

from ivr.clock import SystemClock
from ivr.errors import IvrError
from ivr.log import logger
from ivr.records import Call, Message
from ivr.store.audit import AuditStore

Cell = str | float | bool | datetime | None
"""a datetime is the house's own time, without a zone"""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""first characters with which a spreadsheet takes a text from a CSV for a formula (OWASP, “CSV Injection”)"""

_MOMENT = "yyyy-mm-dd hh:mm:ss"


def export(audit: AuditStore, what: str, path: Path, head: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> None:
    """Write a table of the house's records: noted before it is there, by whom and how many. IvrError."""
    content = format_of(path)(head, rows)
    audit.add("export", f"{what}, {path.suffix.lower().removeprefix('.')}", len(rows), SystemClock().now())
    write_private(path, content)
    logger().info("exported", what=what, rows=len(rows))


def format_of(path: Path) -> Callable[[tuple[str, ...], Iterable[tuple[Cell, ...]]], bytes]:
    """What makes the file; IvrError when its name does not tell."""
    made = {".csv": as_csv, ".xlsx": as_xlsx}.get(path.suffix.lower())
    if made is None:
        raise IvrError("expected a name that ends in .csv or .xlsx", where=path)
    return made


def as_csv(head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> bytes:
    """UTF-8 with a mark at its beginning, without which Excel takes Chinese for something else; RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(head: tuple[str, ...], rows: Iterable[tuple[Cell, ...]]) -> bytes:
    """One sheet; a text is a text, whatever it begins with."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        # the same records make the same file
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        sheet, moment = book.add_worksheet(), book.add_format({"num_format": _MOMENT})
        for number, row in enumerate((head, *rows)):
            for column, cell in enumerate(row):
                if isinstance(cell, datetime):
                    sheet.write_datetime(number, column, cell, moment)
                elif isinstance(cell, bool):
                    sheet.write_boolean(number, column, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(number, column, cell)
                elif cell:
                    sheet.write_string(number, column, cell)
        sheet.freeze_panes(1, 0)
    return content.getvalue()


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all, its folder made; IvrError when refused."""
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:  # noqa: PTH123 - of a descriptor
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise IvrError(f"cannot be written: {error.strerror or error}", where=path) from error


CALL_COLUMNS = (
    *("call", "began", "ended", "line", "channel", "language", "seconds", "outcome", "ending", "flags", "done"),
    *("line quality", "recording", "caller"),
)

MESSAGE_COLUMNS = (
    *("message", "left", "kind", "for", "phone", "language", "seconds", "urgent", "status", "heard", "call", "sound"),
)


def call_row(call: Call, zone: ZoneInfo) -> tuple[Cell, ...]:
    """A call as CALL_COLUMNS have it."""
    return (
        *(call.id, _local(call.started, zone), _local(call.ended, zone), call.line, call.channel, call.language),
        *(round(call.seconds, 1), call.outcome, call.ending, ", ".join(call.flags), ", ".join(call.done)),
        *(call.line_quality, call.recording),
        call.caller,
    )


def message_row(message: Message, zone: ZoneInfo) -> tuple[Cell, ...]:
    """A message as MESSAGE_COLUMNS have it."""
    return (
        *(message.id, _local(message.created, zone), message.kind, message.addressee, message.phone, message.language),
        *(round(message.seconds, 1), message.urgent, message.status.value, _local(message.heard_at, zone)),
        *(message.call_id, message.audio),
    )


def _local(instant: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if instant is None else instant.astimezone(zone).replace(tzinfo=None, microsecond=0)


def _plain(cell: Cell) -> str | float:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(FORMULA) else cell
    return cell
