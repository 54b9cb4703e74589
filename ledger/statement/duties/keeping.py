"""Duties of who keeps records: until the last day of the longest rule, and beyond it while a legal hold stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.duties.duty import NEVER, Duty, Hearing, Owed, When, Who
from ledger.domain.states.border import Approval, Consignment
from ledger.domain.states.holding import Asked, keeps
from ledger.domain.states.subjects import Item
from ledger.domain.work.holds import placed_on
from ledger.ids import ConsignmentId, ItemId, Tag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ledger.domain.duties.duty import Step
    from ledger.domain.judging import World
    from ledger.domain.states.subjects import Subject
    from ledger.ids import ApprovalId


def _kept(about: str) -> Callable[[Step], Iterator[Owed]]:
    """Return what keeps records of a type of subject: each setting by itself; the longest is the last to end."""

    def owed(step: Step) -> Iterator[Owed]:
        body = step.body
        named = {"item": body.items, "approval": (body.approval,), "consignment": (body.consignment,)}[about]
        if step.tag in named and (until := step.end_of(body.until)) is not None:
            yield Owed(body.record, debtor=step.event.said.party, paused=_is_kept(step), until=until)

    return owed


def _is_kept(step: Step) -> bool:
    """Say whether a legal hold stands on a subject: itself, what it was made of, or what that came in under."""
    subject, world = step.after, step.world
    match subject:
        case Item():
            return any(keeps(word) for _, word in placed_on(world, subject.id, step.at))
        case Consignment():
            reaches = (*subject.reaches, *(one for tag in _approvals(subject) for one in world.approval(tag).reaches))
        case Approval():
            reaches = subject.reaches
        case _:
            reaches = ()
    return any(one.asked is Asked.KEEP and one.stands(step.at) for one in reaches)


def _approvals(goods: Consignment) -> frozenset[ApprovalId]:
    return frozenset(approval for approval, _ in goods.lines)


def _wider_than_item(world: World, item: Tag) -> Iterator[Tag]:
    """Yield what an item was made of, and the approvals and consignments that any of it came in under."""
    for one in world.lineage(ItemId(item)):
        yield from (Tag(tag) for tag in (one.id, one.approval, one.consignment) if tag is not None)


def _wider_than_goods(world: World, goods: Tag) -> Iterator[Tag]:
    yield from map(Tag, _approvals(world.consignment(ConsignmentId(goods))))


def _now_kept(step: Step, owed: Owed) -> bool:
    return _is_kept(step)


def _kept_no_more(step: Step, owed: Owed) -> bool:
    """Say whether the last legal hold on the subject is lifted: while another one stands, nothing goes on."""
    return not _is_kept(step)


_HELD: Final = When(frozenset({"legal-hold.placed/1"}), _now_kept)
_HELD_NO_MORE: Final = When(frozenset({"legal-hold.lifted/1"}), _kept_no_more)
_HOLDS: Final = _HELD.kinds | _HELD_NO_MORE.kinds


def _keep(duty: str, about: type[Subject], one: str, spans: tuple[str, ...] = (), hears: Hearing | None = None) -> Duty:
    """Return the duty to keep the records of a type of subject: each has its own row, because each chain has.

    one: what one of them is called in a sentence.
    """
    return Duty(
        id=duty,
        says=f"Records of {one} are kept until the last day of the longest rule; a legal hold keeps them beyond it.",
        about=about,
        spans=spans,
        hears=hears,
        owed_by=Who.KEEPER,
        owed_to=Who.AUTHORITY,
        opens=frozenset({"retention.set/1"}),
        owed=_kept(about.__name__.lower()),
        pauses=_HELD,
        resumes=_HELD_NO_MORE,
        closes=NEVER,
        missed="RET-02",
    )


KEEPING: Final[tuple[Duty, ...]] = (
    _keep(
        "keep-item-records",
        Item,
        "an item",
        ("item", "approval", "consignment"),
        Hearing(_HOLDS, _wider_than_item, "what the item was made of, and what that came in under"),
    ),
    _keep(
        "keep-consignment-records",
        Consignment,
        "a consignment",
        ("approval",),
        Hearing(_HOLDS, _wider_than_goods, "the approvals that the consignment comes in under"),
    ),
    _keep("keep-approval-records", Approval, "an approval"),
)
