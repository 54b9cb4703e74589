"""Approvals: an authority permits a party to bring special items in or out, line by line.

The ledger grants nothing: an approval is signed by the authority, or recorded by its applicant from the document. How
it changes afterwards is in ``changes``; its balance in ``balance``; its validity on a day in ``window``.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from rpds import HashTrieMap

from ledger.domain.approval.terms import (
    OWN_APPROVAL,
    check_dates,
    check_sites,
    validity_breaches,
)
from ledger.domain.bodies.vocabulary import (
    Amount,
    ApprovalRef,
    Body,
    Code,
    District,
    Grade,
    LineNo,
    Name,
    Number,
    PartyRef,
    Reference,
    SiteRef,
    WriteOff,
)
from ledger.domain.codes import Purpose
from ledger.domain.connection import by_reference, check_connected
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.states.border import Approval, ApprovalStatus, Line
from ledger.domain.states.history import GRANTED_ON
from ledger.domain.work.portions import check_some
from ledger.reference.activities import Material

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach


class Direction(StrEnum):
    """Which way an approval lets goods cross the border."""

    IMPORT = "import"
    EXPORT = "export"


# Bodies


class ApprovedLine(Body, frozen=True):
    """One line of the approval form.

    name_en, name_zh: the product's names as the form has them.
    agents: codes of the pathogen catalogue that it contains or may contain; of an agent that is not listed a code of
        the applicant's own, which the catalogue then says nothing about.
    material: the state of the material; left out where the form does not say.
    quantity: the approved quantity; its unit is the line's unit for ever.
    """

    line: LineNo
    name_en: Name
    quantity: Amount
    name_zh: Name | None = None
    agents: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    material: Material | None = None


class ApprovalGranted(Body, frozen=True):
    """An authority permits an import or export; the statement repeats what its approval form says.

    number: the form's number.
    grade: the risk grade; left out where the jurisdiction has none.
    valid_from, valid_to: both days included. They limit entry, not the keeping of what has entered.
    follow_up: whether the goods are subject to follow-up supervision after entry.
    sites: the registered places of storage and use that the form names.
    purposes: the approved uses.
    assessment_number, access_number: of the risk assessment report and of the access list, where needed.
    district, office: where it was approved, and which office did, which may be a subordinate one.
    """

    approval: ApprovalRef
    number: Number
    direction: Direction
    applicant: PartyRef
    issued_on: date
    valid_from: date
    valid_to: date
    write_off: WriteOff
    follow_up: bool
    lines: Annotated[tuple[ApprovedLine, ...], Meta(min_length=1, max_length=400)]
    grade: Grade | None = None
    sites: Annotated[tuple[SiteRef, ...], Meta(max_length=100)] = ()
    purposes: Annotated[tuple[Purpose, ...], Meta(max_length=50)] = ()
    assessment_number: Number | None = None
    access_number: Number | None = None
    district: District | None = None
    office: Name | None = None
    reference: Reference | None = None


# Rules

GRANTED_ONCE = Rule("APR-01", "An approval is recorded once.", Answer.REFUSAL)
APPLICANT_KNOWN = Rule("APR-02", "An approval is granted to a registered party.", Answer.REFUSAL)
LINES_ONCE = Rule("APR-05", "Each line of an approval has its own number.", Answer.REFUSAL)
ONE_USE = Rule(
    "APR-11",
    "An approval of a grade that allows one use is not written off in batches: of two norms the stricter holds.",
    Answer.BREACH,
    "269/2015 annex 1",
    Confidence.V,
    ("grade",),
    lambda pack, given: pack.write_off_mode.get(Grade(str(given["grade"]))),
)
INDIVIDUAL = Rule(
    "APR-12",
    "An individual does not apply for pathogens or what may contain them.",
    Answer.BREACH,
    "Order 160 Arts 10-11",
    Confidence.V2,
    ("party",),
    lambda pack, _: pack.natural_person_applicant,
)
GRADE_LISTED = Rule(
    "APR-13",
    "An approval names a grade of the table in force.",
    Answer.BREACH,
    "269/2015 annex 1",
    Confidence.V,
    ("grade",),
    lambda pack, _: pack.grades,
)
FOLLOWED_UP = Rule(
    "APR-14",
    "Goods of a grade that is supervised after entry are approved with follow-up supervision.",
    Answer.BREACH,
    "269/2015 annex 1",
    Confidence.V,
    ("grade",),
    lambda pack, given: pack.follow_up_required.get(Grade(str(given["grade"]))),
)
UNLISTED = Rule(
    "APR-15",
    "Agents are of the pathogen catalogue; one that it does not list is assessed by the unit's biosafety committee.",
    Answer.BREACH,
    "国卫科教发〔2023〕24号",
    Confidence.V,
    ("agents", "count"),
)

ONE_USER = Rule(
    "APR-16",
    "Of goods that are consigned directly the approval names one place, that of their authorised user.",
    Answer.BREACH,
    "Regulation (EU) No 142/2011 Art. 27",
    Confidence.V,
    ("count",),
    lambda pack, _: pack.direct_consignment,
)
RULES = (GRANTED_ONCE, APPLICANT_KNOWN, LINES_ONCE, ONE_USE, INDIVIDUAL, GRADE_LISTED, FOLLOWED_UP, UNLISTED, ONE_USER)

# Judge


def judge_approval_granted(world: World, said: Signed[ApprovalGranted], rules: RulePack) -> Iterator[Breach]:
    """Judge an approval.

    Raises Refused: APR-01 to APR-03, CON-22, APR-04 to APR-06; PRT-04, UNI-01, UNI-02 for the lines' quantities.
    Returns APR-10 to APR-14, each with clause and mark of the rule pack's parameter, none where the pack has none;
    APR-15 where it has a catalogue; APR-16 where goods are consigned directly.
    """
    body = said.body
    if world.approval(body.approval).known:
        raise GRANTED_ONCE.refuse(f"{body.approval} is recorded already")
    if not world.party(body.applicant).known:
        raise APPLICANT_KNOWN.refuse(f"{body.applicant} is not registered")
    check_connected(said, (body.applicant,), OWN_APPROVAL, body.approval)
    check_past("issued_on", body.issued_on, said, rules)
    check_dates(body.approval, max(body.issued_on, body.valid_from), body.valid_to)
    _check_lines(body, rules)
    check_sites(world, body.sites)
    yield from validity_breaches(body.approval, body.grade, body.valid_from, body.valid_to, rules)
    yield from _grade_breaches(body, rules)
    yield from _unlisted(body, rules)
    yield from _individual(world, body, rules)
    if rules.direct_consignment is not None and rules.direct_consignment.value and len(body.sites) != 1:
        yield ONE_USER.breach((body.approval,), count=len(body.sites))


def _check_lines(body: ApprovalGranted, rules: RulePack) -> None:
    numbers: set[int] = set()
    for line in body.lines:
        if line.line in numbers:
            raise LINES_ONCE.refuse(f"{body.approval} has line {line.line} twice")
        numbers.add(line.line)
        check_some(line.quantity.quantity)
        rules.units.check(line.quantity.quantity)


def _individual(world: World, body: ApprovalGranted, rules: RulePack) -> Iterator[Breach]:
    allowed = rules.natural_person_applicant
    infectious = any(line.agents for line in body.lines)
    if allowed is not None and not allowed.value and infectious and world.party(body.applicant).natural_person:
        yield INDIVIDUAL.breach((body.approval, body.applicant), party=body.applicant)


def _unlisted(body: ApprovalGranted, rules: RulePack) -> Iterator[Breach]:
    if rules.agents.in_force is None:
        return
    agents = sorted({agent for line in body.lines for agent in line.agents})
    unlisted = [agent for agent in agents if rules.agents.find(agent) is None]
    if unlisted:
        yield UNLISTED.breach((body.approval,), agents=unlisted, count=len(unlisted))


def _grade_breaches(body: ApprovalGranted, rules: RulePack) -> Iterator[Breach]:
    if rules.grades is not None and body.grade not in rules.grades.value:
        yield GRADE_LISTED.breach((body.approval,), grade=body.grade)
    if body.grade is None:
        return
    mode = rules.write_off_mode.get(body.grade)
    if mode is not None and mode.value is WriteOff.SINGLE and body.write_off is WriteOff.BATCH:
        yield ONE_USE.breach((body.approval,), grade=body.grade)
    followed = rules.follow_up_required.get(body.grade)
    if followed is not None and followed.value and not body.follow_up:
        yield FOLLOWED_UP.breach((body.approval,), grade=body.grade)


# Effect


def approval_granted(approval: Approval, event: Event[ApprovalGranted]) -> Approval:
    """Return the approval as granted, nothing reserved and nothing written off."""
    body = event.said.body
    if approval.id != body.approval:
        return approval
    return Approval(
        id=approval.id,
        known=True,
        number=body.number,
        applicant=body.applicant,
        grade=body.grade,
        by_reference=by_reference(event.said),
        direction=body.direction,
        history=((event.said.occurred_at, ApprovalStatus.GRANTED),),
        valid_from=body.valid_from,
        ends=((GRANTED_ON, body.valid_to),),
        write_off=body.write_off,
        follow_up=body.follow_up,
        sites=frozenset(body.sites),
        purposes=frozenset(body.purposes),
        district=body.district,
        office=body.office,
        lines=HashTrieMap((line.line, _line(line)) for line in body.lines),
    )


def _line(stated: ApprovedLine) -> Line:
    return Line(
        product=stated.name_en,
        product_zh=stated.name_zh,
        approved=stated.quantity.quantity,
        agents=stated.agents,
        material=stated.material,
    )
