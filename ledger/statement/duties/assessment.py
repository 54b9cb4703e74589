"""Duties before entry: applications decided and completed, dossiers answered, nonconformities put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.assessment.on_site import Verification
from ledger.domain.duties.duty import Duty, Length, Owed, When, Who
from ledger.domain.law.rules import Confidence
from ledger.domain.states.application import Application
from ledger.domain.states.risk import Assessment
from ledger.domain.states.subjects import Case

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.duties.duty import Step
    from ledger.ids import PartyId

_TAKEN_BACK: Final = "application.withdrawn/1"
_DECIDED: Final = frozenset({"application.decided/1", "application.refused/1", "application.not-accepted/1"})


def _applicant(step: Step) -> PartyId | None:
    """Return who applied; None where the application was taken back as never said."""
    detail = cast("Case", step.after).detail
    return detail.applicant if isinstance(detail, Application | Assessment) else None


def _assessor(step: Step) -> PartyId | None:
    detail = cast("Case", step.after).detail
    return detail.body if isinstance(detail, Assessment) else None


def _accepted(step: Step) -> Iterator[Owed]:
    yield Owed(debtor=step.authority, creditor=_applicant(step))


def _ended(step: Step, owed: Owed) -> bool:
    """Say whether the application is over; where some of its products are not taken up, it goes on with the others."""
    detail = cast("Case", step.after).detail
    return isinstance(detail, Application) and detail.ended is not None


def _lacking(step: Step) -> Iterator[Owed]:
    yield Owed(debtor=_applicant(step), creditor=step.authority)


def _dossier(step: Step) -> Iterator[Owed]:
    if step.tag == step.body.case:  # its application hears of it too
        yield Owed(debtor=step.body.body, creditor=step.body.applicant)


def _nonconforming(step: Step) -> Iterator[Owed]:
    due = step.end_of(step.body.due_on)
    for one in step.body.nonconformities:
        yield Owed(one.number, debtor=_applicant(step), creditor=_assessor(step), due=due)


def _numbered(step: Step, owed: Owed) -> bool:
    return owed.key in step.body.numbers


def _accepts(step: Step, owed: Owed) -> bool:
    return _numbered(step, owed) and step.body.verification is Verification.ACCEPTED


def _asks_again(step: Step, owed: Owed) -> bool:
    return _numbered(step, owed) and step.body.verification is Verification.INSUFFICIENT


ASSESSMENT: Final[tuple[Duty, ...]] = (
    Duty(
        id="complete-application",
        says="An applicant files what an authority says that its application lacks.",
        about=Case,
        owed_by=Who.APPLICANT,
        owed_to=Who.CUSTOMS,
        opens=frozenset({"application.completion-asked/1"}),
        owed=_lacking,
        closes=When(frozenset({"application.supplemented/1"})),
        lapses=When(_DECIDED | {_TAKEN_BACK}, _ended),
        clause="Order 160 Arts 12-14",
        confidence=Confidence.M,
    ),
    Duty(
        id="decide-application",
        says="An authority decides on an application that it accepted; what others work on does not count.",
        about=Case,
        owed_by=Who.CUSTOMS,
        owed_to=Who.APPLICANT,
        opens=frozenset({"application.accepted/1"}),
        owed=_accepted,
        term=Length("approval_decision_days", lambda rules: rules.approval_decision_days),
        extends=frozenset({"application.extended/1"}),
        extension=Length("approval_decision_extension_days", lambda rules: rules.approval_decision_extension_days),
        pauses=When(frozenset({"application.paused/1", "application.completion-asked/1"})),
        resumes=When(frozenset({"application.resumed/1", "application.supplemented/1"})),
        closes=When(_DECIDED, _ended),
        lapses=When(frozenset({_TAKEN_BACK})),
        missed="APP-10",
    ),
    Duty(
        id="answer-dossier",
        says="The assessment body says whether a dossier is complete, and everything that it lacks.",
        about=Case,
        owed_by=Who.ASSESSMENT_BODY,
        owed_to=Who.APPLICANT,
        opens=frozenset({"risk-assessment.requested/1"}),
        owed=_dossier,
        term=Length("assessment_completeness_days", lambda rules: rules.assessment_completeness_days),
        closes=When(frozenset({"risk-assessment.completeness-answered/1"})),
        missed="RSK-07",
    ),
    Duty(
        id="rectify-nonconformity",
        says="What a panel found not to conform is put right, and found so; while that is looked at it is not overdue, "
        "and its date stays.",
        about=Case,
        owed_by=Who.APPLICANT,
        owed_to=Who.ASSESSMENT_BODY,
        opens=frozenset({"risk-assessment.visited/1"}),
        owed=_nonconforming,
        term=Length("rectification_days", lambda rules: rules.rectification_days),
        pauses=When(frozenset({"risk-assessment.rectified/1"}), _numbered),
        resumes=When(frozenset({"risk-assessment.rectification-verified/1"}), _asks_again),
        # 255/2024 Art. 9 gives 30 days and at most 60, whoever has the matter meanwhile: as rule RSK-23 reckons it.
        keeps_date=True,
        closes=When(frozenset({"risk-assessment.rectification-verified/1"}), _accepts),
        missed="RSK-23",
    ),
)
