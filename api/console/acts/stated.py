"""The acts that are stated in the browser beside those of the bench: of who supervises, decides and assesses, of the
unit that answers, of who lets an auditor in, and of who takes a key out of use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.drafts.acts.authors import roles_in
from api.drafts.acts.kinds import ACTS
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ledger.domain.bodies.vocabulary import Role
    from ledger.domain.kind import Kind
    from ledger.domain.states.party import Party

SUPERVISING: Final[Mapping[str, tuple[str, str]]] = {
    "plan-supervision": ("supervision.planned/1", "Plan a supervision"),
    "join-supervision": ("supervision.joined/1", "Take part in a supervision"),
    "delegate-supervision": ("supervision.delegated/1", "Delegate a supervision"),
    "visit": ("supervision.visited/1", "Record a visit"),
    "raise-finding": ("finding.raised/1", "Raise a finding"),
    "decide-finding": ("finding.decided/1", "Decide on an objection"),
    "verify-finding": ("finding.verified/1", "Verify a correction"),
    "reject-finding": ("finding.rejected/1", "Reject a correction"),
    "reopen-finding": ("finding.reopened/1", "Reopen a finding"),
    "escalate-supervision": ("supervision.escalated/1", "Carry a supervision on"),
    "close-supervision": ("supervision.closed/1", "Close a supervision"),
}
ANSWERING: Final[Mapping[str, tuple[str, str]]] = {
    "answer-finding": ("finding.answered/1", "Answer a finding"),
    "correct-finding": ("finding.corrected/1", "Correct a finding"),
    "order-recall": ("recall.ordered/1", "Order a recall"),
    "confirm-recall": ("recall.confirmed/1", "Confirm a recall"),
    "lift-recall": ("recall.lifted/1", "Lift a recall"),
    "let-auditor-in": ("audit.granted/1", "Let an auditor in"),
    "end-audit": ("audit.ended/1", "End an audit"),
}
DECIDING: Final[Mapping[str, tuple[str, str]]] = {
    "accept-application": ("application.accepted/1", "Accept an application"),
    "ask-completion": ("application.completion-asked/1", "Ask for what is missing"),
    "pause-application": ("application.paused/1", "Wait for others"),
    "resume-application": ("application.resumed/1", "Go on with an application"),
    "extend-application": ("application.extended/1", "Extend the term"),
    "grant-approval": ("approval.granted/1", "Grant an approval"),
    "decide-application": ("application.decided/1", "Permit what was applied for"),
    "refuse-application": ("application.refused/1", "Refuse an application"),
    "not-accept-application": ("application.not-accepted/1", "Not take an application up"),
}
ASSESSING: Final[Mapping[str, tuple[str, str]]] = {
    "answer-completeness": ("risk-assessment.completeness-answered/1", "Answer whether a dossier is complete"),
    "form-panel": ("risk-assessment.panel-formed/1", "Form a panel"),
    "hold-meeting": ("assessment-meeting.held/1", "Record a meeting"),
    "report-assessment": ("risk-assessment.reported/1", "Issue a report"),
}

KEEPING: Final[Mapping[str, tuple[str, str]]] = {"revoke-key": ("key.revoked/1", "Revoke a key")}

STATED: Final[Mapping[str, tuple[str, str]]] = {**SUPERVISING, **ANSWERING, **DECIDING, **ASSESSING, **KEEPING}
"""By their word in an address, the kind that each states and what it is called."""

LEFT_OUT: Final = frozenset({"audit.granted/1 start", "audit.granted/1 end"})
"""Members that are not asked for here: a period of an audit is said with the program."""

VISITED: Final = "supervision.visited/1"
"""Of which two officers sign, and who represents the unit."""

STATED_NAMES: Final[Mapping[str, str]] = {
    "access_number": "Number of the access decision",
    "agents": "Agents, one on each line",
    "answer": "Answer",
    "applicant": "Applicant",
    "approval": "Approval",
    "approvals": "Approvals, one on each line",
    "area": "Area",
    "areas": "Areas",
    "asked": "What is asked",
    "assessment": "Assessment",
    "assessment_number": "Number of the assessment report",
    "auditor": "Auditor",
    "basis": "Basis",
    "because": "Not done, because",
    "body": "Who holds it",
    "case": "Case",
    "clause": "Clause",
    "conclusion": "Conclusion",
    "confirm_by": "To be confirmed by",
    "consignments": "Consignments, one on each line",
    "copies": "Documents that were copied (SHA-256), one on each line",
    "corrected_on": "Corrected on",
    "decision": "Decision",
    "description": "What was seen, in words",
    "direction": "Direction",
    "disclosures": "May read disclosures",
    "district": "District",
    "donor": "Code of the donor",
    "due": "To be corrected by",
    "evidence": "Evidence (SHA-256), one on each line",
    "experts": "Codes of the experts, one on each line",
    "finding": "Number of the finding",
    "follow_up": "Supervised afterwards",
    "form": "Form",
    "grade": "Grade",
    "ground": "Ground",
    "issued_on": "Issued on",
    "key": "Key",
    "leader": "Code of the leader",
    "line": "Line",
    "lines": "Lines",
    "lot": "Lot",
    "material": "Material",
    "mates": "Items of a pool, one on each line",
    "measure": "Measure",
    "measures": "SHA-256 of the measures",
    "minutes": "SHA-256 of the minutes",
    "missing": "Missing papers",
    "name_en": "Name in English",
    "name_zh": "Name in Chinese",
    "next_on": "Next visit by",
    "note": "Note, in words",
    "number": "Number",
    "office": "Office",
    "on_site": "Visit the place",
    "orders": "Orders, one on each line",
    "outcome": "Outcome",
    "outcomes": "Products",
    "outside": "Experts from outside",
    "party": "Party",
    "passed": "Passed",
    "pause": "Waiting for",
    "period_from": "From",
    "period_to": "To",
    "permit": "Permit",
    "point": "Point of the form",
    "points": "Points of the form",
    "pools": "What of pools",
    "purposes": "Purposes",
    "reasons": "Reason",
    "recused": "Codes of the recused, one on each line",
    "result": "Result",
    "samples": "Samples that were taken",
    "score": "Score",
    "severity": "Gravity",
    "site": "Site",
    "sites": "Sites, one on each line",
    "spot_check": "Spot check later",
    "starred": "Starred",
    "to": "To whom",
    "unit_class": "Class of the unit",
    "unit_signed": "The unit's representative",
    "until": "Until",
    "valid_from": "Valid from",
    "valid_to": "Valid until",
    "visits": "Number of visits",
    "write_off": "Write-off",
}
"""By the last name of a member of these acts, what its field is called; others as at the bench."""


def kind_of_act(act: str) -> Kind[Any]:
    """Return the kind that an act of the browser states."""
    return KINDS[STATED[act][0] if act in STATED else ACTS[act]]


def is_left_out(kind: str, path: str) -> bool:
    """Say whether a member is not asked for: a document, by which somebody records what an authority decided."""
    return path.partition(".")[0] == "reference" or f"{kind} {path}" in LEFT_OUT


def roles_for(act: str, party: Party) -> list[Role]:
    """Return the roles in which a party may state an act here; by a document alone nobody may."""
    kind = kind_of_act(act)
    return sorted(party.roles & kind.roles) if act in STATED else roles_in(party, kind)
