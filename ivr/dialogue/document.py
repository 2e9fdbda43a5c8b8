"""YAML with its line numbers: every scalar is text, duplicate keys are refused, a schema casts (design.md, rule 10)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from ivr.errors import FlowError

Path_ = tuple[str | int, ...]
Schema = TypeVar("Schema", bound=BaseModel)


@dataclass(frozen=True)
class Document:
    """A parsed YAML file: plain lists, dicts and strings, and the line on which each of them begins."""

    path: Path
    data: Any
    lines: dict[Path_, int]

    def where(self, *place: str | int) -> str:
        """`file:line` of the innermost known part of `place`."""
        for length in range(len(place), -1, -1):
            line = self.lines.get(tuple(place[:length]))
            if line is not None:
                return f"{self.path}:{line}"
        return str(self.path)


def load(path: Path) -> Document:
    """Read one YAML document.

    Raises FlowError with file:line for text that is not YAML, a duplicate key, or an empty file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise FlowError(f"cannot be read: {error.strerror or error}", where=path) from error
    except UnicodeDecodeError as error:
        raise FlowError(f"is not UTF-8 text (byte {error.start})", where=path) from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise FlowError(f"is not valid YAML: {error.problem}", where=f"{path}:{line}") from error
    except yaml.YAMLError as error:
        raise FlowError(f"is not valid YAML: {error}", where=path) from error
    if node is None:
        raise FlowError("is empty", where=path)
    lines: dict[Path_, int] = {}
    return Document(path, _plain(node, (), lines, path), lines)


def _plain(node: yaml.Node, place: Path_, lines: dict[Path_, int], path: Path) -> Any:  # noqa: ANN401 - YAML is untyped
    lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.ScalarNode):
        return node.value
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, (*place, index), lines, path) for index, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        raise FlowError("holds something that is neither text, list nor mapping", where=path)
    mapping: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise FlowError("a key must be plain text", where=f"{path}:{line}")
        key = key_node.value
        if key in mapping:
            raise FlowError(f"“{key}” stands here a second time", where=f"{path}:{line}")
        mapping[key] = _plain(value_node, (*place, key), lines, path)
        lines[(*place, key)] = line
    return mapping


def validate(document: Document, schema: type[Schema], place: Path_ = ()) -> Schema:
    """Cast the part of `document` at `place` by a pydantic schema; FlowError names file:line and what was expected."""
    data = document.data
    for part in place:
        data = data[part]
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        problems = [_problem(document, place, detail) for detail in error.errors()]
        raise FlowError("; ".join(message for _, message in problems), where=problems[0][0]) from error


def _problem(document: Document, place: Path_, detail: Any) -> tuple[str, str]:  # noqa: ANN401 - pydantic's ErrorDetails
    location = (*place, *detail["loc"])
    field = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        message = "is not a word that belongs here"
    elif detail["type"] == "missing":
        message = "is missing"
    return document.where(*location), f"“{field}” {message}" if field else message
