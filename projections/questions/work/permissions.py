"""What was used before it was free, and what it was used for beyond what was permitted.

"Uses before release or before customs consent." "Uses outside the approved purpose; white-list goods used clinically
or sold."
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.work.gates import CONSENTED, PURPOSE, RELEASED
from ledger.domain.work.permitted import HOLDER_ALONE, OWN_RESEARCH
from ledger.domain.work.use import PERMITTED
from projections.questions.record import Record
from projections.questions.work.again import judged_again
from projections.questions.work.laboratories import WORK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.domain.law.rules import RulePack
    from projections.questions.work.again import JudgedAgain

SALE: Final = "sale.recorded/1"
_FREE: Final = frozenset({RELEASED.id, CONSENTED.id})
_FOR: Final = frozenset({PURPOSE.id, PERMITTED.id, OWN_RESEARCH.id, HOLDER_ALONE.id})


def too_early(events: Iterable[Event[Any]], editions: Editions, by: RulePack | None = None) -> JudgedAgain:
    """Return the works and sales of what was not released, or not consented to, when they were done.

    events: of a whole log, oldest first. by: the edition; None: that of the edition that judged each.

    GAT-06 says what came in unreleased, GAT-07 what stood under follow-up without consent. A release or a consent that
    is recorded late counts from when it was given.
    """
    return judged_again(Record(events), {*WORK, SALE}, _FREE, editions, by)


def beyond_purpose(events: Iterable[Event[Any]], editions: Editions, by: RulePack | None = None) -> JudgedAgain:
    """Return the uses and sales that no approval or permit of the goods allows.

    events, by: as for ``too_early``.

    GAT-15: the approval names other purposes. USE-02: the law does not permit this one. OWN-01, OWN-02: goods of a
    list of research imports in the clinic, sold, or with another enterprise than the list names. A purpose is asked of
    uses and sales, which state one; of other works it is not on record.
    """
    return judged_again(Record(events), {*WORK, SALE}, _FOR, editions, by)
