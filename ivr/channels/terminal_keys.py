"""Keys of a telephone, typed into the terminal while the call runs."""

from __future__ import annotations

import os
import sys
import termios
import tty
from types import TracebackType
from typing import Any, Self

KEYPAD = frozenset("0123456789*#")


class TerminalKeys:
    """What is typed into the terminal at `descriptor`, key by key, without echo; nothing where it is no terminal.

    A context: the terminal is as it was afterwards. Ctrl-C stays Ctrl-C.
    """

    def __init__(self, descriptor: int | None = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._before: list[int | list[bytes | int]] | None = None

    def __enter__(self) -> Self:
        if os.isatty(self._descriptor):
            self._before = termios.tcgetattr(self._descriptor)
            tty.setcbreak(self._descriptor)
            # reading gives what is there, at once
            mode: list[Any] = termios.tcgetattr(self._descriptor)
            mode[6][termios.VMIN] = 0
            termios.tcsetattr(self._descriptor, termios.TCSANOW, mode)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._before is not None:
            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)
            self._before = None

    def pressed(self) -> str:
        if self._before is None:
            return ""
        typed = os.read(self._descriptor, 64).decode("ascii", "replace")
        return "".join(key for key in typed if key in KEYPAD)
