"""Questions about cases: holds, recalls, withdrawals, incidents."""

from __future__ import annotations

from typing import Final

from projections.asked.question import Question, Reads
from projections.asked.supervision import cases

CASES: Final = (
    Question(
        number=5,
        name="recalls",
        asks="How far has each recall come: what does it reach, where is it, who has confirmed?",
        reads=Reads.VIEWS,
        answer=cases.recalled,
        row=cases.RecallRow,
        rests=("confirm-recall",),
    ),
    Question(
        number=25,
        name="held",
        asks="Which items are under a hold or an order, and what was done with them since?",
        reads=Reads.VIEWS,
        answer=cases.holds,
        row=cases.HeldRow,
        rests=("GAT-08",),
    ),
    Question(
        number=26,
        name="withdrawn",
        asks="Approvals that were withdrawn: which items came in under them, where are they, what became of each?",
        reads=Reads.VIEWS,
        answer=cases.withdrawn_goods,
        row=cases.WithdrawnRow,
        rests=("GAT-10", "clear-withdrawn"),
    ),
    Question(
        number=33,
        name="withdrawn-consents",
        asks="What holds material for which consent was withdrawn?",
        reads=Reads.VIEWS,
        answer=cases.without_consent,
        row=cases.ConsentRow,
        rests=("dispose-of-withdrawn",),
    ),
    Question(
        number=35,
        name="incidents",
        asks="How long did it take from each discovery to each report, and was that in time?",
        reads=Reads.VIEWS,
        answer=cases.told_of_incidents,
        row=cases.NoticeRow,
        rests=("INC-22",),
    ),
)
