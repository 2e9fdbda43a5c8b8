from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from ivr.errors import StoreError
from ivr.store.keys import Key, KeyRing, new_key, read_keys

PLACE = "messages.phone"
ONE = "one:" + base64.b64encode(bytes(range(32))).decode()
TWO = "two:" + base64.b64encode(bytes(range(32, 64))).decode()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "keys"


@pytest.fixture
def ring(file: Path) -> KeyRing:
    ring = KeyRing(file)
    ring.create()
    return ring


@pytest.mark.parametrize("text", ["1208", "李先生", "x" * 5000, "sealed:one:"])
def test_what_was_sealed_is_opened_and_cannot_be_read(ring: KeyRing, text: str) -> None:
    sealed = ring.seal(text, PLACE)
    assert text not in sealed.removeprefix("sealed:")
    assert ring.open(sealed, PLACE) == text
    assert ring.seal(text, PLACE) != sealed


def test_nothing_stays_nothing(ring: KeyRing) -> None:
    assert ring.seal("", PLACE) == ""
    assert ring.open("", PLACE) == ""


def test_a_text_of_the_time_before_keys_is_as_it_is(ring: KeyRing) -> None:
    assert ring.open("六 点 半", PLACE) == "六 点 半"


def test_a_sealed_text_cannot_be_moved_to_another_column(ring: KeyRing) -> None:
    with pytest.raises(StoreError, match=r"a value of turns\.heard was changed"):
        ring.open(ring.seal("1208", PLACE), "turns.heard")


@pytest.mark.parametrize("spoil", [lambda text: text[:-6] + "AAAAA=", lambda text: text[:20], lambda text: text + "%"])
def test_a_sealed_text_that_was_changed_is_refused(ring: KeyRing, spoil: object) -> None:
    assert callable(spoil)
    with pytest.raises(StoreError, match="restore both"):
        ring.open(spoil(ring.seal("13900000000", PLACE)), PLACE)


def test_an_index_is_the_same_for_the_same_text_only(ring: KeyRing) -> None:
    assert ring.index("1208", PLACE) == ring.index("1208", PLACE)
    assert len({ring.index("1208", PLACE), ring.index("1209", PLACE), ring.index("1208", "bookings.room"), "1208"}) == 4
    assert ring.indexes("1208", PLACE) == (ring.index("1208", PLACE), "1208")


def test_the_file_is_for_our_eyes_only_and_read_by_the_next(ring: KeyRing, file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert KeyRing(file).open(ring.seal("1208", PLACE), PLACE) == "1208"


def test_who_comes_second_takes_the_first_ones_key(ring: KeyRing, file: Path) -> None:
    late = KeyRing(file)
    late.create()
    assert late.active == ring.active
    assert [each.name for each in file.parent.iterdir()] == ["keys"]


def test_a_new_key_seals_and_the_old_one_still_opens(ring: KeyRing, file: Path) -> None:
    other_process = KeyRing(file)
    before, index = other_process.seal("1208", PLACE), other_process.index("1208", PLACE)
    key = ring.add()
    # without being told
    assert other_process.active == key
    assert other_process.open(before, PLACE) == "1208"
    assert other_process.seal("1208", PLACE).startswith(f"sealed:{key.id}:")
    assert index in other_process.indexes("1208", PLACE)
    ring.keep([key.id])
    assert [each.id for each in ring.keys] == [key.id]
    with pytest.raises(StoreError, match=r"keys: key \w{8}, which rows .* restore the key file from your backup"):
        other_process.open(before, PLACE)


def test_a_key_file_that_vanishes_is_told_before_anything_is_sealed_with_a_lost_key(ring: KeyRing, file: Path) -> None:
    file.unlink()
    with pytest.raises(StoreError, match="there is no key: restore this file from your backup"):
        ring.seal("1208", PLACE)


def test_the_variable_takes_the_files_place_and_is_never_changed(file: Path) -> None:
    ring = KeyRing(file, f"{TWO},{ONE}")
    assert [key.id for key in ring.keys] == ["two", "one"]
    assert ring.open(KeyRing(file, ONE).seal("1208", PLACE), PLACE) == "1208"
    assert not file.exists()
    for change in (ring.create, ring.add):
        with pytest.raises(StoreError, match="IVR_KEYS: the keys are set by this variable"):
            change()


@pytest.mark.parametrize(
    "line", ["one", "one:abc", TWO[:-2], f"o ne:{TWO[4:]}", TWO + "=", "two:" + "!" * 44, f"{TWO}:{TWO}"]
)
def test_a_bad_line_is_named_and_not_shown(file: Path, line: str) -> None:
    file.write_text(f"# ours\n\n{ONE}\n{line}\n", encoding="ascii")
    with pytest.raises(StoreError, match=r"keys:4: this is no key: expected ID:BASE64") as told:
        _ = KeyRing(file).keys
    assert line not in str(told.value)


def test_two_keys_of_one_name_are_refused(file: Path) -> None:
    with pytest.raises(StoreError, match="there are two keys one"):
        read_keys([ONE, f"one:{TWO[4:]}"], file)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_told(ring: KeyRing, file: Path) -> None:
    file.chmod(0)
    with pytest.raises(StoreError, match="the key file cannot be read"):
        _ = KeyRing(file).keys


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="the key file cannot be written"):
        KeyRing(tmp_path / "missing" / "keys").create()


def test_a_key_does_not_show_its_secret() -> None:
    key = new_key()
    assert repr(key) == f"Key(id='{key.id}')"
    with pytest.raises(InvalidTag):
        Key(key.id, new_key().secret).open(key.seal("x", PLACE), PLACE)
