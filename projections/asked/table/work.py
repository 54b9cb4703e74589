"""Questions about work on items: where it was done, at which level, whether it was free, and for what."""

from __future__ import annotations

from typing import Final

from projections.asked.goods import work
from projections.asked.question import Question, Reads

WORK: Final = (
    Question(
        number=10,
        name="places",
        asks="Did the site match the approval at each receipt and each work?",
        reads=Reads.LOG,
        answer=work.places,
        row=work.PlaceRow,
        rests=("GAT-11",),
    ),
    Question(
        number=11,
        name="below-level",
        asks="Which work was done below the biosafety level that it asks for, or of no known one?",
        reads=Reads.LOG,
        answer=work.too_low,
        row=work.LevelRow,
        rests=("GAT-12",),
    ),
    Question(
        number=12,
        name="used-too-early",
        asks="What was used or sold before its release or before customs consented?",
        reads=Reads.LOG,
        answer=work.before_free,
        row=work.BrokenWorkRow,
        rests=("GAT-06", "GAT-07"),
    ),
    Question(
        number=13,
        name="off-purpose",
        asks="What was used or sold beyond the approved purpose, or of a list of research imports?",
        reads=Reads.LOG,
        answer=work.off_purpose,
        row=work.BrokenWorkRow,
        rests=("GAT-15", "USE-02", "OWN-01", "OWN-02"),
    ),
)
