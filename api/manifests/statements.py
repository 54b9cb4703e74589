"""From a sheet and a layout to the bodies of statements, and to all that is wrong with it, by line and column.

Pure: nothing is signed and no record is asked. Each row is held to the schema of its kind and to the units of the rule
pack in force, so that a wrong cell is named and not the whole statement it would have gone into.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import msgspec

from api.manifests.columns import Columns
from api.manifests.dimensions import dimension_of, of_another_dimension
from api.manifests.rows import Part, Rows, placed
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.manifests.layout import Layout
    from api.manifests.problems import Problem
    from api.manifests.reading.grid import Sheet
    from api.manifests.rows import Find
    from ledger.domain.law.tables import PermittedUnits
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "IMP-07": "The quantities that a manifest states of one consignment, approval and line are of one dimension.",
}

_OF_ONE_LINE: Final = frozenset({"consignment", "approval", "line"})
"""Where a body says all of these, its rows are containers of the same goods; elsewhere units may well differ."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A statement's body, and the lines of the manifest that it was made of."""

    body: dict[str, JsonValue]
    lines: tuple[int, ...]


@dataclass(slots=True)
class Plan:
    """What a manifest comes to: statements of the rows that are right, and the problems of the others.

    passed: the lines that were passed over, each with the reason. disclosed: by digest, what the statements commit to.
    unused, others: the columns, and the sheets of the workbook, that are not imported.
    """

    statements: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed: list[tuple[int, str]] = field(default_factory=list)
    disclosed: Mapping[str, str] = field(default_factory=dict)
    unused: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def beside(self, planned: Planned) -> tuple[str, ...]:
        """Return the disclosures that a statement of some of its rows commits to, each once."""
        return tuple(self.disclosed[one] for one in dict.fromkeys(_texts(planned.body)) if one in self.disclosed)


def _texts(value: JsonValue) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict() | list():
            for one in value.values() if isinstance(value, dict) else value:
                yield from _texts(one)
        case _:
            pass


def plan_import(  # noqa: PLR0917  the fifth and sixth are of those who look up and propose
    file: str,
    sheet: Sheet,
    layout: Layout,
    units: PermittedUnits,
    find: Find | None = None,
    later: frozenset[str] = frozenset(),
) -> Plan:
    """Turn a manifest into statements.

    file: the manifest's name, for problems.
    find: returns the id that a label or number as printed stands for, by the type of the id and the subjects that the
        row names besides; raises ValueError, in words, or Malformed where it stands for none or several. None: only
        ids are ids.
    later: members that will be said before anything is imported; the statements lack them.

    Raises Malformed: IMP-05 the layout does not fit its kind, IMP-06 a column of the layout is not in the manifest.
    """
    return _Planning(file, sheet, layout, units, find, later).plan()


class _Planning:
    """One manifest on its way into statements."""

    def __init__(  # noqa: PLR0917  as of plan_import
        self,
        file: str,
        sheet: Sheet,
        layout: Layout,
        units: PermittedUnits,
        find: Find | None,
        later: frozenset[str],
    ) -> None:
        self._sheet, self._layout, self._later = sheet, layout, later
        self._columns = Columns(file, sheet, layout, later, find)
        self._rows = Rows(self._columns, layout, units, find)
        self._plan = Plan(unused=self._columns.unused, others=sheet.others)

    def plan(self) -> Plan:
        """Read all rows, then put those that belong together into statements, in the order of their first rows."""
        for path in self._columns.hidden:
            problem = "the column is hidden in the spreadsheet: show it, or delete it"
            self._rows.note_error(self._sheet.header, Malformed("IMP-13", path, problem))
        groups: dict[bytes, list[Part]] = {}
        for row in self._sheet.rows:
            if (why := self._layout.pass_over.reason(row, self._columns.places)) is not None:
                self._plan.passed.append((row.line, why))
            elif (part := self._rows.read(row)) is not None:
                groups.setdefault(msgspec.json.encode(part.shared), []).append(part)
        if len(self._plan.passed) == len(self._sheet.rows):
            raise Malformed("IMP-14", self._columns.file, "every row below the header is passed over")
        for parts in map(self._of_one_dimension, groups.values()):
            most = self._columns.most_in_statement
            for start in range(0, len(parts), most):
                self._add(parts[start : start + most])
        self._plan.disclosed = self._rows.disclosed
        self._plan.problems = sorted(self._rows.problems, key=lambda problem: problem.line)
        return self._plan

    def _of_one_dimension(self, parts: list[Part]) -> list[Part]:
        """Return the rows whose amounts are of the dimension that most are of, the first one's in a tie; note others.

        IMP-07. Asks nothing of rows that become statements of their own, or that are not of one line.
        """
        if self._layout.rows is None or any(self._columns.body.find(member) is None for member in _OF_ONE_LINE):
            return parts
        wrong: set[int] = set()
        for path in dict.fromkeys(path for part in parts for path in part.amounts):
            stated = [part for part in parts if path in part.amounts]
            dimensions = [dimension_of(part.amounts[path].unit) for part in stated]
            ((usual, _),) = Counter(dimensions).most_common(1)
            others = [part.amounts[path] for part, one in zip(stated, dimensions, strict=True) if one == usual]
            odd = [part for part, one in zip(stated, dimensions, strict=True) if one != usual]
            for part in odd:
                problem = of_another_dimension(part.amounts[path], others, alone=len(odd) == 1)
                self._rows.note_error(part.line, Malformed("IMP-07", f"{path}.unit", problem))
            wrong |= {part.line for part in odd}
        return [part for part in parts if part.line not in wrong]

    def _add(self, parts: list[Part]) -> None:
        """Add a statement of some rows; where it is none, every one of them is wrong."""
        body = {**self._columns.said_by_all(), **parts[0].shared}
        if self._layout.rows is None:
            body |= parts[0].element
        else:
            body[self._layout.rows] = [part.element for part in parts]
        try:
            if not self._later:
                msgspec.convert(body, self._layout.of_kind.body)
        except msgspec.ValidationError as error:
            member, problem = placed(error, self._layout.of_kind.body, body)
            for part in parts:
                self._rows.note(part.line, member, problem)
            return
        self._plan.statements.append(Planned(body, tuple(part.line for part in parts)))
