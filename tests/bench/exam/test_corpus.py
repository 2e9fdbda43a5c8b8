"""Shards on disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ivr.audio.frame import Samples
from ivr.bench.exam.corpus import Clip, Corpus, Shard
from ivr.errors import ModelError


def clip(name: str, **changed: Any) -> Clip:
    fields: dict[str, Any] = {
        "name": name, "text": "七点", "language": "zh", "units": (51, 5, 46), "voice": "v", "engine": "e",
        "split": "train", "seconds": 0.1, "durations": (2, 3, 1), "pauses": (1, 0, 2, 1),
    }  # fmt: skip
    return Clip(**{**fields, **changed})


def ramp(count: int = 800) -> Samples:
    return np.arange(count, dtype=np.int16)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    with Shard(tmp_path, "e") as shard:
        shard.add(clip("a"), ramp())
        shard.add(clip("b", split="tune", durations=None, pauses=None), ramp()[::-1])
    corpus = Corpus(tmp_path)
    assert corpus.clips() == [clip("a"), clip("b", split="tune", durations=None, pauses=None)]
    assert [each.name for each in corpus.clips("tune")] == ["b"]
    assert np.array_equal(corpus.samples(corpus.clips()[1]), ramp()[::-1])


def test_labels_lay_silence_around_the_units(tmp_path: Path) -> None:
    with Shard(tmp_path, "e") as shard:
        shard.add(clip("a"), ramp())
        shard.add(clip("b", durations=None, pauses=None), ramp())
    corpus = Corpus(tmp_path)
    told = corpus.labels(corpus.clips()[0])
    assert told is not None
    assert told.tolist() == [0, 51, 51, 5, 5, 5, 0, 0, 46, 0]
    assert corpus.labels(corpus.clips()[1]) is None


def test_silence_parts_equal_units_in_a_row(tmp_path: Path) -> None:
    """五五: without it nothing tells two from one."""
    with Shard(tmp_path, "e") as shard:
        shard.add(clip("a", units=(5, 5, 6), durations=(6, 6, 4), pauses=(2, 0, 0, 1)), ramp(80 * 19))
        shard.add(clip("b", units=(5, 5), durations=(6, 6), pauses=(0, 9, 0)), ramp(80 * 21))
    corpus = Corpus(tmp_path)
    together, apart = (corpus.labels(each) for each in corpus.clips())
    assert together is not None
    assert apart is not None
    assert together.tolist() == [0, 0, *[5] * 3, *[0] * 5, *[5] * 4, *[6] * 4, 0]
    assert apart.tolist() == [*[5] * 6, *[0] * 9, *[5] * 6]


def test_a_half_written_clip_is_cut_off_and_writing_goes_on(tmp_path: Path) -> None:
    with Shard(tmp_path, "e") as shard:
        shard.add(clip("a"), ramp())
    with (tmp_path / "e.pcm").open("ab") as sound, (tmp_path / "e.jsonl").open("ab") as index:
        sound.write(b"123")
        index.write(b'{"start": 800, "na')
    assert [each.name for each in Corpus(tmp_path).clips()] == ["a"]
    with Shard(tmp_path, "e") as shard:
        assert (shard.count, shard.last) == (1, "a")
        shard.add(clip("b"), ramp() + 1)
    corpus = Corpus(tmp_path)
    assert np.array_equal(corpus.samples(corpus.clips()[1]), ramp() + 1)


def test_a_shard_that_another_process_writes_is_left_to_it(tmp_path: Path) -> None:
    with Shard(tmp_path, "e") as first:
        first.add(clip("a"), ramp())
        with pytest.raises(ModelError, match=r"e\.jsonl: another process writes here"):
            Shard(tmp_path, "e")
        first.add(clip("b"), ramp()[::-1])
    corpus = Corpus(tmp_path)
    assert [each.name for each in corpus.clips()] == ["a", "b"]
    assert np.array_equal(corpus.samples(corpus.clips()[1]), ramp()[::-1])


def test_an_empty_folder_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="generate"):
        Corpus(tmp_path)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_bytes(b"nonsense\n")
    (tmp_path / "e.pcm").write_bytes(b"12")
    with pytest.raises(ModelError, match=r"e\.jsonl:1"):
        Corpus(tmp_path)
