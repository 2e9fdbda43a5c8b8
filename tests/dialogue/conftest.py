"""The house's own flows, prompts and model, and a copy of them in which a test may plant a fault."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr import app
from ivr.calls.equipment import house
from ivr.config import HOME, Settings
from ivr.dialogue.check import House, Problem, check
from ivr.dialogue.flow import FlowBook, read_flows
from ivr.dialogue.profile import profiles
from ivr.dialogue.prompts import Catalogue, read_catalogue
from ivr.errors import FlowError
from ivr.records import Language
from ivr.speech.lexicon import Lexicon
from ivr.speech.models import SpeechModel


@dataclass(frozen=True)
class RememberedWords:
    """The models' real words; every question is put to them once only."""

    lexicons: dict[Language, Lexicon]
    asked: dict[tuple[str, Language], tuple[str, ...]] = field(default_factory=dict)

    def missing(self, phrase: str, language: Language) -> tuple[str, ...]:
        found = self.asked.get((phrase, language))
        if found is None:
            found = self.asked[(phrase, language)] = self.lexicons[language].missing(phrase, language)
        return found

    def nearest(self, word: str, language: Language) -> tuple[str, ...]:
        return self.lexicons[language].nearest(word, language)


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[Language, SpeechModel]:
    return app.models(Settings(data=tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session")
def words(models: dict[Language, SpeechModel]) -> RememberedWords:
    return RememberedWords({language: Lexicon(model.vocabulary) for language, model in models.items()})


@pytest.fixture(scope="session")
def flows() -> FlowBook:
    return read_flows(HOME / "flows")


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return read_catalogue(HOME / "prompts")


@pytest.fixture(scope="session")
def real_house(flows: FlowBook, catalogue: Catalogue, words: RememberedWords) -> House:
    return house(flows, catalogue, words, profiles(HOME / "flows"))


@dataclass(frozen=True)
class Copy:
    """Flows and prompts that may be spoilt."""

    folder: Path
    words: RememberedWords

    def plant(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} has changed: it no longer holds {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def place(self, file: str, mark: str) -> str:
        """`file:line` of the first line that holds `mark`."""
        lines = (self.folder / file).read_text(encoding="utf-8").splitlines()
        return f"{self.folder / file}:{next(number for number, line in enumerate(lines, 1) if mark in line)}"

    def problems(self) -> tuple[Problem, ...]:
        try:
            flows, catalogue = read_flows(self.folder / "flows"), read_catalogue(self.folder / "prompts")
        except FlowError as error:
            return (Problem(error.where or "", str(error)),)
        return check(house(flows, catalogue, self.words, profiles(self.folder / "flows")))


@pytest.fixture
def copy(tmp_path: Path, words: RememberedWords) -> Copy:
    for name in ("flows", "prompts"):
        shutil.copytree(HOME / name, tmp_path / name, ignore=shutil.ignore_patterns("*.wav"))
    return Copy(tmp_path, words)


Writer = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Writer:
    """Write a YAML file of that text; its path."""

    def write(text: str, name: str = "file.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write
