from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from ivr.errors import IvrError, ModelError
from ivr.records import LANGUAGES
from ivr.speech.catalogue import Announced, announced, check_zip, official, official_models
from ivr.speech.models import languages_of
from tests.model_server import SPEECH, listing


def test_each_language_has_a_model_that_takes_phrases_and_one_that_takes_none() -> None:
    kinds = {(model.language, model.grammar) for model in official_models()}
    assert kinds == {(language, grammar) for language in LANGUAGES for grammar in (True, False)}


def test_a_models_folder_will_serve_the_language_that_the_catalogue_says() -> None:
    for model in official_models():
        assert languages_of(Path(model.name)) == (model.language,)


def test_every_model_tells_its_figures_and_one_that_the_desk_can_use_has_a_strong_sum() -> None:
    for model in official_models():
        assert model.errors
        assert all(0 < rate < 100 for rate in model.errors.values())
        assert model.size > 10_000_000
        assert (model.licence, model.rate) == ("Apache-2.0", 16_000)
        assert "sha256" in model.sums or not model.grammar
        for kind, total in model.sums.items():
            assert len(bytes.fromhex(total)) == hashlib.new(kind, usedforsecurity=False).digest_size


def test_a_misspelt_name_is_told_with_the_nearest_right_one() -> None:
    assert official("vosk-model-small-cn-0.22").language == "zh"
    with pytest.raises(IvrError, match=r"did you mean vosk-model-small-cn-0.22\?"):
        official("vosk-small-cn")


def test_the_publishers_list_tells_size_and_sum() -> None:
    found = announced("model", listing({"other.zip": b"", "model.zip": SPEECH}), "list")
    assert found == Announced(len(SPEECH), {"md5": hashlib.md5(SPEECH, usedforsecurity=False).hexdigest()})


@pytest.mark.parametrize(
    "text", [b"<html>", b"[]", b"{}", b'[{"name": "model"}]', b'[{"name": "model", "size": "x"}]', b"\xff"]
)
def test_a_list_that_does_not_tell_them_is_an_error(text: bytes) -> None:
    with pytest.raises(ModelError, match="does not tell size and sum of model"):
        announced("model", text, "list")


@pytest.mark.parametrize("kind", ["md5", "sha256"])
def test_a_zip_with_one_wrong_bit_is_found_out(tmp_path: Path, kind: str) -> None:
    file = tmp_path / "model.zip"
    file.write_bytes(SPEECH)
    right = Announced(len(SPEECH), {kind: hashlib.new(kind, SPEECH, usedforsecurity=False).hexdigest()})
    check_zip(file, right)
    file.write_bytes(bytes([SPEECH[0] ^ 1]) + SPEECH[1:])
    with pytest.raises(ModelError, match=f"its {kind} is") as caught:
        check_zip(file, right)
    assert caught.value.where == str(file)


def test_a_zip_of_another_size_or_none_is_found_out(tmp_path: Path) -> None:
    file = tmp_path / "model.zip"
    with pytest.raises(ModelError, match="cannot be read: No such file"):
        check_zip(file, Announced(1, {}))
    file.write_bytes(SPEECH)
    with pytest.raises(ModelError, match="300000 bytes, expected 1"):
        check_zip(file, Announced(1, {}))
