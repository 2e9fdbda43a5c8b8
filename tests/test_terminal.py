from __future__ import annotations

import io
import os
import sys

import pytest

from ivr.terminal import entered


def test_enter_is_seen_on_a_terminal_once(monkeypatch: pytest.MonkeyPatch) -> None:
    keyboard, terminal = os.openpty()
    with os.fdopen(terminal, "r") as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        assert not entered()
        os.write(keyboard, b"\n")
        assert entered()
        assert not entered()
    os.close(keyboard)


def test_where_there_is_no_terminal_nobody_presses_enter(monkeypatch: pytest.MonkeyPatch) -> None:
    read, write = os.pipe()
    os.write(write, b"\n")
    os.close(write)
    with os.fdopen(read) as piped:
        monkeypatch.setattr(sys, "stdin", piped)
        assert not entered()
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n"))
    assert not entered()
