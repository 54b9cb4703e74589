"""Questions about approvals and what enters under them."""

from __future__ import annotations

from typing import Final

from projections.asked.entry import entry, lines
from projections.asked.parameters import APPROVAL
from projections.asked.question import Question, Reads

ENTRY: Final = (
    Question(
        number=1,
        name="balance",
        asks="What came in under each line of an approval, what became of it, and does it add up?",
        reads=Reads.LINEAGE,
        parameters=(APPROVAL,),
        answer=lines.balance,
        row=lines.BalanceRow,
    ),
    Question(
        number=1,
        name="open-lines",
        asks="Which approval lines do not close, and by how much?",
        reads=Reads.VIEWS,
        answer=lines.lines_open,
        row=lines.OpenLineRow,
        rests=("RCP-07",),
    ),
    Question(
        number=2,
        name="late-declarations",
        asks="What entered and was not declared at destination in time, and how many days late is it?",
        reads=Reads.VIEWS,
        answer=entry.late_declarations,
        row=entry.LateDeclarationRow,
        rests=("declare-at-destination",),
    ),
    Question(
        number=7,
        name="remaining",
        asks="What is left of each approval, for how many days, and which will expire unused?",
        reads=Reads.VIEWS,
        answer=lines.left_of_approvals,
        row=lines.RemainingRow,
        rests=("enter-before-approval-ends",),
    ),
    Question(
        number=8,
        name="uncovered",
        asks="What was declared beyond the approved quantity, outside the validity, or while suspended?",
        reads=Reads.VIEWS,
        answer=entry.not_covered,
        row=entry.UncoveredRow,
        rests=("CON-33", "APR-30", "APR-31"),
    ),
    Question(
        number=9,
        name="single-use",
        asks="Which approvals of single use were written off more than once?",
        reads=Reads.VIEWS,
        answer=entry.write_offs,
        row=entry.WriteOffRow,
        rests=("CON-35",),
    ),
    Question(
        number=36,
        name="judged-by",
        asks="Which edition of the rules judged an approval, and what would be otherwise under today's?",
        reads=Reads.LINEAGE,
        parameters=(APPROVAL,),
        at=False,
        answer=entry.judged,
        row=entry.JudgedRow,
    ),
)
