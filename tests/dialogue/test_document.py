from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from ivr.dialogue.document import load, validate
from ivr.errors import FlowError

Writer = Callable[[str], Path]


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    wait: int = 0


class Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    inner: Inner = Inner()


@pytest.mark.parametrize(
    "scalar", ["0412", "7:30", "no", "on", "yes", "~", "null", "1e3", "2026-11-21", "0x10", "1_000"]
)
def test_every_scalar_stays_the_text_that_was_written(write: Writer, scalar: str) -> None:
    path = write(f"{scalar}: {scalar}\nlist: [{scalar}]\n")
    assert load(path).data == {scalar: scalar, "list": [scalar]}


def test_every_part_knows_its_line(write: Writer) -> None:
    document = load(write("# a comment\na: 1\n\nb:\n  c:\n    - x\n    - y\n"))
    assert [document.where(*place).rpartition(":")[2] for place in ((), ("a",), ("b",), ("b", "c"), ("b", "c", 1))] == [
        "2",
        "2",
        "4",
        "5",
        "7",
    ]
    assert document.where("b", "c", 9, "z") == document.where("b", "c")


def test_a_byte_order_mark_is_no_fault(write: Writer) -> None:
    assert load(write("\ufeffa: 1\n")).data == {"a": "1"}


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "“a” stands here a second time"),
        ("a:\n  b: 1\n  b: 1\n", 3, "“b” stands here a second time"),
        ("a: 1\nb: [1\nc: 2\n", 3, "is not valid YAML"),
        ("a: 1\n\tb: 2\n", 2, "is not valid YAML"),
        ("a: 1\nb: \x07\n", 2, "unprintable"),
        ("a: 1\n---\nb: 2\n", 2, "single document"),
        ("a: 1\n? [x]\n: 2\n", 2, "a key must be plain text"),
        ("a: &x [1]\nb: *x\n", 1, "alias"),
        ("a: &x [*x]\n", 1, "alias"),
    ],
)
def test_what_is_no_plain_yaml_is_refused_with_its_line(write: Writer, text: str, line: int, words: str) -> None:
    path = write(text)
    with pytest.raises(FlowError, match=words) as caught:
        load(path)
    assert caught.value.where == f"{path}:{line}"


def test_aliases_that_would_fill_the_memory_are_refused_at_once(write: Writer) -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))]
    with pytest.raises(FlowError, match="alias"):
        load(write("\n".join(lines)))


def test_a_bottomless_document_is_refused(write: Writer) -> None:
    with pytest.raises(FlowError, match="nested too deeply"):
        load(write("[" * 1000))


@pytest.mark.parametrize("text", ["", "# only a comment\n"])
def test_an_empty_file_is_refused(write: Writer, text: str) -> None:
    with pytest.raises(FlowError, match="is empty"):
        load(write(text))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    for name, words in (("none.yaml", "No such file"), ("folder.yaml", "directory")):
        with pytest.raises(FlowError, match=words) as caught:
            load(tmp_path / name)
        assert caught.value.where == str(tmp_path / name)


def test_a_file_in_the_encoding_of_chinese_windows_is_told_with_its_line_and_the_remedy(tmp_path: Path) -> None:
    path = tmp_path / "goodbye.yaml"
    path.write_bytes("a: b\nfarewell: 谢谢您，再见！\n".encode("gbk"))
    with pytest.raises(FlowError, match="is not UTF-8 text: save it as UTF-8") as caught:
        load(path)
    assert caught.value.where == f"{path}:2"


def test_a_wrong_word_is_refused_with_the_nearest_right_one(write: Writer) -> None:
    path = write("name: x\ninner:\n  wiat: 5\n")
    with pytest.raises(
        FlowError, match=r"“inner\.wiat” is not a word that belongs here; did you mean “wait”"
    ) as caught:
        validate(load(path), Sheet)
    assert caught.value.where == f"{path}:3"


def test_all_faults_are_told_each_with_its_line(write: Writer) -> None:
    path = write("inner:\n  wait: x\n\nnaem: 1\n")
    with pytest.raises(FlowError) as caught:
        validate(load(path), Sheet)
    assert "“name” is missing" in str(caught.value)
    assert f"{path}:2: “inner.wait”" in str(caught.value)
    assert f"{path}:4: “naem” is not a word that belongs here; did you mean “name”" in str(caught.value)
