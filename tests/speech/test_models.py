from __future__ import annotations

import shutil
import struct
from pathlib import Path

import pytest

from ivr.errors import ModelError
from ivr.speech.conf import sample_rate
from ivr.speech.graph import check_graph, vocabulary
from ivr.speech.models import (
    BUNDLED,
    check_model,
    describe,
    find_model,
    languages_of,
    open_model,
    prepared,
)

FRONT_DESK = BUNDLED / "front-desk-zh-en"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A model whose big files are links, so that one of them can be spoilt."""
    folder = tmp_path / "models" / "copy-zh-en"
    shutil.copytree(FRONT_DESK, folder, copy_function=lambda source, target: Path(target).symlink_to(source))
    (folder / "SHA256SUMS").unlink()
    return folder


def spoil(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def folders(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).mkdir(parents=True)
    return root


@pytest.mark.parametrize(
    ("name", "languages"),
    [
        ("front-desk-zh-en", ("zh", "en")),
        ("vosk-model-small-cn-0.22", ("zh",)),
        ("vosk-model-small-en-us-0.15", ("en",)),
        ("french", ()),
    ],
)
def test_a_folders_name_tells_its_languages(name: str, languages: tuple[str, ...]) -> None:
    assert languages_of(Path(name)) == languages


def test_the_setting_comes_before_every_folder(tmp_path: Path) -> None:
    folders(tmp_path, "mine", "models/vosk-model-small-cn-0.22")
    assert find_model("zh", tmp_path / "mine", tmp_path / "models") == tmp_path / "mine"


def test_a_model_for_one_language_comes_before_a_shared_one(tmp_path: Path) -> None:
    models = folders(tmp_path, "front-desk-zh-en", "vosk-model-small-cn-0.22")
    assert find_model("zh", None, models).name == "vosk-model-small-cn-0.22"
    assert find_model("en", None, models).name == "front-desk-zh-en"


def test_without_any_other_the_bundled_model_serves_both_languages(tmp_path: Path) -> None:
    assert find_model("zh", None, tmp_path / "nowhere") == FRONT_DESK
    assert find_model("en", None, folders(tmp_path, "french")) == FRONT_DESK


def test_a_setting_that_names_no_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        find_model("en", tmp_path / "gone", tmp_path)


def test_the_bundled_model_is_used_as_it_is(tmp_path: Path) -> None:
    model = open_model(FRONT_DESK, tmp_path)
    assert model.path == FRONT_DESK
    assert model.languages == ("zh", "en")
    assert {"七点半", "half", "[unk]"} <= model.vocabulary
    assert not any(word.startswith(("<", "#")) for word in model.vocabulary)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["am/final.mdl", "graph/Gr.fst", "graph/disambig_tid.int", "conf/model.conf"])
def test_a_missing_file_is_named(copy: Path, name: str, tmp_path: Path) -> None:
    (copy / name).unlink()
    with pytest.raises(ModelError, match="copy the model again") as caught:
        open_model(copy, tmp_path)
    assert caught.value.where == str(copy / name)


def test_a_model_with_a_fixed_graph_is_refused(copy: Path, tmp_path: Path) -> None:
    (copy / "graph/HCLr.fst").rename(copy / "graph/HCLG.fst")
    with pytest.raises(ModelError, match="made for dictation"):
        open_model(copy, tmp_path)


@pytest.mark.parametrize("kept", [10, 1000, 3_000_000])
def test_a_graph_that_was_cut_short_is_refused_before_vosk_dies_of_it(copy: Path, kept: int) -> None:
    whole = (copy / "graph/HCLr.fst").read_bytes()
    spoil(copy / "graph/HCLr.fst", whole[:kept])
    with pytest.raises(ModelError, match="cut short"):
        check_graph(copy)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 a zip", struct.pack("<ii", 2125659606, -5)])
def test_words_that_cannot_be_read_are_an_error(copy: Path, content: bytes) -> None:
    spoil(copy / "graph/Gr.fst", content)
    with pytest.raises(ModelError, match="words cannot be read"):
        vocabulary(copy)


def test_words_are_read_from_the_list_when_the_graph_has_none(copy: Path) -> None:
    header = struct.pack("<i", 2125659606) + struct.pack("<i6s", 6, b"vector") + struct.pack("<i8s", 8, b"standard")
    spoil(copy / "graph/Gr.fst", header + struct.pack("<iiqqqq", 2, 0, 0, 0, 1, 0))
    with pytest.raises(ModelError, match="words"):
        vocabulary(copy)
    (copy / "graph/words.txt").write_text("<eps> 0\nyes 1\n好 2\n#0 3\n", encoding="utf-8")
    assert vocabulary(copy) == {"yes", "好"}


def test_an_official_model_is_opened_through_a_corrected_copy(copy: Path, tmp_path: Path) -> None:
    spoil(copy / "conf/mfcc.conf", b"--sample-frequency=16000  # wide band\n--num-mel-bins=40\n")
    with pytest.raises(ModelError, match="--dither=0"):
        check_model(copy)
    ready = prepared(copy, tmp_path / "cache")
    check_model(ready)
    lines = (ready / "conf/mfcc.conf").read_text(encoding="utf-8").splitlines()
    assert lines == ["--sample-frequency=16000", "--num-mel-bins=40", "--dither=0", "--allow-upsample=true"]
    assert (ready / "am/final.mdl").samefile(FRONT_DESK / "am/final.mdl")
    assert (ready / "conf/model.conf").samefile(FRONT_DESK / "conf/model.conf")


def test_an_official_model_that_names_no_rate_is_of_16_khz(copy: Path, tmp_path: Path) -> None:
    """As vosk-model-small-ko-0.22 is: Kaldi's default counts."""
    spoil(copy / "conf/mfcc.conf", b"--use-energy=false\n--num-mel-bins=40\n")
    assert sample_rate(copy) == 16000
    lines = (prepared(copy, tmp_path / "cache") / "conf/mfcc.conf").read_text(encoding="utf-8").splitlines()
    assert lines[-2:] == ["--dither=0", "--allow-upsample=true"]


