"""What stands in a log's database beside its rows, compared with what the migrations make.

Tables, columns, defaults, constraints, indexes, functions, triggers, owners, rights; and whatever else hangs on them.
What a freshly migrated database has is kept in ``catalogue.txt``, one line for each thing, written by
``scripts/make_catalogue.py``; a test compares it with a fresh database on every server that there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ledger.store.database.queries import SQL, read_queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import psycopg

KEPT: Final = Path(__file__).parent / "catalogue.txt"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as the migrations make it.

    what, name: which, such as a trigger or the rights to a table. due, found: how it has to be, how it is; "" where it
    has to be nothing, or is missing.
    """

    what: str
    name: str
    due: str
    found: str


def list_catalogue(connection: psycopg.Connection[Any]) -> list[str]:
    """Return a line for each thing in a log's database, inside a transaction."""
    queries = read_queries(SQL / "catalogue.sql")
    connection.execute(queries["plainly"])
    return ["\t".join(row) for row in connection.execute(queries["catalogue"])]


def compare_catalogue(connection: psycopg.Connection[Any]) -> tuple[Difference, ...]:
    """Return what differs from a freshly migrated database, by kind and name."""
    found, due = (_by_name(lines) for lines in (list_catalogue(connection), read_kept()))
    return tuple(
        Difference(*key, *("; ".join(one.get(key, ())) for one in (due, found)))
        for key in sorted(found.keys() | due.keys())
        if found.get(key) != due.get(key)
    )


def read_kept() -> Sequence[str]:
    """Return the lines of a freshly migrated database."""
    return KEPT.read_text(encoding="utf-8").splitlines()


def _by_name(lines: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    named: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        what, name, made = line.split("\t", 2)
        named.setdefault((what, name), []).append(made or "there")
    return named
