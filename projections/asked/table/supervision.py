"""Questions about the supervision of units."""

from __future__ import annotations

from typing import Final

from projections.asked.parameters import FIRST, LAST, PARTY
from projections.asked.question import Question, Reads
from projections.asked.supervision import files, supervision

SUPERVISION: Final = (
    Question(
        number=27,
        name="findings",
        asks="Which findings has each unit: open, overdue, repeated, and how long did each take?",
        reads=Reads.VIEWS,
        answer=supervision.unit_findings,
        row=supervision.FindingRow,
        rests=("correct-finding",),
    ),
    Question(
        number=28,
        name="visits-due",
        asks="Which visits do plans of supervision still ask for, the worst class first?",
        reads=Reads.VIEWS,
        answer=supervision.planned_visits,
        row=supervision.VisitRow,
        rests=("visit-unit",),
    ),
    Question(
        number=28,
        name="next-visits",
        asks="Which visits did an authority name that are still to be made?",
        reads=Reads.VIEWS,
        answer=supervision.named_visits,
        row=supervision.NamedVisitRow,
        rests=("visit-next",),
    ),
    Question(
        number=28,
        name="visit-scores",
        asks="What do the points of each visit come to, beside the score that the officers gave?",
        reads=Reads.VIEWS,
        answer=supervision.scored_visits,
        row=supervision.ScoreRow,
    ),
    Question(
        number=29,
        name="compliance-file",
        asks="What does the record hold about how an enterprise kept the rules in a period?",
        reads=Reads.VIEWS,
        parameters=(PARTY, FIRST, LAST),
        leaves=True,
        answer=files.file_of,
        row=files.FileRow,
        rests=None,
    ),
    Question(
        number=41,
        name="samples",
        asks="Which official samples were taken, how much, and what came of it?",
        reads=Reads.VIEWS,
        answer=supervision.official_samples,
        row=supervision.SampleRow,
    ),
)
