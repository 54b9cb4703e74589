"""What holds material for which consent was withdrawn.

"Pooled/derived samples that include material whose consent was withdrawn."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.states.holding import Asked, Holding
from ledger.domain.supervision import consent
from ledger.domain.supervision.reaching import reaches
from ledger.domain.work.checks import GONE
from ledger.ids import Tag
from projections.questions.record import Record, Where

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Case, Item
    from ledger.ids import CaseId, ItemId


@dataclass(frozen=True, slots=True)
class IncludingRow:
    """An item that the withdrawal names, or that was made of such.

    of: the named items that are in it. pooled: whether something else is in it too.
    used_since: the statements by which any of it was worked on after the withdrawal, by kind.
    gone: whether nothing of it is left.
    """

    where: Where
    of: tuple[ItemId, ...]
    pooled: bool
    used_since: tuple[str, ...]
    gone: bool


@dataclass(frozen=True, slots=True)
class WithdrawnConsent:
    """A withdrawal of consent. dispose: whether disposal is asked for."""

    case: CaseId
    at: datetime | None
    dispose: bool
    items: tuple[IncludingRow, ...]

    @property
    def left(self) -> tuple[IncludingRow, ...]:
        """Return what there still is of it."""
        return tuple(one for one in self.items if not one.gone)


_WORK = frozenset(
    {
        "item.used/1", "item.tested/1", "item.aliquoted/1", "item.derived/1", "item.pooled/1", "item.propagated/1",
        "transfer.sent/1", "sale.recorded/1", "item.re-exported/1",
    }
)  # fmt: skip


def withdrawn_consents(events: Iterable[Event[Any]]) -> tuple[WithdrawnConsent, ...]:
    """Return the withdrawals of consent, by ascending case, each with all that includes such material."""
    record = Record(events)
    return tuple(_row(record, case) for case in record.cases if case.matter == consent.MATTER)


def _row(record: Record, case: Case) -> WithdrawnConsent:
    dispose = isinstance(case.detail, Holding) and case.detail.asked is Asked.DESTROY
    reached = [item for item in record.items if reaches(record.world, case, item.id)]
    return WithdrawnConsent(case.id, case.opened_on, dispose, tuple(_including(record, case, item) for item in reached))


def _including(record: Record, case: Case, item: Item) -> IncludingRow:
    roots = record.world.roots(item.id)
    lineage = {one.id for one in record.world.lineage(item.id)}
    of = tuple(sorted(case.items & lineage))
    tainted = {one.id for root in of for one in record.world.roots(root)}
    since = [
        event.said.kind
        for event, before, after in record.steps(Tag(item.id))
        if event.said.kind in _WORK
        and after is not before
        and before.known
        and case.opened_on is not None
        and event.said.occurred_at > case.opened_on
    ]
    pooled = any(root.id not in tainted for root in roots)
    return IncludingRow(record.where(item), of, pooled, tuple(since), item.status in GONE)
