"""Speech models on the disk: finding one for a language, checking it, and what is told about it."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivr.config import HOME
from ivr.errors import ModelError
from ivr.records import LANGUAGES, Language
from ivr.speech.conf import mended, options, sample_rate
from ivr.speech.graph import REMEDY, check_graph, listed_words, vocabulary

BUNDLED = HOME / "models"
"""the models that come with the program"""

NEEDED = (
    "am/final.mdl",
    "conf/mfcc.conf",
    "conf/model.conf",
    "graph/HCLr.fst",
    "graph/Gr.fst",
    "graph/disambig_tid.int",
)
"""what Vosk 0.3.45 opens of a model that takes a grammar at run time; one with graph/HCLG.fst alone does not"""

FIXED_GRAPH = "graph/HCLG.fst"
"""instead of HCLr.fst and Gr.fst: the large official models, made for dictation"""

CODES = {"zh": "zh", "cn": "zh", "en": "en"}
"""language codes in the names of model folders; vosk-model-small-cn is Mandarin"""

SUMS = "SHA256SUMS"
BUNDLED_NAME = "front-desk-zh-en"
SHA256_DIGITS = 64


@dataclass(frozen=True)
class SpeechModel:
    """A model that has been checked and can be given to the recogniser."""

    path: Path
    languages: tuple[Language, ...]
    """as its folder's name tells; empty when the name says nothing"""
    vocabulary: frozenset[str]
    """every word that a grammar may hold, `[unk]` among them where the model has it"""


@dataclass(frozen=True)
class ModelDescription:
    """A line of `ivr models list`."""

    name: str
    path: Path
    languages: tuple[Language, ...]
    size: int
    """bytes on the disk"""
    words: int
    rate: int
    """samples a second that it was trained on"""
    grammar: bool
    """whether questions can give it their phrases; without, no language uses it"""
    licence: str
    """the first line about a licence in its README, NOTICE or LICENSE; empty without one"""


def find_model(language: Language, setting: Path | None, models_folder: Path) -> Path:
    """The folder of the model for `language`: the site's setting, else one in `models_folder`, else the bundled one.

    A folder serves the languages whose codes stand in its name, unless it takes no phrases. One that serves this
    language only comes before a shared one, then the name decides. Raises ModelError when there is none, or when the
    setting names no folder.
    """
    if setting is not None:
        if not setting.is_dir():
            raise ModelError(f"no such folder: expected the speech model for {language}; {REMEDY}", where=setting)
        return setting
    for folder in (models_folder, BUNDLED):
        entries = [entry for entry in _folders(folder) if language in languages_of(entry)]
        found = [entry for entry in entries if takes_phrases(entry)]
        if found:
            return min(found, key=lambda entry: (len(languages_of(entry)), entry.name))
    raise ModelError(f"no speech model for {language} in this folder: {REMEDY}", where=models_folder)


def takes_phrases(path: Path) -> bool:
    """False for a model whose graph was made for dictation and is fixed: it can be given no question's phrases."""
    return (path / "graph/HCLr.fst").is_file() or not (path / FIXED_GRAPH).is_file()


def languages_of(path: Path) -> tuple[Language, ...]:
    """The languages whose codes stand between the separators of a folder's name: front-desk-zh-en serves both."""
    codes = {CODES.get(part) for part in re.split(r"[-_. ]", path.name.lower())}
    return tuple(language for language in LANGUAGES if language in codes)


def open_model(path: Path, cache_folder: Path) -> SpeechModel:
    """The model at `path`, checked, its features' settings corrected in a copy where they need it; ModelError."""
    ready = prepared(path, cache_folder)
    check_model(ready)
    return SpeechModel(ready, languages_of(path), vocabulary(ready))


def check_model(path: Path) -> None:
    """Raise ModelError, naming file and remedy, unless Vosk can load this folder and hears one sound always alike."""
    check_files(path)
    check_graph(path)
    conf = path / "conf/mfcc.conf"
    if mended(conf) != options(conf):
        raise ModelError(
            "expected --dither=0 (else the same sound gives other words each time) and, for a model of wider band "
            "than the telephone, --allow-upsample=true: open the model through `prepared`",
            where=conf,
        )
    _check_sums(path)


