"""Questions about the records themselves."""

from __future__ import annotations

from typing import Final

from projections.asked.parameters import FIRST, HOURS, LAST, STATEMENT
from projections.asked.question import Question, Reads
from projections.asked.supervision import records

RECORDS: Final = (
    Question(
        number=17,
        name="few-signers",
        asks="What was done with high-pathogenic material by fewer persons than are to do it?",
        reads=Reads.LOG,
        answer=records.too_few,
        row=records.FewRow,
        rests=("GAT-14",),
    ),
    Question(
        number=18,
        name="signatures",
        asks="Who signed a statement, with what meaning and which key, and does each signature hold?",
        reads=Reads.SUBJECT,
        parameters=(STATEMENT,),
        at=False,
        answer=records.signed_by,
        row=records.SignatureRow,
    ),
    Question(
        number=19,
        name="corrections",
        asks="What was corrected or voided, by whom, why, and what did it say before?",
        reads=Reads.VIEWS,
        at=False,
        answer=records.corrections,
        row=records.CorrectionRow,
    ),
    Question(
        number=20,
        name="late-entries",
        asks="What was recorded late, how late, by whom and of which site?",
        reads=Reads.VIEWS,
        parameters=(HOURS,),
        at=False,
        answer=records.told_late,
        row=records.LateRow,
        rests=("GEN-10",),
    ),
    Question(
        number=29,
        name="breaches",
        asks="Which breaches stand in the record of a period, by whom, and did they say why?",
        reads=Reads.VIEWS,
        parameters=(FIRST, LAST),
        at=False,
        answer=records.broken,
        row=records.BreachRow,
        rests=None,
    ),
    Question(
        number=38,
        name="retention-ending",
        asks="Which records are kept until a day in a period?",
        reads=Reads.LOG,
        parameters=(FIRST, LAST),
        answer=records.kept_until,
        row=records.KeptRow,
        rests=("RET-02",),
    ),
    Question(
        number=38,
        name="legal-holds",
        asks="Which records does a legal hold keep?",
        reads=Reads.VIEWS,
        answer=records.held_records,
        row=records.KeptRow,
        rests=("RET-02",),
    ),
)
