"""A recall as tasks: each holder of something of it confirms what it has; then it is lifted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.asking.written import Written
from api.console.tasks.task import Matter, Section, Standing, Task
from api.http.answering.asked import answered
from api.language import label, listed
from ledger.domain.states.subjects import CaseStatus
from ledger.ids import Tag
from projections.asked.supervision.cases import RecallRow
from projections.asked.table import QUESTIONS
from projections.ordering import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.ids import ItemId, PartyId


def recall_tasks(matter: Matter) -> Iterator[Section]:
    """Yield the tasks of a recall; reads the whole log, because of what was made of what is recalled."""
    told, language = matter.teller, matter.teller.language
    found = answered(QUESTIONS["recalls"], Written({}), told.reads)
    row = next((one for one in found.rows if isinstance(one, RecallRow) and one.case == matter.case.id), None)
    ordered = matter.events("recall.ordered/1", "recall.extended/1")
    notes = () if row is None else tuple(_reached(matter, row))
    asked = Task(label("Order it", language), Standing.DONE, None, matter.lines(ordered), notes=notes)
    yield Section(label("What is recalled", language), (asked,))
    holders = [] if row is None else sorted({*row.confirmed, *row.unconfirmed})
    tasks = tuple(_holder(matter, one, open_=row is not None and one in row.unconfirmed) for one in holders)
    yield Section(label("Who has something of it", language), tasks)
    lifted, closed = matter.events("recall.lifted/1"), matter.case.status is CaseStatus.CLOSED
    mine = matter.reader in {party for party, _ in matter.case.opened_by}
    lift = matter.act("lift-recall", label("Lift it", language)) if mine and not closed else ()
    end = Task(
        label("Lift it, of all or of some items", language),
        Standing.DONE if closed else Standing.FREE,
        None,
        matter.lines(lifted),
        links=lift,
    )
    yield Section(label("End", language), (end,), settled=closed)


def _reached(matter: Matter, row: RecallRow) -> Iterator[str]:
    language = matter.teller.language
    yield label("{number} items are reached, {there} of them are there", language).format(
        number=row.reached, there=row.there
    )
    if row.mates:
        said = label("in one pool with them, and not held: {items}", language)
        yield said.format(items=listed(_counted(matter, row.mates), language))
    if row.unnamed:
        said = label("of the same lot or donor, and not reached: {items}", language)
        yield said.format(items=listed(_counted(matter, row.unnamed), language))


def _counted(matter: Matter, items: Iterable[ItemId]) -> list[str]:
    """Return what items are called, in the order in which people count."""
    return sorted((matter.teller.name(Tag(one)) for one in items), key=sort_key)


def _holder(matter: Matter, party: PartyId, *, open_: bool) -> Task:
    language = matter.teller.language
    own = party == matter.reader and open_
    return Task(
        label("{party} confirms what it has", language).format(party=matter.teller.name(Tag(party))),
        Standing.OPEN if open_ else Standing.DONE,
        party if open_ else None,
        matter.lines(one for one in matter.events("recall.confirmed/1") if party in one.said.parties),
        _owed(matter, party),
        matter.act("confirm-recall", label("Confirm", language)) if own else (),
    )


def _owed(matter: Matter, party: PartyId) -> tuple[Any, ...]:
    return tuple(one for one in matter.owed("confirm-recall") if one.row.debtor == party)
