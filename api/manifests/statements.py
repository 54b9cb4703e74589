"""From a sheet and a layout to the bodies of statements, and to all that is wrong with it, by line and column.

Pure: nothing is signed and no record is asked. Each row is held to the schema of its kind and to the units of the rule
pack in force, so that a wrong cell is named and not the whole statement it would have gone into.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast, get_args, get_type_hints

import msgspec

from api.manifests.cells import Members, is_error, value_of
from api.manifests.dimensions import dimension_of, of_another_dimension
from ledger.domain.vocabulary import Amount
from ledger.errors import Malformed, Refused
from ledger.ids import IdType, new_id
from ledger.statement import strict_json
from ledger.statement.wording import MISSING, in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.manifests.layout import Layout
    from api.manifests.sheets import Cell, Row, Sheet
    from ledger.domain.rules import PermittedUnits
    from ledger.statement.strict_json import JsonValue

RULES: Final = {
    "IMP-06": "A manifest has every column that its layout names.",
    "IMP-07": "The quantities that a manifest states of one consignment, approval and line are of one dimension.",
    "IMP-08": "Each value of a manifest stands in a column that its header names.",
    "IMP-09": "No cell that is imported holds an error value of a spreadsheet.",
}

_OF_ONE_LINE: Final = frozenset({"consignment", "approval", "line"})
"""Where a body says all of these, its rows are containers of the same goods; elsewhere units may well differ."""

_INDEX: Final = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where; column is "" where it is the row as a whole."""

    file: str
    line: int
    column: str
    problem: str

    def __str__(self) -> str:
        """Write it for people: ``manifest.xlsx line 1500, column "Unit": …``."""
        column = f', column "{self.column}"' if self.column else ""
        return f"{self.file} line {self.line}{column}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Planned:
    """A statement's body, and the lines of the manifest that it was made of."""

    body: dict[str, JsonValue]
    lines: tuple[int, ...]


@dataclass(slots=True)
class Plan:
    """What a manifest comes to: statements of the rows that are right, and the problems of the others."""

    statements: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unused: tuple[str, ...] = ()


def plan_import(file: str, sheet: Sheet, layout: Layout, units: PermittedUnits) -> Plan:
    """Turn a manifest into statements.

    file: the manifest's name, for problems.

    Raises Malformed: IMP-05 the layout does not fit its kind, IMP-06 a column of the layout is not in the manifest.
    """
    return _Planning(file, sheet, layout, units).plan()


@dataclass(frozen=True, slots=True)
class _Part:
    """One row, read: what it shares with others, what it adds to their list, and the amounts in that, by path."""

    line: int
    shared: dict[str, JsonValue]
    element: dict[str, JsonValue]
    amounts: dict[str, Amount]


