"""A mapping for somebody else's manifest, proposed: what each column is likely to be, and what is not known.

A proposal is looked at, written to a file, changed where it is wrong, and only then used. What is uncertain is never in
it as if it were known. It is pure, and stays within the limits of reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from api.language import label
from api.manifests.layout import Layout
from api.manifests.proposing.columns import MOST_LOOKED_AT, Candidate, Choice, Column, Fields, choose, columns_of
from api.manifests.proposing.heading import Heading, headings_in
from api.manifests.proposing.leaving import Leaving, leaving
from api.manifests.reading.grid import header_key, lettered, letters
from api.manifests.spelling import AS_IT_STANDS
from api.manifests.statements import Plan, plan_import
from api.telling.schemas import BEGUN
from ledger.errors import Malformed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from api.manifests.reading.sheets import Manifest
    from api.manifests.rows import Find
    from ledger.domain.kind import Kind
    from ledger.domain.law.tables import PermittedUnits

_MOST_SHEETS: Final = 10
_NEW: Final = frozenset({"item", "case"})
"""What gets a new id in each row that brings it into being, where no column gives one."""


@dataclass(slots=True)
class Proposal:
    """What is proposed for one manifest.

    layout: what is sure of it; it can be used once what is needed is said.
    header: the line. choices, candidates, never: what became of each column.
    needed: members that must be said, and by nothing are; of_rows: those of the rows.
    leaving: which rows are passed over. plan: what the first rows come to so.
    """

    manifest: Manifest
    layout: Layout
    header: int
    choices: list[Choice]
    candidates: list[Candidate]
    never: list[Column]
    leaving: Leaving
    plan: Plan
    needed: list[str] = field(default_factory=list)
    of_rows: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def propose(
    manifest: Manifest,
    kind: Kind[Any],
    constants: Mapping[str, str],
    units: PermittedUnits,
    *,
    rows: str | None = None,
    sheet: str | None = None,
    find: Find | None = None,
) -> Proposal:
    """Propose a mapping for a manifest.

    constants: of the statement, said already. rows, sheet: which list and which sheet, where there are several.
    find: as in ``plan_import``.

    Raises Malformed: IMP-01 to IMP-04, IMP-14 it cannot be read, IMP-05 the kind has several lists of rows.
    """
    fields = Fields(kind, rows)
    doubts: list[str] = []
    sheet, heading = _sheet_of(manifest, sheet, fields, doubts)
    read = manifest.sheet(sheet, manifest.header_at(heading.line))
    called = [name or f"column {letters(place)}" for place, name in enumerate(read.headers)]
    called += [f"column {letters(place)}" for place in range(len(called), 256)]
    places = {header_key(name): place for place, name in enumerate(called)}
    left = leaving(read, called, places)
    passed = set(left.lines) | {line for lines in left.doubtful.values() for line in lines}
    goods = [row for row in read.rows if row.line not in passed and row.fault is None]
    if len(goods) > MOST_LOOKED_AT:
        doubts.append(label("only the first {number} rows were looked at").format(number=MOST_LOOKED_AT))
    columns = columns_of(read, goods, fields)
    choices, candidates = choose(columns, fields, typed=read.typed)
    layout = _layout(manifest, fields, sheet, choices, left, constants=constants)
    taken = {one.column.place for one in choices} | {one.column.place for one in candidates}
    never = [column for column in columns if column.place not in taken]
    layout = replace(layout, ignored=_nameless(columns, choices))
    if not layout.where.names:  # by nothing the header could be found
        layout = replace(layout, header=manifest.header_at(heading.line).line)
    found = Proposal(manifest, layout, read.header, choices, candidates, never, left, Plan(), doubts=doubts)
    _need(found, fields)
    later = frozenset((*found.needed, *found.of_rows))
    if choices:
        looked_at = replace(read, rows=read.rows[:MOST_LOOKED_AT])
        found.plan = plan_import(manifest.name, looked_at, layout, units, find, later)
    return found


def _sheet_of(manifest: Manifest, asked: str | None, fields: Fields, doubts: list[str]) -> tuple[str | None, Heading]:
    """Return the sheet whose header names the most members, and that header; of those alike the first."""
    names = manifest.sheet_names()
    members = frozenset(fields.words())
    found: list[tuple[str | None, Heading]] = []
    for name in [asked] if asked is not None or not names else names[:_MOST_SHEETS]:
        headings = headings_in(manifest.first_rows(name), members)
        if headings:
            found.append((name, headings[0]))
            rival = next((one for one in headings if one.texts != headings[0].texts), None)
            if rival is not None and rival.known == headings[0].known:
                said = label("line {line} may be the header as well as line {chosen}")
                where = f"{name}: " if len(names) > 1 else ""
                doubts.append(where + said.format(line=rival.line, chosen=headings[0].line))
    if not found:
        problem = "none of its first lines looks like a header: none names two columns"
        raise Malformed("IMP-03", manifest.name, problem)
    best = max(found, key=lambda one: one[1].worth)
    alike = [str(name) for name, heading in found if heading.known == best[1].known and name != best[0]]
    if alike:
        said = label("the sheets {sheets} have a header like that of {chosen}: --sheet takes one of them")
        doubts.append(said.format(sheets=", ".join(alike), chosen=best[0]))
    return best[0] if len(names) > 1 else None, best[1]


def _layout(
    manifest: Manifest,
    fields: Fields,
    sheet: str | None,
    choices: Sequence[Choice],
    left: Leaving,
    *,
    constants: Mapping[str, str],
) -> Layout:
    shared = {one.column.called: one.path for one in choices if one.shared and one.path not in constants}
    own = {one.column.called: one.path for one in choices if not one.shared}
    spellings = {
        header_key(one.column.called): one.look.spelling for one in choices if one.look.spelling != AS_IT_STANDS
    }
    fresh = {path: of for path, of in _begun(fields) if path not in own.values()}
    return Layout(
        kind=fields.kind.name,
        rows=fields.rows,
        rows_in_statement=200 if fields.rows is not None else 1,
        sheet=sheet,
        encoding=manifest.encoding,
        header=None,
        unique=tuple(path for path in ("item", "label") if path in own.values()),
        constants=constants,
        row_constants=_units(choices),
        shared={header_key(column): path for column, path in shared.items()},
        columns={header_key(column): path for column, path in own.items()},
        fresh=fresh,
        spellings=spellings,
        pass_over=left.rule,
    )


def _begun(fields: Fields) -> Iterator[tuple[str, str]]:
    """Yield the members of a row whose ids are new, with their types."""
    within = "" if fields.rows is None else f"{fields.rows}."
    for path in BEGUN.get(fields.kind.name, ()):
        member = fields.row.find(path.removeprefix(within)) if path.startswith(within) else None
        if member is not None and member.id_type in _NEW:
            yield member.path, member.id_type


def _units(choices: Sequence[Choice]) -> dict[str, str | int | bool]:
    """Return the units that headers name, of amounts whose units no column says."""
    said = {one.path for one in choices}
    found: dict[str, str | int | bool] = {}
    for one in choices:
        whole = one.path if one.look.member.is_amount else one.path.rpartition(".")[0]
        is_amount = one.look.member.is_amount or one.path == f"{whole}.value"
        if is_amount and one.column.said.unit is not None and not one.shared and f"{whole}.unit" not in said:
            found[f"{whole}.unit"] = one.column.said.unit
    return found


def _nameless(columns: Sequence[Column], choices: Sequence[Choice]) -> frozenset[str]:
    """Return the columns that hold something under no name of their own and that are not imported."""
    taken = {one.column.place for one in choices}
    return frozenset(lettered(one.place) for one in columns if not one.header and one.place not in taken)


def _need(found: Proposal, fields: Fields) -> None:
    """Note what must be said, and by nothing is."""
    shared = {path.partition(".")[0]: None for path in (*found.layout.shared.values(), *found.layout.constants)}
    own: dict[str, None] = dict.fromkeys(path.partition(".")[0] for path in found.layout.columns.values())
    own |= dict.fromkeys((*found.layout.fresh, *found.layout.row_constants))
    if fields.rows is None:
        found.of_rows = list(fields.row.missing({**shared, **own}))
        return
    found.needed = list(fields.body.missing({**shared, fields.rows: []}))
    found.of_rows = list(fields.row.missing(own))
    for one in found.choices:
        whole = one.path.rpartition(".")[0]
        said = (*found.layout.row_constants, *found.layout.columns.values())
        if one.path.endswith(".value") and f"{whole}.unit" not in said:
            found.of_rows.append(f"{whole}.unit")
