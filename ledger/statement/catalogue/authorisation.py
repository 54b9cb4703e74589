"""Permissions beside the approval form, and what becomes of them. The kinds of this wing, one row each."""

from __future__ import annotations

from typing import Any

from ledger.domain.authorisation import changes, drawing, permits, reports
from ledger.domain.kind import Kind
from ledger.statement.catalogue.signers import HOLDERS, ISSUERS

AUTHORISATION: tuple[Kind[Any], ...] = (
    Kind("permit.recorded/1", permits.PermitRecorded, ISSUERS, permits.judge_permit_recorded, recorders=HOLDERS, permit=permits.permit_recorded, approval=permits.approval_linked),
    Kind("permit.linked/1", permits.PermitLinked, ISSUERS, permits.judge_permit_linked, recorders=HOLDERS, permit=permits.permit_linked, approval=permits.approval_linked),
    Kind("permit.changed/1", changes.PermitChanged, ISSUERS, changes.judge_permit_changed, recorders=HOLDERS, permit=changes.permit_changed),
    Kind("permit.suspended/1", changes.PermitSuspended, ISSUERS, changes.judge_permit_suspended, recorders=HOLDERS, permit=changes.permit_suspended),
    Kind("permit.resumed/1", changes.PermitResumed, ISSUERS, changes.judge_permit_resumed, recorders=HOLDERS, permit=changes.permit_resumed),
    Kind("permit.ended/1", changes.PermitEnded, ISSUERS, changes.judge_permit_ended, recorders=HOLDERS, permit=changes.permit_ended),
    Kind("permit.drawn/1", drawing.PermitDrawn, ISSUERS | HOLDERS, drawing.judge_permit_drawn, permit=drawing.permit_drawn, item=drawing.item_drawn),
    Kind("permit.reported/1", reports.PermitReported, HOLDERS, reports.judge_permit_reported, permit=reports.permit_reported),
)  # fmt: skip
