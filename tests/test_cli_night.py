"""The commands of the records from outside: what is printed, what is written, what is kept of it."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from ivr.archive import Archive
from ivr.audio.wav import read_wav
from ivr.records import Call, Message, MessageStatus
from tests.conftest import Ivr

SOUND = np.arange(8000, dtype=np.int16)
NOW = datetime.now(UTC)


@pytest.fixture
def leave(kept: Archive) -> Callable[..., Message]:
    """A message with its sound, as a call leaves it."""

    def leave(name: str, *, days: int = 0, **changes: Any) -> Message:
        created = NOW - timedelta(days=days)
        file = kept.sound.create(name, created.date())
        file.append(SOUND.astype("<i2").tobytes())
        audio = kept.sound.name_of(file.finish())
        known = {"kind": "room", "addressee": "1208", "language": "zh", "phone": "13912345678"}
        message = Message(name, "call-1", audio=audio, seconds=1.0, created=created, **(known | changes))
        kept.messages.add(message)
        return message

    return leave


def test_messages_are_listed_shown_and_marked(ivr: Ivr, leave: Callable[..., Message]) -> None:
    leave("message-1", days=3)
    leave("message-2", urgent=True)
    leave("message-3", addressee="餐饮部", kind="department", days=1)
    listed = ivr("messages", "list")
    assert [line.split()[0] for line in listed.out.splitlines()[1:]] == ["message-2", "message-3", "message-1"]
    assert "urgent" in listed.out
    assert "餐饮部" in listed.out

    def ids(*words: str) -> list[str]:
        return [each["id"] for each in ivr("messages", "list", *words, "--json").data["messages"]]

    assert ids("--for", "1208") == ["message-2", "message-1"]
    assert ids("--kind", "department") == ["message-3"]
    assert ids("--limit", "1") == ["message-2"]
    day = (NOW - timedelta(days=2)).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()
    assert ids("--since", day) == ["message-2", "message-3"]
    assert ids("--until", day) == ["message-1"]
    assert ivr("messages", "mark", "message-1", "heard").out == "message-1: heard\n"
    assert ids("--status", "heard") == ["message-1"]
    shown = ivr("messages", "show", "message-1")
    assert "13912345678" in shown.out
    assert "not heard yet" not in shown.out
    assert ivr("messages", "mark", "message-1", "deleted", "--json").data["status"] == "deleted"
    assert ids() == ["message-2", "message-3"]
    again = ivr("messages", "mark", "message-1", "heard")
    assert (again.code, "no message “message-1” that is not deleted" in again.err) == (2, True)


@pytest.mark.parametrize("words", [("show", "x"), ("play", "x"), ("mark", "x", "heard")])
def test_a_message_that_is_not_there_is_told(ivr: Ivr, words: tuple[str, ...]) -> None:
    ended = ivr("messages", *words)
    assert ended.code == 2
    assert "no message “x”" in ended.err
    assert ivr("messages", "list").out == "no such messages\n"


def test_a_message_is_copied_to_a_file_and_that_is_noted(
    ivr: Ivr, kept: Archive, leave: Callable[..., Message], tmp_path: Path
) -> None:
    leave("message-1")
    ended = ivr("messages", "play", "message-1", "--out", tmp_path / "copy.wav")
    assert ended.out == f"message-1, 1.0 s: {tmp_path / 'copy.wav'}\n"
    assert np.array_equal(read_wav(tmp_path / "copy.wav").samples, SOUND)
    (entry,) = kept.audit.latest(9)
    assert (entry.action, entry.detail) == ("export", "sound of message-1")


def test_a_message_whose_sound_is_gone_is_told(ivr: Ivr, kept: Archive, leave: Callable[..., Message]) -> None:
    kept.sound.path(leave("message-1").audio).unlink()
    ended = ivr("messages", "play", "message-1")
    assert ended.code == 2
    assert "message-1.wav: no such file" in ended.err


def test_an_export_holds_what_was_asked_for_and_is_noted_without_naming_anybody(
    ivr: Ivr, kept: Archive, leave: Callable[..., Message], tmp_path: Path
) -> None:
    leave("message-1")
    leave("message-2", addressee="1209")
    assert ivr("messages", "export", "--out", tmp_path / "m.csv", "--for", "1208", "--json").data["rows"] == 1
    with (tmp_path / "m.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["message"], row["for"], row["phone"]) == ("message-1", "1208", "13912345678")
    assert ivr("messages", "export", "--out", tmp_path / "m.xlsx").out == f"{tmp_path / 'm.xlsx'}: 2 rows\n"
    kept.calls.begin(Call("call-1", "wav", "8001", NOW))
    assert ivr("calls", "export", "--out", tmp_path / "calls.csv", "--outcome", "open").code == 0
    assert [(each.action, each.detail, each.rows) for each in kept.audit.latest(9)] == [
        ("export", "calls, csv", 1),
        ("export", "messages, xlsx", 2),
        ("export", "messages, csv", 1),
    ]
    told = ivr("audit")
    assert len(told.out.splitlines()) == 4
    assert "1208" not in told.out
    assert len(ivr("audit", "--limit", "1", "--json").data["audit"]) == 1


def test_calls_are_listed_by_day_outcome_and_language(ivr: Ivr, kept: Archive) -> None:
    for name, days, changes in (
        ("call-1", 0, {"language": "zh", "caller": "+8613912345678"}),
        ("call-2", 2, {"outcome": "finished"}),
        ("call-3", 5, {"language": "en", "outcome": "finished"}),
    ):
        kept.calls.begin(Call(name, "wav", "8001", NOW - timedelta(days=days), **changes))  # type: ignore[arg-type] # as named
    day = (NOW - timedelta(days=3)).astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat()

    def ids(*words: str) -> list[str]:
        return [each["id"] for each in ivr("calls", "list", *words, "--json").data["calls"]]

    assert ids("--since", day) == ["call-1", "call-2"]
    assert ids("--until", day) == ["call-3"]
    assert ids("--outcome", "finished") == ["call-2", "call-3"]
    assert ids("--language", "en", "--outcome", "finished") == ["call-3"]
    assert ids("--caller", "+8613912345678") == ["call-1"]
    assert ivr("calls", "list", "--outcome", "bored").code == 2
    assert ivr("calls", "list", "--since", "yesterday").code == 2


def test_an_export_that_cannot_be_written_is_told(ivr: Ivr, tmp_path: Path) -> None:
    assert ivr("calls", "export", "--out", "calls.txt").code == 2
    (tmp_path / "file").touch()
    ended = ivr("calls", "export", "--out", tmp_path / "file" / "calls.csv")
    assert (ended.code, "cannot be written" in ended.err) == (2, True)


def test_a_purge_tells_first_then_erases_and_is_noted(
    ivr: Ivr, kept: Archive, leave: Callable[..., Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    leave("message-1")
    old = leave("message-2", days=20)
    assert ivr("purge", "--dry-run", "--json").data["messages"] == 0
    monkeypatch.setenv("IVR_KEEP_MESSAGES_DAYS", "10")
    assert ivr("purge", "--dry-run").out.startswith("would be erased: 1 messages (1 never heard), 0 recordings")
    assert kept.messages.get("message-2") == old
    assert ivr("purge").out.startswith("erased: 1 messages (1 never heard)")
    assert kept.messages.get("message-2") is None
    assert not kept.sound.path(old.audio).exists()
    assert ivr("purge", "--json").data["messages"] == 0
    (entry,) = kept.audit.latest(9)
    assert (entry.action, entry.rows) == ("purge", 1)


def test_a_purge_with_a_doubtful_clock_erases_nothing_unless_told_to(
    ivr: Ivr, kept: Archive, leave: Callable[..., Message]
) -> None:
    leave("message-1", days=40)
    ended = ivr("purge")
    assert (ended.code, "set the clock, or say that it is right" in ended.err) == (3, True)
    assert kept.messages.get("message-1") is not None
    assert ivr("purge", "--trust-clock", "--json").data["messages"] == 1
    assert kept.messages.get("message-1") is None


def test_keys_are_changed_by_one_command(ivr: Ivr, kept: Archive, leave: Callable[..., Message], site: Path) -> None:
    message = leave("message-1")
    before = (site / "keys").read_text(encoding="ascii")
    first = ivr("keys", "rotate", "--json").data
    assert (first["rows"], len(first["unused"])) == (1, 1)
    assert kept.messages.get("message-1") == message
    assert set(before.splitlines()) < set((site / "keys").read_text(encoding="ascii").splitlines())
    second = ivr("keys", "rotate", "--forget")
    assert second.out.startswith("1 rows sealed with key ")
    assert "; removed: " in second.out
    assert first["key"] not in (site / "keys").read_text(encoding="ascii")
    assert kept.messages.get("message-1") == message
    assert [each.action for each in kept.audit.latest(9)] == ["rotate", "rotate"]


def test_with_keys_from_the_variable_the_operator_is_told_what_to_do(
    ivr: Ivr, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = "one:" + "A" * 43 + "=", "two:" + "B" * 42 + "A="
    monkeypatch.setenv("IVR_KEYS", one)
    ended = ivr("keys", "rotate")
    assert (ended.code, "put a new one first in it" in ended.err) == (3, True)
    monkeypatch.setenv("IVR_KEYS", f"{two},{one}")
    assert ivr("messages", "list").code == 0
    monkeypatch.setenv("IVR_KEYS", two)
    ended = ivr("messages", "list", "--json")
    assert (ended.code, ended.data["error"]["code"]) == (3, "store")
    assert "key one, which rows of this database are sealed with, is not here" in ended.err
    assert "AAAA" not in ended.err + ended.out


def test_no_log_line_names_a_caller(
    ivr: Ivr, leave: Callable[..., Message], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave("message-1", addressee="王小明")
    for words in (
        ("messages", "list"),
        ("messages", "export", "--for", "王小明", "--out", str(tmp_path / "m.csv")),
        ("messages", "mark", "message-1", MessageStatus.DELETED.value),
        ("purge",),
        ("keys", "rotate"),
    ):
        ended = ivr("--verbose", *words)
        assert ended.code == 0
        assert "13912345678" not in ended.err
        assert "王小明" not in ended.err
