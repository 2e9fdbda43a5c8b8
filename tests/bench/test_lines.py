from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from ivr import line_tables
from ivr.audio.frame import RATE, Samples
from ivr.audio.level import active_level
from ivr.audio.wav import read_wav
from ivr.bench import line_pictures, lines
from ivr.bench.line_cases import at_level, cases, over_noise
from ivr.bench.line_sounds import TONES, lossy, network_tone
from ivr.bench.lines import LineFigures
from ivr.bench.voices import recorded, recordings
from ivr.errors import IvrError
from ivr.speech.line import LineKind
from tests.conftest import RECORDINGS

SEED = 4242


@pytest.fixture(scope="module")
def voices() -> tuple[Samples, ...]:
    return tuple(recorded(each.path) for each in recordings(RECORDINGS)[::3])


@pytest.fixture(scope="module")
def figures(voices: tuple[Samples, ...]) -> LineFigures:
    return lines.measure("webrtc", voices, 4, SEED, lambda *_: None)


def test_every_kind_of_line_is_told_from_the_others(figures: LineFigures) -> None:
    right, tried = figures.right
    assert tried == 4 * len(LineKind)
    assert right >= tried - 1, [each for each in figures.judged if each.case.kind is not each.report.kind]
    assert all(row.total() == 4 for row in figures.confusion.values())


def test_no_key_is_heard_where_nobody_pressed_one(figures: LineFigures) -> None:
    assert figures.false_keys == 0


def test_tones_are_known_by_name(figures: LineFigures) -> None:
    right, tried = figures.tones
    assert tried == 4
    assert right >= 3


def test_the_boundaries_lie_where_the_thresholds_say(figures: LineFigures) -> None:
    share = {(point.curve, point.value): point.called / point.tried for point in figures.curves}
    assert share["level", -36.0] == 0.0
    assert share["level", -50.0] == 1.0
    for noise in ("white", "pink", "babble", "music"):
        assert share[noise, 20.0] == 0.0
        assert share[noise, 0.0] == 1.0


def test_keys_are_decoded_over_noise_and_mu_law() -> None:
    found = lines.press(2, SEED)
    assert all(line.right == line.tried for line in found if line.snr >= 15.0)


def test_the_same_seed_gives_the_same_cases_and_another_others(voices: tuple[Samples, ...]) -> None:
    once, again, other = (cases(voices, 1, seed) for seed in (SEED, SEED, SEED + 1))
    assert all(np.array_equal(a.samples, b.samples) for a, b in zip(once, again, strict=True))
    assert not any(np.array_equal(a.samples, b.samples) for a, b in zip(once, other, strict=True) if a.samples.any())
    assert [each.kind for each in once] == list(LineKind)


def test_a_case_lasts_four_to_six_seconds(voices: tuple[Samples, ...]) -> None:
    assert all(4 * RATE <= len(each.samples) <= 6 * RATE for each in cases(voices, 3, SEED))


def test_the_curves_windows_have_the_level_and_noise_that_they_name(voices: tuple[Samples, ...]) -> None:
    assert active_level(at_level(voices, -36.0, "one")).dbfs == pytest.approx(-36.0, abs=1.5)
    quiet, loud = (over_noise(voices, "white", snr, "two")[: RATE // 4].astype(float).std() for snr in (20.0, 0.0))
    assert 20 * np.log10(loud / quiet) == pytest.approx(20.0, abs=1.0)


@pytest.mark.parametrize("name", TONES)
def test_a_window_of_a_tone_holds_some_of_it_at_its_level(name: str) -> None:
    sound = network_tone(name, np.random.RandomState(SEED), 4 * RATE)
    sounding = sound[sound != 0.0]
    assert len(sounding) > 0.3 * RATE
    assert np.sqrt(np.mean(np.square(sounding))) == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("repeat", [True, False])
def test_a_lossy_line_loses_about_what_it_is_told_to(repeat: bool) -> None:  # noqa: FBT001
    whole = (np.random.RandomState(SEED).standard_normal(4 * RATE) * 3000).astype(np.int16)
    changed = lossy(whole, np.random.RandomState(SEED), 0.1, repeat=repeat) != whole
    assert 0.09 < changed.mean() < 0.14


def test_the_cases_are_written_as_wavs_beside_a_table(tmp_path: Path, voices: tuple[Samples, ...]) -> None:
    made = cases(voices, 1, SEED)
    table = lines.write_cases(tmp_path / "lines", made)
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["kind"] for row in rows] == [kind.value for kind in LineKind]
    for row, case in zip(rows, made, strict=True):
        assert np.array_equal(read_wav(table.parent / row["file"]).samples, case.samples)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(IvrError, match="cannot be written") as raised:
        lines.write_cases(tmp_path / "file" / "lines", ())
    assert raised.value.where == str(tmp_path / "file" / "lines")


def test_the_figures_are_shown_as_tables_as_data_and_as_a_picture(figures: LineFigures, tmp_path: Path) -> None:
    console = Console(width=120, record=True, quiet=False, file=(tmp_path / "shown.txt").open("w", encoding="utf-8"))
    console.print(line_tables.figures([figures], lines.press(1, SEED)))
    console.file.close()
    shown = (tmp_path / "shown.txt").read_text(encoding="utf-8")
    assert "webrtc:" in shown
    assert all(kind.value in shown for kind in LineKind)
    data = line_tables.as_data(figures)
    assert data["tried"] == 4 * len(LineKind)
    picture = line_pictures.draw([figures], tmp_path / "pictures" / "line.png")
    assert picture.stat().st_size > 10_000
