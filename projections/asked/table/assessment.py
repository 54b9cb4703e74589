"""Questions about what comes before entry."""

from __future__ import annotations

from typing import Final

from projections.asked.entry import applications, assessment
from projections.asked.parameters import FIRST, LAST
from projections.asked.question import Question, Reads

ASSESSMENT: Final = (
    Question(
        number=30,
        name="meetings",
        asks="What did risk-assessment meetings decide: products, pass rate, reasons?",
        reads=Reads.VIEWS,
        answer=assessment.meeting_figures,
        row=assessment.MeetingRow,
    ),
    Question(
        number=30,
        name="rectifications",
        asks="Which nonconformities did assessments find, and how long did each take to be put right?",
        reads=Reads.VIEWS,
        answer=assessment.rectified,
        row=assessment.RectificationRow,
        rests=("rectify-nonconformity",),
    ),
    Question(
        number=30,
        name="application-days",
        asks="How many working days did each step of each application take, and which of them count?",
        reads=Reads.VIEWS,
        answer=applications.application_steps,
        row=applications.StepRow,
        rests=("decide-application",),
    ),
    Question(
        number=28,
        name="unit-classes",
        asks="Which class was each unit of in a period, which changed theirs, and why?",
        reads=Reads.VIEWS,
        parameters=(FIRST, LAST),
        at=False,
        answer=assessment.classes,
        row=assessment.ClassRow,
        rests=("SUP-09",),
    ),
    Question(
        number=37,
        name="left-scope",
        asks="What left the scope of special items in a period, and how was it treated after?",
        reads=Reads.VIEWS,
        parameters=(FIRST, LAST),
        answer=assessment.out_of_scope,
        row=assessment.LeftScopeRow,
    ),
)
