"""Downloads, from a real server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.download import LIST_BYTES, fetch, mark_of, small_file
from tests.model_server import SPEECH, Publisher, published

SIZE = len(SPEECH)


@pytest.fixture
def publisher(monkeypatch: pytest.MonkeyPatch) -> Iterator[Publisher]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with published() as server:
        server.files["model.zip"] = SPEECH
        yield server


@pytest.fixture
def part(tmp_path: Path) -> Path:
    return tmp_path / ".model.zip.part"


def ignore(done: int, total: int) -> None:
    assert done <= total


def download(publisher: Publisher, part: Path) -> bytes:
    fetch(f"{publisher.url}/model.zip", part, SIZE, ignore)
    return part.read_bytes()


def half(publisher: Publisher, part: Path, given: int = 100_000) -> None:
    """Half a download, as a line that stays broken leaves it."""
    publisher.breaks = [given, 0]
    with pytest.raises(ModelError, match="the same command goes on"):
        download(publisher, part)
    assert part.read_bytes() == SPEECH[:given]
    publisher.asked.clear()


def test_a_file_comes_whole_and_its_progress_is_told(publisher: Publisher, part: Path) -> None:
    seen: list[tuple[int, int]] = []
    fetch(f"{publisher.url}/model.zip", part, SIZE, lambda done, total: seen.append((done, total)))
    assert part.read_bytes() == SPEECH
    assert seen[0] == (0, SIZE)
    assert seen[-1] == (SIZE, SIZE)
    assert seen == sorted(seen)
    assert publisher.asked == [("model.zip", "")]


def test_a_line_that_breaks_is_taken_up_again_where_it_broke(publisher: Publisher, part: Path) -> None:
    publisher.breaks = [100_000, 50_000]
    assert download(publisher, part) == SPEECH
    assert [asked for _, asked in publisher.asked] == ["", "bytes=100000-", "bytes=150000-"]


def test_half_a_file_stays_for_the_next_time_when_the_line_stays_broken(publisher: Publisher, part: Path) -> None:
    half(publisher, part)
    assert download(publisher, part) == SPEECH
    assert publisher.asked == [("model.zip", "bytes=100000-")]


def test_ctrl_c_keeps_what_came(publisher: Publisher, part: Path) -> None:
    def impatient(done: int, total: int) -> None:
        if done > total // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(f"{publisher.url}/model.zip", part, SIZE, impatient)
    kept = part.stat().st_size
    assert 0 < kept < SIZE
    assert download(publisher, part) == SPEECH
    assert publisher.asked[-1] == ("model.zip", f"bytes={kept}-")


def test_a_server_that_knows_no_ranges_begins_anew(publisher: Publisher, part: Path) -> None:
    half(publisher, part)
    publisher.ranges = False
    assert download(publisher, part) == SPEECH


@pytest.mark.parametrize("obeys", [True, False])
def test_a_file_that_changed_meanwhile_begins_anew(publisher: Publisher, part: Path, *, obeys: bool) -> None:
    """Two halves of two files would only be found out after the whole download."""
    half(publisher, part)
    publisher.version, publisher.obeys_if_range = '"second"', obeys
    publisher.files["model.zip"] = changed = SPEECH[::-1]
    assert download(publisher, part) == changed


@pytest.mark.parametrize("version", ["", 'W/"weak"'])
def test_a_server_that_does_not_tell_versions_begins_anew(publisher: Publisher, part: Path, version: str) -> None:
    publisher.version, publisher.breaks = version, [100_000]
    assert download(publisher, part) == SPEECH
    assert publisher.asked == [("model.zip", ""), ("model.zip", "")]


def test_half_a_file_that_is_too_long_is_thrown_away(publisher: Publisher, part: Path) -> None:
    half(publisher, part)
    part.write_bytes(b"x" * (SIZE + 1))
    assert download(publisher, part) == SPEECH


def test_a_server_that_lost_the_end_of_its_file_is_asked_for_all_of_it(publisher: Publisher, part: Path) -> None:
    half(publisher, part)
    publisher.files["model.zip"] = SPEECH[:50_000]
    with pytest.raises(ModelError, match=r"a file of 50000 bytes, but 300000 were announced"):
        download(publisher, part)


def test_a_whole_file_is_not_asked_for_again(publisher: Publisher, part: Path) -> None:
    download(publisher, part)
    download(publisher, part)
    assert len(publisher.asked) == 1


def test_a_page_instead_of_the_file_is_not_taken(publisher: Publisher, part: Path) -> None:
    """As hotels' networks answer, that want one to log in first."""
    publisher.files["model.zip"] = b"<html>log in</html>"
    with pytest.raises(ModelError, match="19 bytes, but 300000 were announced") as caught:
        download(publisher, part)
    assert caught.value.where == f"{publisher.url}/model.zip"
    assert not part.exists()


def test_a_file_that_the_server_has_not_is_told_with_its_address(publisher: Publisher, part: Path) -> None:
    del publisher.files["model.zip"]
    with pytest.raises(ModelError, match="404 Not Found: look at IVR_MODELS_URL"):
        download(publisher, part)
    assert len(publisher.asked) == 1


def test_without_a_network_one_sentence_tells_host_and_remedy(part: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}/model.zip"
        with pytest.raises(ModelError, match=r"nothing comes from 127.0.0.1 .*desk works without it.*--from FILE"):
            fetch(url, part, SIZE, ignore)
    assert not part.exists()


def test_a_disk_that_refuses_is_told_with_the_file(publisher: Publisher, tmp_path: Path) -> None:
    part = tmp_path / "gone" / ".model.zip.part"
    with pytest.raises(ModelError, match="cannot be written: No such file") as caught:
        download(publisher, part)
    assert caught.value.where == str(part)


def test_a_list_is_read_and_never_more_than_a_list_takes(publisher: Publisher) -> None:
    publisher.files["model-list.json"] = b"[]" + b" " * (LIST_BYTES + 10)
    assert len(small_file(f"{publisher.url}/model-list.json")) == LIST_BYTES
    with pytest.raises(ModelError, match="404"):
        small_file(f"{publisher.url}/none.json")


def test_the_version_lies_beside_the_half(publisher: Publisher, part: Path) -> None:
    half(publisher, part)
    assert mark_of(part).read_text(encoding="utf-8") == '"first"'
