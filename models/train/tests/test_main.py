from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ivr.speech.models import check_model, open_model
from models.train.__main__ import main


def test_export_and_graph_make_a_whole_model_with_its_sums(checkpoint: Path, tmp_path: Path) -> None:
    model = tmp_path / "tiny-zh-en"
    assert main(["export", str(checkpoint), str(model)]) == 0
    assert main(["graph", str(model), "虹桥路"]) == 0
    check_model(model)
    assert {"虹桥路", "七点半", "yes", "[unk]"} <= open_model(model, tmp_path / "cache").vocabulary
    sums = dict(reversed(line.split("  ")) for line in (model / "SHA256SUMS").read_text("utf-8").splitlines())
    assert sums["am/final.mdl"] == hashlib.sha256((model / "am/final.mdl").read_bytes()).hexdigest()
    assert "graph/HCLr.fst" in sums


def test_evaluate_shows_figures_and_keeps_results(
    checkpoint: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model = tmp_path / "tiny-zh-en"
    main(["export", str(checkpoint), str(model)])
    main(["graph", str(model)])
    assert main(["evaluate", str(model), "--every", "60"]) == 0
    assert "Accuracy by question" in capsys.readouterr().out
    assert (tmp_path / "tiny-zh-en.results.jsonl").stat().st_size > 0


def test_heldout_names_a_voice_that_does_not_exist(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heldout", str(tmp_path / "corpus"), "--tuning", "--voice", "joe"]) == 1
    assert "voice: there is no voice 'joe' for tune: choose from kokoro, espeak, flite" in capsys.readouterr().err
    assert not (tmp_path / "corpus").exists()


def test_what_a_person_can_mend_is_a_sentence_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path / "nothing"), str(tmp_path / "model")]) == 1
    assert main(["graph", str(tmp_path / "model"), "Not A Word"]) == 1
    assert main(["evaluate", str(tmp_path / "nowhere")]) == 1
    errors = capsys.readouterr().err.splitlines()
    assert [error.split(":")[0] for error in errors] == ["model"] * 3


@pytest.mark.parametrize(
    "arguments", [["evaluate", "m", "--every", "0"], ["curve", "a", "b", "c", "--parts", "8", "none"]]
)
def test_a_number_that_is_none_is_named(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(arguments)
    assert f"expected a whole number of 1 or more, got '{arguments[-1]}'" in capsys.readouterr().err
