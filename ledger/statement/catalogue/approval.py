"""Approvals and what becomes of them. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.approval import allotting, approvals, changes, conversions
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import APPLICANT, AUTHORITY

APPROVAL: tuple[Kind[Any], ...] = (
    Kind("approval.granted/1", approvals.ApprovalGranted, AUTHORITY, approvals.judge_approval_granted, recorders=APPLICANT, approval=approvals.approval_granted),
    Kind("approval.amended/1", changes.ApprovalAmended, AUTHORITY, changes.judge_approval_amended, recorders=APPLICANT, approval=changes.approval_amended),
    Kind("approval.suspended/1", changes.ApprovalSuspended, AUTHORITY, changes.judge_approval_suspended, recorders=APPLICANT, approval=changes.approval_suspended),
    Kind("approval.resumed/1", changes.ApprovalResumed, AUTHORITY, changes.judge_approval_resumed, recorders=APPLICANT, approval=changes.approval_resumed),
    Kind("approval.withdrawn/1", changes.ApprovalWithdrawn, AUTHORITY, changes.judge_approval_withdrawn, recorders=APPLICANT, approval=changes.approval_withdrawn),
    Kind("approval.site-added/1", changes.ApprovalSiteAdded, AUTHORITY, changes.judge_approval_site_added, recorders=APPLICANT, approval=changes.approval_site_added),
    Kind("approval.allotted/1", allotting.ApprovalAllotted, AUTHORITY, allotting.judge_approval_allotted, recorders=APPLICANT, approval=allotting.approval_allotted),
    Kind("approval.conversion-stated/1", conversions.ApprovalConversionStated, AUTHORITY | APPLICANT, conversions.judge_approval_conversion_stated, approval=conversions.approval_conversion_stated),
)  # fmt: skip
