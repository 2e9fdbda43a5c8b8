from __future__ import annotations

import os
import stat
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ivr.audio.frame import RATE
from ivr.audio.wav import read_wav
from ivr.errors import StoreError
from ivr.store import recordings as room
from ivr.store.recordings import HEADER, Recordings

DAY = date(2026, 11, 22)
SECOND = np.arange(RATE, dtype="<i2")


@pytest.fixture
def kept(tmp_path: Path) -> Recordings:
    return Recordings(tmp_path / "var" / "messages")


def test_what_was_appended_is_what_is_read(kept: Recordings) -> None:
    file = kept.create("message-1", DAY)
    for piece in np.array_split(SECOND, 7):
        file.append(piece.tobytes())
    path = file.finish()
    assert kept.name_of(path) == "2026-11-22/message-1.wav"
    assert kept.path("2026-11-22/message-1.wav") == path
    sound = read_wav(path)
    assert sound.rate == RATE
    assert np.array_equal(sound.samples, SECOND)
    assert [each.name for each in path.parent.iterdir()] == ["message-1.wav"]


def test_two_sides_stay_two_sides(kept: Recordings) -> None:
    file = kept.create("call-1", DAY, channels=2)
    file.append(np.stack([SECOND, -SECOND], axis=1).tobytes())
    assert file.seconds == 1.0
    path = file.finish()
    assert np.array_equal(read_wav(path, channel=0).samples, SECOND)
    assert np.array_equal(read_wav(path, channel=1).samples, -SECOND)


def test_sound_reaches_the_disk_once_a_second_of_audio(kept: Recordings, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(room, "_sync_data", lambda file: synced.append(os.fstat(file).st_size - HEADER.size))
    file = kept.create("message-1", DAY)
    for _ in range(150):
        file.append(bytes(320))
    assert synced == [16_000, 32_000, 48_000]
    file.discard()


def test_only_our_own_user_may_look(kept: Recordings) -> None:
    file = kept.create("message-1", DAY)
    file.append(SECOND.tobytes())
    path = file.finish()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (path.parent, kept.folder, kept.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_file_that_is_given_up_leaves_nothing(kept: Recordings) -> None:
    file = kept.create("message-1", DAY)
    file.append(SECOND.tobytes())
    file.discard()
    file.discard()
    assert list(kept.folder.rglob("*.*")) == []
    kept.create("message-1", DAY).discard()


def test_the_end_of_a_recording_may_be_cut_off(kept: Recordings) -> None:
    file = kept.create("message-1", DAY)
    file.append(SECOND.tobytes())
    file.shorten(RATE // 2)
    assert file.seconds == 0.5
    assert np.array_equal(read_wav(file.finish()).samples, SECOND[: RATE // 2])


def test_what_is_finished_is_not_given_up_any_more(kept: Recordings) -> None:
    file = kept.create("message-1", DAY)
    file.append(SECOND.tobytes())
    path = file.finish()
    file.discard()
    assert len(read_wav(path).samples) == RATE


def test_a_recording_never_takes_anothers_place(kept: Recordings) -> None:
    file = kept.create("call-1", DAY)
    with pytest.raises(StoreError, match=r"call-1\.wav: there is a recording of this name already"):
        kept.create("call-1", DAY)
    file.append(SECOND.tobytes())
    file.finish()
    with pytest.raises(StoreError, match="of this name already"):
        kept.create("call-1", DAY)
    kept.create("call-1", date(2026, 11, 23)).discard()


@pytest.mark.parametrize("name", ["../message", "", "a/b", ".hidden", "留言", "a\n"])
def test_no_name_leads_out_of_the_folder(kept: Recordings, name: str) -> None:
    with pytest.raises(StoreError, match="is no name"):
        kept.create(name, DAY)
    with pytest.raises(StoreError, match="is no recording"):
        kept.path(f"2026-11-22/{name}")
    with pytest.raises(StoreError, match="is no recording"):
        kept.path(f"{name}/call-1.wav")


def test_what_a_killed_program_left_becomes_playable_and_says_so(kept: Recordings, start: Callable[..., Any]) -> None:
    child = start("record", str(kept.folder), "1.5")
    assert child.stdout.readline() == "recording\n"
    # in use, so not touched
    assert kept.recover() == ()
    child.kill()
    child.wait()
    (found,) = kept.recover()
    assert (found.name, found.file, found.seconds) == ("theirs", "2026-11-22/theirs.interrupted.wav", 1.5)
    sound = read_wav(kept.path(found.file))
    assert len(sound.samples) == RATE * 3 // 2
    assert set(np.unique(sound.samples)) == {7}
    assert kept.recover() == ()


def test_a_file_that_a_killed_program_never_wrote_to_is_removed(kept: Recordings, start: Callable[..., Any]) -> None:
    child = start("record", str(kept.folder), "0")
    assert child.stdout.readline() == "recording\n"
    child.kill()
    child.wait()
    empty = kept.folder / DAY.isoformat() / "empty.part"
    empty.touch()
    assert kept.recover() == ()
    assert list(kept.folder.rglob("*.*")) == []


def test_half_a_sample_at_the_end_is_cut_off(kept: Recordings) -> None:
    file = kept.create("call-1", DAY, channels=2)
    file.append(np.stack([SECOND, SECOND], axis=1).tobytes() + b"\x01\x02\x03")
    file._close()
    (found,) = kept.recover()
    path = kept.path(found.file)
    assert np.array_equal(read_wav(path, channel=1).samples, SECOND)
    assert struct.unpack("<I", path.read_bytes()[4:8])[0] == path.stat().st_size - 8


def test_a_full_disk_is_told_and_what_was_kept_before_stays(kept: Recordings, start: Callable[..., Any]) -> None:
    child = start("record_full", str(kept.folder))
    appended, told = child.communicate()[0].splitlines()
    assert "the disk is full: free some space" in told
    samples = read_wav(kept.path("2026-11-22/theirs.interrupted.wav")).samples
    assert len(samples) == int(appended) > 0
    assert set(np.unique(samples)) == {7}


def test_a_folder_that_cannot_be_written_is_told(kept: Recordings, start: Callable[..., Any]) -> None:
    kept.folder.mkdir(parents=True)
    kept.folder.parent.chmod(0o755)
    kept.folder.chmod(0o555)
    child = start("record_as_nobody", str(kept.folder))
    assert "the folder cannot be written: check who owns it, and its mount" in child.communicate()[0]


def test_a_file_in_the_folders_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "messages").touch()
    with pytest.raises(StoreError, match="the recording cannot be kept"):
        Recordings(tmp_path / "messages").create("message-1", DAY)


def test_recordings_of_earlier_days_are_found_and_erased(kept: Recordings) -> None:
    for number, day in enumerate((date(2026, 11, 23), date(2026, 11, 20), DAY)):
        file = kept.create(f"call-{number}", day)
        file.append(bytes(320))
        file.finish()
    growing = kept.create("growing", date(2026, 11, 20))
    (kept.folder / "notes").mkdir()
    (kept.folder / "notes" / "theirs.wav").touch()
    old = kept.before(date(2026, 11, 23))
    assert old == ("2026-11-20/call-1.wav", "2026-11-22/call-2.wav")
    assert [kept.remove(file) for file in old] == [True, True]
    assert not kept.remove(old[0])
    assert kept.before(date(2026, 11, 24)) == ("2026-11-23/call-0.wav",)
    assert not (kept.folder / "2026-11-22").exists()
    growing.append(bytes(320))
    growing.finish()
