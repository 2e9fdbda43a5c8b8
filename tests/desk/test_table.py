from __future__ import annotations

import codecs
from datetime import date
from pathlib import Path

import pytest

from ivr.desk.table import Faults, Row, day, read_table
from ivr.errors import SettingsError

COLUMNS = {"room": ("房号",), "name": ("姓名",), "note": ()}


def read(path: Path, data: str | bytes) -> list[Row]:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    faults = Faults(path)
    rows = read_table(path, COLUMNS, ("room",), faults)
    faults.check()
    return rows


@pytest.mark.parametrize(
    "data",
    [
        "room,name\n1208,王小明\n",
        codecs.BOM_UTF8 + "room,name\r\n1208,王小明\r\n".encode(),
        "房号,姓名\r\n1208,王小明\r\n".encode("gbk"),
        "房号;姓名;\n１２０８；王小明\n".replace("；", ";"),
        "房号\t姓名\n 1208 \t王小明\n",
        '# rooms, by floor\n"#, quoted",,\n\nroom,name,,\n,,\n"1208","王小明",,\n',
        "ROOM,Name\n'1208,王小明\n",
        "序号,房号,价格,姓名,,姓名拼音\n1,1208,388,王小明,x,Wang\n",
    ],
    ids=[
        "plain",
        "Excel in UTF-8",
        "Excel in GBK",
        "semicolons, full width",
        "tabs",
        "comments, empty",
        "kept as text",
        "more columns",
    ],
)
def test_a_table_is_read_however_a_spreadsheet_writes_it(tmp_path: Path, data: str | bytes) -> None:
    (row,) = read(tmp_path / "rooms.csv", data)
    assert (row["room"], row["name"], row["note"]) == ("1208", "王小明", "")


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    rows = read(tmp_path / "t.csv", '# one\nroom,note\n1208,"two\nlines"\n\n1209,\n')
    assert [row.line for row in rows] == [4, 6]


@pytest.mark.parametrize(
    ("data", "where", "words"),
    [
        ("", "", "is empty: expected a first line such as room,name,note"),
        ("rom\n1208\n", ":1", r"no column “rom” \(did you mean room\?\); there is room, name, note"),
        ("room,姓名字\n1208,王\n", ":1", "no column “姓名字” \\(did you mean 姓名\\?\\)"),
        ("price,name\n388,Wang\n", ":1", "the column room is missing"),
        ("name\nWang\n", ":1", "the column room is missing"),
        ("room,房号\n1,2\n", ":1", "the column room stands here twice"),
        ("room,name\n1208,Wang,x\n", ":2", "3 cells, but 2 columns: is there a comma too many?"),
        ("room,name\n,Wang\n", ":2", "room is empty"),
        ('room,name\n1208,"Wang\n', ":2", "is a quotation mark left open"),
        ("room\n".encode("utf-16"), "", "save it as “CSV UTF-8”"),
        (b"room,name\n1208,\xff\xff\n", ":2", "is neither UTF-8 nor GBK text"),
    ],
)
def test_a_broken_table_is_told_with_file_and_line(tmp_path: Path, data: str | bytes, where: str, words: str) -> None:
    path = tmp_path / "rooms.csv"
    with pytest.raises(SettingsError, match=words) as caught:
        read(path, data)
    assert caught.value.where == f"{path}{where}"


def test_all_faults_are_told_together_the_first_ten_of_them(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    with pytest.raises(SettingsError) as caught:
        read(path, "room,name\n" + ",Wang\n" * 12)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"{path}:2: room is empty"
    assert lines[9] == f"{path}:11: room is empty"
    assert lines[10:] == ["and 2 more"]


def test_a_table_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read: No such file"):
        read_table(tmp_path / "none.csv", COLUMNS, (), Faults(tmp_path))


@pytest.mark.parametrize("text", ["2026-11-02", "2026/11/2", "2026年11月2日", "2026.11.02", "2026/11/2 0:00:00"])
def test_a_date_is_read_as_spreadsheets_write_it(text: str) -> None:
    assert day(text) == date(2026, 11, 2)


@pytest.mark.parametrize(("text", "words"), [("02.11.2026", "is no date such as"), ("2026-02-30", "no such day")])
def test_what_is_no_date_is_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        day(text)
