"""Every question in one literal table for each room: what is asked, what the answer rests on, which function gives it.

A new function in ``projections/questions`` stands in one of them, or a test fails. The name of a row never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from projections.asked.question import Question
from projections.asked.table.assessment import ASSESSMENT
from projections.asked.table.cases import CASES
from projections.asked.table.custody import CUSTODY
from projections.asked.table.ending import ENDING
from projections.asked.table.entry import ENTRY
from projections.asked.table.goods import GOODS
from projections.asked.table.permits import PERMITS
from projections.asked.table.records import RECORDS
from projections.asked.table.supervision import SUPERVISION
from projections.asked.table.work import WORK

_ROOMS: Final = (ENTRY, GOODS, CUSTODY, WORK, ASSESSMENT, ENDING, PERMITS, SUPERVISION, CASES, RECORDS)

QUESTIONS: Final[Mapping[str, Question]] = {
    one.name: one for one in sorted((one for room in _ROOMS for one in room), key=lambda one: one.number)
}
"""By their names, in the order of their numbers."""
