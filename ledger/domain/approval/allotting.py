"""Allotting: one approval for several sites says how much of each line each of them may have.

What has come to a site, and whether it is too much, is in ``shares``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.approval.balance import approved_line
from ledger.domain.approval.changes import changeable
from ledger.domain.approval.terms import check_sites
from ledger.domain.bodies.vocabulary import Amount, ApprovalRef, Body, LineNo, Reference, SiteRef
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.shares import check_allotted
from ledger.domain.states.border import Approval
from ledger.quantity import is_written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack
    from ledger.domain.states.border import Line

# Bodies


class Allotment(Body, frozen=True):
    """How much of a line a site may have; zero of one that is to have nothing more."""

    line: LineNo
    site: SiteRef
    quantity: Amount


class ApprovalAllotted(Body, frozen=True):
    """An authority allots what it approved to sites; what was allotted to others before stays so.

    allotments: each in place of what was allotted to the same site of the same line.
    """

    approval: ApprovalRef
    allotments: Annotated[tuple[Allotment, ...], Meta(min_length=1, max_length=400)]
    reference: Reference | None = None


# Rules

ALLOTTED_ONCE = Rule(
    "SHA-01",
    "An allotment names each line and site once, a line that the approval has and an amount in which it counts.",
    Answer.REFUSAL,
)
NAMED_SITE = Rule(
    "SHA-03",
    "An approval is allotted to sites that it names.",
    Answer.BREACH,
    "one approval for trials at several sites, Beijing's pilot (text not found)",
    Confidence.U,
    ("approval", "site"),
)

RULES = (ALLOTTED_ONCE, NAMED_SITE)

# Judge


def judge_approval_allotted(world: World, said: Signed[ApprovalAllotted], rules: RulePack) -> Iterator[Breach]:
    """Judge an allotment.

    Raises Refused: APR-20, APR-03, APR-06, BAL-01, UNI-01, UNI-02, SHA-01, SHA-02. Returns SHA-03.
    """
    body, approval = said.body, changeable(world, said)
    check_sites(world, (one.site for one in body.allotments))
    if len({(one.line, one.site) for one in body.allotments}) < len(body.allotments):
        raise ALLOTTED_ONCE.refuse(f"a line of {approval.id} is allotted to a site twice")
    for number in sorted({one.line for one in body.allotments}):
        line = approved_line(world, approval.id, number)
        for one in body.allotments:
            if one.line == number:
                _check_amount(line, one, rules)
        check_allotted(approval.id, number, _allotted(line, body.allotments, number))
    for site in sorted({one.site for one in body.allotments if approval.sites} - approval.sites):
        yield NAMED_SITE.breach((approval.id, site), approval=approval.id, site=site)


def _check_amount(line: Line, stated: Allotment, rules: RulePack) -> None:
    amount = stated.quantity.quantity
    rules.units.check(amount)
    counted = line.counted(amount)
    if counted is None or not is_written(counted):
        raise ALLOTTED_ONCE.refuse(f"{amount} does not count on line {stated.line}, which is in {line.approved.unit}")


# Effect


def approval_allotted(approval: Approval, event: Event[ApprovalAllotted]) -> Approval:
    """Return the approval with its shares."""
    body = event.said.body
    if approval.id != body.approval:
        return approval
    lines = approval.lines
    for number, line in approval.lines.items():
        lines = lines.insert(number, _allotted(line, body.allotments, number))
    return replace(approval, lines=lines)


def _allotted(line: Line, stated: Iterable[Allotment], number: int) -> Line:
    allotted = line.allotted
    for one in stated:
        counted = line.counted(one.quantity.quantity) if one.line == number else None
        if counted is not None:
            allotted = allotted.insert(one.site, counted)
    return replace(line, allotted=allotted)
