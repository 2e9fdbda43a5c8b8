"""YAML with its line numbers: every scalar is text, duplicate keys are refused, a schema casts (design.md, rule 10)."""

from __future__ import annotations

import difflib
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
        line = error.object.count(b"\n", 0, error.start) + 1
        raise FlowError("is not UTF-8 text: save it as UTF-8", where=f"{path}:{line}") from error
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        reason = ", ".join(filter(None, (error.context, error.problem)))
        raise FlowError(f"is not valid YAML: {reason}", where=f"{path}:{line}") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise FlowError(f"holds an unprintable character (code {error.character})", where=f"{path}:{line}") from error
    except RecursionError as error:
        raise FlowError("is nested too deeply", where=path) from error
    if node is None:
        raise FlowError("is empty", where=path)
    reader = _Reader(path)
    return Document(path, reader.plain(node, ()), reader.lines)


class _Reader:
    """Turns YAML nodes into plain data and remembers their lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._nodes: set[int] = set()
        self.lines: dict[Path_, int] = {}

    def plain(self, node: yaml.Node, place: Path_) -> Any:  # noqa: ANN401 - YAML is untyped
        line = node.start_mark.line + 1
        self.lines[place] = line
        if id(node) in self._nodes:
            # a few lines of aliases may stand for gigabytes, or for themselves
            raise self._error(line, "an alias (*name) is not understood here: write out what it stands for")
        self._nodes.add(id(node))
        if isinstance(node, yaml.ScalarNode):
            return node.value
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(child, (*place, index)) for index, child in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            raise self._error(line, "holds something that is neither text, list nor mapping")
        return self._mapping(node, place)

    def _mapping(self, node: yaml.MappingNode, place: Path_) -> dict[str, Any]:
        mapping: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise self._error(line, "a key must be plain text")
            key = key_node.value
            if key in mapping:
                raise self._error(line, f"“{key}” stands here a second time")
            mapping[key] = self.plain(value_node, (*place, key))
            self.lines[(*place, key)] = line
        return mapping

    def _error(self, line: int, message: str) -> FlowError:
        return FlowError(message, where=f"{self._path}:{line}")


def validate(document: Document, schema: type[Schema], place: Path_ = ()) -> Schema:
    """Cast the part of `document` at `place` by a pydantic schema; FlowError names file:line and what was expected."""
    data = document.data
    for part in place:
        data = data[part]
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        problems = [_problem(document, schema, place, detail) for detail in sorted(error.errors(), key=_late)]
        first = problems[0][0]
        others = [message if where == first else f"{where}: {message}" for where, message in problems[1:]]
        raise FlowError("; ".join([problems[0][1], *others]), where=first) from error


def _late(detail: Any) -> bool:  # noqa: ANN401 - pydantic's ErrorDetails
    """What is missing comes last: it may only be misspelt."""
    return bool(detail["type"] == "missing")


def _problem(
    document: Document,
    schema: type[BaseModel],
    place: Path_,
    detail: Any,  # noqa: ANN401 - pydantic's ErrorDetails
) -> tuple[str, str]:
    location = (*place, *detail["loc"])
    field = ".".join(str(part) for part in detail["loc"])
    message = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "extra_forbidden":
        close = difflib.get_close_matches(str(detail["loc"][-1]), _fields(schema, detail["loc"][:-1]), n=1, cutoff=0.5)
        message = "is not a word that belongs here" + (f"; did you mean “{close[0]}”?" if close else "")
    elif detail["type"] == "missing":
        message = "is missing"
    return document.where(*location), f"“{field}” {message}" if field else message


def _fields(schema: type[BaseModel], place: Path_) -> list[str]:
    """The words that belong at `place` of a schema; those of its top where `place` is in no schema of its own."""
    for part in place:
        field = schema.model_fields.get(str(part))
        inner = field.annotation if field else None
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            schema = inner
    return list(schema.model_fields)
