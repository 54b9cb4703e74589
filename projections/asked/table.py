"""Every question in one literal table: what is asked, of what, what the answer rests on, and which function gives it.

A new function in ``projections/questions`` stands here, or a test fails. The name of a row never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from projections.asked import entry, goods
from projections.asked.parameters import APPROVAL, CONSIGNMENT, DONOR, ITEM, LOT
from projections.asked.question import Question, Reads

_ENTRY: Final = (
    Question(
        number=1,
        name="balance",
        asks="What came in under each line of an approval, what became of it, and does it add up?",
        reads=Reads.LINEAGE,
        parameters=(APPROVAL,),
        answer=entry.balance,
        row=entry.BalanceRow,
    ),
    Question(
        number=1,
        name="open-lines",
        asks="Which approval lines do not close, and by how much?",
        reads=Reads.LOG,
        answer=entry.lines_open,
        row=entry.OpenLineRow,
        rests=("RCP-07",),
    ),
    Question(
        number=2,
        name="late-declarations",
        asks="What entered and was not declared at destination in time, and how many days late is it?",
        reads=Reads.LOG,
        answer=entry.late_declarations,
        row=entry.LateDeclarationRow,
        rests=("declare-at-destination",),
    ),
    Question(
        number=7,
        name="remaining",
        asks="What is left of each approval, for how many days, and which will expire unused?",
        reads=Reads.LOG,
        answer=entry.left_of_approvals,
        row=entry.RemainingRow,
        rests=("enter-before-approval-ends",),
    ),
    Question(
        number=8,
        name="uncovered",
        asks="What was declared beyond the approved quantity, outside the validity, or while suspended?",
        reads=Reads.LOG,
        answer=entry.not_covered,
        row=entry.UncoveredRow,
        rests=("CON-33", "APR-30", "APR-31"),
    ),
    Question(
        number=9,
        name="single-use",
        asks="Which approvals of single use were written off more than once?",
        reads=Reads.LOG,
        answer=entry.write_offs,
        row=entry.WriteOffRow,
        rests=("CON-35",),
    ),
    Question(
        number=36,
        name="judged-by",
        asks="Which edition of the rules judged an approval, and what would be otherwise under today's?",
        reads=Reads.LOG,
        parameters=(APPROVAL,),
        at=False,
        answer=entry.judged,
        row=entry.JudgedRow,
    ),
)

_GOODS: Final = (
    Question(
        number=3,
        name="whereabouts",
        asks="Where was an item at a time, as the record said at another time?",
        reads=Reads.SUBJECT,
        parameters=(ITEM,),
        answer=goods.where_was,
        row=goods.WhereRow,
    ),
    Question(
        number=5,
        name="descendants",
        asks="What was made of an item, a consignment or what came in under an approval, and where is it now?",
        reads=Reads.LOG,
        parameters=(ITEM, CONSIGNMENT, APPROVAL, LOT, DONOR),
        answer=goods.made_of,
        row=goods.DescendantRow,
    ),
    Question(
        number=6,
        name="ancestors",
        asks="What was an item made of, back to the approvals and the consents?",
        reads=Reads.LINEAGE,
        parameters=(ITEM,),
        answer=goods.made_from,
        row=goods.AncestorRow,
    ),
    Question(
        number=14,
        name="discrepancies",
        asks="Which discrepancies were found at receipt, are they resolved or reported, and how long did it take?",
        reads=Reads.LOG,
        answer=goods.differences,
        row=goods.DiscrepancyRow,
        rests=("resolve-discrepancy", "RCP-07"),
    ),
    Question(
        number=16,
        name="unanswered-handovers",
        asks="Which hand-overs has nobody answered?",
        reads=Reads.LOG,
        answer=goods.unanswered,
        row=goods.UnansweredRow,
        rests=("answer-handover", "CUS-09"),
    ),
    Question(
        number=16,
        name="taken-unasked",
        asks="What did somebody take that nobody handed over?",
        reads=Reads.LOG,
        answer=goods.ungiven,
        row=goods.UngivenRow,
        rests=("CUS-09",),
    ),
    Question(
        number=16,
        name="nobodys",
        asks="Which items are in nobody's hands now?",
        reads=Reads.LOG,
        answer=goods.nobodys,
        row=goods.NobodysRow,
        rests=("CUS-09",),
    ),
    Question(
        number=24,
        name="checked-out",
        asks="What was checked out and is not returned?",
        reads=Reads.LOG,
        answer=goods.checked_out,
        row=goods.OwedRow,
        rests=("return-checkout",),
    ),
    Question(
        number=24,
        name="uncounted",
        asks="What in stock was not counted in time?",
        reads=Reads.LOG,
        answer=goods.uncounted,
        row=goods.OwedRow,
        rests=("count-stock",),
    ),
    Question(
        number=24,
        name="variances",
        asks="What did counts find otherwise than recorded, and has anybody answered for it?",
        reads=Reads.LOG,
        answer=goods.counted_otherwise,
        row=goods.VarianceRow,
        rests=("STK-07",),
    ),
    Question(
        number=42,
        name="both-sides",
        asks="Do the two sides of each hand-over and transfer tell the same?",
        reads=Reads.LOG,
        answer=goods.sides,
        row=goods.SidesRow,
        rests=("CUS-09",),
    ),
)

QUESTIONS: Final[Mapping[str, Question]] = {one.name: one for one in (*_ENTRY, *_GOODS)}
"""By their names, in the order in which they are listed."""
