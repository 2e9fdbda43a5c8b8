"""A model with more words: the same network, a new graph. No training."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import ModelError
from ivr.speech.building.costs import read_costs
from ivr.speech.building.graph import GARBAGE, build_graph, fits
from ivr.speech.building.openfst import plugins
from ivr.speech.building.seal import seal
from ivr.speech.building.units import language_of, pronunciations
from ivr.speech.building.words import SiteWord, sound_units
from ivr.speech.graph import REMEDY, vocabulary
from ivr.speech.install import UNPACKING, locked
from ivr.speech.models import SUMS, check_model

SAID = "graph/said.json"
"""how a site's words are said that no dictionary knows: kept, so that more words can be added later"""

Said = dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Sorted:
    """What is to be done for each word."""

    added: tuple[str, ...]
    """new words, and the characters in them that were no words by themselves"""
    changed: tuple[str, ...]
    """known already, said otherwise from now on"""
    known: tuple[str, ...]
    unsayable: tuple[str, ...]
    """no dictionary knows how they are said"""
    said: Said
    """how words are said that were told, those of earlier times among them"""


def sort_words(source: Path, words: Iterable[SiteWord]) -> Sorted:
    """Look the words up in the model `source`; ModelError when its words cannot be read or its sounds are not ours."""
    if not fits(source):
        raise ModelError(
            "its sounds are not ours: words can be added to models of this project only, such as the bundled one",
            where=source,
        )
    old, said = vocabulary(source), _read_said(source)
    told: dict[str, list[str]] = {}
    for word in words:
        told.setdefault(word.text, []).extend(filter(None, [word.said]))
    changed = [word for word, ways in told.items() if word in old and ways and said.get(word) != tuple(ways)]
    known = [word for word in told if word in old and word not in changed]
    new = [word for word in told if word not in old]
    added = [word for word in new if told[word] or _sayable(word)]
    characters = {character for word in added if language_of(word) == "zh" for character in word}
    inside = sorted(each for each in characters - old - set(told) if _sayable(each))
    said |= {word: tuple(told[word]) for word in (*added, *changed) if told[word]}
    return Sorted(
        (*added, *inside), tuple(changed), tuple(known), tuple(word for word in new if word not in added), said
    )


def extend(source: Path, target: Path, words: Sorted, *, asked: AbstractSet[str], tell: Callable[[str], None]) -> int:
    """Make `target`, whole or not at all: the network of `source` with all its words and these; gives their number.

    `asked` are words that questions ask for. ModelError without OpenFst's tools, or when the disk refuses.
    """
    plugins()
    with locked(target.parent):
        _restore(target)
        return _extend(source, target, words, asked=asked, tell=tell)


def earlier_words(target: Path, source: Path) -> tuple[SiteWord, ...]:
    """What `target` was given before that `source` lacks, to be added again; nothing when there is no target yet."""
    if not target.is_dir() or target.resolve() == source.resolve():
        return ()
    told = _read_said(target)
    more = vocabulary(target) - vocabulary(source) - told.keys() - set(GARBAGE)
    spoken = [SiteWord(word, way) for word, ways in told.items() for way in ways]
    return (*(SiteWord(word) for word in sorted(more)), *spoken)


def _extend(source: Path, target: Path, words: Sorted, *, asked: AbstractSet[str], tell: Callable[[str], None]) -> int:
    try:
        part = Path(tempfile.mkdtemp(prefix=UNPACKING, dir=target.parent))
    except OSError as error:
        raise ModelError(
            f"cannot be written ({error}): name another folder, IVR_MODELS", where=target.parent
        ) from error
    try:
        tell("copying the network")
        _copy(source, part)
        tell("building the graph")
        old = vocabulary(source) - set(GARBAGE)
        spoken = {word: [sound_units(way) for way in ways] for word, ways in words.said.items()}
        count = build_graph(part, sorted(old | set(words.added)), read_costs(source), asked=asked, spoken=spoken)
        _write_said(part, words.said)
        seal(part)
        tell("checking the model")
        _check(part, old | set(words.added))
        part.chmod(source.stat().st_mode)
        _put(part, target)
    except OSError as error:
        raise ModelError(f"the new model cannot be written ({error}): check the disk", where=target) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return count


def _sayable(word: str) -> bool:
    try:
        return bool(pronunciations(word, language_of(word)))
    except ModelError:
        return False


def _check(folder: Path, words: AbstractSet[str]) -> None:
    check_model(folder)
    lost = words - vocabulary(folder)
    if lost:
        raise ModelError(f"OpenFst's tools lost words, such as {min(lost)}: install them anew", where=folder)


def _copy(source: Path, part: Path) -> None:
    """All but the graph and the sums. The network is large, and nobody edits it: a second name for it does."""
    for file in sorted(each for each in source.rglob("*") if each.is_file()):
        place = file.relative_to(source)
        if place.parts[0] in {"graph", SUMS}:
            continue
        (part / place).parent.mkdir(parents=True, exist_ok=True)
        if place.parts[0] == "am":
            _link(file.resolve(), part / place)
        else:
            shutil.copyfile(file, part / place)


def _link(file: Path, name: Path) -> None:
    try:
        os.link(file, name)
    except OSError:
        # another disk, or one without links
        shutil.copyfile(file, name)


def _put(part: Path, target: Path) -> None:
    """A folder cannot be renamed over another: the old one steps aside, and back when the new one cannot come."""
    aside = _aside(target)
    if target.exists():
        target.rename(aside)
    try:
        part.rename(target)
    except OSError:
        if aside.exists():
            aside.rename(target)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _aside(target: Path) -> Path:
    return target.with_name(f".old-{target.name}")


def _restore(target: Path) -> None:
    """A power cut between two renames leaves the old model aside: it comes back."""
    aside = _aside(target)
    if aside.exists() and not target.exists():
        aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def _read_said(folder: Path) -> Said:
    file = folder / SAID
    try:
        kept: Mapping[str, Sequence[str]] = json.loads(file.read_text(encoding="utf-8"))
        return {word: tuple(ways) for word, ways in kept.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise ModelError(f"expected words and their sounds as JSON ({error}); {REMEDY}", where=file) from error


def _write_said(folder: Path, said: Said) -> None:
    if said:
        (folder / SAID).write_text(json.dumps(said, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
