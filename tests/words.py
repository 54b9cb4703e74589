"""Closed lists of codes and the tables of words that they are told by; for tests of what people are told."""

from __future__ import annotations

import importlib
import pkgutil
from enum import StrEnum
from types import ModuleType
from typing import TYPE_CHECKING, Final

import ledger.domain
import ledger.reference
from ledger.domain.approval import approvals, changes
from ledger.domain.assessment import capability, classes, decisions, on_site, scope
from ledger.domain.authorisation import changes as permit_changes
from ledger.domain.bodies import products, vocabulary
from ledger.domain.border import certification, consignments, inspection
from ledger.domain.custody import carriage, discrepancy, receipt, transfer
from ledger.domain.duties import duty, obligation
from ledger.domain.ending import destruction, disposal, incidents
from ledger.domain.law import deadlines, rule, rules, schemes
from ledger.domain.states import application as application_state
from ledger.domain.states import border as border_state
from ledger.domain.states import holding, subjects
from ledger.domain.states import permit as permit_state
from ledger.domain.states import risk as risk_state
from ledger.domain.states import supervision as supervision_state
from ledger.domain.supervision import conclusions, findings, keeping, notices, plans, recalls, visits
from ledger.domain.work import collection, inactivation
from ledger.meaning import Meaning
from ledger.reference import activities, units
from ledger.statement.form.header import CaptureMode
from ledger.statement.signing.keys import Algorithm
from projections.booking import Flow
from projections.questions.ending import disposals
from projections.questions.supervision import compliance

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLES: Final[Mapping[str, type[StrEnum]]] = {
    "alg": Algorithm,
    "area": supervision_state.Area,
    "asked": holding.Asked,
    "because": visits.Because,
    "conclusion": visits.Conclusion,
    "file_sort": compliance.Sort,
    "finding_decision": findings.FindingDecision,
    "finding_status": supervision_state.FindingStatus,
    "form": visits.Form,
    "hold_reason": keeping.HoldReason,
    "measure": conclusions.Measure,
    "plan_basis": plans.Basis,
    "point_result": visits.PointResult,
    "recall_asked": recalls.RecallAsked,
    "recall_ground": recalls.RecallGround,
    "gravity": findings.Gravity,
    "unit_answer": findings.UnitAnswer,
    "unit_signed": visits.UnitSigned,
    "watch_outcome": notices.WatchOutcome,
    "application_end": application_state.ApplicationEnd,
    "answer": rule.Answer,
    "basis": collection.Basis,
    "approval_status": border_state.ApprovalStatus,
    "capture": CaptureMode,
    "case_status": subjects.CaseStatus,
    "condition": receipt.Condition,
    "confidence": rules.Confidence,
    "class_basis": classes.Basis,
    "class_cause": classes.Cause,
    "assessment_outcome": risk_state.Outcome,
    "conformity": capability.Conformity,
    "consignment_status": border_state.ConsignmentStatus,
    "decision": carriage.Decision,
    "department": vocabulary.Department,
    "differing": inspection.Compared,
    "decision_ground": decisions.DecisionGround,
    "dimension": units.Dimension,
    "direction": approvals.Direction,
    "discrepancy": discrepancy.Difference,
    "documents": receipt.Documents,
    "entry_date": rules.EntryDate,
    "flow": Flow,
    "harmless": certification.Harmless,
    "grade": vocabulary.Grade,
    "inactivation_state": subjects.Inactivation,
    "incident": incidents.Incident,
    "indicator": destruction.Indicator,
    "item_status": subjects.ItemStatus,
    "lack": disposals.Lack,
    "loss": incidents.Loss,
    "managed_as": scope.ManagedAs,
    "material": activities.Material,
    "meaning": Meaning,
    "method": disposal.Method,
    "outcome_reason": risk_state.OutcomeReason,
    "severity": on_site.Severity,
    "verification": on_site.Verification,
    "not_accepted_ground": decisions.NotAcceptedGround,
    "origin": subjects.Origin,
    "obligation": obligation.State,
    "order": changes.OrderOnWithdrawal,
    "outcome": inactivation.Outcome,
    "packaging": vocabulary.Packaging,
    "paper": products.Paper,
    "pause": decisions.Pause,
    "phase": application_state.Phase,
    "permit_end": permit_changes.PermitEnd,
    "permit_status": permit_state.PermitStatus,
    "report": permit_state.Report,
    "reported_to": incidents.ReportedTo,
    "result": inspection.InspectionResult,
    "retained": rules.Retained,
    "role": vocabulary.Role,
    "route": consignments.Route,
    "scheme": schemes.Scheme,
    "task": rules.Task,
    "term": deadlines.Term,
    "transfer_ground": transfer.Ground,
    "who": duty.Who,
    "work": activities.Activity,
    "write_off": vocabulary.WriteOff,
}
"""The closed list that the codes of a table are of."""


def enumerations() -> set[type[StrEnum]]:
    """Return every closed list that domain and reference tables define."""
    return {
        one
        for module in _modules(ledger.domain, ledger.reference)
        for one in vars(module).values()
        if isinstance(one, type) and issubclass(one, StrEnum) and one.__module__ == module.__name__
    }


def _modules(*packages: ModuleType) -> Iterator[ModuleType]:
    for package in packages:
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            yield importlib.import_module(found.name)
