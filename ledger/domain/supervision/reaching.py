"""What a case reaches: an approval, a consignment or items as its root, narrowed by a lot or a donor.

Shared by recalls, legal holds and withdrawn consents. Judging and effects; no statement is of this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeAlias

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import COMMITMENT_PATTERN
from ledger.domain.cases import begun
from ledger.domain.judging import Event, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.holding import Asked, Holding, Reach, ground_of, is_of, lifted
from ledger.domain.states.subjects import Case, CaseStatus, Item

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from ledger.ids import ApprovalId, ConsignmentId, ItemId, PartyId

# Members of bodies

DonorRef = Annotated[
    str,
    Meta(
        pattern=COMMITMENT_PATTERN,
        description="The commitment to a donor's code, as it stands where the donor's items came onto the record.",
        examples=["F0Axh7D9AKOkB_7ljFyARKDkQlAx6ibE8eTAWT-aGkY"],
    ),
]


class Rooted(Protocol):
    """A body that names what is held, let go or kept."""

    @property
    def approval(self) -> ApprovalId | None:
        """Return the approval under which everything came in that is meant."""
        ...

    @property
    def consignment(self) -> ConsignmentId | None:
        """Return the consignment with which everything came in that is meant."""
        ...

    @property
    def items(self) -> tuple[ItemId, ...]:
        """Return the items that are meant by name."""
        ...


_Event: TypeAlias = "Event[Any]"

# Rules

ONE_ROOT = Rule(
    "HLD-01",
    "A hold is on an approval, on a consignment or on items; a lot or a donor narrows it.",
    Answer.REFUSAL,
)
ROOT_KNOWN = Rule("HLD-02", "A hold names what is on record, items each once.", Answer.REFUSAL)
AS_NARROWED = Rule(
    "HLD-03", "Items that are held for their lot or their donor are of that lot and donor.", Answer.REFUSAL
)
HELD = Rule("HLD-04", "A case lets go of what it holds, and of each thing once.", Answer.REFUSAL)

RULES = (ONE_ROOT, ROOT_KNOWN, AS_NARROWED, HELD)

# Judging


def check_root(world: World, body: Rooted, lot: str | None = None, donor: str | None = None) -> None:
    """Check what a case is to hold. Raises Refused: HLD-01, HLD-02, HLD-03."""
    wide = [one for one in (body.approval, body.consignment) if one is not None]
    if len(wide) + bool(body.items) != 1:
        raise ONE_ROOT.refuse(f"{'nothing is' if not wide and not body.items else 'more than one root is'} named")
    if body.approval is not None and not world.approval(body.approval).known:
        raise ROOT_KNOWN.refuse(f"{body.approval} is not on record")
    if body.consignment is not None and not world.consignment(body.consignment).known:
        raise ROOT_KNOWN.refuse(f"{body.consignment} is not on record")
    check_items(world, body.items, lot, donor)


def check_items(world: World, items: Iterable[ItemId], lot: str | None, donor: str | None) -> None:
    """Check that items are on record, each named once, and of a lot and a donor. Raises Refused: HLD-02, HLD-03."""
    seen: set[ItemId] = set()
    for item in map(world.item, items):
        if not item.known or item.id in seen:
            raise ROOT_KNOWN.refuse(f"{item.id} is not on record, or named twice")
        seen.add(item.id)
        if not is_of(item, lot, donor):
            raise AS_NARROWED.refuse(f"{item.id} is not of the lot or the donor that is named")


def check_held(case: Case, body: Rooted) -> None:
    """Check that a case holds what it is to let go. Raises Refused: HLD-04."""
    held = {one for one in (case.approval, case.consignment) if one is not None}
    named = {one for one in (body.approval, body.consignment) if one is not None}
    if not named <= held or (named and holding_of(case).free):
        raise HELD.refuse(f"{case.id} does not hold {' and '.join(sorted(named))}")
    left = case.items - case.done
    for item in body.items:
        if item not in left or body.items.count(item) > 1:
            raise HELD.refuse(f"{case.id} does not hold {item} by its name")
    if not named and not body.items:
        raise HELD.refuse(f"nothing is named that {case.id} is to let go")


def connected(world: World, body: Rooted) -> frozenset[PartyId | None]:
    """Return the parties that the record connects with what a case is to hold, apart from authorities."""
    holders = frozenset(world.item(item).custodian for item in body.items)
    if body.approval is not None:
        holders |= {world.approval(body.approval).applicant}
    if body.consignment is not None:
        holders |= world.consignment(body.consignment).connected
    return holders


def reaches(world: World, case: Case, item: ItemId) -> bool:
    """Say whether a case holds an item: by its name, or by that of an ancestor or of what this came in under."""
    return any(_holds(case, one) for one in world.lineage(item))


def _holds(case: Case, one: Item) -> bool:
    if one.id in case.items:
        return True
    holding = holding_of(case)
    wide = one.approval is not None and one.approval == case.approval
    wide = wide or (one.consignment is not None and one.consignment == case.consignment)
    return wide and is_of(one, holding.lot, holding.donor)


def holding_of(case: Case) -> Holding:
    """Return what a case that holds items has; of another case, that it holds nothing."""
    return case.detail if isinstance(case.detail, Holding) else Holding(asked=Asked.HOLD)


# Effects


def placed(case: Case, event: _Event, matter: str, holding: Holding) -> Case:
    """Return the case that a statement opens on its root."""
    body = event.said.body
    new = begun(case, event, matter, holding)
    if new is case:
        return case
    return replace(new, items=frozenset(body.items), approval=body.approval, consignment=body.consignment)


def item_placed(item: Item, event: _Event, asked: Asked, named: Collection[ItemId]) -> Item:
    """Return an item with the word of a statement's case among its holds, if it is one of those that are named."""
    if item.id not in named:
        return item
    return replace(item, holds=item.holds | {ground_of(event.said.body.case, asked)})


