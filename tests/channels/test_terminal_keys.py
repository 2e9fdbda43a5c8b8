from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator

import pytest

from ivr.channels.terminal_keys import TerminalKeys


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """(what a person types into, what the program reads)."""
    keyboard, screen = pty.openpty()
    yield keyboard, screen
    os.close(keyboard)
    os.close(screen)


def test_keys_come_one_by_one_without_return_and_other_letters_are_none(terminal: tuple[int, int]) -> None:
    keyboard, screen = terminal
    with TerminalKeys(screen) as keys:
        assert keys.pressed() == ""
        os.write(keyboard, b"80a5\n#")
        assert keys.pressed() == "805#"
        assert keys.pressed() == ""


def test_the_terminal_is_afterwards_as_it_was(terminal: tuple[int, int]) -> None:
    _, screen = terminal
    before = termios.tcgetattr(screen)
    with TerminalKeys(screen):
        assert termios.tcgetattr(screen) != before
    assert termios.tcgetattr(screen) == before


def test_what_is_no_terminal_has_no_keys() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"1")
    with TerminalKeys(reader) as keys:
        assert keys.pressed() == ""
    os.close(reader)
    os.close(writer)
