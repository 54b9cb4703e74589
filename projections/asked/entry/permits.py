"""Answers about permissions, as rows of cells: what runs out, sites of an approval, exits without a certificate."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.authorisation.certificates import CERTIFIED, left_uncertified
from ledger.domain.authorisation.depends import running_out
from ledger.domain.law.schemes import Scheme
from ledger.domain.shares import WITHIN_SHARE, SiteShare, shares_of
from ledger.domain.states.border import Approval
from ledger.domain.states.site import Site
from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ApprovalId, ItemId, PartyId, PermitId, SiteId, Tag
from ledger.quantity import Quantity, format_decimal
from projections.asked.question import Amount, Why
from projections.asked.reasons import amount, begun_by, by_duty, by_rule, on_record
from projections.balance import mass_balance
from projections.on_hand import Whereabouts, whereabouts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from ledger.domain.judging import Event
    from ledger.domain.states.permit import Permit
    from projections.asked.question import Asked

_OUT: Final = frozenset({ItemStatus.RE_EXPORTED})


@dataclass(frozen=True, slots=True)
class ExpiringRow:
    """A permit, or the accreditation of a laboratory, that runs out soon, and what depends on it.

    scheme, number: None of an accreditation. days: until its last one. items: how many are under it, or stand there.
    """

    permit: PermitId | None
    site: SiteId | None
    scheme: Scheme | None
    number: str | None
    holder: PartyId | None
    last_day: date
    days: int
    approvals: tuple[ApprovalId, ...]
    item_count: int
    why: Why


def expiring(asked: Asked) -> tuple[ExpiringRow, ...]:
    """Return what runs out within so many days, the first first."""
    last = asked.day + timedelta(days=asked.days or 0)
    rows = [*_permits(asked, last), *_accreditations(asked, last)]
    return tuple(sorted(rows, key=lambda row: (row.last_day, row.permit or "", row.site or "")))


def _permits(asked: Asked, last: date) -> list[ExpiringRow]:
    world = asked.record.world
    subjects = [world.subjects[tag] for kind in ("permit", "approval", "item") for tag in asked.record.of_type(kind)]
    owed = asked.standing("renew-permit")
    rows = []
    for permit, depends in running_out(subjects, asked.day, last).items():
        one: Permit = world.permit(permit)
        tag = Tag(permit)
        rows.append(
            ExpiringRow(
                permit=permit,
                site=None,
                scheme=one.scheme,
                number=one.number,
                holder=one.holder,
                last_day=one.valid_to or last,
                days=((one.valid_to or last) - asked.day).days,
                approvals=tuple(sorted(depends.approvals)),
                item_count=len(depends.items),
                why=by_duty(owed[tag], asked) if tag in owed else on_record(begun_by(asked, tag)),
            )
        )
    return rows


def _accreditations(asked: Asked, last: date) -> list[ExpiringRow]:
    rows, approvals = [], _approvals(asked)
    for one in asked.owed("renew-site-certificate"):
        site = asked.record.world.subjects[one.subject]
        if one.due is None or not one.owed_at(asked.at) or not isinstance(site, Site):
            continue
        day = asked.calendar.local_date(one.due)
        if asked.day <= day <= last:
            rows.append(
                ExpiringRow(
                    permit=None,
                    site=SiteId(one.subject),
                    scheme=None,
                    number=None,
                    holder=site.party,
                    last_day=day,
                    days=(day - asked.day).days,
                    approvals=tuple(sorted(approval.id for approval in approvals if site.id in approval.sites)),
                    item_count=sum(map(len, site.places.values())),
                    why=by_duty(one, asked),
                )
            )
    return rows


def _approvals(asked: Asked) -> list[Approval]:
    found = (asked.record.world.subjects[tag] for tag in asked.record.of_type("approval"))
    return [one for one in found if isinstance(one, Approval)]


@dataclass(frozen=True, slots=True)
class SiteShareRow:
    """How a site stands with a line of an approval, amounts in the approved unit.

    named: whether the approval names the site. allotted: None: nothing is allotted to it. booked: what was released for
    it and was told to have come from other sites, less what was told to go on; sent: what was told to go on from it.
    Amounts have to be told only where a line is allotted to sites (SHA-05). too_much: more is booked than is allotted.
    items_sent: how many items transfers took from it. items_there, on_hand: how many items of the line stand there now,
    and what they hold, of which in_transit and in_use; None: nobody signed how that counts in the approved unit.
    """

    line: int
    product: str
    site: SiteId
    named: bool
    unit: str
    allotted: Amount | None
    booked: Amount
    sent: Amount
    too_much: bool
    items_sent: int
    items_there: int
    on_hand: Amount | None
    in_transit: Amount | None
    in_use: Amount | None
    why: Why


def site_shares(asked: Asked) -> tuple[SiteShareRow, ...]:
    """Return what each site has of an approval's lines, and which of them the approval does not name."""
    approval = next((one for one in _approvals(asked) if Tag(one.id) == asked.subject), None)
    if approval is None:
        return ()
    booked = {(one.line, one.site): one for one in shares_of(approval)}
    held, gone = _held(asked, approval), _gone(asked, approval)
    begun, changed, rows = begun_by(asked, Tag(approval.id)), dict(_changed(asked, approval)), []
    for line, site in sorted({*booked, *held, *gone}):
        nothing = SiteShare(line, site, None, Decimal(0), site in approval.sites)
        one, there = booked.get((line, site), nothing), held.get((line, site), {})
        over = one.allotted is not None and one.there > one.allotted
        rule = WITHIN_SHARE.id if over else None if one.named else "GAT-11"
        event = changed.get((line, site), begun)
        rows.append(
            SiteShareRow(
                line=line,
                product=approval.lines[line].product,
                site=site,
                named=one.named,
                unit=approval.lines[line].approved.unit,
                allotted=None if one.allotted is None else _amount(one.allotted),
                booked=_amount(one.there),
                sent=_amount(one.sent),
                too_much=over,
                items_sent=gone[line, site],
                items_there=len(there),
                on_hand=_sum(there.values()),
                in_transit=_sum(_as(there, Whereabouts.IN_TRANSIT, asked)),
                in_use=_sum(_as(there, Whereabouts.IN_USE, asked)),
                why=on_record(event) if rule is None else by_rule(rule, event, asked),
            )
        )
    return tuple(rows)


