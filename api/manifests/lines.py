"""Which lines of a manifest an answer of the ledger is about: what it names is looked up in the rows.

A statement is made of many rows and is judged as a whole, as it will be signed. Pure: nothing is asked again.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ledger.errors import NeedsAcknowledgement
from ledger.ids import is_tag

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from api.manifests.statements import Planned
    from ledger.breach import Breach
    from ledger.errors import LedgerError
    from ledger.statement.text.strict_json import JsonValue

_ID: Final = re.compile(r"[a-z]+:[0-9A-Za-z-]+")


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the rows of a layout stand in a body, and what tells one from another.

    member: the list that the rows are in; None where each row has a statement of its own.
    unique: paths of members that no two rows have alike.
    """

    member: str | None
    unique: tuple[str, ...]

    def elements(self, planned: Planned) -> list[JsonValue]:
        """Return the rows of a statement, one for each of its lines."""
        rows = planned.body if self.member is None else planned.body[self.member]
        return rows if isinstance(rows, list) else [rows]

    def lines_of(self, planned: Planned, breach: Breach) -> tuple[int, ...]:
        """Return the lines of the rows that a breach concerns; none where it is of the statement as a whole."""
        return self._naming(planned, set(breach.subjects))

    def lines_named(self, planned: Planned, problem: str) -> tuple[int, ...]:
        """Return the lines of the rows that a problem names by an id or by what is unique; none where it names none."""
        ids = set(_ID.findall(problem))
        lines = self._naming(planned, {name for name in ids if is_tag(name)})
        return lines or self._naming(planned, {one for one in self._labels(planned) if _stands_in(one, problem)})

    def wrong_in(self, planned: Planned, error: LedgerError) -> tuple[int, ...]:
        """Return the lines that have to be left out because of an error; none where it is not known which."""
        if not isinstance(error, NeedsAcknowledgement):
            return self.lines_named(planned, str(error))
        found = [self.lines_of(planned, breach) for breach in error.breaches]
        return tuple(sorted({line for lines in found for line in lines})) if all(found) else planned.lines

    def _naming(self, planned: Planned, names: Collection[str]) -> tuple[int, ...]:
        """Return the lines of the rows in which one of some texts stands; none where all rows have one in common."""
        where: defaultdict[str, list[int]] = defaultdict(list)
        for line, element in zip(planned.lines, self.elements(planned), strict=True):
            for text in set(_texts(element)) & set(names):
                where[text].append(line)
        shared = len(planned.lines) if len(planned.lines) > 1 else 2
        return tuple(sorted({line for lines in where.values() if len(lines) < shared for line in lines}))

    def _labels(self, planned: Planned) -> Iterator[str]:
        for element in self.elements(planned):
            for path in self.unique:
                value = element
                for step in path.split("."):
                    value = value.get(step) if isinstance(value, dict) else None
                if isinstance(value, str):
                    yield value


def _texts(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)


def _stands_in(name: str, problem: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", problem) is not None
