"""Duties of those who have items: to answer for hand-overs, differences, excursions, and what is out or in stock."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.acts import LINKS
from ledger.domain.custody.carriage import Decision
from ledger.domain.duties.duty import Duty, Law, Length, Owed, When, Who, is_named, names
from ledger.domain.law.rules import Confidence
from ledger.domain.states.subjects import Case, Item, ItemStatus
from ledger.ids import Tag
from ledger.statement.duties.items import NONE_LEFT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.domain.duties.duty import Step

_PUT_ON_RECORD: Final = frozenset({"item.received/1", "transfer.received/1", "item.collected/1", "stock.opened/1"})
_MADE: Final = frozenset({"item.aliquoted/1", "item.derived/1", "item.pooled/1", "item.propagated/1"})
_KEPT: Final = frozenset({ItemStatus.RECEIVED, ItemStatus.DEPLETED})


def _handed_over(step: Step) -> Iterator[Owed]:
    offer = cast("Item", step.after).handover
    if offer is not None and names(step, step.tag):
        yield Owed(debtor=offer.receiver, creditor=offer.giver)


def _answered(step: Step, owed: Owed) -> bool:
    """Say whether the offer is no more: accepted, refused, or made anew to somebody."""
    return cast("Item", step.after).handover != cast("Item", step.before).handover


def _got_too_warm(step: Step) -> Iterator[Owed]:
    before, after = cast("Item", step.before), cast("Item", step.after)
    if before.excursion_at is None and after.excursion_at is not None:
        yield Owed(debtor=after.custodian)


def _quarantined(step: Step, owed: Owed) -> bool:
    return names(step, step.tag) and step.body.decision is Decision.QUARANTINE


def _decided(step: Step, owed: Owed) -> bool:
    return names(step, step.tag) and step.body.decision is not Decision.QUARANTINE


def _discrepancy(step: Step) -> Iterator[Owed]:
    yield Owed(concerns=tuple(map(Tag, step.body.items)), debtor=step.event.said.party)


def _taken_out(step: Step) -> Iterator[Owed]:
    after = cast("Item", step.after)
    if after.checked_out is not None:
        yield Owed(debtor=after.checked_out, concerns=(Tag(step.body.site),), due=step.body.until)


def _no_longer_out(step: Step, owed: Owed) -> bool:
    return cast("Item", step.after).checked_out is None


def _sent(step: Step) -> Iterator[Owed]:
    for item in step.body.items:
        yield Owed(item, (Tag(item),), step.body.receiver, step.event.said.party)


def _in_stock(step: Step) -> Iterator[Owed]:
    before, after = cast("Item", step.before), cast("Item", step.after)
    counted = step.event.said.kind == "stock.counted/1"
    if after.site is None or after.status not in _KEPT:
        return
    if (before.site != after.site and not counted) or (counted and step.body.site == after.site):
        yield Owed(debtor=after.custodian, concerns=(Tag(after.site),))


def _counted_there(step: Step, owed: Owed) -> bool:
    return Tag(step.body.site) in owed.concerns


def _out_of_stock(step: Step, owed: Owed) -> bool:
    after = cast("Item", step.after)
    return after.site is None or after.status not in _KEPT or Tag(after.site) not in owed.concerns


_OUTLIVES: Final = Law("possession_outlives_permit", lambda rules: rules.possession_outlives_permit)


def _taken_over(step: Step) -> Iterator[Owed]:
    before, after = cast("Item", step.before), cast("Item", step.after)
    came_in = after.consignment is not None and after.status is ItemStatus.RECEIVED
    if _OUTLIVES.asks(step.rules) and came_in and (before.status, before.custodian) != (after.status, after.custodian):
        yield Owed(debtor=after.custodian)


def _no_longer_held(step: Step, owed: Owed) -> bool:
    """Say whether nothing of it is left, or somebody else has it; a permit that ends is no such thing."""
    after = cast("Item", step.after)
    return after.status in NONE_LEFT or after.custodian != owed.debtor


CUSTODY: Final[tuple[Duty, ...]] = (
    Duty(
        id="account-for-material",
        says="Whoever has what came in under a permit accounts for it until it is gone, whenever the permit ends.",
        about=Item,
        owed_by=Who.KEEPER,
        owed_to=Who.TOLD_AUTHORITIES,
        opens=frozenset({"item.received/1", "transfer.received/1"}),
        owed=_taken_over,
        law=_OUTLIVES,
        closes=When(LINKS[Item], _no_longer_held),
    ),
    Duty(
        id="answer-handover",
        says="Whoever items are handed over to accepts or refuses them.",
        about=Item,
        owed_by=Who.RECEIVER,
        owed_to=Who.GIVER,
        opens=frozenset({"custody.handed-over/1"}),
        owed=_handed_over,
        term=Length("pending_handover_hours", lambda rules: rules.pending_handover_hours),
        closes=When(
            frozenset(
                {
                    "custody.accepted/1",
                    "custody.refused/1",
                    "custody.handed-over/1",
                    "item.received/1",
                    "transfer.received/1",
                }
            ),
            _answered,
        ),
        missed="CUS-13",
    ),
    Duty(
        id="complete-transfer",
        says="Whoever items are sent to states that they have arrived.",
        about=Case,
        owed_by=Who.RECEIVER,
        owed_to=Who.GIVER,
        opens=frozenset({"transfer.sent/1"}),
        owed=_sent,
        term=Length("transfer_completion_days", lambda rules: rules.transfer_completion_days),
        closes=When(frozenset({"transfer.received/1"}), is_named),
    ),
    Duty(
        id="decide-excursion",
        says="After an excursion of temperature it is decided what becomes of the item; quarantine only pauses this.",
        about=Item,
        owed_by=Who.KEEPER,
        owed_to=Who.ITSELF,
        opens=frozenset({"temperature.recorded/1"}),
        owed=_got_too_warm,
        pauses=When(frozenset({"excursion.dispositioned/1"}), _quarantined),
        closes=When(frozenset({"excursion.dispositioned/1"}), _decided),
        missed="GAT-09",
        clause="Order 160 Art. 18",
        confidence=Confidence.M,
    ),
    Duty(
        id="resolve-discrepancy",
        says="A discrepancy between goods and papers is cleared up.",
        about=Case,
        owed_by=Who.REPORTER,
        owed_to=Who.CUSTOMS,
        opens=frozenset({"discrepancy.recorded/1"}),
        owed=_discrepancy,
        closes=When(frozenset({"discrepancy.resolved/1"})),
        clause="Order 160 Art. 26",
        confidence=Confidence.M,
    ),
    Duty(
        id="return-checkout",
        says="What was checked out is put back, or it is stated where it went.",
        about=Item,
        owed_by=Who.KEEPER,
        owed_to=Who.LABORATORY,
        opens=frozenset({"item.checked-out/1"}),
        owed=_taken_out,
        stated=True,
        closes=When(LINKS[Item], _no_longer_out),
        clause="GB 19489-2008 7.15.4",
    ),
    Duty(
        id="count-stock",
        says="What stands in stock is counted again in time.",
        about=Item,
        owed_by=Who.KEEPER,
        owed_to=Who.ITSELF,
        opens=_PUT_ON_RECORD | _MADE | {"stock.counted/1"},
        owed=_in_stock,
        term=Length("stock_count_months", lambda rules: rules.stock_count_months),
        closes=When(frozenset({"stock.counted/1"}), _counted_there),
        lapses=When(LINKS[Item] - {"stock.counted/1"}, _out_of_stock),
        clause="GB 19489-2008 7.15.4",
        confidence=Confidence.M,
    ),
)
