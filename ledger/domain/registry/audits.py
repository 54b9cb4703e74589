"""Audits: a party lets an auditor see what is its own, or an authority what it supervises; signed, and for a time.

What follows from a grant is decided where the record is shown; here is who may give one, and what it names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import (
    ApprovalRef,
    Body,
    CaseRef,
    ConsignmentRef,
    Instant,
    ItemRef,
    PartyRef,
    Reference,
)
from ledger.domain.cases import begun, check_new
from ledger.domain.connection import AUTHORITIES
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.audit import Audit
from ledger.domain.states.party import Party
from ledger.domain.states.subjects import Case, CaseStatus
from ledger.ids import Tag

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

MATTER: Final = "audit"

# Bodies


class AuditGranted(Body, frozen=True):
    """A party lets an auditor see what is its own, or an authority what it supervises, until a time.

    until: when the grant ends.
    items, approvals, consignments: what it shows; with none of them, all that the party may see as a party.
    party: whose data it shows, where an authority grants; left out: of whoever grants.
    start, end: only acts from, and up to, these instants are shown; left out: of any time.
    disclosures: true where what the party itself has disclosed is shown too.
    reference: the document that the audit rests on.
    """

    case: CaseRef
    auditor: PartyRef
    until: Instant
    items: Annotated[tuple[ItemRef, ...], Meta(max_length=400)] = ()
    approvals: Annotated[tuple[ApprovalRef, ...], Meta(max_length=100)] = ()
    consignments: Annotated[tuple[ConsignmentRef, ...], Meta(max_length=100)] = ()
    party: PartyRef | None = None
    start: Instant | None = None
    end: Instant | None = None
    disclosures: bool = False
    reference: Reference | None = None

    @property
    def subjects(self) -> frozenset[Tag]:
        """Return what it names to be shown."""
        return frozenset(map(Tag, (*self.items, *self.approvals, *self.consignments)))


class AuditEnded(Body, frozen=True):
    """An audit ends before its time: its auditor sees nothing more by it."""

    case: CaseRef


# Rules

CASE_NEW = Rule("AUD-01", "An audit is a case of its own.", Answer.REFUSAL)
AUDITOR = Rule("AUD-02", "An auditor is a registered party, another than whose data it is shown.", Answer.REFUSAL)
ON_RECORD = Rule("AUD-03", "An audit names what is on record.", Answer.REFUSAL)
IN_TIME = Rule(
    "AUD-04", "An audit ends after it is granted, and its period does not end before it begins.", Answer.REFUSAL
)
WHOSE = Rule(
    "AUD-05",
    "A party lets see what is its own; an authority names what it lets see: subjects, or one party.",
    Answer.REFUSAL,
)
ENDER = Rule("AUD-06", "An open audit is ended by the party that granted it, or by its auditor.", Answer.REFUSAL)

RULES = (CASE_NEW, AUDITOR, ON_RECORD, IN_TIME, WHOSE, ENDER)

# Judges


def judge_audit_granted(world: World, said: Signed[AuditGranted], rules: RulePack) -> Iterator[Breach]:
    """Judge a grant to an auditor. Raises Refused: AUD-01, AUD-02, AUD-03, AUD-04, AUD-05."""
    body = said.body
    check_new(world, body.case, CASE_NEW)
    if not world.party(body.auditor).known or body.auditor in {said.party, body.party}:
        raise AUDITOR.refuse(f"{body.auditor} is not registered, or is the party itself")
    _check_on_record(world, body)
    if body.until <= said.occurred_at:
        raise IN_TIME.refuse("the grant would end before it is given")
    if body.start is not None and body.end is not None and body.end < body.start:
        raise IN_TIME.refuse("the period would end before it begins")
    authority = said.signers[0].role in AUTHORITIES
    if body.party not in {None, said.party} and not authority:
        raise WHOSE.refuse(f"{said.party} cannot let see what is of {body.party}")
    if authority and body.party is None and not body.subjects:
        raise WHOSE.refuse(f"{said.party} names nothing that it lets see")
    yield from ()


def judge_audit_ended(world: World, said: Signed[AuditEnded], rules: RulePack) -> Iterator[Breach]:
    """Judge the end of an audit. Raises Refused: AUD-06."""
    case = world.case(said.body.case)
    if not isinstance(case.detail, Audit) or case.status is CaseStatus.CLOSED:
        raise ENDER.refuse(f"{case.id} is no open audit")
    if said.party not in {case.party, case.detail.auditor}:
        raise ENDER.refuse(f"{said.party} cannot end {case.id}")
    yield from ()


def _check_on_record(world: World, body: AuditGranted) -> None:
    on_record: list[tuple[str, bool]] = [(one, world.item(one).known) for one in body.items]
    on_record += [(one, world.approval(one).known) for one in body.approvals]
    on_record += [(one, world.consignment(one).known) for one in body.consignments]
    if body.party is not None:
        on_record.append((body.party, world.party(body.party).known))
    for named, known in on_record:
        if not known:
            raise ON_RECORD.refuse(f"{named} is not on record")


# Effects


def auditor_granted(party: Party, event: Event[AuditGranted]) -> Party:
    """Return the auditor with one audit more; whether it is open, its case says."""
    body = event.said.body
    return replace(party, audits=party.audits | {body.case}) if party.id == body.auditor else party


def audit_granted(case: Case, event: Event[AuditGranted]) -> Case:
    """Return the case as opened by a grant to an auditor."""
    body = event.said.body
    detail = Audit(
        auditor=body.auditor,
        until=body.until,
        party=body.party,
        subjects=body.subjects,
        start=body.start,
        end=body.end,
        disclosures=body.disclosures,
    )
    return begun(case, event, MATTER, detail)


def audit_ended(case: Case, event: Event[AuditEnded]) -> Case:
    """Return the case as closed."""
    return replace(case, status=CaseStatus.CLOSED) if case.id == event.said.body.case else case
