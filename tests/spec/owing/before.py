"""Scenes before entry: an application, a risk assessment, a permit that something stands on."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.assessment.decisions import ApplicationExtended
from ledger.domain.assessment.on_site import Verification
from ledger.domain.authorisation.changes import PermitChanged
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.permit import Report
from ledger.ids import CaseId
from tests.spec import before_entry
from tests.spec.assessing import COMPLETE, RECTIFIED, REQUESTED, VERIFIED, VISITED, by_institute
from tests.spec.authorisations import CERTIFICATE, DAY, HEALTH, LICENCE, LIST, drawn, ended, linked, recorded, reported
from tests.spec.before_entry import (
    ACCEPTED,
    ASKED,
    DECIDED,
    NOT_ACCEPTED,
    PAUSED,
    REFUSED,
    RESUMED,
    SUPPLEMENT,
    TAKEN_BACK,
    by_applicant,
    by_customs,
)
from tests.spec.bench import A
from tests.spec.crossing import APPROVAL
from tests.spec.owing.scenes import Scene
from tests.spec.world import NOON, said

if TYPE_CHECKING:
    from ledger.domain.judging import Signed

_OTHER: Final = CaseId("case:other")
_ASSESSED: Final = [*before_entry.accepted(), by_applicant(REQUESTED, 2)]


def _of_another(body: Any) -> Any:  # noqa: ANN401  any body that names a case
    return replace(body, case=_OTHER)


def _until(last: date) -> Signed[Any]:
    return said(
        PermitChanged(permit=LICENCE, effective_on=NOON.date(), valid_to=last), HEALTH, at=NOON + timedelta(days=3)
    )


def _unasked(at: datetime) -> Signed[Any]:
    return said(PermitChanged(permit=LICENCE, effective_on=at.date(), conditions=()), HEALTH, at=at)


_DECEMBER: Final = datetime(2026, 12, 2, 4, tzinfo=UTC)
_YEARLY: Final = recorded(conditions=(Report.ANNUAL.condition,), at=NOON)
_COOPERATION: Final = recorded(conditions=(Report.COOPERATION.condition,), at=_DECEMBER)
_CARRIED: Final = recorded(CERTIFICATE, Scheme.TRANSPORT_PERMIT)
_HALF: Final = (date(2026, 7, 1), date(2026, 8, 29))
_YEAR: Final = (date(2026, 1, 1), date(2026, 12, 31))
_NEXT: Final = (date(2027, 1, 1), date(2027, 12, 31))

SCENES: Final = (
    Scene(
        duty="complete-application",
        given=before_entry.submitted(),
        opens=by_customs(ASKED, 1),
        wrong=(by_applicant(_of_another(SUPPLEMENT), 2), by_customs(replace(NOT_ACCEPTED, lines=(2,)), 2)),
        closes=by_applicant(SUPPLEMENT, 3),
        lapses=(*(by_customs(body, 4) for body in (DECIDED, REFUSED, NOT_ACCEPTED)), by_applicant(TAKEN_BACK, 4)),
        approval=APPROVAL,
    ),
    Scene(
        duty="decide-application",
        given=before_entry.submitted(),
        opens=by_customs(ACCEPTED, 1),
        due=datetime(2026, 9, 9, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(by_customs(_of_another(DECIDED), 4), by_customs(RESUMED, 4)),
        closes=by_customs(DECIDED, 9),
        lapses=(by_applicant(TAKEN_BACK, 9),),
        extends=by_customs(ApplicationExtended(case=before_entry.CASE), 9),
        extended=datetime(2026, 9, 22, 15, 59, 59, 999999, tzinfo=UTC),
        pauses=by_customs(PAUSED, 2),
        resumes=by_customs(RESUMED, 6),
        approval=APPROVAL,
    ),
    Scene(
        duty="answer-dossier",
        given=before_entry.accepted(),
        opens=by_applicant(REQUESTED, 2),
        due=datetime(2026, 8, 20, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(by_institute(_of_another(COMPLETE), 3),),
        closes=by_institute(COMPLETE, 4),
        approval=APPROVAL,
    ),
    Scene(
        duty="rectify-nonconformity",
        given=_ASSESSED,
        opens=by_institute(VISITED, 3),
        count=2,
        due=datetime(2026, 9, 13, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(by_institute(replace(VERIFIED, numbers=("N2",)), 5),),
        closes=by_institute(replace(VERIFIED, numbers=("N1",)), 9),
        pauses=by_applicant(replace(RECTIFIED, numbers=("N1",)), 5),
        resumes=by_institute(replace(VERIFIED, numbers=("N1",), verification=Verification.INSUFFICIENT), 7),
        approval=APPROVAL,
    ),
    Scene(
        duty="renew-permit",
        given=[recorded()],
        opens=linked(approvals=(APPROVAL,)),
        due=datetime(2027, 6, 30, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(recorded(LIST),),
        closes=_until(date(2028, 6, 30)),
        lapses=(_until(date(2027, 1, 31)), ended(at=NOON + 3 * DAY)),
        approval=APPROVAL,
    ),
    Scene(
        duty="report-yearly",
        given=[_YEARLY],
        opens=reported(Report.ANNUAL, _YEAR, at=NOON),
        wrong=(reported(Report.COOPERATION, _NEXT, at=NOON + DAY), reported(Report.ANNUAL, _HALF, at=NOON + DAY)),
        closes=reported(Report.ANNUAL, _NEXT, at=NOON + 200 * DAY),
        lapses=(_unasked(NOON + DAY), ended(at=NOON + DAY)),
        approval=APPROVAL,
    ),
    Scene(
        duty="report-cooperation",
        given=[],
        opens=_COOPERATION,
        due=datetime(2027, 12, 30, 15, 59, 59, 999999, tzinfo=UTC),
        wrong=(reported(Report.ANNUAL, _YEAR, at=_DECEMBER + DAY),),
        closes=reported(Report.COOPERATION, _YEAR, at=_DECEMBER + DAY),
        lapses=(_unasked(_DECEMBER + DAY), ended(at=_DECEMBER + DAY)),
        approval=APPROVAL,
    ),
    Scene(
        duty="report-transport",
        given=[_CARRIED],
        opens=drawn(A, permit=CERTIFICATE),
        wrong=(reported(Report.TRANSPORT, _HALF, permit=CERTIFICATE, at=NOON + DAY),),
        closes=reported(Report.TRANSPORT, (NOON.date(), NOON.date()), permit=CERTIFICATE, at=NOON + DAY),
        approval=APPROVAL,
    ),
)
