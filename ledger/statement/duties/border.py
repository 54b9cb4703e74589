"""Duties at the border and after it: declared at destination, detained goods, orders, what ends with an approval."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.acts import LINKS
from ledger.domain.approval.changes import OrderOnWithdrawal
from ledger.domain.border.entry import approvals_of
from ledger.domain.duties.duty import Duty, Hearing, Length, Owed, When, Who, is_named
from ledger.domain.law.rules import Confidence
from ledger.domain.states.border import Approval, Consignment, ConsignmentStatus
from ledger.domain.states.subjects import Case, Item, ItemStatus
from ledger.ids import ItemId, Tag
from ledger.statement.duties.items import NONE_LEFT, none_left

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from ledger.domain.duties.duty import Step
    from ledger.domain.judging import World

_GONE: Final = frozenset({ConsignmentStatus.RETURNED, ConsignmentStatus.DESTROYED})
_EXECUTED: Final = frozenset({"return.executed/1", "destruction.executed/1"})


def _released_under_follow_up(step: Step) -> Iterator[Owed]:
    before, after = cast("Consignment", step.before), cast("Consignment", step.after)
    if before.released_on is not None or before.declared_at_destination:
        return
    if any(one.follow_up for one in approvals_of(step.world, after)):
        yield Owed(debtor=after.consignee or after.applicant, concerns=_tags(after.destination))


def _detained(step: Step) -> Iterator[Owed]:
    goods = cast("Consignment", step.after)
    if step.body.ground != "no-approval":
        return
    for key in step.body.items or (goods.id,):
        yield Owed(key, _tags(key), debtor=goods.applicant, creditor=step.authority)


def _settled(step: Step, owed: Owed) -> bool:
    """Say whether the hold is lifted, or the goods are gone under an order: an approval by itself settles nothing."""
    goods, whole = cast("Consignment", step.after), owed.key == step.tag
    if step.event.said.kind in _EXECUTED:
        return goods.status in _GONE if whole else is_named(step, owed)
    lifted = whole if not step.body.items else is_named(step, owed)
    return lifted and step.body.ground == "no-approval"


def _ordered(step: Step) -> Iterator[Owed]:
    goods = step.world.consignment(step.body.consignment)
    for item in step.body.items:
        holder = step.world.item(item).custodian
        yield Owed(item, (Tag(item),), holder or goods.applicant, step.authority, due=step.body.due)


def _announced(step: Step) -> Iterator[Owed]:
    approval = cast("Approval", step.after)
    goods = step.body.consignment
    yield Owed(goods, (Tag(goods),), approval.applicant, due=_end(step))


def _of_consignment(step: Step, owed: Owed) -> bool:
    return bool(step.body.consignment == owed.key)


def _all_gone(step: Step, owed: Owed) -> bool:
    goods = step.world.subjects.get(Tag(owed.key))
    return isinstance(goods, Consignment) and goods.status in _GONE


def _root_approvals(world: World, item: Tag) -> Iterator[Tag]:
    yield from (Tag(one.approval) for one in world.roots(ItemId(item)) if one.approval is not None)


def _sent_away(step: Step) -> Iterator[Owed]:
    """Yield what came in under a withdrawn approval, or was made of it before or since, if any of it is left."""
    item, body = cast("Item", step.after), step.body
    if body.order is not OrderOnWithdrawal.NONE and item.status not in NONE_LEFT:
        yield Owed(body.approval, (Tag(body.approval),), item.custodian, step.authority)


def _is_away(step: Step, owed: Owed) -> bool:
    return cast("Item", step.after).status in {ItemStatus.DISPOSED, ItemStatus.RETURNED}


def _end(step: Step) -> datetime | None:
    """Return the end of an approval's last day."""
    return step.end_of(cast("Approval", step.after).valid_to)


def _tags(one: str | None) -> tuple[Tag, ...]:
    return () if one is None else (Tag(one),)


BORDER: Final[tuple[Duty, ...]] = (
    Duty(
        id="declare-at-destination",
        says="Goods under follow-up supervision are declared to the customs at destination.",
        about=Consignment,
        spans=("approval",),
        owed_by=Who.USING_UNIT,
        owed_to=Who.DESTINATION_CUSTOMS,
        opens=frozenset({"consignment.released/1"}),
        owed=_released_under_follow_up,
        term=Length("destination_declaration_days", lambda rules: rules.destination_declaration_days),
        closes=When(frozenset({"destination.declared/1"})),
        missed="DES-05",
    ),
    Duty(
        id="settle-detained-goods",
        says="Goods detained without an approval get one and are let go, or they are returned or destroyed.",
        about=Consignment,
        owed_by=Who.APPLICANT,
        owed_to=Who.CUSTOMS,
        opens=frozenset({"consignment.held/1"}),
        owed=_detained,
        term=Length("detained_goods_days", lambda rules: rules.detained_goods_days),
        closes=When(frozenset({"consignment.hold-lifted/1", *_EXECUTED}), _settled),
    ),
    Duty(
        id="carry-out-return",
        says="What an authority orders to be returned leaves the country by the date of the order.",
        about=Case,
        spans=("consignment", "item"),
        owed_by=Who.HOLDER,
        owed_to=Who.ORDERING_AUTHORITY,
        opens=frozenset({"return.ordered/1"}),
        owed=_ordered,
        stated=True,
        closes=When(frozenset({"return.executed/1"}), is_named),
        missed="ORD-13",
        clause="Order 160 Art. 22",
        confidence=Confidence.M,
    ),
    Duty(
        id="carry-out-destruction",
        says="What an authority orders to be destroyed is destroyed by the date of the order.",
        about=Case,
        spans=("consignment", "item"),
        owed_by=Who.HOLDER,
        owed_to=Who.ORDERING_AUTHORITY,
        opens=frozenset({"destruction.ordered/1"}),
        owed=_ordered,
        stated=True,
        closes=When(frozenset({"destruction.executed/1"}), is_named),
        missed="ORD-13",
        clause="Order 160 Art. 22",
        confidence=Confidence.M,
    ),
    Duty(
        id="clear-withdrawn",
        says="What is left under a withdrawn approval, and of all that was made of it, is returned or destroyed.",
        about=Item,
        spans=("item", "approval"),
        hears=Hearing(
            frozenset({"approval.withdrawn/1"}),
            _root_approvals,
            "the approvals that it, or what it was made of, came in under",
        ),
        owed_by=Who.KEEPER,
        owed_to=Who.ORDERING_AUTHORITY,
        opens=frozenset({"approval.withdrawn/1"}),
        owed=_sent_away,
        closes=When(_EXECUTED | {"item.destroyed/1", "waste.certified/1"}, _is_away),
        lapses=When(LINKS[Item], none_left),
        clause="Order 160 Art. 27",
        confidence=Confidence.M,
    ),
    Duty(
        id="enter-before-approval-ends",
        says="Announced goods are declared to customs before their approval ends; otherwise they need another one.",
        about=Approval,
        spans=("consignment",),
        owed_by=Who.APPLICANT,
        owed_to=Who.CUSTOMS,
        opens=frozenset({"consignment.announced/1"}),
        owed=_announced,
        stated=True,
        closes=When(frozenset({"consignment.declared/1"}), _of_consignment),
        moves=frozenset({"approval.amended/1"}),
        moved=lambda step, _: _end(step),
        lapses=When(_EXECUTED, _all_gone),
        missed="APR-30",
        clause="Order 160 Arts 15-16",
        confidence=Confidence.M,
    ),
)
