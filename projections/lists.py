"""Lists: which subjects of each type there are, with what they are told apart by.

A list is what it is of, which subjects it keeps, what they are sorted by and how each is a row. It can be folded from
the log, which costs time and memory as the log is long; ``listed`` has the same from the views.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, NoReturn, Protocol, TypeVar

from ledger.domain.bodies.printed import search_key
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item, Key
from ledger.errors import NotFound
from ledger.ids import ItemId, Tag
from ledger.quantity import format_decimal
from ledger.words.given import CHINESE
from projections.list_rows import (
    ApprovalRow,
    CaseRow,
    ConsignmentRow,
    ItemRow,
    KeyRow,
    PartyRow,
    PermitRow,
    SiteRow,
    StandingRow,
)
from projections.ordering import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from projections.names import Naming
    from projections.source import Source

Row = TypeVar("Row")

_ENROLLED: Final = "enrolled"
_REVOKED: Final = "revoked"


@dataclass(frozen=True, slots=True)
class Where:
    """What a list is narrowed by; None by nothing, and what a type of subject does not have keeps none of it.

    status: how far it has come; of a party a role, of a site its use.
    party: who has it, runs it, applied for it or is named by it. text: part of any name or of the id.
    """

    status: str | None = None
    party: Tag | None = None
    site: Tag | None = None
    consignment: Tag | None = None
    approval: Tag | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list. limit: rows at most. after: the subject behind which they begin; None: at the first."""

    limit: int
    after: Tag | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, how many it has in all, and whether some are behind these. total: None: not counted.

    as_of: the position up to which it is told; None: that up to which whoever asks reads.
    """

    rows: tuple[Row, ...]
    total: int | None
    more: bool
    as_of: int | None = None


class Named(Protocol):
    """What subjects are called, as ``names.Names`` tells it."""

    def of(self, subject: Tag) -> tuple[Naming, ...]:
        """Return the names of a subject."""
        ...

    def called(self, subject: Tag) -> str | None:
        """Return what people call a subject."""
        ...

    def given(self, subject: Tag, sort: str) -> str | None:
        """Return the last name of one sort that a subject was given; None where no statement says."""
        ...


class Known(Protocol):
    """What a row is told by besides its subject."""

    @property
    def names(self) -> Named:
        """Return what subjects are called."""
        ...


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One list.

    id_type, of: the type of its subjects. keeps: whether what it is narrowed by keeps one; roots: of an item, those of
    its lineage that came in. called: what one is sorted by; None: its id. row: what is told of one.
    """

    id_type: str
    of: type[Any]
    keeps: Callable[[Where, Any, Sequence[Item]], bool]
    called: Callable[[Known, Any], str | None]
    row: Callable[[Known, Any, Sequence[Item]], Row]

    def roots(self, of: Callable[[ItemId], object], one: object) -> Sequence[Item]:
        """Return the items that came in, of those that an item was made from, or itself. of: each item."""
        return _roots(of, one) if isinstance(one, Item) else ()

    def place(self, known: Known, one: Any) -> tuple[str, str]:  # noqa: ANN401  of the list's type
        """Return where a subject stands in the list: by its name as people count, and by its id."""
        return sort_key(self.called(known, one) or one.id), one.id


def folded(listing: Listing[Row], source: Source, where: Where, part: Part) -> Page[Row]:
    """Return a page of a list, folded from all of the log. Raises NotFound: there is no subject to begin behind."""
    every = {one.id: one for one in source.subjects(listing.id_type) if isinstance(one, listing.of)}
    text = search_key(where.text or "")
    roots = {one.id: listing.roots(every.get, one) for one in every.values()}
    kept = [one for one in every.values() if listing.keeps(where, one, roots[one.id])]
    found = {listing.place(source, one): one for one in kept if not text or bears(source, Tag(one.id), text)}
    behind = sorted(found)
    if (after := part.after) is not None:
        last = listing.place(source, every[after]) if after in every else no_place(after)
        behind = [place for place in behind if place > last]
    shown = [found[place] for place in behind[: part.limit]]
    rows = tuple(listing.row(source, one, roots[one.id]) for one in shown)
    return Page(rows, len(found), len(behind) > part.limit)


def no_place(after: Tag) -> NoReturn:
    """Raise NotFound: no list begins behind what is not on record."""
    raise NotFound(f"there is no {after} behind which a page begins")


def _keeps_item(where: Where, one: Item, roots: Sequence[Item]) -> bool:
    return (
        _is(where.status, one.status)
        and _is(where.party, one.custodian)
        and _is(where.site, one.site)
        and _among(where.consignment, (root.consignment for root in roots))
        and _among(where.approval, (root.approval for root in roots))
    )


def _keeps_approval(where: Where, one: Approval, _: Sequence[Item]) -> bool:
    return _is(where.status, one.status) and _is(where.party, one.applicant) and _among(where.site, one.sites)


def _keeps_permit(where: Where, one: Permit, _: Sequence[Item]) -> bool:
    return (
        _is(where.status, one.status)
        and _among(where.party, (one.holder, one.issuer))
        and _among(where.approval, one.approvals)
    )


def _keeps_consignment(where: Where, one: Consignment, _: Sequence[Item]) -> bool:
    return (
        _is(where.status, one.status)
        and _among(where.party, one.connected)
        and _is(where.site, one.destination)
        and _among(where.approval, (approval for approval, _ in one.lines))
    )


def _keeps_site(where: Where, one: Site, _: Sequence[Item]) -> bool:
    return _is(where.status, one.use) and _is(where.party, one.party)


