"""What each command prints with --json, one object a line: its rows in one literal table.

``docs/json/`` is made of it, and a test holds every command, and what commands print, against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from api.rows import access, answers, evidence, http, log, operate, questions, record, reference, subjects, waiting
from projections import list_rows, obligations
from projections.asked.table import QUESTIONS

Row = Any
"""A type of rows: a typed dictionary, or a class of the answers."""

PRINTED: Final[Mapping[str, tuple[Row, ...]]] = {
    "init": (operate.Opened,),
    "record": (answers.RecordedLine, answers.FailedLine),
    "admit": (answers.RecordedLine, answers.FailedLine),
    "import": (answers.RecordedRows, answers.FailedRows, record.Preview, record.Proposed),
    "keys new": (record.PublicKey,),
    "keys show": (record.PublicKey, record.EnrolledKey),
    "statement kinds": (record.KindRow,),
    "statement new": (dict[str, Any],),
    "statement sign": (record.Submission, record.SignedFile),
    "statement cosign": (record.SignedFile,),
    "statement check": (record.Checked,),
    "statement submit": (answers.RecordedLine, answers.FailedLine),
    "statement receipt": (record.ReceiptRow,),
    "statement leave": (waiting.OpenStatementRow,),
    "statement waiting": (waiting.OpenStatementRow,),
    "statement fetch": (waiting.OpenStatementRow, record.Submission),
    "statement show": (log.ToldEntry, log.ToldFile),
    "log show": (log.Entry,),
    "log verify": (log.VerifiedLog,),
    "log disclosures": (record.Submission,),
    "log files": (log.LogFiles,),
    "log vkey": (log.VerifierKey,),
    "list items": (list_rows.ItemRow,),
    "list approvals": (list_rows.ApprovalRow,),
    "list permits": (list_rows.PermitRow,),
    "list consignments": (list_rows.ConsignmentRow,),
    "list parties": (list_rows.PartyRow,),
    "list sites": (list_rows.SiteRow,),
    "list cases": (list_rows.CaseRow,),
    "list obligations": (obligations.ObligationRow,),
    "access list": (access.AccessRow,),
    "access check": (access.AccessChecked,),
    "access verify": (access.AccessProven,),
    "access digest": (answers.RecordedLine, answers.FailedLine),
    "auditor grant": (answers.RecordedLine, answers.FailedLine),
    "auditor end": (answers.RecordedLine, answers.FailedLine),
    "auditor list": (subjects.AuditRow,),
    "sign-in": (http.SignedChallenge,),
    "token make": (http.TokenMade,),
    "token list": (http.TokenRow,),
    "token withdraw": (http.TokenWithdrawn,),
    "session open": (http.SignedIn,),
    "session show": (http.SignedIn,),
    "session end": (http.SessionEnded,),
    "item show": (subjects.ItemShown,),
    "labels print": (subjects.LabelRow,),
    "approval show": (subjects.ApprovalShown,),
    "ask": (questions.Asking,),
    **{f"ask {one.name}": (one.row, questions.AnswerEnd) for one in QUESTIONS.values()},
    "rules list": (reference.Edition,),
    "rules show": (reference.EditionShown,),
    "rules export": (reference.EditionFile,),
    "words kinds": (reference.KindWord,),
    "words roles": (reference.CodeWord,),
    "words codes": (reference.CodeWord,),
    "words units": (reference.UnitWord,),
    "words rules": (reference.RuleWord,),
    "words agents": (reference.AgentWord,),
    "publish": (operate.Published,),
    "serve": (operate.Serving,),
    "evidence export": (evidence.Exported,),
    "evidence verify": (evidence.Report,),
    "evidence ask": (evidence.CheckedAnswer,),
    "witness serve": (operate.Witnessing,),
    "witness cosign": (operate.Cosigned,),
    "witness vkey": (operate.WitnessKey,),
    "witness key new": (operate.WitnessKey,),
    "mirror": (operate.Mirrored,),
    "fsck": (operate.Sound,),
    "views list": (operate.ViewRow,),
    "views rebuild": (operate.ViewsMade,),
    "views export": (operate.ViewsExported,),
    "views check": (operate.ViewChecked,),
    "views follow": (operate.Following,),
    "views balance": (operate.ViewBalance,),
    "views show": (dict[str, Any],),
    "doctor": (operate.Found,),
    "clock": (operate.Clock,),
    "restore": (operate.PutBack, operate.TakenAsIs, operate.Disclosed),
}
"""The rows of each command; where there are several, each line is one of them."""

FAILED: Final = answers.Failed
"""What every command prints to stderr, with --json, when it fails."""
