"""What entered and was not declared at destination in time.

"Items entered > 30 days ago without destination declaration (and days late)." The term is the edition's under which
the goods were released, as of every obligation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.duties.obligation import State
from ledger.ids import ConsignmentId
from ledger.statement.duties import DUTIES, obligations
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.ids import ItemId, PartyId

DUTY: Final = "declare-at-destination"


@dataclass(frozen=True, slots=True)
class UndeclaredRow:
    """A consignment under follow-up supervision whose declaration at destination is late, or was.

    items: what was released of it, by ascending id. by: who owes the declaration; None: nobody is named.
    declared_at: when it was declared after all; None: it is not. days_late: local days after the last one.
    """

    consignment: ConsignmentId
    items: tuple[ItemId, ...]
    by: PartyId | None
    released_at: datetime
    due: datetime
    declared_at: datetime | None
    days_late: int


def undeclared(events: Iterable[Event[Any]], editions: Editions, at: datetime) -> tuple[UndeclaredRow, ...]:
    """Return the consignments whose declaration at destination was late at an instant, the latest first.

    Of goods whose term is not known nothing can be late, and nothing is told.
    """
    record = Record(events)
    owed = obligations(record.events, editions, duties=(DUTIES[DUTY],))
    rows = [
        _row(record, one, editions, at)
        for one in owed
        if one.overdue_at(at) or (one.late and one.state_at(at) is State.MET)
    ]
    return tuple(sorted((row for row in rows if row is not None), key=lambda row: (-row.days_late, row.consignment)))


def _row(record: Record, one: Obligation, editions: Editions, at: datetime) -> UndeclaredRow | None:
    rules = next((pack for pack in editions.packs if pack.id == one.edition), None)
    if rules is None or one.due is None:
        return None
    declared_at = one.met.at if one.met is not None and one.state_at(at) is State.MET else None
    day = rules.working_days.local_date
    goods = record.world.consignment(ConsignmentId(one.subject))
    return UndeclaredRow(
        goods.id,
        tuple(sorted(goods.released_items)),
        one.owed.debtor,
        one.since,
        one.due,
        declared_at,
        (day(declared_at or at) - day(one.due)).days,
    )
