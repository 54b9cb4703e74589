"""What an item was made of, back to the approvals that it came in under and the consents that it rests on.

"All ancestors of derivative Y back to the approvals and consents."
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.law.schemes import Scheme
from ledger.domain.supervision import consent
from ledger.domain.supervision.reaching import reaches
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Item, Origin
    from ledger.ids import ApprovalId, CaseId, ConsignmentId, ItemId, PermitId


@dataclass(frozen=True, slots=True)
class AncestorRow:
    """The item itself, or one that it was made of.

    approval, line, consignment: what it came in under and with; None of what was made here, or came without.
    origin: how it came onto the record; None of what was made of others. consents: those that it was itself put under.
    withdrawn: the withdrawals of consent that reach it.
    """

    item: ItemId
    parents: tuple[ItemId, ...]
    origin: Origin | None
    approval: ApprovalId | None
    line: int | None
    consignment: ConsignmentId | None
    consents: tuple[PermitId, ...]
    withdrawn: tuple[CaseId, ...]


@dataclass(frozen=True, slots=True)
class Ancestry:
    """An item and all that it was made of, each once, nearest first."""

    rows: tuple[AncestorRow, ...]

    @property
    def approvals(self) -> tuple[ApprovalId, ...]:
        """Return the approvals that any of it came in under, sorted."""
        return tuple(sorted({one.approval for one in self.rows if one.approval is not None}))

    @property
    def consents(self) -> tuple[PermitId, ...]:
        """Return the consents that any of it is under, sorted."""
        return tuple(sorted({consent for one in self.rows for consent in one.consents}))

    @property
    def roots(self) -> tuple[AncestorRow, ...]:
        """Return what was made of nothing on record."""
        return tuple(one for one in self.rows if not one.parents)


def ancestry(events: Iterable[Event[Any]], item: ItemId) -> Ancestry:
    """Return what an item was made of; of one that is not on record nothing.

    events: oldest first; all of the item, its ancestors and their permits, and the withdrawals of consent.
    """
    record = Record(events)
    return Ancestry(tuple(_row(record, one) for one in record.world.lineage(item) if one.known))


def _row(record: Record, one: Item) -> AncestorRow:
    world = record.world
    return AncestorRow(
        one.id,
        one.parents,
        one.origin,
        one.approval,
        one.line,
        one.consignment,
        tuple(sorted(permit for permit in one.permits if world.permit(permit).scheme is Scheme.CONSENT)),
        tuple(case.id for case in record.cases if case.matter == consent.MATTER and reaches(world, case, one.id)),
    )
