"""A table that a person keeps in a spreadsheet: CSV as Excel writes it, every fault told with file and line."""

from __future__ import annotations

import codecs
import csv
import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from ivr.errors import SettingsError

TOLD = 10
"""faults of one file that are told together"""

_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?: 0?0:00(?::00)?)?")
_DELIMITERS = ",;\t"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass
class Faults:
    """What is wrong in one file, so that all of it can be mended at once."""

    path: Path
    _found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, line: int, message: str) -> None:
        self._found.append((line, message))

    def check(self) -> None:
        """SettingsError with a line of text for each fault, the first ten of them."""
        if not self._found:
            return
        (line, message), *others = sorted(self._found)
        told = [message, *(f"{self.path}:{line}: {message}" for line, message in others[: TOLD - 1])]
        more = len(self._found) - len(told)
        raise SettingsError("\n".join([*told, *([f"and {more} more"] if more else [])]), where=f"{self.path}:{line}")


@dataclass(frozen=True)
class Row:
    """One line of a table: column → text, empty where the file has nothing."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]


def read_table(
    path: Path, columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...], faults: Faults
) -> list[Row]:
    """The rows of a CSV whose first line names its columns; `columns`: name → other names for it.

    UTF-8 with or without a mark, else GB 18030, which Excel writes in China; commas, semicolons or tabs; full-width
    digits and letters are taken as plain ones. Empty lines, those that begin with #, and columns that are not ours are
    left out. What is wrong with the file as a whole raises SettingsError, since no row can be trusted then.
    """
    lines = [line for line in _lines(path) if any(line[1])]
    if not lines:
        raise SettingsError(f"is empty: expected a first line such as {','.join(columns)}", where=path)
    (number, names), *rows = lines
    header = _header(f"{path}:{number}", names, columns, needed)
    found: list[Row] = []
    for line, cells in rows:
        if any(cells[len(header) :]):
            faults.add(line, f"{len(cells)} cells, but {len(header)} columns: is there a comma too many?")
            continue
        filled = dict(zip(header, [*cells, *[""] * len(header)], strict=False))
        row = Row(line, {column: filled.get(column, "") for column in columns})
        missing = [column for column in needed if not row[column]]
        if missing:
            faults.add(line, f"{' and '.join(missing)} is empty")
        else:
            found.append(row)
    return found


def _lines(path: Path) -> Iterator[tuple[int, list[str]]]:
    text = _text(path)
    first = next((line for line in text.splitlines() if line.strip() and not line.lstrip(' "').startswith("#")), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if not (cells and cells[0].lstrip().startswith("#")):
                yield reader.line_num, [_plain(cell) for cell in cells]
    except csv.Error as error:
        message = f"is no line of a table ({error}): is a quotation mark left open?"
        raise SettingsError(message, where=f"{path}:{reader.line_num}") from error


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise SettingsError(f"cannot be read: {error.strerror}", where=path) from error
    if data.startswith(_UTF_16) or b"\0" in data:
        raise SettingsError("is no CSV text: save it as “CSV UTF-8”", where=path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            line = data.count(b"\n", 0, error.start) + 1
            message = "is neither UTF-8 nor GBK text: save it as “CSV UTF-8”"
            raise SettingsError(message, where=f"{path}:{line}") from error


def _header(where: str, names: list[str], columns: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]) -> list[str]:
    """The column of each name, empty for one that is not ours; a nameless column at the end is none.

    What a front desk's program exports has more columns than we read. One whose name is nearly that of a column which
    is not there is refused: it may be misspelt.
    """
    known = {name.lower(): column for column, others in columns.items() for name in (column, *others)}
    while names and not names[-1]:
        names = names[:-1]
    header = [known.get(name.lower(), "") for name in names]
    for name, found in zip(names, header, strict=True):
        near = [] if found else difflib.get_close_matches(name.lower(), known, n=1)
        if near and known[near[0]] not in header:
            message = f"no column “{name}” (did you mean {near[0]}?); there is {', '.join(columns)}"
            raise SettingsError(message, where=where)
    for column in header:
        if column and header.count(column) > 1:
            raise SettingsError(f"the column {column} stands here twice", where=where)
    for column in needed:
        if column not in header:
            raise SettingsError(f"the column {column} is missing; there is {', '.join(columns)}", where=where)
    return header


def _plain(cell: str) -> str:
    """Full-width digits as plain ones, blanks and the marks of spreadsheets away."""
    return unicodedata.normalize("NFKC", cell).replace("\u200b", "").strip().removeprefix("'")


def day(text: str) -> date:
    """A date as spreadsheets write it: 2026-11-22, 2026/11/22, 2026年11月22日; ValueError with what was expected."""
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is no date such as 2026-11-22")
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        raise ValueError(f"“{text}”: there is no such day") from None
