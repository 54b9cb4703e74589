"""Permits for the rules of the wing: who issues and holds them, and statements about them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.authorisation.changes import PermitChanged, PermitEnd, PermitEnded, PermitResumed, PermitSuspended
from ledger.domain.authorisation.drawing import DrawnLine, PermitDrawn
from ledger.domain.authorisation.permits import PermitLinked, PermitRecorded, PermittedLine
from ledger.domain.authorisation.reports import PermitReported
from ledger.domain.bodies.vocabulary import Amount, Role
from ledger.domain.law.schemes import SCHEMES, Scheme
from ledger.ids import ApprovalId, ItemId, PermitId
from tests.spec.bench import ml
from tests.spec.parties import IMPORTER, LABORATORY, admitted
from tests.spec.world import NOON, said, signer

if TYPE_CHECKING:
    from datetime import datetime

    from ledger.domain.judging import Signatory, Signed
    from ledger.domain.states.permit import Report

HEALTH: Final = signer("party:health", Role.HEALTH_AUTHORITY)
SCIENCE: Final = signer("party:science", Role.SCIENCE_AUTHORITY)
COMMITTEE: Final = signer("party:committee", Role.ETHICS_COMMITTEE)
BODY: Final = signer("party:body", Role.ASSESSMENT_BODY)
PARTIES: Final = admitted(HEALTH, SCIENCE, COMMITTEE, BODY, IMPORTER, LABORATORY)

LICENCE: Final = PermitId("permit:licence")
CERTIFICATE: Final = PermitId("permit:certificate")
LIST: Final = PermitId("permit:list")
DAY: Final = timedelta(days=1)
ISSUED: Final = NOON - 20 * DAY
TEN_ML: Final = (PermittedLine(line=1, name_en="vials", quantity=ml("10")),)


def recorded(
    permit: PermitId = LICENCE,
    scheme: Scheme = Scheme.HGR_LICENCE,
    by: Signatory = HEALTH,
    at: datetime = ISSUED,
    **members: Any,  # noqa: ANN401  members of the body
) -> Signed[Any]:
    """Return a permit of the laboratory, valid from July 2026 to June 2027, with what its scheme asks for."""
    facts = SCHEMES[scheme]
    body: dict[str, Any] = {
        "number": "2026-1",
        "holder": LABORATORY.party,
        "country": "CN",
        "issued_on": date(2026, 7, 1),
        "valid_from": date(2026, 7, 1),
        "valid_to": date(2027, 6, 30),
        "lines": TEN_ML if facts.names_goods else (),
        "level": 2 if facts.levels else None,
    } | members
    return said(PermitRecorded(permit=permit, scheme=scheme, **body), by, at=at)


def linked(
    *permits: PermitId, permit: PermitId = LICENCE, approvals: tuple[ApprovalId, ...] = (), by: Signatory = HEALTH
) -> Signed[Any]:
    """Return what stands on a permit, and what it rests on."""
    return said(PermitLinked(permit=permit, approvals=approvals, permits=permits), by)


def changed(permit: PermitId = LICENCE, by: Signatory = HEALTH, **members: Any) -> Signed[Any]:  # noqa: ANN401
    """Return a change of a permit from August 2026 on."""
    return said(PermitChanged(permit=permit, effective_on=date(2026, 8, 30), **members), by)


def suspended(permit: PermitId = LICENCE, by: Signatory = HEALTH, at: datetime = NOON) -> Signed[Any]:
    """Return a suspension."""
    return said(PermitSuspended(permit=permit, ground="laboratory-differs"), by, at=at)


def resumed(permit: PermitId = LICENCE, by: Signatory = HEALTH, at: datetime = NOON) -> Signed[Any]:
    """Return the end of a suspension."""
    return said(PermitResumed(permit=permit), by, at=at)


def ended(
    *successors: PermitId,
    permit: PermitId = LICENCE,
    by: Signatory = HEALTH,
    at: datetime = NOON,
    ground: PermitEnd = PermitEnd.WITHDRAWN,
) -> Signed[Any]:
    """Return the end of a permit."""
    return said(PermitEnded(permit=permit, ground=ground, permits=successors), by, at=at)


def drawn(
    *items: ItemId,
    permit: PermitId = LICENCE,
    amounts: tuple[tuple[int, Amount], ...] = (),
    by: Signatory = LABORATORY,
    at: datetime = NOON,
) -> Signed[Any]:
    """Return items put under a permit, by its holder."""
    lines = tuple(DrawnLine(line=line, quantity=amount) for line, amount in amounts)
    return said(PermitDrawn(permit=permit, items=items, lines=lines), by, at=at)


def reported(
    report: Report,
    period: tuple[date, date],
    permit: PermitId = LICENCE,
    by: Signatory = LABORATORY,
    at: datetime = NOON,
) -> Signed[Any]:
    """Return that the holder filed a report on a period, both days included."""
    first, last = period
    body = PermitReported(
        permit=permit, report=report, period_from=first, period_to=last, number="R-1", document="5" * 64
    )
    return said(body, by, at=at)
