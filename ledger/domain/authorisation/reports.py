"""Reports under a permit: that its holder filed one, of a period, with who issued it.

What it says is on its paper: the record has the number and the digest. That one is owed is a duty's to say.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from ledger.domain.authorisation.permits import check_own
from ledger.domain.bodies.vocabulary import Body, Digest, Number, PermitRef
from ledger.domain.dating import check_past
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.permit import Filed, Permit, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class PermitReported(Body, frozen=True):
    """The holder of a permit filed a report under it: of a year, of a cooperation that ended, of a transport.

    period_from, period_to: the days that it reports on, both included. number: as printed. document: SHA-256 of it.
    """

    permit: PermitRef
    report: Report
    period_from: date
    period_to: date
    number: Number
    document: Digest


# Rules

ON_RECORD = Rule("PMT-25", "A report is filed under a permit that is on record.", Answer.REFUSAL)
OF_SCHEME = Rule(
    "PMT-26",
    "Of a year and of a cooperation is reported under a licence or filing for human genetic resources, of a transport"
    " under a transport permit.",
    Answer.REFUSAL,
    "HGR Regulations Arts 15, 26; MoH Order 45",
    Confidence.M,
)
PERIOD = Rule("PMT-27", "The period of a report does not end before it begins.", Answer.REFUSAL)

RULES = (ON_RECORD, OF_SCHEME, PERIOD)

_HGR: Final = frozenset({Scheme.HGR_LICENCE, Scheme.HGR_FILING})
SCHEMES_OF: Final[Mapping[Report, frozenset[Scheme]]] = {
    Report.ANNUAL: _HGR,
    Report.COOPERATION: _HGR,
    Report.TRANSPORT: frozenset({Scheme.TRANSPORT_PERMIT}),
}
"""Under which schemes there are such reports."""

# Judges


def judge_permit_reported(world: World, said: Signed[PermitReported], rules: RulePack) -> Iterator[Breach]:
    """Judge that a report was filed. Raises Refused: PMT-25, PMT-03, PMT-26, PMT-27, CON-22."""
    body, permit = said.body, world.permit(said.body.permit)
    if not permit.known:
        raise ON_RECORD.refuse(f"{permit.id} is not on record")
    check_own(said, permit)
    if permit.scheme not in SCHEMES_OF[body.report]:
        raise OF_SCHEME.refuse(f"{permit.id} is a permit of {permit.scheme}, not reported on so: {body.report}")
    if body.period_to < body.period_from:
        raise PERIOD.refuse(f"the period begins on {body.period_from} and ends on {body.period_to}")
    check_past("period_to", body.period_to, said, rules)
    yield from ()


# Effects


def permit_reported(permit: Permit, event: Event[PermitReported]) -> Permit:
    """Return the permit with one report more."""
    body = event.said.body
    if permit.id != body.permit:
        return permit
    return replace(permit, reports=(*permit.reports, Filed(body.report, body.period_from, body.period_to)))
