"""The official speech models: what the publisher tells of each, and how a download of it is known to be whole."""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ivr.errors import IvrError, ModelError
from ivr.records import Language

CATALOGUE = Path(__file__).with_name("catalogue.toml")
LIST = "model-list.json"
"""the publisher's list, beside the zips"""

CHUNK = 1 << 20


@dataclass(frozen=True)
class OfficialModel:
    """One model of the catalogue; where each figure comes from stands in catalogue.toml."""

    name: str
    language: Language
    size: int
    """bytes of the zip; a round figure where `sums` is empty"""
    rate: int
    """samples a second"""
    grammar: bool
    """whether a question can give it its own phrases; a graph that is fixed takes none"""
    licence: str
    errors: Mapping[str, float]
    """the publisher's error rates in per cent, by test set"""
    sums: Mapping[str, str] = field(default_factory=dict)
    """hash function → hexadecimal sum of the zip"""


@dataclass(frozen=True)
class Announced:
    """What a download must turn out to be."""

    size: int
    """bytes"""
    sums: Mapping[str, str]


def official_models() -> tuple[OfficialModel, ...]:
    """The catalogue, in its order."""
    entries = tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))["model"]
    return tuple(OfficialModel(**entry) for entry in entries)


def official(name: str) -> OfficialModel:
    """The model of that name; IvrError, with the nearest right one, when the catalogue has none."""
    models = {model.name: model for model in official_models()}
    if name not in models:
        close = difflib.get_close_matches(name, models, n=1, cutoff=0.4)
        meant = f" (did you mean {close[0]}?)" if close else ""
        raise IvrError(f"no official model “{name}”{meant}: `ivr models list --official` shows them")
    return models[name]


def announced(name: str, listing: bytes, where: str) -> Announced:
    """Size and sum of a model in the publisher's list; ModelError when it is not there or the list is another thing."""
    try:
        entries = {entry["name"]: entry for entry in json.loads(listing)}
        entry = entries[name]
        return Announced(int(entry["size"]), {"md5": str(entry["md5"]).lower()})
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(f"the list of models does not tell size and sum of {name} ({error!r})", where=where) from error


def check_zip(file: Path, expected: Announced) -> None:
    """Raise ModelError unless the file has the size and every sum that were announced."""
    try:
        size = file.stat().st_size
        found = _sums(file, tuple(expected.sums))
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror or error}", where=file) from error
    if size != expected.size:
        raise ModelError(f"is not the model that was announced: {size} bytes, expected {expected.size}", where=file)
    for kind, total in expected.sums.items():
        if found[kind] != total:
            raise ModelError(
                f"is not the model that was announced: its {kind} is {found[kind]}, not {total}", where=file
            )


def _sums(file: Path, kinds: tuple[str, ...]) -> dict[str, str]:
    # md5 is what the publisher gives: it finds damage, which is what is looked for
    totals = {kind: hashlib.new(kind, usedforsecurity=False) for kind in kinds}
    with file.open("rb") as stream:
        while block := stream.read(CHUNK):
            for total in totals.values():
                total.update(block)
    return {kind: total.hexdigest() for kind, total in totals.items()}
