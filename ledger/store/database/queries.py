"""Queries by name: SQL stands in ``.sql`` files, so that it can be read, run and reviewed as SQL. Knows no database."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, LiteralString, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

SQL: Final = Path(__file__).parent / "sql"
"""Where the store's own queries are."""

_NAME: Final = re.compile(r"^-- name: ([a-z_]+)\n", re.MULTILINE)


@cache
def read_queries(file: Path) -> Mapping[str, LiteralString]:
    """Return a file's queries by their names; each file is read once.

    A query starts at a line ``-- name: x`` and ends at the next one; what stands before the first is a comment.

    Raises ValueError: a name stands twice.
    """
    _, *parts = _NAME.split(file.read_text(encoding="utf-8"))
    names, queries = parts[::2], parts[1::2]
    if len(set(names)) < len(names):
        raise ValueError(f"{file} has a name twice")
    # psycopg asks for literal strings, to keep values out of queries. These are as literal as if they stood in this
    # file: they come with the program, and nothing is ever put into them. This is the one place that says so.
    return {name: cast("LiteralString", query.strip()) for name, query in zip(names, queries, strict=True)}
