"""What comes before entry: applications for an approval, units and risks as they are assessed. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.assessment import (
    applications,
    capability,
    decisions,
    meetings,
    on_site,
    reliance,
    reports,
    risk,
    scope,
)
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import APPLICANT, ASSESSORS, AUTHORITY, SUPERVISORS, USING_UNIT

ASSESSMENT: tuple[Kind[Any], ...] = (
    Kind("application.submitted/1", applications.ApplicationSubmitted, APPLICANT, applications.judge_application_submitted, case=applications.application_submitted),
    Kind("application.completion-asked/1", applications.ApplicationCompletionAsked, AUTHORITY, applications.judge_completion_asked, recorders=APPLICANT, case=applications.completion_asked),
    Kind("application.supplemented/1", applications.ApplicationSupplemented, APPLICANT, applications.judge_application_supplemented, case=applications.application_supplemented),
    Kind("application.accepted/1", applications.ApplicationAccepted, AUTHORITY, applications.judge_application_accepted, recorders=APPLICANT, case=applications.application_accepted),
    Kind("application.paused/1", decisions.ApplicationPaused, AUTHORITY, decisions.judge_application_paused, recorders=APPLICANT, case=decisions.application_paused),
    Kind("application.resumed/1", decisions.ApplicationResumed, AUTHORITY, decisions.judge_application_resumed, recorders=APPLICANT, case=decisions.application_resumed),
    Kind("application.extended/1", decisions.ApplicationExtended, AUTHORITY, decisions.judge_application_extended, recorders=APPLICANT, case=decisions.application_extended),
    Kind("application.decided/1", decisions.ApplicationDecided, AUTHORITY, decisions.judge_application_decided, recorders=APPLICANT, case=decisions.application_decided),
    Kind("application.refused/1", decisions.ApplicationRefused, AUTHORITY, decisions.judge_application_refused, recorders=APPLICANT, case=decisions.application_refused),
    Kind("application.not-accepted/1", decisions.ApplicationNotAccepted, AUTHORITY, decisions.judge_application_not_accepted, recorders=APPLICANT, case=decisions.application_not_accepted),
    Kind("application.withdrawn/1", applications.ApplicationWithdrawn, APPLICANT, applications.judge_application_withdrawn, case=applications.application_withdrawn),
    Kind("unit.assessed/1", capability.UnitAssessed, ASSESSORS, capability.judge_unit_assessed, recorders=USING_UNIT, party=capability.unit_assessed),
    Kind("credit.rated/1", capability.CreditRated, SUPERVISORS, capability.judge_credit_rated, recorders=USING_UNIT, party=capability.credit_rated),
    Kind("risk-assessment.requested/1", risk.RiskAssessmentRequested, APPLICANT, risk.judge_requested, case=risk.requested),
    Kind("risk-assessment.completeness-answered/1", risk.RiskAssessmentCompletenessAnswered, ASSESSORS, risk.judge_answered, case=risk.answered),
    Kind("risk-assessment.supplemented/1", risk.RiskAssessmentSupplemented, APPLICANT, risk.judge_supplemented, case=risk.supplemented),
    Kind("risk-assessment.panel-formed/1", meetings.RiskAssessmentPanelFormed, ASSESSORS, meetings.judge_panel_formed, case=meetings.panel_formed),
    Kind("assessment-meeting.held/1", meetings.AssessmentMeetingHeld, ASSESSORS, meetings.judge_meeting_held, case=meetings.meeting_held),
    Kind("risk-assessment.visited/1", on_site.RiskAssessmentVisited, ASSESSORS, on_site.judge_visited, case=on_site.visited),
    Kind("risk-assessment.rectified/1", on_site.RiskAssessmentRectified, APPLICANT, on_site.judge_rectified, case=on_site.rectified),
    Kind("risk-assessment.rectification-verified/1", on_site.RiskAssessmentRectificationVerified, ASSESSORS, on_site.judge_rectification_verified, case=on_site.rectification_verified),
    Kind("risk-assessment.reported/1", reports.RiskAssessmentReported, ASSESSORS, reports.judge_reported, recorders=APPLICANT, case=reports.reported),
    Kind("risk-assessment.relied-on/1", reliance.RiskAssessmentReliedOn, AUTHORITY, reliance.judge_relied_on, recorders=APPLICANT, case=reliance.relied_on),
    Kind("scope.excluded/1", scope.ScopeExcluded, AUTHORITY | USING_UNIT, scope.judge_scope_excluded),
)  # fmt: skip
