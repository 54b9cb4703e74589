"""Which column of a manifest fills which member, and whether layout, kind and manifest fit each other at all."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from api.manifests.cells import value_of
from api.manifests.members import Member, Members, put
from api.manifests.reading.formats import GENERAL
from api.manifests.reading.grid import MOST_COLUMNS, Number, header_key, lettered
from api.manifests.spelling import AS_IT_STANDS
from api.telling.labels import is_written_as_id
from ledger.errors import Malformed
from ledger.ids import Tag, is_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from api.manifests.layout import Layout
    from api.manifests.reading.grid import Sheet
    from api.manifests.rows import Find
    from api.manifests.spelling import Spelling
    from ledger.statement.text.strict_json import JsonValue

RULES: Final = {
    "IMP-06": "A manifest has every column that its layout names and that its statements need.",
}

_MOST_NAMED: Final = 20
_LONGEST_NAME: Final = 60


class Columns:
    """The columns of one manifest.

    row, body: the members of what a row adds, and of the statement.
    most_in_statement: how many rows go into one.
    shared, own: the members of the statement, and of the row, by the place of their column.
    joined: members of the row with the places of the columns that they are joined of.
    constants: what all statements say, by path. row_constants: what a row says whose cells do not.
    places: of all columns, by the name that a mapping has for them.
    """

    def __init__(
        self, file: str, sheet: Sheet, layout: Layout, later: frozenset[str] = frozenset(), find: Find | None = None
    ) -> None:
        """Find the columns.

        later: members of the statement that will be said before anything is imported.
        find: as in ``plan_import``.

        Raises Malformed: IMP-05 the layout does not fit its kind, IMP-06 a column is not in the manifest.
        """
        self.file, self.typed = file, sheet.typed
        self._sheet, self._layout = sheet, layout
        self._later, self._find = later, find
        self.places = _places(sheet.headers)
        self.body = Members(layout.of_kind.body, None)
        self.most_in_statement = self._most_in_statement()
        self.row = Members(layout.of_kind.body, layout.rows)
        self.constants = {path: self._constant(self.body, path, one) for path, one in layout.constants.items()}
        self.row_constants = {path: self._constant(self.row, path, one) for path, one in layout.row_constants.items()}
        shared, own = self._members(layout.shared, self.body), self._members(layout.columns, self.row)
        self._check_there()
        self.shared = {self.places[name]: member for name, member in shared.items() if name in self.places}
        self.own = {self.places[name]: member for name, member in own.items() if name in self.places}
        self.spellings = {self.places[name]: one for name, one in layout.spellings.items() if name in self.places}
        self.joined = [
            (member, tuple(self.places[name] for name in layout.joined[path] if name in self.places))
            for path, member in self._members({path: path for path in layout.joined}, self.row).items()
        ]
        self._ignored = {self.places[name] for name in layout.ignored if name in self.places}
        self._check_enough()

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the names of the columns that are not imported."""
        used = self._layout.named
        return tuple(name for name in self._sheet.headers if name and header_key(name) not in used)

    def spelling(self, place: int) -> Spelling:
        """Return how the cells of a column are read."""
        return self.spellings.get(place, AS_IT_STANDS)

    @property
    def hidden(self) -> Iterator[str]:
        """Yield the members whose column people do not see."""
        for place, member in (*self.shared.items(), *self.own.items()):
            if place in self._sheet.hidden:
                yield member.path

    def is_named(self, place: int) -> bool:
        """Say whether a column has a name."""
        named = place < len(self._sheet.headers) and bool(self._sheet.headers[place])
        joined = {one for _, places in self.joined for one in places}
        return named or place in self.own or place in self.shared or place in joined or place in self._ignored

    def has(self, path: str) -> bool:
        """Say whether a member of the row has a column."""
        members = (*self.own.values(), *(member for member, _ in self.joined))
        return any(path in (member.path, *_parts(member)) for member in members)

    def missing(self, shared: Mapping[str, JsonValue], element: Mapping[str, JsonValue]) -> Iterator[str]:
        """Yield the paths of what a statement needs and a row does not say."""
        said = {**self.said_by_all(), **shared}
        said |= dict(element) if self._layout.rows is None else {self._layout.rows: []}
        yield from (path for path in self.body.missing(said) if path not in self._later)
        if self._layout.rows is not None:
            yield from (path for path in self.row.missing(element) if path not in self._later)

    def name_of(self, path: str) -> str | None:
        """Return the column that a member comes from, as the manifest spells it; None if it comes from none."""
        for column, member in (*self._layout.columns.items(), *self._layout.shared.items()):
            if path and (member == path or member.startswith(f"{path}.") or path.startswith(f"{member}.")):
                place = self.places.get(column)
                named = place is not None and place < len(self._sheet.headers) and self._sheet.headers[place]
                return named or column
        return None

    def is_within(self, path: str) -> bool:
        """Say whether a member is only part of what its column holds, as the unit of an amount in one cell."""
        return any(path in _parts(member) for member in self.own.values())

    @property
    def named(self) -> frozenset[Tag]:
        """Return the subjects that all statements name."""
        return named_in(self.constants.values())

    def said_by_all(self) -> dict[str, JsonValue]:
        """Return what all statements say."""
        said: dict[str, JsonValue] = {}
        for path, value in self.constants.items():
            put(said, path, value)
        return said

    def _most_in_statement(self) -> int:
        """Return how many rows go into one statement: as many as the layout says, and the kind allows."""
        if self._layout.rows is None:
            return 1
        found = self.body.find(self._layout.rows)
        if found is None or found.sort != "array":
            raise Malformed("IMP-05", "rows", f"{self._layout.kind} has no list {self._layout.rows}")
        return min(self._layout.rows_in_statement, found.longest or self._layout.rows_in_statement)

    def _members(self, columns: Mapping[str, str], members: Members) -> dict[str, Member]:
        found: dict[str, Member] = {}
        for column, path in columns.items():
            member = members.find(path)
            if member is None:
                raise Malformed("IMP-05", f'"{column}"', f"{self._layout.kind} has no member {path} there")
            found[column] = member
        return found

    def _constant(
        self,
        members: Members,
        path: str,
        value: str | int | bool,  # noqa: FBT001  a value, not a switch
    ) -> JsonValue:
        member = members.find(path)
        if member is None:
            raise Malformed("IMP-05", path, f"{self._layout.kind} has no member {path}")
        cell = value if isinstance(value, str | bool) else Number(Decimal(value), GENERAL)
        try:
            if self._find is not None and member.id_type is not None and not is_written_as_id(str(value)):
                return self._find(member.id_type, str(value), ())
            return value_of(cell, member, typed=True)
        except ValueError as error:
            raise Malformed("IMP-05", path, str(error)) from None
        except Malformed as error:
            raise Malformed("IMP-05", path, error.problem) from None

    def _check_there(self) -> None:
        """Check that the columns that the layout names are there; of optional ones, any."""
        named = (*self._layout.shared, *self._layout.columns, *sorted(self._layout.named - self._own_and_shared()))
        lacking = [column for column in named if column not in self.places]
        if not self._layout.built_in and lacking:
            raise Malformed("IMP-06", self.file, f"has no column {_listed(lacking)}; {self._names()}")
        if len(lacking) == len(named):
            problem = f"has none of the columns that are known without a mapping: {', '.join(named)}"
            raise Malformed("IMP-06", self.file, f"{problem}; {self._names()}")

    def _own_and_shared(self) -> set[str]:
        return {*self._layout.shared, *self._layout.columns}

    def _check_enough(self) -> None:
        """Check that whatever a statement needs can come from somewhere."""
        everything: dict[str, JsonValue] = dict.fromkeys(
            (*self._layout.fresh, *self.row_constants, *self._layout.joined)
        )
        shared: dict[str, JsonValue] = {}
        for into, members in ((shared, self.shared), (everything, self.own)):
            for member in members.values():
                into.setdefault(member.path.partition(".")[0])
        lacking = list(dict.fromkeys(self.missing(shared, everything)))
        if lacking and not self._layout.built_in:
            problem = f"{', '.join(lacking)} must be said, and no column and no constant says it"
            raise Malformed("IMP-05", self._layout.kind, problem)
        if lacking:
            problem = f"has no column {_listed(lacking)}, and each row needs one; {self._names()}"
            raise Malformed("IMP-06", self.file, problem)

    def _names(self) -> str:
        named = [
            name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…" for name in self._sheet.headers if name
        ]
        more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
        return f"its line {self._sheet.header} names {', '.join(named[:_MOST_NAMED])}{more}"


def _places(headers: tuple[str, ...]) -> dict[str, int]:
    """Return where each column is, by its name, and by its letter where it has none of its own."""
    named = {header_key(name): place for place, name in enumerate(headers) if name}
    nameless = (place for place in range(MOST_COLUMNS) if place >= len(headers) or not headers[place])
    return {lettered(place): place for place in nameless} | named


def _parts(member: Member) -> tuple[str, ...]:
    return tuple(f"{member.path}.{part}" for part in member.parts)


def named_in(values: Iterable[JsonValue]) -> frozenset[Tag]:
    """Return the subjects that some values are the ids of."""
    return frozenset(Tag(one) for one in values if isinstance(one, str) and is_tag(one))


def _listed(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)