def _keeps_case(where: Where, one: Case, _: Sequence[Item]) -> bool:
    return (
        _is(where.status, one.status)
        and _among(where.party, (one.party, one.receiver))
        and _is(where.site, one.site)
        and _is(where.consignment, one.consignment)
        and _is(where.approval, one.approval)
    )


def _keeps_key(where: Where, one: Key, _: Sequence[Item]) -> bool:
    return _is(where.status, _REVOKED if one.revoked else _ENROLLED) and _is(where.party, one.party)


def _keeps_standing(where: Where, one: Item, roots: Sequence[Item]) -> bool:
    return one.site is not None and _keeps_item(where, one, roots)


def _is(wanted: str | None, has: str | None) -> bool:
    return wanted is None or wanted == has


def _among(wanted: str | None, has: Iterable[str | None]) -> bool:
    return wanted is None or wanted in has


def bears(known: Known, subject: Tag, text: str) -> bool:
    """Say whether a text is part of a name that a subject has or had, or of its id. text: as ``search_key`` has it."""
    return any(text in search_key(one.text) for one in known.names.of(subject)) or text in search_key(subject)


def _roots(of: Callable[[ItemId], object], item: Item) -> list[Item]:
    pending, found = [item.id], dict[str, Item]()
    for ident in pending:
        if ident not in found and isinstance(one := item if ident == item.id else of(ident), Item) and one.known:
            found[ident] = one
            pending.extend(one.parents)
    return [one for one in found.values() if not one.parents]


def _item_row(_: Known, item: Item, roots: Sequence[Item]) -> ItemRow:
    return ItemRow(
        id=item.id,
        label=item.label,
        status=item.status,
        quantity=None if item.quantity is None else f"{format_decimal(item.quantity.value)} {item.quantity.unit}",
        place=item.place,
        site=item.site,
        custodian=item.custodian,
        consignments=tuple(sorted({one.consignment for one in roots if one.consignment is not None})),
        approvals=tuple(sorted({one.approval for one in roots if one.approval is not None})),
        holds=tuple(sorted(item.holds)),
    )


def _approval_row(_: Known, one: Approval, __: Sequence[Item]) -> ApprovalRow:
    return ApprovalRow(
        one.id,
        one.number,
        one.status,
        one.direction,
        one.applicant,
        one.grade,
        one.valid_from,
        one.valid_to,
        len(one.lines),
    )


def _permit_row(_: Known, one: Permit, __: Sequence[Item]) -> PermitRow:
    return PermitRow(
        one.id,
        one.number,
        one.scheme,
        one.status,
        one.holder,
        one.valid_from,
        one.valid_to,
        tuple(sorted(one.approvals)),
        len(one.items),
    )


def _consignment_row(known: Known, one: Consignment, _: Sequence[Item]) -> ConsignmentRow:
    return ConsignmentRow(
        id=one.id,
        number=known.names.called(Tag(one.id)),
        status=one.status,
        route=one.route,
        applicant=one.applicant,
        consignee=one.consignee,
        destination=one.destination,
        approvals=tuple(sorted({approval for approval, _ in one.lines})),
        items=len(one.items),
        received=len(one.received_items) - len(one.missing_items),
        missing=len(one.missing_items),
    )


def _site_row(known: Known, one: Site, _: Sequence[Item]) -> SiteRow:
    standing = sum(map(len, one.places.values()))
    tag, names = Tag(one.id), known.names
    chinese = names.given(tag, CHINESE)
    return SiteRow(tag, names.called(tag), chinese, one.party, one.use, one.level, one.active, standing)


def _case_row(known: Known, one: Case, _: Sequence[Item]) -> CaseRow:
    return CaseRow(
        id=Tag(one.id),
        number=known.names.called(Tag(one.id)),
        matter=one.matter,
        status=one.status,
        party=one.party,
        consignment=one.consignment,
        items=len(one.items),
        opened_on=one.opened_on,
        due=one.due,
    )


def _standing_row(_: Known, item: Item, __: Sequence[Item]) -> StandingRow:
    return StandingRow(item.site, item.place, item.id, item.label, item.status, item.custodian, item.checked_out)


def _named(known: Known, one: Consignment | Site | Case) -> str | None:
    return known.names.called(Tag(one.id))


ITEMS: Final = Listing("item", Item, _keeps_item, lambda _, one: one.label, _item_row)
APPROVALS: Final = Listing("approval", Approval, _keeps_approval, lambda _, one: one.number, _approval_row)
"""By site those that name it."""
PERMITS: Final = Listing("permit", Permit, _keeps_permit, lambda _, one: one.number, _permit_row)
"""By party those that it holds or issued."""
CONSIGNMENTS: Final = Listing("consignment", Consignment, _keeps_consignment, _named, _consignment_row)
"""By party those whose announcement names it."""
PARTIES: Final = Listing(
    "party",
    Party,
    lambda where, one, _: _among(where.status, one.roles),
    lambda _, one: one.name,
    lambda _, one, __: PartyRow(one.id, one.name, one.name_zh, tuple(sorted(one.roles))),
)
"""By status those that hold a role."""
SITES: Final = Listing("site", Site, _keeps_site, _named, _site_row)
"""By status those of a use."""
CASES: Final = Listing("case", Case, _keeps_case, _named, _case_row)
"""By party those that it opened or that go to it."""
KEYS: Final = Listing(
    "key",
    Key,
    _keeps_key,
    lambda _, one: one.person,
    lambda _, one, __: KeyRow(one.id, one.party, one.person, one.alg, one.revoked),
)
"""By status those that are enrolled, or revoked."""
STANDING: Final = Listing("item", Item, _keeps_standing, lambda _, one: f"{one.site} {one.place or ''}", _standing_row)
"""Which item stands at which site and where in it, site by site; folded alone."""
