"""What commands print with --json, held against the schemas in docs/json."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator

from api.rows.printed import PRINTED
from scripts.json_schemas import ERROR, file_of
from scripts.make_docs import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HELD: Final[set[str]] = set()
"""The commands of which something was held against its schema in this process."""


def check_printed(arguments: Sequence[str], stdout: str, stderr: str) -> None:
    """Hold what a command printed against its schemas, if it was asked for JSON. Raises AssertionError."""
    command = command_of(arguments)
    if command is None or "--json" not in arguments:
        return
    for line in filter(str.strip, stdout.splitlines()):
        _check(file_of(command), line)
        HELD.add(command)
    for line in stderr.splitlines():
        if line.startswith('{"error":'):
            _check(file_of(ERROR), line)


def command_of(arguments: Iterable[str]) -> str | None:
    """Return the longest command that some arguments begin with."""
    words: list[str] = []
    found = None
    for one in arguments:
        words.append(one)
        found = command if (command := " ".join(words)) in PRINTED else found
    return found


def _check(file: str, line: str) -> None:
    errors = [f"{one.json_path}: {one.message}" for one in _validator(file).iter_errors(json.loads(line))]
    assert not errors, f"docs/json/{file} does not say so: {errors}\n{line}"


@cache
def _validator(file: str) -> Draft202012Validator:
    schema = json.loads((DOCS / "json" / file).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(_closed(schema))


def _closed(schema: Any) -> Any:  # noqa: ANN401  JSON
    """Return a schema that allows no member that it does not name: what is printed and not said fails."""
    if isinstance(schema, list):
        return [_closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(value) for name, value in schema.items()}
    return closed | {"additionalProperties": False} if isinstance(schema.get("properties"), dict) else closed
