from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from ivr.bench.exam.conditions import CLEAN, over
from ivr.bench.exam.corpus import Corpus
from ivr.bench.exam.ear import Ear
from ivr.bench.exam.evaluate import RIGHT, read
from ivr.errors import ModelError
from ivr.speech.models import check_model
from models.train.pipeline import MODEL, QUICK, Stages, check_folder, run
from models.train.train import Machine

HEARD_AT_LEAST = 0.25
"""of training clips, each told from nine others: chance is 0.1, measured 0.4"""


def _console() -> tuple[Console, io.StringIO]:
    out = io.StringIO()
    return Console(file=out, width=120), out


def test_a_stage_done_with_the_same_sizes_is_left_out(tmp_path: Path) -> None:
    ran: list[str] = []
    for _ in range(2):
        stages = Stages(tmp_path, _console()[0])
        stages.run("speech", {"minutes": 1}, lambda: ran.append("speech"))
        stages.run("training", 3, lambda: ran.append("training"))
    assert ran == ["speech", "training"]


def test_a_stage_is_done_again_after_one_before_it(tmp_path: Path) -> None:
    ran: list[str] = []
    for minutes in (1, 2):
        stages = Stages(tmp_path, _console()[0])
        stages.run("speech", {"minutes": minutes}, lambda: ran.append("speech"))
        stages.run("training", 3, lambda: ran.append("training"))
    assert ran == ["speech", "training"] * 2


def test_a_stage_that_failed_is_not_done(tmp_path: Path) -> None:
    def fail() -> None:
        raise ModelError("no")

    with pytest.raises(ModelError):
        Stages(tmp_path, _console()[0]).run("speech", 1, fail)
    ran: list[str] = []
    Stages(tmp_path, _console()[0]).run("speech", 1, lambda: ran.append("speech"))
    assert ran == ["speech"]


def test_a_folder_that_cannot_be_written_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ModelError, match="choose another --folder"):
        check_folder(tmp_path / "file")


def test_a_quick_run_makes_a_model_that_vosk_loads_and_that_hears_something(tmp_path: Path) -> None:
    """The whole way, with real voices and unmodified Vosk: minutes."""
    console, out = _console()
    model = run(tmp_path, QUICK, console, machine=Machine(workers=1, cuda=False), jobs=2)
    check_model(model)
    assert model.name == MODEL
    assert [each for each in read(tmp_path / "results.jsonl") if each.kind == RIGHT]
    assert _heard(model, tmp_path / "speech") >= HEARD_AT_LEAST
    again, told = _console()
    run(tmp_path, replace(QUICK), again)
    assert told.getvalue().count("done before") == 4
    assert "Accuracy by question" in out.getvalue()


def _heard(model: Path, speech: Path) -> float:
    """Share of clips told from nine others; what it has learnt from, since minutes teach no strange voice."""
    corpus = Corpus(speech)
    chosen = {clip.text: clip for clip in corpus.clips("train") if clip.language == "en" and clip.seconds > 1.0}
    ear = Ear(model)
    clips = [clip for text, clip in chosen.items() if not ear.missing((text,), "en")][:40]
    right = 0
    for start in range(0, len(clips), 10):
        group = clips[start : start + 10]
        phrases = tuple(clip.text for clip in group)
        for clip in group:
            sound = over(corpus.samples(clip), CLEAN, clip.name)
            right += ear.hear(phrases, "en", sound, rejects=False) == clip.text
    return right / len(clips)