def approval_placed(approval: Approval, event: _Event, reach: Reach) -> Approval:
    """Return an approval that a statement names, with one reach more."""
    if approval.id != event.said.body.approval:
        return approval
    return replace(approval, reaches=(*approval.reaches, reach))


def consignment_placed(consignment: Consignment, event: _Event, reach: Reach) -> Consignment:
    """Return a consignment that a statement names, with one reach more."""
    if consignment.id != event.said.body.consignment:
        return consignment
    return replace(consignment, reaches=(*consignment.reaches, reach))


def item_let_go(item: Item, event: _Event) -> Item:
    """Return an item that a statement names, without the words of its case."""
    body = event.said.body
    if item.id not in body.items:
        return item
    return replace(item, holds=frozenset(one for one in item.holds if one.partition("/")[0] != body.case))


def approval_let_go(approval: Approval, event: _Event) -> Approval:
    """Return an approval that a statement names, with the reach of its case lifted."""
    body = event.said.body
    if approval.id != body.approval:
        return approval
    return replace(approval, reaches=lifted(approval.reaches, body.case, event.said.occurred_at))


def consignment_let_go(consignment: Consignment, event: _Event) -> Consignment:
    """Return a consignment that a statement names, with the reach of its case lifted."""
    body = event.said.body
    if consignment.id != body.consignment:
        return consignment
    return replace(consignment, reaches=lifted(consignment.reaches, body.case, event.said.occurred_at))


def let_go(case: Case, event: _Event) -> Case:
    """Return the case with what it lets go; closed with the last of it."""
    body = event.said.body
    if case.id != body.case:
        return case
    holding = holding_of(case)
    free = holding.free or body.approval is not None or body.consignment is not None
    done = case.done | case.items.intersection(body.items)
    over = done >= case.items and (free or (case.approval is None and case.consignment is None))
    status = CaseStatus.CLOSED if over else case.status
    return replace(case, done=done, status=status, detail=replace(holding, free=free))
