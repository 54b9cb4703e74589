"""Supervision: plans, visits, findings, measures; notices, recalls, legal holds, consent. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.bodies.vocabulary import Role
from ledger.domain.kind import Kind
from ledger.domain.supervision import (
    conclusions,
    consent,
    corrective,
    findings,
    keeping,
    notices,
    plans,
    reaching,
    recalls,
    visits,
)
from ledger.statement.catalogue.signers import CONCERNED, HANDS, KEEPERS, SUPERVISORS

SUPERVISION: tuple[Kind[Any], ...] = (
    Kind("supervision.planned/1", plans.SupervisionPlanned, SUPERVISORS, plans.judge_supervision_planned, recorders=HANDS, case=plans.supervision_planned),
    Kind("supervision.joined/1", plans.SupervisionJoined, SUPERVISORS, plans.judge_supervision_joined, case=plans.supervision_joined),
    Kind("supervision.delegated/1", plans.SupervisionDelegated, SUPERVISORS, plans.judge_supervision_delegated, case=plans.supervision_delegated),
    Kind("supervision.visited/1", visits.SupervisionVisited, SUPERVISORS, visits.judge_supervision_visited, recorders=HANDS, item=visits.item_sampled, case=visits.supervision_visited),
    Kind("finding.raised/1", findings.FindingRaised, SUPERVISORS, findings.judge_finding_raised, recorders=HANDS, case=findings.finding_raised),
    Kind("finding.answered/1", findings.FindingAnswered, HANDS, findings.judge_finding_answered, case=findings.finding_answered),
    Kind("finding.decided/1", findings.FindingDecided, SUPERVISORS, findings.judge_finding_decided, recorders=HANDS, case=findings.finding_decided),
    Kind("finding.corrected/1", corrective.FindingCorrected, HANDS, corrective.judge_finding_corrected, case=corrective.finding_corrected),
    Kind("finding.verified/1", corrective.FindingVerified, SUPERVISORS, corrective.judge_finding_verified, recorders=HANDS, case=corrective.finding_verified),
    Kind("finding.rejected/1", corrective.FindingRejected, SUPERVISORS, corrective.judge_finding_rejected, recorders=HANDS, case=corrective.finding_rejected),
    Kind("finding.reopened/1", corrective.FindingReopened, SUPERVISORS, corrective.judge_finding_reopened, recorders=HANDS, case=corrective.finding_reopened),
    Kind("supervision.escalated/1", conclusions.SupervisionEscalated, SUPERVISORS, conclusions.judge_supervision_escalated, recorders=HANDS, case=conclusions.supervision_escalated),
    Kind("supervision.closed/1", conclusions.SupervisionClosed, SUPERVISORS, conclusions.judge_supervision_closed, recorders=HANDS, case=conclusions.supervision_closed),
    Kind("incident.notified/1", notices.IncidentNotified, HANDS, notices.judge_incident_notified, case=notices.incident_notified),
    Kind("incident.investigated/1", notices.IncidentInvestigated, HANDS, notices.judge_incident_investigated, case=notices.incident_investigated),
    Kind("exposure.watch-opened/1", notices.ExposureWatchOpened, HANDS, notices.judge_exposure_watch_opened, case=notices.exposure_watch_opened),
    Kind("exposure.watch-ended/1", notices.ExposureWatchEnded, HANDS, notices.judge_exposure_watch_ended, case=notices.exposure_watch_ended),
    Kind("recall.ordered/1", recalls.RecallOrdered, HANDS | SUPERVISORS, recalls.judge_recall_ordered, item=recalls.item_recalled, approval=recalls.approval_recalled, consignment=recalls.consignment_recalled, case=recalls.recall_ordered),
    Kind("recall.extended/1", recalls.RecallExtended, HANDS | SUPERVISORS, recalls.judge_recall_extended, item=recalls.item_recalled, case=recalls.recall_extended),
    Kind("recall.confirmed/1", recalls.RecallConfirmed, HANDS, recalls.judge_recall_confirmed, case=recalls.recall_confirmed),
    Kind("recall.lifted/1", recalls.RecallLifted, HANDS | SUPERVISORS, recalls.judge_recall_lifted, item=reaching.item_let_go, approval=reaching.approval_let_go, consignment=reaching.consignment_let_go, case=reaching.let_go),
    Kind("legal-hold.placed/1", keeping.LegalHoldPlaced, HANDS | SUPERVISORS, keeping.judge_legal_hold_placed, item=keeping.item_kept, approval=keeping.approval_kept, consignment=keeping.consignment_kept, case=keeping.legal_hold_placed),
    Kind("legal-hold.lifted/1", keeping.LegalHoldLifted, HANDS | SUPERVISORS, keeping.judge_legal_hold_lifted, item=reaching.item_let_go, approval=reaching.approval_let_go, consignment=reaching.consignment_let_go, case=reaching.let_go),
    Kind("retention.set/1", keeping.RetentionSet, HANDS | SUPERVISORS, keeping.judge_retention_set),
    Kind("consent.withdrawn/1", consent.ConsentWithdrawn, CONCERNED | SUPERVISORS | KEEPERS | {Role.ETHICS_COMMITTEE}, consent.judge_consent_withdrawn, item=consent.item_withdrawn, case=consent.consent_withdrawn),
)  # fmt: skip
