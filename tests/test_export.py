from __future__ import annotations

import csv
import io
import stat
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ivr.errors import IvrError
from ivr.export import CALL_COLUMNS, MESSAGE_COLUMNS, as_csv, as_xlsx, call_row, format_of, message_row, write_private
from ivr.records import Call, Message

SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNING = datetime(2026, 11, 22, 22, 30, 5, 999, tzinfo=UTC)
MESSAGE = Message("message-1", "call-1", "room", "1208", "zh", "d/m.wav", 12.345, MORNING, phone="+8613900000000")
FORMULAS = ("=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "\r=1")


def cells(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def sheet(content: bytes) -> list[tuple[str, str]]:
    """(type, value) of every cell, texts in full."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        name = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
        texts = ["".join(each.itertext()) for each in ET.fromstring(book.read("xl/sharedStrings.xml"))]  # noqa: S314 - ours
        found = []
        for cell in ET.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{name}c"):  # noqa: S314 - ours
            assert cell.find(f"{name}f") is None
            value, kind = cell.findtext(f"{name}v") or "", cell.get("t", "n")
            found.append((kind, texts[int(value)] if kind == "s" else value))
        return found


def test_a_csv_is_read_back_as_it_was_and_excel_sees_that_it_is_utf_8() -> None:
    content = as_csv(("谁", "何时"), [("李, “先生”\n", datetime(2026, 11, 22, 6, 30)), (None, True)])  # noqa: DTZ001 - local
    assert content.startswith(b"\xef\xbb\xbf")
    assert cells(content) == [["谁", "何时"], ["李, “先生”\n", "2026-11-22 06:30:00"], ["", "yes"]]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_spreadsheet_takes_a_text_for_a_formula(text: str) -> None:
    assert cells(as_csv(("a",), [(text,)]))[1] == ["'" + text]
    kind, shown = sheet(as_xlsx(("a",), [(text,)]))[1]
    assert (kind, shown.replace("_x000D_", "\r")) == ("s", text)


def test_numbers_and_moments_stay_what_they_are_in_a_workbook() -> None:
    rows = [(1.5, datetime(2026, 11, 22, 12), False, None, "客房")]  # noqa: DTZ001 - local
    assert sheet(as_xlsx(("a",), rows)) == [("s", "a"), ("n", "1.5"), ("n", "46348.5"), ("b", "0"), ("s", "客房")]


def test_the_same_records_make_the_same_file() -> None:
    rows = [message_row(MESSAGE, SHANGHAI)]
    assert as_xlsx(MESSAGE_COLUMNS, rows) == as_xlsx(MESSAGE_COLUMNS, rows)


def test_records_are_told_in_the_houses_time() -> None:
    row = dict(zip(MESSAGE_COLUMNS, message_row(MESSAGE, SHANGHAI), strict=True))
    assert str(row["left"]) == "2026-11-23 06:30:05"
    assert (row["phone"], row["seconds"], row["heard"]) == ("+8613900000000", 12.3, None)
    call = Call("call-1", "wav", "8001", MORNING, flags=("emergency", "fax"), caller="1208")
    told = dict(zip(CALL_COLUMNS, call_row(call, SHANGHAI), strict=True))
    assert (told["caller"], told["done"]) == ("1208", "")
    done = call_row(replace(call, done=("wakeup_booked", "message_taken")), SHANGHAI)
    assert dict(zip(CALL_COLUMNS, done, strict=True))["done"] == "wakeup_booked, message_taken"
    assert (str(told["began"]), told["ended"], told["flags"]) == ("2026-11-23 06:30:05", None, "emergency, fax")


@pytest.mark.parametrize("name", ["calls", "calls.xls", "calls.csv.gz"])
def test_a_name_that_tells_no_format_is_refused(name: str) -> None:
    with pytest.raises(IvrError, match=r"expected a name that ends in \.csv or \.xlsx"):
        format_of(Path(name))


def test_only_its_owner_reads_an_export(tmp_path: Path) -> None:
    path = tmp_path / "out" / "calls.csv"
    write_private(path, b"1")
    write_private(path, b"2")
    assert path.read_bytes() == b"2"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["calls.csv"]


def test_a_full_disk_leaves_the_old_export_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "calls.csv").write_bytes(b"old")
    program = (
        "import resource, sys; from pathlib import Path; from ivr.export import write_private;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000)); write_private(Path(sys.argv[1]), b'x' * 9999)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "calls.csv")], capture_output=True, text=True, check=False
    )
    assert "calls.csv: cannot be written: File too large" in ended.stderr
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [("calls.csv", b"old")]
