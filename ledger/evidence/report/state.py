"""What matters most about a bundle's subject as it is now, with the day and the statement that made it so.

That an item is destroyed, held or ordered away, and that its approval is suspended or withdrawn, is told before all
else: whoever reads the first lines alone must not take it for sound.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ledger.clock import format_time
from ledger.domain.fold import changes
from ledger.domain.states.subjects import Item
from ledger.domain.work.checks import GONE
from ledger.evidence.report.facts import DECIDED, Fact, amount_of, approvals_of, decisions_on, hold_of, is_warm
from ledger.evidence.report.standing import some
from ledger.statement.catalogue import KINDS
from ledger.words.said import values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ledger.evidence.report.standing import Standing, Stated
    from ledger.words.template import JsonValue


def state_of(known: Standing) -> Iterator[Fact]:
    """Yield how an item stands, and the approvals that do not hold; of one that is unknown there is nothing."""
    item = known.items.get(known.subject)
    if item is not None and item.known:
        yield from _item(known, item)
    for approval in approvals_of(known):
        for said in decisions_on(known, approval)[-1:]:
            status = DECIDED[said.kind]
            if status is not None:
                yield Fact(
                    "state_approval", {"approval": approval, "status": status} | _stated(said), (known.at(said),)
                )


def _item(known: Standing, item: Item) -> Iterator[Fact]:
    status = {"subject": item.id, "status": str(item.status)}
    if item.status in GONE:
        yield _since(known, "state_ended", status, lambda one: one.status)
        return
    more = {"custodian": item.custodian, "quantity": amount_of(item)}
    yield Fact("state_live", some(status | more), known.newest)
    for ground in sorted(item.holds):
        yield _since(known, "state_held", {"holds": [hold_of(ground)]}, partial(_is_held, ground))
    if is_warm(item):
        yield _since(known, "state_warm", {}, is_warm)


def _is_held(ground: str, item: Item) -> bool:
    return ground in item.holds


def _since(known: Standing, name: str, values: Mapping[str, JsonValue], of: Callable[[Item], object]) -> Fact:
    """Return a fact with the statement that brought it about: the last one with which the item became so."""
    last: Stated | None = None
    for event, before, after in changes(known.subject, known.of_subject, KINDS):
        if isinstance(before, Item) and isinstance(after, Item) and of(before) != of(after):
            last = known.signed(event)
    if last is None:
        return Fact(name, values, known.newest)
    return Fact(name, {**values, "kind": last.kind} | _stated(last), (known.at(last),))


def _stated(said: Stated) -> dict[str, JsonValue]:
    """Return who stated something, and when it happened."""
    return {"authority": values_of(said)["authority"], "occurred_at": format_time(said.occurred_at)}
