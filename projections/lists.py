"""Lists: which subjects of each type there are, with what they are told apart by.

Each is a function from a source, filters and a limit to typed rows. Today each folds all subjects of its type: it
costs time and memory as the log is long. Where the rows come from is the functions' own affair.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from ledger.domain.bodies.printed import search_key
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.party import Party
from ledger.domain.states.permit import Permit
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import Case, Item
from ledger.ids import ItemId, Tag
from ledger.quantity import format_decimal
from projections.list_rows import ApprovalRow, CaseRow, ConsignmentRow, ItemRow, PartyRow, PermitRow, SiteRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from projections.source import Source

_PARTS: Final = re.compile(r"([0-9]+)")

Row = TypeVar("Row")
S = TypeVar("S", Approval, Case, Consignment, Item, Party, Permit, Site)


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
class Page(Generic[Row]):
    """The first rows of a list, and how many there are in all."""

    rows: tuple[Row, ...]
    total: int


def items(source: Source, where: Where, limit: int) -> Page[ItemRow]:
    """Return the items that there are."""
    every = {one.id: one for one in _all(source, "item", Item)}
    roots = {one: _roots(every, one) for one in every}
    kept = [
        item
        for item in every.values()
        if _is(where.status, item.status)
        and _is(where.party, item.custodian)
        and _is(where.site, item.site)
        and _among(where.consignment, (root.consignment for root in roots[item.id]))
        and _among(where.approval, (root.approval for root in roots[item.id]))
    ]
    return _page(source, where, kept, limit, lambda one: _item_row(one, roots[one.id]))


def approvals(source: Source, where: Where, limit: int) -> Page[ApprovalRow]:
    """Return the approvals that there are; by site those that name it."""
    kept = [
        one
        for one in _all(source, "approval", Approval)
        if _is(where.status, one.status) and _is(where.party, one.applicant) and _among(where.site, one.sites)
    ]
    return _page(source, where, kept, limit, _approval_row)


def permits(source: Source, where: Where, limit: int) -> Page[PermitRow]:
    """Return the permits that there are; by party those that it holds or issued."""
    kept = [
        one
        for one in _all(source, "permit", Permit)
        if _is(where.status, one.status)
        and _among(where.party, (one.holder, one.issuer))
        and _among(where.approval, one.approvals)
    ]
    return _page(source, where, kept, limit, _permit_row)


def consignments(source: Source, where: Where, limit: int) -> Page[ConsignmentRow]:
    """Return the consignments that there are; by party those whose announcement names it."""
    kept = [
        one
        for one in _all(source, "consignment", Consignment)
        if _is(where.status, one.status)
        and _among(where.party, one.connected)
        and _is(where.site, one.destination)
        and _among(where.approval, (approval for approval, _ in one.lines))
    ]
    return _page(source, where, kept, limit, lambda one: _consignment_row(source, one))


def parties(source: Source, where: Where, limit: int) -> Page[PartyRow]:
    """Return the registered parties; by status those that hold a role."""
    kept = [one for one in _all(source, "party", Party) if _among(where.status, one.roles)]
    return _page(source, where, kept, limit, lambda one: PartyRow(one.id, one.name, tuple(sorted(one.roles))))


def sites(source: Source, where: Where, limit: int) -> Page[SiteRow]:
    """Return the registered sites; by status those of a use."""
    kept = [one for one in _all(source, "site", Site) if _is(where.status, one.use) and _is(where.party, one.party)]
    return _page(source, where, kept, limit, lambda one: _site_row(source, one))


def cases(source: Source, where: Where, limit: int) -> Page[CaseRow]:
    """Return the cases that there are; by party those that it opened or that go to it."""
    kept = [
        one
        for one in _all(source, "case", Case)
        if _is(where.status, one.status)
        and _among(where.party, (one.party, one.receiver))
        and _is(where.site, one.site)
        and _is(where.consignment, one.consignment)
        and _is(where.approval, one.approval)
    ]
    return _page(source, where, kept, limit, lambda one: _case_row(source, one))


def _all(source: Source, id_type: str, of: type[S]) -> list[S]:
    return [one for one in source.subjects(id_type) if isinstance(one, of)]


def _is(wanted: str | None, has: str | None) -> bool:
    return wanted is None or wanted == has


def _among(wanted: str | None, has: Iterable[str | None]) -> bool:
    return wanted is None or wanted in has


def _page(source: Source, where: Where, kept: Sequence[S], limit: int, row: Callable[[S], Row]) -> Page[Row]:
    """Return the first of those that bear the text, in the order in which people count their names."""
    text = search_key(where.text or "")
    found = [one for one in kept if not text or _bears(source, Tag(one.id), text)]
    found.sort(key=lambda one: _counted(source.names.called(Tag(one.id)) or one.id))
    return Page(tuple(map(row, found[:limit])), len(found))


def _bears(source: Source, subject: Tag, text: str) -> bool:
    return any(text in search_key(one.text) for one in source.names.of(subject)) or text in search_key(subject)


def _counted(name: str) -> list[tuple[int, str]]:
    """Return what names are sorted by: numbers in them by what they count, T-9 before T-10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _PARTS.split(search_key(name))]


def _roots(every: dict[ItemId, Item], item: ItemId) -> list[Item]:
    """Return the items that came in, of those that an item was made from; itself where it came in."""
    pending, found = [item], dict[str, Item]()
    for one in pending:
        if one in every and one not in found:
            found[one] = every[one]
            pending.extend(every[one].parents)
    return [one for one in found.values() if not one.parents]


def _item_row(item: Item, roots: Sequence[Item]) -> ItemRow:
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


def _approval_row(one: Approval) -> ApprovalRow:
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


def _permit_row(one: Permit) -> PermitRow:
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


def _consignment_row(source: Source, one: Consignment) -> ConsignmentRow:
    return ConsignmentRow(
        id=one.id,
        number=source.names.called(Tag(one.id)),
        status=one.status,
        route=one.route,
        applicant=one.applicant,
        consignee=one.consignee,
        destination=one.destination,
        approvals=tuple(sorted({approval for approval, _ in one.lines})),
        items=len(one.items),
        received=len(one.received_items),
    )


def _site_row(source: Source, one: Site) -> SiteRow:
    standing = sum(map(len, one.places.values()))
    return SiteRow(Tag(one.id), source.names.called(Tag(one.id)), one.party, one.use, one.level, one.active, standing)


def _case_row(source: Source, one: Case) -> CaseRow:
    return CaseRow(
        id=Tag(one.id),
        number=source.names.called(Tag(one.id)),
        matter=one.matter,
        status=one.status,
        party=one.party,
        consignment=one.consignment,
        items=len(one.items),
        opened_on=one.opened_on,
        due=one.due,
    )
