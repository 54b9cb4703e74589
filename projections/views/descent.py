"""What an item came in with and under, through whatever it was made of: fixed when it is made, by lineage alone.

An item that came in has its own consignment and approval line; one that was made of others has theirs. Of an aliquot or
a pool the amounts say in which shares it came in under which lines; a derivative is another substance, and has none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from ledger.domain.states.subjects import Item
from projections.balance import LineKey, shares_at_birth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ledger.ids import ApprovalId, ConsignmentId, ItemId


@dataclass(frozen=True, slots=True)
class Descent:
    """Where an item comes from. shares: of its amount, what came in under each approval line; sum at most 1."""

    parents: tuple[ItemId, ...] = ()
    consignments: tuple[ConsignmentId, ...] = ()
    approvals: tuple[ApprovalId, ...] = ()
    shares: Mapping[LineKey, Fraction] = field(default_factory=dict)


NO_DESCENT = Descent()


def descent_at_birth(
    kind: str, born: Item, parents: Iterable[tuple[Item, Item]], of: Callable[[ItemId], Descent]
) -> Descent:
    """Return where an item comes from, as an event of a kind makes it.

    parents: before and after that event, those of the item that it changes. of: where each parent comes from.
    """
    shares = shares_at_birth(kind, born, [(old, new, of(old.id).shares) for old, new in parents])
    if not born.parents:
        consignments = () if born.consignment is None else (born.consignment,)
        approvals = () if born.approval is None else (born.approval,)
        return Descent((), consignments, approvals, shares)
    grounds = [of(parent) for parent in born.parents]
    return Descent(
        parents=born.parents,
        consignments=tuple(sorted({one for ground in grounds for one in ground.consignments})),
        approvals=tuple(sorted({one for ground in grounds for one in ground.approvals})),
        shares=shares,
    )