def _changed(asked: Asked, approval: Approval) -> Iterator[tuple[tuple[int, SiteId], Event[Any]]]:
    """Yield by line and site each act by which what it has of an approval's lines became another."""
    for event, before, after in asked.record.steps(Tag(approval.id)):
        if isinstance(before, Approval) and isinstance(after, Approval) and before is not after:
            stood = frozenset(shares_of(before))
            yield from (((one.line, one.site), event) for one in shares_of(after) if one not in stood)


def _held(asked: Asked, approval: Approval) -> dict[tuple[int, SiteId], dict[ItemId, Fraction | None]]:
    """Return by line and site the items that stand there, with what they hold in the approved unit; None: not known."""
    found: defaultdict[tuple[int, SiteId], dict[ItemId, Fraction | None]] = defaultdict(dict)
    for row in mass_balance(asked.counting):
        if row.approval != approval.id or row.line not in approval.lines:
            continue
        factor = approval.lines[row.line].counted(Quantity(Decimal(1), row.unit))
        for site, items in row.at_sites.items():
            for item, held in items.items():
                found[row.line, site][item] = None if factor is None else held * Fraction(factor)
    return found


def _as(there: Mapping[ItemId, Fraction | None], how: Whereabouts, asked: Asked) -> list[Fraction | None]:
    world = asked.record.world
    return [held for item, held in there.items() if whereabouts(world.item(item)) is how]


def _sum(amounts: Collection[Fraction | None]) -> Amount | None:
    """Return what some amounts come to; None: of one of them nobody knows how much it is."""
    known = [one for one in amounts if one is not None]
    return amount(sum(known, Fraction(0))) if len(known) == len(amounts) else None


def _gone(asked: Asked, approval: Approval) -> Counter[tuple[int, SiteId]]:
    """Return by line and site how many items transfers took from there."""
    found: Counter[tuple[int, SiteId]] = Counter()
    for event in asked.record.of_kinds("transfer.sent/1"):
        for item in event.said.body.items:
            roots = (one for one in asked.record.world.roots(item) if one.approval == approval.id)
            lines = {one.line for one in roots if one.line is not None and one.line in approval.lines}
            found.update((line, event.said.body.from_site) for line in lines)
    return found


def _amount(value: Decimal) -> Amount:
    return Amount(format_decimal(value))


@dataclass(frozen=True, slots=True)
class UncertifiedRow:
    """An item of the country's own donors that has left it and was never under an exit certificate."""

    item: ItemId
    left_on: datetime | None
    holder: PartyId | None
    approval: ApprovalId | None
    why: Why


def uncertified_exits(asked: Asked) -> tuple[UncertifiedRow, ...]:
    """Return the items of the country's own donors that left without an exit certificate."""
    world, rows = asked.record.world, []
    for item in left_uncertified(world, asked.jurisdiction):
        event = asked.record.ended(item, _OUT)
        one = world.item(item)
        rows.append(
            UncertifiedRow(
                item=item,
                left_on=None if event is None else event.said.occurred_at,
                holder=one.custodian,
                approval=one.approval,
                why=by_rule(CERTIFIED.id, event, asked),
            )
        )
    return tuple(rows)