class _Planning:
    """One manifest on its way into statements."""

    def __init__(self, file: str, sheet: Sheet, layout: Layout, units: PermittedUnits) -> None:
        self._file, self._sheet, self._layout, self._units = file, sheet, layout, units
        self._places = {name.casefold(): index for index, name in enumerate(sheet.headers) if name}
        self._body = Members(layout.of_kind.body, None)
        if layout.rows is not None and (self._body.find(layout.rows) or {}).get("type") != "array":
            raise Malformed("IMP-05", "rows", f"{layout.kind} has no list {layout.rows}")
        self._row = Members(layout.of_kind.body, layout.rows)
        self._row_type = _type_of_rows(layout)
        self._check_layout()
        used = layout.columns.keys() | layout.shared.keys()
        self._plan = Plan(unused=tuple(name for name in sheet.headers if name and name.casefold() not in used))
        self._seen: dict[tuple[str, JsonValue], int] = {}

    def plan(self) -> Plan:
        """Read all rows, then put those that belong together into statements, in the order of their first rows."""
        groups: dict[bytes, list[_Part]] = {}
        for row in self._sheet.rows:
            if (part := self._read(row)) is not None:
                groups.setdefault(msgspec.json.encode(part.shared), []).append(part)
        for parts in map(self._of_one_dimension, groups.values()):
            most = self._layout.rows_in_statement
            for start in range(0, len(parts), most):
                self._add(parts[start : start + most])
        self._plan.problems.sort(key=lambda problem: problem.line)
        return self._plan

    def _check_layout(self) -> None:
        for columns, members in ((self._layout.columns, self._row), (self._layout.shared, self._body)):
            for column, path in columns.items():
                if members.find(path) is None:
                    raise Malformed("IMP-05", f'"{column}"', f"{self._layout.kind} has no member {path} there")
                if column not in self._places and not self._layout.optional:
                    raise Malformed("IMP-06", self._file, f'has no column "{column}"')
        for path in self._layout.constants:
            if self._body.find(path) is None:
                raise Malformed("IMP-05", path, f"{self._layout.kind} has no member {path}")

    def _read(self, row: Row) -> _Part | None:
        """Read one row; None, with its problems noted, where it is not right."""
        noted = len(self._plan.problems)
        amounts: dict[str, Amount] = {}
        try:
            self._check_named(row)
        except Malformed as error:  # the row is out of step with the header, so what its other cells mean is not known
            self._note_error(row.line, error)
            return None
        shared = self._values(row, self._layout.shared, self._body)
        element = self._values(row, self._layout.columns, self._row)
        for path, id_type in self._layout.fresh.items():
            if path not in self._layout.columns.values() or not self._has_column(path):
                _put(element, path, new_id(cast("IdType", id_type)))
        if len(self._plan.problems) == noted:
            amounts = self._check_row(row, element)
        return _Part(row.line, shared, element, amounts) if len(self._plan.problems) == noted else None

    def _check_named(self, row: Row) -> None:
        headers = self._sheet.headers
        for place, cell in enumerate(row.cells):
            if cell is not None and (place >= len(headers) or not headers[place]):
                raise Malformed("IMP-08", "", f"has a value in column {place + 1}, which the header does not name")

    def _values(self, row: Row, columns: Mapping[str, str], members: Members) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for column, path in columns.items():
            place = self._places.get(column)
            cell = row.cells[place] if place is not None and place < len(row.cells) else None
            if cell is None:
                continue
            try:
                _check_no_error(path, cell)
                _put(found, path, value_of(cell, members.find(path) or {}))
            except Malformed as error:
                self._note_error(row.line, error)
            except ValueError as error:
                self._note(row.line, path, str(error))
        return found

    def _check_row(self, row: Row, element: dict[str, JsonValue]) -> dict[str, Amount]:
        """Check what a row adds and return the amounts in it, by path."""
        amounts: dict[str, Amount] = {}
        try:
            strict_json.encode(element)
            amounts = dict(_amounts(msgspec.convert(element, self._row_type)))
            for path, amount in amounts.items():
                self._check_unit(path, amount)
        except msgspec.ValidationError as error:
            self._note(row.line, *_placed(error, self._row_type))
        except Malformed as error:
            self._note_error(row.line, error)
        for path in self._layout.unique:
            value = _get(element, path)
            first = self._seen.setdefault((path, value), row.line) if isinstance(value, str) else row.line
            if first != row.line:
                self._note(row.line, path, f"{value} stands on line {first} already")
        return amounts

    def _check_unit(self, path: str, amount: Amount) -> None:
        try:
            self._units.check(amount.quantity)
        except Refused as error:
            member = "unit" if error.rule == "UNI-01" else "value"
            raise Malformed(error.rule, f"{path}.{member}", error.problem) from None

    def _of_one_dimension(self, parts: list[_Part]) -> list[_Part]:
        """Return the rows whose amounts are of the dimension that most are of, the first one's in a tie; note others.

        IMP-07. Asks nothing of rows that become statements of their own, or that are not of one line.
        """
        if self._layout.rows is None or any(self._body.find(member) is None for member in _OF_ONE_LINE):
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
                self._note_error(part.line, Malformed("IMP-07", f"{path}.unit", problem))
            wrong |= {part.line for part in odd}
        return [part for part in parts if part.line not in wrong]

    def _add(self, parts: list[_Part]) -> None:
        body: dict[str, JsonValue] = {}
        for path, value in self._layout.constants.items():
            self._put_constant(body, path, value)
        body |= parts[0].shared
        if self._layout.rows is None:
            body |= parts[0].element
        else:
            body[self._layout.rows] = [part.element for part in parts]
        try:
            msgspec.convert(body, self._layout.of_kind.body)
        except msgspec.ValidationError as error:
            self._note(parts[0].line, *_placed(error, self._layout.of_kind.body))
            return
        self._plan.statements.append(Planned(body, tuple(part.line for part in parts)))

    def _put_constant(self, body: dict[str, JsonValue], path: str, value: JsonValue) -> None:
        try:
            cell = cast("Cell", value)
            _put(body, path, value_of(cell, self._body.find(path) or {}))
        except ValueError as error:
            raise Malformed("IMP-05", path, str(error)) from None

    def _has_column(self, path: str) -> bool:
        return any(column in self._places for column, member in self._layout.columns.items() if member == path)

    def _note_error(self, line: int, error: Malformed) -> None:
        self._note(line, error.member.removeprefix("$").removeprefix("."), error.problem)

    def _note(self, line: int, path: str, problem: str) -> None:
        """Note a problem under the column that a member comes from, as the manifest spells it."""
        for column, member in (*self._layout.columns.items(), *self._layout.shared.items()):
            if member == path or member.startswith(f"{path}."):
                place = self._places.get(column)
                name = self._sheet.headers[place] if place is not None else column
                self._plan.problems.append(Problem(self._file, line, name, problem))
                return
        where = f"{path}: " if path else ""
        self._plan.problems.append(Problem(self._file, line, "", f"{where}{problem}"))


def _type_of_rows(layout: Layout) -> Any:  # noqa: ANN401  a type known at run time only
    """Return the type of what each row becomes: an element of the list, or the body itself."""
    if layout.rows is None:
        return layout.of_kind.body
    hint: Any = get_type_hints(layout.of_kind.body)[layout.rows]
    return get_args(hint)[0]


def _put(into: dict[str, JsonValue], path: str, value: JsonValue) -> None:
    *steps, last = path.split(".")
    for step in steps:
        into = cast("dict[str, JsonValue]", into.setdefault(step, {}))
    into[last] = value


def _get(found: JsonValue, path: str) -> JsonValue:
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def _amounts(read: object, path: str = "") -> Iterator[tuple[str, Amount]]:
    """Yield the amounts in a value with their paths."""
    if isinstance(read, Amount):
        yield path, read
    elif isinstance(read, msgspec.Struct):
        for name in read.__struct_fields__:
            yield from _amounts(getattr(read, name), f"{path}.{name}" if path else name)


def _check_no_error(path: str, cell: Cell) -> None:
    if is_error(cell):
        raise Malformed("IMP-09", path, f"{cell} is an error of the spreadsheet, not a value")


def _placed(error: msgspec.ValidationError, asked: Any) -> tuple[str, str]:  # noqa: ANN401  a type known at run time only
    """Return the member that is not of a type, indexes left out, and the problem; an empty cell is a missing member."""
    member, problem = in_words(error, asked)
    return _INDEX.sub("", member).removeprefix("."), "is empty or missing" if problem == MISSING else problem
