"""What was done with high-pathogenic material by fewer persons than are to do it.

"High-pathogenic actions with fewer than two distinct signers." Asked again by all that is told now: what was listed as
harmless and corrected since is found too, though nobody was told when it was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.law.rules import Task
from ledger.domain.registry.authority import TWO_PERSONS
from ledger.domain.work.gates import PERSONS, persons
from ledger.ids import ItemId, type_of
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.ids import PartyId, StatementId

TASKS: Final[Mapping[str, Task]] = {
    "custody.handed-over/1": Task.ESCORT,
    "custody.accepted/1": Task.ESCORT,
    "item.stored/1": Task.STORAGE,
    "item.moved/1": Task.STORAGE,
    "item.checked-out/1": Task.STORAGE,
    "item.returned/1": Task.STORAGE,
    "item.received/1": Task.WORK,
    "transfer.received/1": Task.WORK,
    "item.used/1": Task.WORK,
    "item.tested/1": Task.WORK,
    "item.aliquoted/1": Task.WORK,
    "item.derived/1": Task.WORK,
    "item.pooled/1": Task.WORK,
    "item.propagated/1": Task.WORK,
    "item.inactivated/1": Task.WORK,
    "inactivation.verified/1": Task.WORK,
    "item.destroyed/1": Task.DESTRUCTION,
    "destruction.executed/1": Task.DESTRUCTION,
}
"""What each kind of act is, of which the law says how many do it."""


@dataclass(frozen=True, slots=True)
class FewRow:
    """An act with high-pathogenic material by too few.

    items: those of its items that are high-pathogenic. signers: the persons, as (party, code).
    asked: how many the edition asks for. told: whether its signers acknowledged that they were too few.
    """

    statement: StatementId
    kind: str
    at: datetime
    items: tuple[ItemId, ...]
    signers: frozenset[tuple[PartyId, str]]
    asked: int
    told: bool


def few_signers(events: Iterable[Event[Any]], editions: Editions) -> tuple[FewRow, ...]:
    """Return the acts with high-pathogenic material that fewer persons signed than are to, oldest first by position.

    editions: each act is asked by the one that it was judged by; of one that is not here nothing is known, or told.
    """
    record = Record(events)
    rows = []
    for event in record.of_kinds(*TASKS):
        rules, task = editions.by_name(event.rules), TASKS[event.said.kind]
        if rules is None:
            continue
        items = sorted(ItemId(tag) for tag in event.tags if type_of(tag) == "item")
        for breach in persons(record.world, event.said, items, rules, task):
            rows.append(_row(event, tuple(map(ItemId, breach.subjects)), int(str(breach.given["asked"]))))
    return tuple(rows)


def _row(event: Event[Any], items: tuple[ItemId, ...], asked: int) -> FewRow:
    said = event.said
    told = any(one.rule in {PERSONS.id, TWO_PERSONS.id} for one in event.breaches)
    return FewRow(said.id, said.kind, said.occurred_at, items, said.persons, asked, told)
