from __future__ import annotations

import io
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from ivr.bench.exam.corpus import Clip, Corpus, Shard
from ivr.bench.exam.evaluate import RIGHT, Result, read
from models.train import curve
from models.train.curve import Course, Gain, Point, gain, part_of
from models.train.figures import Exam
from models.train.targets import ROWS
from models.train.tests.speech import corpus as spoken

ENGLISH = next(row for row in ROWS if row.groups == ("joe", "ked") and "digit" in row.questions)


def test_a_part_holds_those_parts_that_it_divides(tmp_path: Path) -> None:
    spoken(tmp_path / "all")
    names = {}
    for part in (1, 2, 4):
        hours = part_of(tmp_path / "all", tmp_path / str(part), part)
        clips = Corpus(tmp_path / str(part)).clips()
        names[part] = {clip.name for clip in clips}
        assert hours == pytest.approx(sum(clip.seconds for clip in clips if clip.split == "train") / 3600)
    assert names[4] < names[2] < names[1]
    # the sound is not copied, and a part made twice is the same
    assert (tmp_path / "2/espeak.pcm").is_symlink()
    part_of(tmp_path / "all", tmp_path / "2", 2)
    assert {clip.name for clip in Corpus(tmp_path / "2").clips()} == names[2]


def test_the_gain_of_a_doubling_is_the_slope_over_the_logarithm() -> None:
    points = [_point(hours, right) for hours, right in ((1.0, 50), (2.0, 60), (4.0, 70))]
    found = gain(points, ENGLISH, "clean")
    assert found is not None
    assert found.points == pytest.approx(10.0)
    # of 100 answers half right, a share is known to five points
    assert found.error == pytest.approx(math.sqrt((50 * 50 + 70 * 30) / 100) / 2)
    assert gain(points[:1], ENGLISH, "clean") is None
    assert gain(points, ENGLISH, "snr10") is None


def test_nothing_is_told_from_a_gain_that_chance_explains() -> None:
    assert Gain(5.0, 1.0).doublings(80.0, 90.0) == pytest.approx(2.0)
    assert Gain(5.0, 3.0).doublings(80.0, 90.0) is None
    assert Gain(-5.0, 1.0).doublings(80.0, 90.0) is None
    assert Gain(5.0, 3.0).doublings(91.0, 90.0) == 0.0


def test_a_small_curve_is_trained_examined_shown_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    spoken(tmp_path / "all")
    with Shard(tmp_path / "heldout", "joe-en") as shard:
        clip = Corpus(tmp_path / "all").clips()[0]
        shard.add(
            Clip("joe-0", "yes", "en", clip.units, "joe", "joe", "test", clip.seconds),
            np.asarray(Corpus(tmp_path / "all").samples(clip)),
        )
    out = Console(file=(text := io.StringIO()), width=160)
    course = Course(tmp_path / "all", Exam(tmp_path / "heldout", callers=None), tmp_path / "made", steps=2)
    points = curve.curve(course, (1, 2), out)
    assert points[0].hours < points[1].hours
    assert [len(point.results) for point in points] == [2, 2]
    assert read(tmp_path / "made/part-1/results.jsonl") == list(points[1].results)
    model = tmp_path / "made/part-1/front-desk-zh-en/am/final.mdl"
    before = model.stat().st_mtime_ns
    assert curve.curve(course, (1, 2), out) == points
    assert model.stat().st_mtime_ns == before
    curve.show(points, out)
    assert ENGLISH.title.split(":")[0] in text.getvalue()
    assert curve.draw(points, tmp_path / "curve.png").stat().st_size > 1000


def _point(hours: float, right: int) -> Point:
    one = Result(RIGHT, "joe", "joe", "en", "agreement", "clean", rejects=False, said="yes", heard="yes")
    wrong = replace(one, heard="no")
    return Point(hours, (*[one] * right, *[wrong] * (100 - right)))