def test_the_corrected_copy_is_made_once(copy: Path, tmp_path: Path) -> None:
    spoil(copy / "conf/mfcc.conf", b"--dither=1\n--sample-frequency=8000\n")
    first = prepared(copy, tmp_path / "cache")
    assert prepared(copy, tmp_path / "cache") == first
    assert [entry.name for entry in (tmp_path / "cache").iterdir()] == [first.name]
    assert languages_of(first) == ("zh", "en")


def test_a_cache_that_cannot_be_written_is_an_error(copy: Path, tmp_path: Path) -> None:
    spoil(copy / "conf/mfcc.conf", b"--sample-frequency=8000\n")
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot hold"):
        prepared(copy, tmp_path / "cache")


@pytest.mark.parametrize("line", ["--sample-frequency=fast", "--sample-frequency=4000"])
def test_a_rate_that_cannot_be_is_an_error(copy: Path, line: str) -> None:
    spoil(copy / "conf/mfcc.conf", line.encode())
    with pytest.raises(ModelError, match="--sample-frequency"):
        sample_rate(copy)


def test_a_model_is_described_with_its_licence(copy: Path) -> None:
    (copy / "README").write_text("A model\n\n## License: Apache 2.0\n", encoding="utf-8")
    about = describe(copy)
    assert (about.name, about.languages, about.rate) == ("copy-zh-en", ("zh", "en"), 8000)
    assert about.words > 8_000
    assert about.size > 15_000_000
    assert about.licence == "License: Apache 2.0"


def test_without_any_model_the_remedy_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ivr.speech.models.BUNDLED", tmp_path / "none")
    with pytest.raises(ModelError, match=r"no speech model for zh .*copy the model again"):
        find_model("zh", None, folders(tmp_path, "french"))


def test_settings_that_are_no_text_are_an_error(copy: Path, tmp_path: Path) -> None:
    spoil(copy / "conf/mfcc.conf", b"\xff\xfe\x00")
    with pytest.raises(ModelError, match="cannot be read"):
        open_model(copy, tmp_path)


def test_a_model_that_ships_its_sums_is_compared_with_them(tmp_path: Path) -> None:
    """A graph without its end may load and hear wrong words silently: only the sums tell."""
    model = tmp_path / "front-desk-zh-en"
    shutil.copytree(BUNDLED / "front-desk-zh-en", model)
    check_model(model)
    graph = model / "graph" / "HCLr.fst"
    graph.write_bytes(graph.read_bytes()[:-1_000_000])
    with pytest.raises(ModelError, match="SHA256SUMS") as caught:
        check_model(model)
    assert caught.value.where == str(graph)


def test_a_list_of_sums_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    model = tmp_path / "front-desk-zh-en"
    shutil.copytree(BUNDLED / "front-desk-zh-en", model)
    (model / "SHA256SUMS").write_text("nonsense\n")
    with pytest.raises(ModelError, match="sha256") as caught:
        check_model(model)
    assert caught.value.where == f"{model / 'SHA256SUMS'}:1"
