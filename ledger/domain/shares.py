"""Shares of sites: how much of an approval's line each of its sites may have, and what has come to each.

For approvals of several sites, as of trials in several hospitals: a release counts at the site that its consignment
goes to; what goes on to another site counts there from then on, and no longer where it was. Nothing is asked of a line
that nobody has allotted to sites.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Amount, ApprovalRef, Body, LineNo
from ledger.domain.judging import World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.states.border import Approval, Line
from ledger.quantity import Quantity, is_written

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ApprovalId, ItemId, SiteId

# Bodies


class Share(Body, frozen=True):
    """What goes along of one line of an approval, in all, in a unit in which the line counts."""

    approval: ApprovalRef
    line: LineNo
    quantity: Amount


# Rules

WITHIN_LINE = Rule("SHA-02", "What is allotted to sites is in all no more than the line approves.", Answer.REFUSAL)
WITHIN_SHARE = Rule(
    "SHA-04",
    "No more goes to a site than its approval allots to it.",
    Answer.BREACH,
    "one approval for trials at several sites, Beijing's pilot (text not found)",
    Confidence.U,
    ("allotted", "amount", "approval", "line", "site", "there"),
)
TOLD_IN_AMOUNTS = Rule(
    "SHA-05",
    "What goes on to another site from a line that is allotted to sites is told in amounts.",
    Answer.BREACH,
    "one approval for trials at several sites, Beijing's pilot (text not found)",
    Confidence.U,
    ("approval", "line"),
)
OF_THESE_ITEMS = Rule(
    "SHA-06",
    "Amounts that go along name the lines that the items came in under, each once, in a unit in which it counts.",
    Answer.REFUSAL,
)
THERE_BEFORE = Rule(
    "SHA-07",
    "No more goes on from a site than has come there, of a line that is allotted to sites.",
    Answer.BREACH,
    "one approval for trials at several sites, Beijing's pilot (text not found)",
    Confidence.U,
    ("amount", "approval", "line", "site", "there"),
)
"""A breach, no refusal: what came there may have been told without amounts (SHA-05), and has to go on all the same."""

RULES = (WITHIN_LINE, WITHIN_SHARE, TOLD_IN_AMOUNTS, OF_THESE_ITEMS, THERE_BEFORE)

# Judging


def check_allotted(approval: ApprovalId, number: int, line: Line) -> None:
    """Check that no more is allotted of a line than it approves. Raises Refused: SHA-02."""
    allotted = sum(line.allotted.values(), Decimal(0))
    if allotted > line.approved.value:
        much = Quantity(allotted, line.approved.unit)
        raise WITHIN_LINE.refuse(f"of {approval} line {number}, {much} of {line.approved} would be allotted")


def over_share(
    approval: Approval, number: int, site: SiteId | None, amount: Decimal, about: Iterable[str]
) -> Iterator[Breach]:
    """Yield SHA-04 if a site would have more of a line than is allotted to it, of a line that is allotted to sites.

    amount: what comes to it now, in the approved unit. about: what the breach concerns beside the approval.
    """
    line = approval.lines[number]
    if site is None or not line.allotted:
        return
    there, allotted = at_site(approval, line, site), line.allotted.get(site, Decimal(0))
    if there + amount > allotted:
        unit = line.approved.unit
        yield WITHIN_SHARE.breach(
            (approval.id, *about),
            approval=approval.id,
            line=number,
            site=site,
            amount=Quantity(amount, unit),
            there=Quantity(there, unit),
            allotted=Quantity(allotted, unit),
        )


def beyond_there(
    approval: Approval, number: int, site: SiteId, amount: Decimal, about: Iterable[str]
) -> Iterator[Breach]:
    """Yield SHA-07 if more of a line goes on from a site than has come there, of a line that is allotted to sites.

    amount: what goes on now, in the approved unit. about: what the breach concerns beside the approval.
    """
    line = approval.lines[number]
    there = at_site(approval, line, site)
    if line.allotted and amount > there:
        unit = line.approved.unit
        yield THERE_BEFORE.breach(
            (approval.id, *about),
            approval=approval.id,
            line=number,
            site=site,
            amount=Quantity(amount, unit),
            there=Quantity(there, unit),
        )


def shares_beyond(was: Approval, approval: Approval) -> Iterator[Breach]:
    """Yield what a correction, or an act told late, makes worse: SHA-04 and SHA-07.

    Of sites that it leaves with more than before and than a share, and with less than before and than nothing.
    """
    for share in shares_of(approval):
        line, line_then = approval.lines[share.line], was.lines.get(share.line)
        there = Decimal(0) if line_then is None else at_site(was, line_then, share.site)
        allotted, unit = share.allotted or Decimal(0), line.approved.unit
        if line.allotted and share.there < 0 and share.there < there:
            yield THERE_BEFORE.breach(
                (approval.id,),
                approval=approval.id,
                line=share.line,
                site=share.site,
                amount=Quantity(there - share.there, unit),
                there=Quantity(there, unit),
            )
        if line.allotted and share.there > allotted and share.there > there:
            yield WITHIN_SHARE.breach(
                (approval.id,),
                approval=approval.id,
                line=share.line,
                site=share.site,
                amount=Quantity(share.there - there, unit),
                there=Quantity(there, unit),
                allotted=Quantity(allotted, unit),
            )


def judge_shares(
    world: World,
    sites: tuple[SiteId, SiteId],
    items: Collection[ItemId],
    shares: Iterable[Share],
    rules: RulePack,
) -> Iterator[Breach]:
    """Judge what goes along with items from a site to another.

    Raises Refused: SHA-06, UNI-01, UNI-02. Returns SHA-05, SHA-07, SHA-04.
    """
    from_site, to_site = sites
    came_in = _lines_of(world, items)
    told = _amounts(world, shares, came_in, rules)
    for (approval, number), under in sorted(came_in.items()):
        if world.approval(approval).lines[number].allotted and (approval, number) not in told:
            yield TOLD_IN_AMOUNTS.breach((approval, *under), approval=approval, line=number)
    for (approval, number), amount in told.items():
        under = came_in[approval, number]
        yield from beyond_there(world.approval(approval), number, from_site, amount, under)
        yield from over_share(world.approval(approval), number, to_site, amount, under)


def _lines_of(world: World, items: Iterable[ItemId]) -> dict[tuple[ApprovalId, int], list[ItemId]]:
    """Return the lines of approvals that some items came in under, through all ancestors, each with these items."""
    found: dict[tuple[ApprovalId, int], list[ItemId]] = {}
    for item in items:
        roots = {(one.approval, one.line) for one in world.roots(item)}
        for approval, number in roots:
            if approval is not None and number is not None and number in world.approval(approval).lines:
                found.setdefault((approval, number), []).append(item)
    return found


def _amounts(
    world: World,
    shares: Iterable[Share],
    came_in: Collection[tuple[ApprovalId, int]],
    rules: RulePack,
) -> Mapping[tuple[ApprovalId, int], Decimal]:
    told: dict[tuple[ApprovalId, int], Decimal] = {}
    for share in shares:
        named, amount = (share.approval, share.line), share.quantity.quantity
        if named in told or named not in came_in:
            raise OF_THESE_ITEMS.refuse(f"{share.approval} line {share.line} is named twice, or of none of the items")
        rules.units.check(amount)
        counted = world.approval(share.approval).lines[share.line].counted(amount)
        if counted is None or not counted or not is_written(counted):
            raise OF_THESE_ITEMS.refuse(f"{amount} does not count on {share.approval} line {share.line}")
        told[named] = counted
    return told


# Effects


def with_shares(approval: Approval, shares: Iterable[Share], from_site: SiteId, to_site: SiteId) -> Approval:
    """Return an approval of which shares have gone from one site to another; total."""
    lines = approval.lines
    for share in shares:
        line = lines.get(share.line) if share.approval == approval.id else None
        counted = None if line is None else line.counted(share.quantity.quantity)
        if line is not None and counted is not None:
            lines = lines.insert(share.line, line.with_moved(from_site, to_site, counted))
    return approval if lines is approval.lines else replace(approval, lines=lines)


# Asked of the record


class SiteShare(NamedTuple):
    """How a site stands with a line, amounts in the approved unit.

    allotted: None where nothing is allotted to it. there: what has come to it less what went on. named: whether the
        approval names the site. sent: what went on from it to other sites.
    """

    line: int
    site: SiteId
    allotted: Decimal | None
    there: Decimal
    named: bool
    sent: Decimal = Decimal(0)


def at_site(approval: Approval, line: Line, site: SiteId) -> Decimal:
    """Return what a site has of a line: what was released for it and what came from other sites, less what went on."""
    released = (amount for goods, amount in line.committed.items() if approval.bound_for.get(goods) == site)
    return sum(released, line.moved.get(site, Decimal(0)))


def shares_of(approval: Approval) -> tuple[SiteShare, ...]:
    """Return how the sites of an approval stand with its lines: those to which something is allotted, or has come."""
    return tuple(
        SiteShare(
            number,
            site,
            line.allotted.get(site),
            at_site(approval, line, site),
            site in approval.sites,
            line.sent.get(site, Decimal(0)),
        )
        for number, line in sorted(approval.lines.items())
        for site in sorted({*line.allotted, *line.moved, *approval.bound_for.values()})
        if site in line.allotted or site in line.sent or at_site(approval, line, site)
    )
