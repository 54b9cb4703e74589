"""Permits: every permission beside the approval form, as an object of its own with holder, lines and validity.

A permit is signed by who issues it, or recorded by its holder from the document. What each scheme is stands in
``schemes``; what becomes of a permit in ``changes``; what is put under it in ``drawing``.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from msgspec import Meta
from msgspec.structs import replace
from rpds import HashTrieMap

from ledger.domain.bodies.vocabulary import (
    Amount,
    ApprovalRef,
    Body,
    Code,
    Country,
    District,
    Level,
    LineNo,
    Name,
    Number,
    PartyRef,
    PermitRef,
    Reference,
)
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.deadlines import add_months
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.law.schemes import ISSUING, SCHEMES, Scheme, longest_of
from ledger.domain.states.border import Approval
from ledger.domain.states.history import GRANTED_ON
from ledger.domain.states.permit import Permit, PermitLine, PermitStatus
from ledger.domain.work.portions import check_some

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.ids import ApprovalId, PermitId

Conditions = Annotated[
    tuple[Code, ...], Meta(max_length=50, description="What the holder is held to, as the document has it.")
]
Approvals = Annotated[tuple[ApprovalRef, ...], Meta(max_length=100, description="The approvals that stand on it.")]
Permits = Annotated[tuple[PermitRef, ...], Meta(max_length=100, description="The permits that it rests on.")]

# Bodies


class PermittedLine(Body, frozen=True):
    """One line of a permit.

    agents: codes of the pathogen catalogue. quantity: how much; left out where it is without a limit.
    """

    line: LineNo
    name_en: Name
    name_zh: Name | None = None
    agents: Annotated[tuple[Code, ...], Meta(max_length=50)] = ()
    quantity: Amount | None = None


PermittedLines = Annotated[tuple[PermittedLine, ...], Meta(max_length=400)]


class PermitRecorded(Body, frozen=True):
    """A permit is given: a licence, a filing, a certificate, a report, an entry of a list, a consent.

    number: as printed. country: of whoever issued it. issuer: the party that did, where it is one of this log.
    valid_from, valid_to: both days included; without valid_to it is valid until it is ended.
    level: of a scheme that comes in levels, 1 to 4. district: where it was issued.
    conditions: by ``annual-report`` and ``cooperation-report`` such reports are owed.
    approvals: those that it is for. permits: those that it rests on, as a certificate on a licence.
    """

    permit: PermitRef
    scheme: Scheme
    number: Number
    holder: PartyRef
    country: Country
    issued_on: date
    valid_from: date
    valid_to: date | None = None
    issuer: PartyRef | None = None
    district: District | None = None
    level: Level | None = None
    lines: PermittedLines = ()
    conditions: Conditions = ()
    approvals: Approvals = ()
    permits: Permits = ()
    reference: Reference | None = None


class PermitLinked(Body, frozen=True):
    """It is stated what stands on a permit: approvals that it is for, and permits that it rests on itself."""

    permit: PermitRef
    approvals: Approvals = ()
    permits: Permits = ()
    reference: Reference | None = None


# Rules

RECORDED_ONCE = Rule("PMT-01", "A permit is recorded once.", Answer.REFUSAL)
HOLDER_KNOWN = Rule("PMT-02", "A permit names registered parties as its holder and its issuer.", Answer.REFUSAL)
OWN_PERMIT = Rule(
    "PMT-03", "What is decided on a permit is recorded by who decides or by the permit's holder.", Answer.REFUSAL
)
DATES = Rule("PMT-04", "A permit does not end before it begins, nor before it was issued.", Answer.REFUSAL)
FORM = Rule(
    "PMT-05",
    "A permit has each line once, a level where its scheme has levels, and goods where its scheme names goods.",
    Answer.REFUSAL,
)
LINKED_KNOWN = Rule(
    "PMT-06", "What a permit is for, and what it rests on, is on record; a link names something.", Answer.REFUSAL
)
NO_CIRCLE = Rule("PMT-07", "No permit rests on itself, nor on one that rests on it.", Answer.REFUSAL)
RIGHT_ISSUER = Rule(
    "PMT-20",
    "A permit is issued by a department that issues such permits.",
    Answer.BREACH,
    "the scheme's own, as docs/domain.md lists it",
    Confidence.M,
    ("party", "scheme"),
)
VALIDITY = Rule(
    "PMT-21",
    "A permit is valid for no longer than its scheme allows.",
    Answer.BREACH,
    "255/2024 Art. 11; local white lists",
    Confidence.V,
    ("months", "permit", "scheme", "valid_from", "valid_to"),
    lambda pack, given: longest_of(str(given["scheme"]), pack),
)

RULES = (RECORDED_ONCE, HOLDER_KNOWN, OWN_PERMIT, DATES, FORM, LINKED_KNOWN, NO_CIRCLE, RIGHT_ISSUER, VALIDITY)

# Judges


def judge_permit_recorded(world: World, said: Signed[PermitRecorded], rules: RulePack) -> Iterator[Breach]:
    """Judge a permit.

    Raises Refused: PMT-01 to PMT-03, CON-22, PMT-04, PMT-05; PRT-04, UNI-01, UNI-02 for quantities; PMT-06, PMT-07.
    Returns PMT-20, PMT-21, in this order.
    """
    body = said.body
    if world.permit(body.permit).known:
        raise RECORDED_ONCE.refuse(f"{body.permit} is recorded already")
    for party in (body.holder, body.issuer):
        if party is not None and not world.party(party).known:
            raise HOLDER_KNOWN.refuse(f"{party} is not registered")
    check_own(said, Permit(id=body.permit, holder=body.holder))
    check_past("issued_on", body.issued_on, said, rules)
    if body.valid_to is not None and body.valid_to < max(body.issued_on, body.valid_from):
        raise DATES.refuse(f"{body.permit} ends on {body.valid_to}, before it begins or was issued")
    _check_form(body, rules)
    check_linked(world, body.permit, body.approvals, body.permits)
    yield from _wrong_issuers(world, said)
    yield from validity_breaches(body.permit, body.scheme, body.valid_from, body.valid_to, rules)


def judge_permit_linked(world: World, said: Signed[PermitLinked], rules: RulePack) -> Iterator[Breach]:
    """Judge what is said to stand on a permit. Raises Refused: PMT-06, PMT-03, PMT-07."""
    body, permit = said.body, world.permit(said.body.permit)
    if not permit.known:
        raise LINKED_KNOWN.refuse(f"{permit.id} is not on record")
    if not (body.approvals or body.permits):
        raise LINKED_KNOWN.refuse(f"nothing is linked with {permit.id}")
    check_own(said, permit)
    check_linked(world, permit.id, body.approvals, body.permits)
    yield from ()


def check_own(said: Signed[Any], permit: Permit) -> None:
    """Check that every signer issues permits or is the holder. Raises Refused: PMT-03."""
    for signer in said.signers:
        if signer.role not in ISSUING and signer.party != permit.holder:
            raise OWN_PERMIT.refuse(f"{signer.party} does not hold {permit.id}")


def check_linked(world: World, permit: PermitId, approvals: Iterable[ApprovalId], permits: Iterable[PermitId]) -> None:
    """Check what a permit is for and rests on. Raises Refused: PMT-06, PMT-07."""
    for approval in approvals:
        if not world.approval(approval).known:
            raise LINKED_KNOWN.refuse(f"{approval} is not on record")
    for other in permits:
        if other == permit or permit in world.grounds_of(other):
            raise NO_CIRCLE.refuse(f"{permit} would rest on itself, by {other}")
        if not world.permit(other).known:
            raise LINKED_KNOWN.refuse(f"{other} is not on record")


def validity_breaches(
    permit: PermitId, scheme: Scheme, valid_from: date, valid_to: date | None, rules: RulePack
) -> Iterator[Breach]:
    """Return PMT-21 if a validity is longer than the rule pack allows the scheme."""
    months = longest_of(scheme, rules)
    if months is not None and (valid_to is None or valid_to > add_months(valid_from, months.value)):
        yield VALIDITY.breach(
            (permit,), permit=permit, scheme=scheme, valid_from=valid_from, valid_to=valid_to, months=months.value
        )


def _check_form(body: PermitRecorded, rules: RulePack) -> None:
    facts = SCHEMES[body.scheme]
    if len({line.line for line in body.lines}) < len(body.lines):
        raise FORM.refuse(f"{body.permit} has a line twice")
    if facts.levels is (body.level is None):
        raise FORM.refuse(f"a level {'is missing' if facts.levels else 'does not belong'} on a permit of {body.scheme}")
    if facts.names_goods and not body.lines:
        raise FORM.refuse(f"a permit of {body.scheme} names its goods, line by line")
    for line in body.lines:
        if line.quantity is not None:
            check_some(line.quantity.quantity)
            rules.units.check(line.quantity.quantity)


def _wrong_issuers(world: World, said: Signed[PermitRecorded]) -> Iterator[Breach]:
    """Yield PMT-20 for who decides or is said to, and speaks for no department that issues such permits."""
    body, issuers = said.body, SCHEMES[said.body.scheme].issuers
    if not issuers:
        return
    wrong = {signer.party for signer in said.signers if signer.role in ISSUING and signer.role not in issuers}
    if body.issuer is not None and not issuers & world.party(body.issuer).roles:
        wrong.add(body.issuer)
    for party in sorted(wrong):
        yield RIGHT_ISSUER.breach((body.permit, party), party=party, scheme=body.scheme)


# Effects


def permit_recorded(permit: Permit, event: Event[PermitRecorded]) -> Permit:
    """Return the permit as given, nothing drawn on it."""
    said, body = event.said, event.said.body
    if permit.id != body.permit:
        return permit
    return Permit(
        id=permit.id,
        known=True,
        scheme=body.scheme,
        number=body.number,
        holder=body.holder,
        issuer=body.issuer,
        country=body.country,
        district=body.district,
        by_reference=not any(signer.role in ISSUING for signer in said.signers),
        history=((said.occurred_at, PermitStatus.GRANTED),),
        valid_from=body.valid_from,
        ends=((GRANTED_ON, body.valid_to),),
        level=body.level,
        conditions=frozenset(body.conditions),
        lines=HashTrieMap((line.line, _line(line)) for line in body.lines),
        approvals=frozenset(body.approvals),
        permits=frozenset(body.permits),
    )


def permit_linked(permit: Permit, event: Event[PermitLinked]) -> Permit:
    """Return the permit with more that stands on it, or that it rests on."""
    body = event.said.body
    if permit.id != body.permit:
        return permit
    return replace(permit, approvals=permit.approvals | set(body.approvals), permits=permit.permits | set(body.permits))


def approval_linked(approval: Approval, event: Event[PermitRecorded] | Event[PermitLinked]) -> Approval:
    """Return the approval with one permit more that it stands on."""
    body = event.said.body
    return replace(approval, permits=approval.permits | {body.permit}) if approval.id in body.approvals else approval


def _line(stated: PermittedLine) -> PermitLine:
    allowed = None if stated.quantity is None else stated.quantity.quantity
    return PermitLine(name=stated.name_en, agents=stated.agents, allowed=allowed)
