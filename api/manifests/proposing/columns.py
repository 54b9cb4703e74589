"""Which column of a manifest is likely which member: by its header, and by whether its cells can be that at all.

A column is chosen where its words say just one thing and no other column says it as surely. All else is a candidate.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from api.language import label
from api.manifests.members import Members
from api.manifests.proposing.looking import Look, look_at
from api.manifests.proposing.words import NEVER, PART_OF_IT, Said, said_by
from api.manifests.reading.grid import lettered, letters
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from api.manifests.reading.grid import Cell, Row, Sheet
    from ledger.domain.kind import Kind

MOST_LOOKED_AT: Final = 10_000
"""So many rows are looked at; what stands below them is read as those are."""

_LABEL: Final = "label"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its place from 0, its header, what a mapping calls it, and its cells in rows that are goods."""

    place: int
    header: str
    called: str
    said: Said
    cells: tuple[Cell, ...]

    @property
    def shown(self) -> str:
        """Return how people are told of it."""
        return self.header or f"column {letters(self.place)}"


@dataclass(slots=True)
class Choice:
    """A column that is likely a member.

    path: the member; shared: of the statement, not of the row.
    others: columns that could be it too. doubts: what a person has to look at.
    """

    column: Column
    path: str
    shared: bool
    look: Look
    others: list[Column] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A column that may be a member, and why it is not chosen."""

    column: Column
    path: str
    shared: bool
    because: str


class Fields:
    """What the columns of a manifest can fill for one kind.

    rows: the list that each row adds to; None where each row is a statement.
    """

    def __init__(self, kind: Kind[Any], rows: str | None) -> None:
        """Choose the list. rows: which; None for the only one. Raises Malformed: IMP-05 it has several, or no such."""
        self.kind = kind
        self.body = Members(kind.body, None)
        lists = [path for path in self.body.paths() if "." not in path and self._is_list(path)]
        if rows is not None and rows not in lists:
            raise Malformed("IMP-05", "rows", f"{kind.name} has no list {rows} of rows")
        if rows is None and len(lists) > 1:
            raise Malformed(
                "IMP-05", "rows", f"{kind.name} has several lists, {', '.join(lists)}: name one with --rows"
            )
        self.rows = rows or (lists[0] if lists else None)
        self.row = Members(kind.body, self.rows)

    def _is_list(self, path: str) -> bool:
        member = self.body.find(path)
        return member is not None and member.sort == "array" and member.item is not None and bool(member.item.parts)

    def of(self, word: str) -> tuple[str, bool] | None:
        """Return the member that a word of the table means here, and whether it is of the statement; None: none."""
        for name in (word, "item") if word == _LABEL else (word,):
            if self._fills(self.row, name):
                return name, False
            if self.rows is not None and self._fills(self.body, name):
                return name, True
        return None

    def words(self) -> Iterator[str]:
        """Yield the members that some column could fill, as the table of words names them."""
        yield from (path for path in self.row.paths() if self._fills(self.row, path))
        if self.rows is not None:
            yield from (path for path in self.body.paths() if self._fills(self.body, path))
        if self.of(_LABEL) is not None:
            yield _LABEL

    def _fills(self, members: Members, path: str) -> bool:
        member = members.find(path)
        return member is not None and not member.parts and path != self.rows


def columns_of(sheet: Sheet, goods: Sequence[Row], fields: Fields) -> list[Column]:
    """Return the columns of a sheet that have a name or hold anything."""
    members = frozenset(fields.words())
    looked_at = goods[:MOST_LOOKED_AT]
    width = max([len(sheet.headers), *(len(row.cells) for row in looked_at)])
    found = []
    for place in range(width):
        header = sheet.headers[place] if place < len(sheet.headers) else ""
        cells = tuple(row.cells[place] if place < len(row.cells) else None for row in looked_at)
        if header or any(cell is not None for cell in cells):
            called = header or lettered(place).replace(letters(place).lower(), letters(place))
            found.append(Column(place, header, called, said_by(header, members), cells))
    return found


def choose(columns: Sequence[Column], fields: Fields, *, typed: bool) -> tuple[list[Choice], list[Candidate]]:
    """Return which columns are which members, in the order of the columns, and which others may be."""
    claims: defaultdict[tuple[str, bool], list[tuple[int, Column]]] = defaultdict(list)
    for column in columns:
        for word, rank in column.said.ranks.items():
            if word != NEVER and (member := fields.of(word)) is not None:
                claims[member].append((rank, column))
    chosen: list[Choice] = []
    candidates: list[Candidate] = []
    for (path, shared), claimed in claims.items():
        _choose_one(path, fields, claimed, chosen, candidates, shared=shared, typed=typed)
    taken = {choice.column.place for choice in chosen}
    left = [one for one in candidates if one.column.place not in taken]
    return sorted(chosen, key=lambda one: one.column.place), sorted(left, key=lambda one: one.column.place)


def _choose_one(
    path: str,
    fields: Fields,
    claimed: Sequence[tuple[int, Column]],
    chosen: list[Choice],
    candidates: list[Candidate],
    *,
    shared: bool,
    typed: bool,
) -> None:
    """Choose the column of one member, if one says it most surely and can be it."""
    members = fields.body if shared else fields.row
    member = members.find(path)
    if member is None:
        return
    possible: list[tuple[int, Column, Look]] = []
    for rank, column in sorted(claimed, key=lambda one: one[0]):
        look = look_at(column.cells, member, members, typed=typed)
        if look.fits:
            possible.append((rank, column, look))
        else:
            candidates.append(
                Candidate(
                    column, path, shared, label("{number} of its cells are not what it takes").format(number=look.wrong)
                )
            )
    if not possible:
        return
    surest, column, look = possible[0]
    rivals = [other for rank, other, _ in possible[1:] if rank == surest]
    if rivals or surest >= PART_OF_IT:
        names = ", ".join(f'"{other.shown}"' for other in rivals)
        because = (
            label("{columns} says the same").format(columns=names)
            if rivals
            else label("its header only has a word of it")
        )
        candidates += [Candidate(other, path, shared, because) for rank, other, _ in possible if rank == surest]
    else:
        others = [other for _, other, _ in possible[1:]]
        chosen.append(Choice(column, look.member.path, shared, look, others, [*look.doubts]))
    candidates += [
        Candidate(other, path, shared, label('"{column}" says it more surely').format(column=column.shown))
        for rank, other, _ in possible[1:]
        if rank != surest
    ]
