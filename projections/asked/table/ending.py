"""Questions about how items end and what is left of them."""

from __future__ import annotations

from typing import Final

from projections.asked.goods import ending
from projections.asked.question import Question, Reads

ENDING: Final = (
    Question(
        number=21,
        name="unproved-disposals",
        asks="Which disposals lack a witness, evidence of the method, an indicator or a certificate?",
        reads=Reads.VIEWS,
        answer=ending.unproved,
        row=ending.UnprovedRow,
        rests=("DST-04", "DST-06", "ORD-14", "certify-waste"),
    ),
    Question(
        number=22,
        name="waste-manifests",
        asks="How long was waste stored before it was handed over, and is it certified what became of it?",
        reads=Reads.VIEWS,
        answer=ending.waste_manifests,
        row=ending.ManifestRow,
        rests=("WST-06", "certify-waste"),
    ),
    Question(
        number=22,
        name="waste-in-store",
        asks="What waste is still in store, and since when?",
        reads=Reads.VIEWS,
        answer=ending.stored_waste,
        row=ending.StoredRow,
        rests=("hand-over-waste",),
    ),
    Question(
        number=23,
        name="left-over",
        asks="What is still held though the activity that it was for has ended?",
        reads=Reads.VIEWS,
        answer=ending.left_of_activities,
        row=ending.LeftOverRow,
        rests=("destroy-or-deposit",),
    ),
)
