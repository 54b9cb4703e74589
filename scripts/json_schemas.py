"""JSON Schemas of what the commands print, made from their rows, and the page that lists them."""

from __future__ import annotations

import json
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, Final

import msgspec

from api.rows.printed import FAILED, PRINTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from api.rows.printed import Row

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
ERROR: Final = "error"
"""What the schema of an error is called."""

_HEAD: Final = """# JSON of the commands

Made from the code by `make docs`; do not edit. With `--json` a command prints one JSON object on each line of stdout,
and nothing else there; each line is one of the rows below, as the schema (JSON Schema 2020-12) has it. A command that
fails prints one object to stderr, [`error`](json/error.json). Names and meanings stay within a major version; members
may be added, so read what you know and pass over the rest. Instants are UTC, RFC 3339; amounts are decimals as texts.
What is told in words stands there in English, whatever the language.

| command | each line | schema |
|---|---|---|
"""


def schemas() -> dict[str, str]:
    """Return by its file name the schema of each command, and of errors."""
    made = {file_of(command): schema_of(f"vialog {command} --json", rows) for command, rows in PRINTED.items()}
    return made | {file_of(ERROR): schema_of("vialog … --json, on stderr", (FAILED,))}


def file_of(command: str) -> str:
    """Return the name of the file that a command's schema stands in."""
    return f"{command.replace(' ', '-')}.json"


def schema_of(title: str, rows: Sequence[Row]) -> str:
    """Return the schema of what is one of some rows, as JSON."""
    wanted, parts = msgspec.json.schema_components(rows, ref_template="#/$defs/{name}")
    either = wanted[0] if len(wanted) == 1 else {"anyOf": list(wanted)}
    said: dict[str, Any] = {"$schema": DIALECT, "title": title, **either}
    if parts:
        said["$defs"] = {name: _described(parts[name]) for name in sorted(parts)}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"


def page() -> str:
    """Return the page that lists the schemas."""
    lines = [_line(command, rows) for command, rows in PRINTED.items()]
    return _HEAD + "\n".join(lines) + "\n"


def _line(command: str, rows: Sequence[Row]) -> str:
    told = "<br>".join(_says(row) for row in rows)
    return f"| `vialog {command}` | {told} | [{file_of(command)}](json/{file_of(command)}) |"


def _says(row: Row) -> str:
    """Return the first sentence of what a row is said to be."""
    if not isinstance(row, type):
        return "The draft as an object; its body is that of its kind."
    return cleandoc(row.__doc__ or "").partition("\n\n")[0].replace("\n", " ")


def _described(part: Mapping[str, Any]) -> dict[str, Any]:
    """Return a part with its description as the docstring says it, without the indentation."""
    return {**part, "description": cleandoc(part["description"])} if "description" in part else dict(part)
