"""From one row of a manifest to what it adds to a statement, and all that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast, get_args, get_type_hints

import msgspec

from api.manifests.cells import printed_in, value_of
from api.manifests.columns import named_in
from api.manifests.members import Member, put
from api.manifests.problems import Problem
from api.manifests.reading.grid import letters
from api.manifests.splitting import parted
from api.telling.labels import is_written_as_id
from api.telling.schemas import BEGUN
from ledger.domain.bodies.printed import NUMBER_PATTERN
from ledger.domain.bodies.vocabulary import Amount
from ledger.errors import Malformed, Refused
from ledger.ids import IdType, new_id
from ledger.statement.form.disclosure import digest_of, make_disclosure
from ledger.statement.text import strict_json
from ledger.statement.wording import in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from api.manifests.columns import Columns
    from api.manifests.layout import Layout
    from api.manifests.reading.grid import Cell, Row
    from api.manifests.spelling import Spelling
    from ledger.domain.law.tables import PermittedUnits
    from ledger.ids import Tag
    from ledger.statement.text.strict_json import JsonValue

    Find = Callable[[IdType, str, Collection[Tag]], str]
    """Returns the id that a text as printed stands for, by its type and what the row names besides."""

RULES: Final = {
    "IMP-08": "Each value of a manifest stands in a column that its header names.",
}

_EMPTY: Final = "is empty or missing"
_TEXT: Final = Member("", {"pattern": NUMBER_PATTERN})
"""What is committed to, or joined, is a code as printed."""


@dataclass(frozen=True, slots=True)
class Part:
    """One row, read: what it shares with others, what it adds to their list, and the amounts in that, by path."""

    line: int
    shared: dict[str, JsonValue]
    element: dict[str, JsonValue]
    amounts: dict[str, Amount]


class Rows:
    """The rows of one manifest, read one after the other.

    problems: what was wrong so far. disclosed: by digest, what the rows so far commit to.
    """

    def __init__(self, columns: Columns, layout: Layout, units: PermittedUnits, find: Find | None = None) -> None:
        """Read nothing yet. find: as in ``plan_import``."""
        self.problems: list[Problem] = []
        self.disclosed: dict[str, str] = {}
        self._committed: dict[str, str] = {}
        self._columns, self._layout, self._units, self._find = columns, layout, units, find
        self._type = type_of_rows(layout)
        self._unique = [member for path in layout.unique if (member := columns.row.find(path)) is not None]
        self._seen: dict[tuple[str, JsonValue], int] = {}
        self._begun = BEGUN.get(layout.kind, ())
        self._among: frozenset[Tag] = frozenset()

    def read(self, row: Row) -> Part | None:
        """Read one row; None, with its problems noted, where it is not right."""
        noted = len(self.problems)
        try:
            self._check_whole(row)
        except Malformed as error:  # what its cells mean is not known, or nobody sees them
            self.note_error(row.line, error)
            return None
        wrong: set[str] = set()
        self._among = self._columns.named
        shared = self._values(row, self._columns.shared, wrong)
        self._among = self._columns.named | named_in(shared.values())
        element = self._values(row, self._columns.own, wrong)
        self._join(row, element, wrong)
        for path, id_type in self._layout.fresh.items():
            if not self._columns.has(path):
                put(element, path, new_id(cast("IdType", id_type)))
        for path, value in self._columns.row_constants.items():
            _put_where_asked(element, path, value)
        for path in self._columns.missing(shared, element):
            if not any(one == path or one.startswith(f"{path}.") for one in wrong):
                self.note(row.line, path, _EMPTY)
        whole = element if self._layout.rows is not None else {**self._columns.said_by_all(), **shared, **element}
        amounts = self._checked(row, whole) if len(self.problems) == noted else {}
        self._check_unique(row, element)
        return Part(row.line, shared, element, amounts) if len(self.problems) == noted else None

    def note(self, line: int, path: str, problem: str) -> None:
        """Note a problem under the column that a member comes from, as the manifest spells it."""
        column = self._columns.name_of(path)
        where = f"{path}: " if path and (column is None or self._columns.is_within(path)) else ""
        self.problems.append(Problem(self._columns.file, line, column or "", f"{where}{problem}"))

    def note_error(self, line: int, error: Malformed) -> None:
        """Note which rule a member breaks."""
        self.note(line, error.member.removeprefix("$").removeprefix("."), error.problem)

    def _check_whole(self, row: Row) -> None:
        if row.fault is not None:
            raise Malformed(row.fault.rule, "", row.fault.problem)
        for place, cell in enumerate(row.cells):
            if cell is not None and not self._columns.is_named(place):
                twice = "" if self._layout.built_in else ", or names twice"
                raise Malformed(
                    "IMP-08", "", f"has a value in column {letters(place)}, which the header does not name{twice}"
                )

    def _values(self, row: Row, members: Mapping[int, Member], wrong: set[str]) -> dict[str, JsonValue]:
        """Return the values in some columns, by member; what is wrong is noted, and its path added to ``wrong``."""
        found: dict[str, JsonValue] = {}
        for place, member in members.items():
            spelling = self._columns.spelling(place)
            cell = spelling.of(_at(row, place))
            if cell is None:
                continue
            asked = member
            try:
                for asked, one in self._parts(cell, member, spelling):
                    put(found, asked.path, self._value(one, asked))
            except Malformed as error:
                self.note_error(row.line, error)
                wrong.add(asked.path)
            except ValueError as error:
                self.note(row.line, member.path, str(error))
                wrong.add(asked.path)
        return found

    def _join(self, row: Row, element: dict[str, JsonValue], wrong: set[str]) -> None:
        """Add the members whose parts stand in several columns, with slashes between them."""
        for member, places in self._columns.joined:
            cells = [self._columns.spelling(place).of(_at(row, place)) for place in places]
            if all(cell is None for cell in cells):
                continue
            try:
                put(element, member.path, value_of(self._joined(cells), member, typed=True))
            except (Malformed, ValueError) as error:
                problem = error.problem if isinstance(error, Malformed) else str(error)
                self.note(row.line, member.path, problem)
                wrong.add(member.path)

    def _joined(self, cells: Sequence[Cell]) -> str:
        if any(cell is None for cell in cells):
            raise ValueError("is joined of several columns, of which some are empty")
        return "/".join(str(value_of(cell, _TEXT, typed=self._columns.typed)) for cell in cells)

    def _parts(self, cell: Cell, member: Member, spelling: Spelling) -> Iterator[tuple[Member, Cell]]:
        """Yield a member with its cell or, of an amount whose value and unit stand in one cell, each of them."""
        if not member.is_amount:
            yield member, cell
            return
        for name, one in zip(member.parts, parted(cell, spelling), strict=True):
            part = self._columns.row.find(f"{member.path}.{name}")
            if one is not None and part is not None:
                yield part, one

    def _value(self, cell: Cell, member: Member) -> JsonValue:
        """Return a value; where the id of something known is asked for and a text is none, what it is found by."""
        if member.is_commitment:
            return self._commitment(cell, member)
        one = member.item or member
        if self._find is None or one.id_type is None or self._begins(member):
            return value_of(cell, member, typed=self._columns.typed)
        printed = printed_in(cell, member)
        if member.item is None:
            return self._id(printed, member, self._find)
        return [self._id(text.strip(), member.item, self._find) for text in printed.split(",")]

    def _id(self, text: str, member: Member, find: Find) -> JsonValue:
        if member.id_type is None or is_written_as_id(text):
            return value_of(text, member, typed=self._columns.typed)
        return find(member.id_type, text, self._among)

    def _begins(self, member: Member) -> bool:
        """Say whether a member is the id of what the statement brings into being; nothing is called so yet."""
        of_row = self._layout.rows is not None and member in self._columns.own.values()
        return (f"{self._layout.rows}.{member.path}" if of_row else member.path) in self._begun

    def _commitment(self, cell: Cell, member: Member) -> str:
        """Return what commits to a cell: it is disclosed, once for all rows that say the same."""
        code = value_of(cell, _TEXT, typed=self._columns.typed)
        name = f"{member.path} {code}"
        if name not in self._committed:
            disclosure = make_disclosure(name, code)
            self._committed[name] = digest_of(disclosure.text)
            self.disclosed[self._committed[name]] = disclosure.text
        return self._committed[name]

    def _checked(self, row: Row, element: dict[str, JsonValue]) -> dict[str, Amount]:
        """Check what a row adds as a whole, and return the amounts in it, by path."""
        try:
            strict_json.encode(element)
            amounts = dict(_amounts(msgspec.convert(element, self._type)))
        except msgspec.ValidationError as error:
            self.note(row.line, *placed(error, self._type, element))
            return {}
        except Malformed as error:
            self.note_error(row.line, error)
            return {}
        for path, amount in amounts.items():
            try:
                self._units.check(amount.quantity)
            except Refused as error:
                self.note(row.line, f"{path}.{'unit' if error.rule == 'UNI-01' else 'value'}", error.problem)
        return amounts

    def _check_unique(self, row: Row, element: dict[str, JsonValue]) -> None:
        for member in self._unique:
            value = _get(element, member.path)
            if isinstance(value, str):
                first = self._seen.setdefault((member.path, member.key(value)), row.line)
                if first != row.line:
                    self.note(row.line, member.path, f"{value} stands on line {first} already")


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else None


def _put_where_asked(element: dict[str, JsonValue], path: str, value: JsonValue) -> None:
    """Set a member that is not there, of what lies within another one only where that is."""
    parent = path.rpartition(".")[0]
    if _get(element, path) is None and (not parent or _get(element, parent) is not None):
        put(element, path, value)


def type_of_rows(layout: Layout) -> Any:  # noqa: ANN401  a type known at run time only
    """Return the type of what each row becomes: an element of the list, or the body itself."""
    if layout.rows is None:
        return layout.of_kind.body
    hint: Any = get_type_hints(layout.of_kind.body)[layout.rows]
    return get_args(hint)[0]


def placed(error: msgspec.ValidationError, asked: Any, value: object) -> tuple[str, str]:  # noqa: ANN401  as above
    """Return the member that is not of a type, and the problem."""
    member, problem = in_words(error, asked, value)
    return member.partition("[")[0].removeprefix("."), problem


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
