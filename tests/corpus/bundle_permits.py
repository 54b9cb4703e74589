"""Bundles of what rests on permits: an item under a certificate, which rests on a licence, and an assessed approval."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from ledger.domain.authorisation.changes import PermitSuspended
from ledger.domain.authorisation.drawing import PermitDrawn
from ledger.domain.authorisation.permits import PermitRecorded, PermittedLine
from ledger.domain.law.schemes import Scheme
from ledger.domain.registry.parties import PartyRegistered
from ledger.evidence.bundle import bundle
from ledger.evidence.export import export_bundle
from ledger.ids import PartyId, PermitId, Tag
from ledger.statement.entries.entry import parse_entry
from ledger.tlog.index import status_name
from tests.corpus.bundle_edits import Opened, edited
from tests.corpus.bundle_log import Saying
from tests.corpus.bundle_story import APPROVAL, CUSTOMS, FIRST, LINEAGE, OPERATOR, SCIENTIST, begun

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.ids import ApprovalId
    from tests.corpus.bundles import Fault

LICENCE: Final = PermitId("permit:licence")
CERTIFICATE: Final = PermitId("permit:certificate")
REPORT: Final = PermitId("permit:report")
PERMITS: Final = (LICENCE, CERTIFICATE, REPORT)


def recorded(
    permit: PermitId, scheme: Scheme, permits: tuple[PermitId, ...] = (), approvals: tuple[ApprovalId, ...] = ()
) -> PermitRecorded:
    """Return a permit of the laboratory."""
    return PermitRecorded(
        permit=permit,
        scheme=scheme,
        number=permit.partition(":")[2],
        holder=SCIENTIST.party,
        country="CN",
        issued_on=date(2026, 8, 1),
        valid_from=date(2026, 8, 1),
        lines=(PermittedLine(line=1, name_en="vials"),),
        permits=permits,
        approvals=approvals,
    )


def permitted(subject: str) -> bytes:
    """Return the bundle of a subject of a log in which the first vial is under a certificate.

    A party has a name that is written as a permit's id, as nobody was kept from doing before there were permits.
    """
    log, _ = begun()
    named = PartyRegistered(party=PartyId("party:old"), name="permit:old", country="CN", business="research")
    log.say(named, OPERATOR)
    log.say(recorded(LICENCE, Scheme.HGR_LICENCE), CUSTOMS)
    log.say(recorded(CERTIFICATE, Scheme.HGR_EXIT_CERTIFICATE, permits=(LICENCE,)), CUSTOMS)
    log.say(recorded(REPORT, Scheme.ASSESSMENT_REPORT, approvals=(APPROVAL,)), CUSTOMS)
    log.say(PermitDrawn(permit=CERTIFICATE, items=(FIRST,)), SCIENTIST, saying=Saying(tags=LINEAGE))
    log.say(PermitSuspended(permit=LICENCE, ground="storage"), CUSTOMS)
    return export_bundle(log.store, log.publish(), Tag(subject))


def unclaimed(permit: PermitId) -> bytes:
    """Return the bundle of the first vial, with a permit that it rests on left out, and what is here for it alone."""

    def leave_out(one: Opened) -> None:
        one.unclaim(Tag(permit))
        for listed in one.manifest.entries:
            entry = parse_entry(one.files[bundle.entry_name(listed.position)])
            if not entry.tags & set(one.manifest.complete) and not entry.status & set(one.manifest.status):
                one.withhold(listed.position)

    return edited(permitted(FIRST), leave_out)


def left_out(fault: type[Fault]) -> Iterator[Fault]:
    """Yield the bundles in which a permit is left out that the vial, its certificate or its approval rests on."""
    for permit in PERMITS:
        name = permit.partition(":")[2]
        yield fault(f"{name}-left-out", unclaimed(permit), "completeness", status_name(Tag(permit)))