def prepared(path: Path, cache_folder: Path) -> Path:
    """`path` itself, or a folder of links to it whose mfcc.conf has no dither and takes telephone sound.

    Official models dither and refuse 8 kHz. The folder in `cache_folder` is made once, whole or not at all. Raises
    ModelError for a broken model and whatever the disk refuses.
    """
    check_files(path)
    source = path.resolve()
    lines = mended(source / "conf/mfcc.conf")
    if lines == options(source / "conf/mfcc.conf"):
        return path
    try:
        names = sorted(entry.name for entry in source.iterdir())
        key = hashlib.sha256("\n".join([str(source), *names, *lines]).encode()).hexdigest()[:12]
        folder = cache_folder / f"{path.name}-{key}"
        # the copy's files are links: damage behind them is looked for each time
        _check_sums(source)
        if not folder.is_dir():
            _link(source, lines, folder)
    except OSError as error:
        raise ModelError(
            f"cannot hold the prepared speech model ({error}): check the folder", where=cache_folder
        ) from error
    return folder


def describe(path: Path) -> ModelDescription:
    """What `ivr models list` tells about the model at `path`; ModelError for a broken one."""
    grammar = takes_phrases(path)
    if grammar:
        check_files(path)
    size = sum(entry.stat().st_size for entry in path.rglob("*") if entry.is_file())
    return ModelDescription(
        name=path.name,
        path=path,
        languages=languages_of(path),
        size=size,
        words=len(vocabulary(path) if grammar else listed_words(path)),
        rate=sample_rate(path),
        grammar=grammar,
        licence=_licence(path),
    )


def _folders(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith(".")]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise ModelError(f"the folder of speech models cannot be read ({error})", where=folder) from error


def check_files(path: Path) -> None:
    """Raise ModelError, naming the first file that Vosk needs and the model lacks."""
    if not takes_phrases(path):
        raise ModelError(
            "has a fixed graph, made for dictation: no question can give it its own phrases; "
            "`ivr models list --official` shows which can be used",
            where=path,
        )
    for name in NEEDED:
        file = path / name
        if not file.is_file() or file.stat().st_size == 0:
            raise ModelError(f"missing or empty, but Vosk needs it to hear chosen phrases; {REMEDY}", where=file)


def _check_sums(path: Path) -> None:
    """A graph that lost its end may load and hear wrong words in silence; a model that ships its sums is compared."""
    sums = path / SUMS
    if not sums.is_file():
        return
    for number, line in enumerate(options(sums), 1):
        digest, _, name = line.partition("  ")
        if len(digest) != SHA256_DIGITS or not name:
            raise ModelError("expected lines of `sha256  file`", where=f"{sums}:{number}")
        if _digest(path / name) != digest:
            raise ModelError(f"is not what {SUMS} says: damaged or changed; {REMEDY}", where=path / name)


def _digest(file: Path) -> str:
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"cannot be read ({error.strerror or error}); {REMEDY}", where=file) from error


def _link(source: Path, lines: list[str], folder: Path) -> None:
    """Make `folder` beside its place and rename it, so that no process ever sees half of it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    part = Path(tempfile.mkdtemp(prefix=".", dir=folder.parent))
    try:
        (part / "conf").mkdir()
        for entry in [*source.iterdir(), *(source / "conf").iterdir()]:
            if entry.name not in {"conf", "mfcc.conf", SUMS}:
                (part / entry.relative_to(source)).symlink_to(entry)
        (part / "conf/mfcc.conf").write_text("\n".join(lines) + "\n", encoding="utf-8")
        part.rename(folder)
    except OSError:
        shutil.rmtree(part, ignore_errors=True)
        # another process was faster: its folder is as good as ours
        if not folder.is_dir():
            raise


def _licence(path: Path) -> str:
    notes = sorted(entry for pattern in ("README*", "NOTICE*", "LICEN[CS]E*") for entry in path.glob(pattern))
    for note in notes:
        text = note.read_text(encoding="utf-8", errors="replace")
        found = [line.strip(" #*") for line in text.splitlines() if "licen" in line.lower()]
        if found:
            return found[0]
    return ""
