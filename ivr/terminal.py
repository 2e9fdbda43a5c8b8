"""The two screens, stdout for what was asked and stderr for what went wrong, sane where nobody looks at a terminal."""

from __future__ import annotations

import os
import select
import sys
from contextlib import AbstractContextManager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.text import Text

WRONG = "bold red"
WIDE = 120
"""columns where nobody looks at a terminal: a file, a pipe"""


def console(*, errors: bool = False) -> Console:
    """Stdout, or with `errors` stderr: colours only on a terminal, every text printed as it is."""
    stream = sys.stderr if errors else sys.stdout
    width = None if stream.isatty() or "COLUMNS" in os.environ else WIDE
    return Console(file=stream, width=width, highlight=False, markup=False, emoji=False)


def print_error(message: str) -> None:
    """One line on stderr that tells what is wrong."""
    console(errors=True).print(Text(message, style=WRONG), soft_wrap=True)


def entered() -> bool:
    """Whether Enter was pressed; never where stdin is no terminal."""
    if not sys.stdin.isatty() or not select.select([sys.stdin], [], [], 0)[0]:
        return False
    sys.stdin.readline()
    return True


def progress() -> AbstractContextManager[Progress]:
    """A bar on stderr that vanishes when its work is done, and that only a terminal shows."""
    return _bar(MofNCompleteColumn())


def transfer() -> AbstractContextManager[Progress]:
    """The same for bytes that are on their way: how many, how fast, how long still."""
    return _bar(DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())


def _bar(*columns: ProgressColumn) -> Progress:
    screen = console(errors=True)
    first = (TextColumn("{task.description}"), BarColumn())
    return Progress(*first, *columns, console=screen, transient=True, disable=not screen.is_terminal)
