"""Read the files of models/ into validated records; every fault names its file and line.

Rules and lexicons are YAML, long tables are JSON lines (one record a line, read a dozen times as fast).

Scalars stay strings until the schema turns them into numbers or words, so that ``no``, ``on`` and ``12.30`` are what
they look like in every language.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from extractor.errors import KnowledgeInvalid

Location = tuple[str | int, ...]
Schema = TypeVar("Schema", bound=BaseModel)

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class DataRecord(BaseModel):
    """Base of every schema of a data file: frozen, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def models_folder() -> Path:
    """The folder of everything the pipeline knows: inside the wheel, else beside an editable checkout."""
    packaged = Path(__file__).parent / "_models"
    return packaged if packaged.is_dir() else Path(__file__).parent.parent / "models"


def load(path: Path, schema: type[Schema]) -> Schema:
    """Read one data file.

    Args:
        path: A YAML file.
        schema: The pydantic model of the whole file.

    Returns:
        The validated content.

    Raises:
        KnowledgeInvalid: Not readable, not YAML, a key twice, or not what the schema says; with file and line.
    """
    try:
        node = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeInvalid(f"{path}: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        raise KnowledgeInvalid(f"{path}:{line}: {getattr(error, 'problem', error)}") from error
    lines: dict[Location, int] = {}
    data = _plain(node, path, (), lines) if node is not None else {}
    try:
        return schema.model_validate(data)
    except ValidationError as error:
        # An unknown key explains a missing one: it is told first.
        fault = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
        where = _line_of(fault["loc"], lines)
        keys = ".".join(str(part) for part in fault["loc"])
        raise KnowledgeInvalid(f"{path}:{where}: {keys}: {fault['msg']} (found {fault.get('input')!r:.80})") from error


def load_lines(path: Path, schema: type[Schema]) -> tuple[Schema, ...]:
    """Read a table: one JSON object a line.

    Args:
        path: A JSON lines file.
        schema: The pydantic model of one line.

    Returns:
        The validated records; empty lines are passed over.

    Raises:
        KnowledgeInvalid: Not readable, no JSON, or not what the schema says; with file and line.
    """
    records: list[Schema] = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise KnowledgeInvalid(f"{path}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            records.append(schema.model_validate_json(line))
        except ValidationError as error:
            fault = error.errors(include_url=False)[0]
            keys = ".".join(str(part) for part in fault["loc"])
            raise KnowledgeInvalid(f"{path}:{number}: {keys}: {fault['msg']}") from error
    return tuple(records)


def _plain(node: yaml.Node, path: Path, at: Location, lines: dict[Location, int]) -> Any:
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            if key in result:
                raise KnowledgeInvalid(f"{path}:{key_node.start_mark.line + 1}: the key {key!r} stands twice")
            result[key] = _plain(value_node, path, (*at, key), lines)
            lines[(*at, key)] = key_node.start_mark.line + 1
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_plain(child, path, (*at, index), lines) for index, child in enumerate(node.value)]
    return node.value


def _line_of(location: Location, lines: dict[Location, int]) -> int:
    """The line of the deepest part of a validation location that stands in the file."""
    known = tuple(location)
    while known and known not in lines:
        known = known[:-1]
    return lines.get(known, 1)
