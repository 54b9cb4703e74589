"""How long records are kept: of all rules that hold for a record the longest wins, and a legal hold goes before each.

"Records whose retention ends in period P; any under legal hold." What is kept is a statement; an item's file is all the
statements that bear its tag.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.law.deadlines import retained_until
from ledger.domain.law.rules import Retained
from ledger.domain.states.holding import ground_of, keeps
from ledger.domain.work.contents import agents_of, high_pathogenic
from ledger.domain.work.holds import placed_on
from ledger.ids import ConsignmentId, ItemId, type_of
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event
    from ledger.domain.law.rules import RulePack
    from ledger.ids import StatementId, Tag

_USE: Final = (Retained.USE_RECORDS, Retained.HIGH_PATHOGENIC_FILES, Retained.HAZARDOUS_INVENTORY)
_STOCK: Final = (Retained.HAZARDOUS_INVENTORY,)
_CUSTOMS: Final = (Retained.CUSTOMS_PAPERS,)
_WASTE: Final = (Retained.WASTE_REGISTER, Retained.WASTE_MANIFEST, Retained.WASTE_LEDGER)

SORTS: Final[Mapping[str, tuple[Retained, ...]]] = {
    "approval.granted/1": _CUSTOMS,
    "consignment.announced/1": _CUSTOMS,
    "consignment.arrived/1": _CUSTOMS,
    "consignment.declared/1": _CUSTOMS,
    "consignment.inspected/1": _CUSTOMS,
    "consignment.released/1": _CUSTOMS,
    "item.listed/1": _CUSTOMS,
    "destination.declared/1": _CUSTOMS,
    "item.received/1": _STOCK,
    "item.stored/1": _STOCK,
    "item.moved/1": _STOCK,
    "item.checked-out/1": _STOCK,
    "item.returned/1": _STOCK,
    "stock.counted/1": _STOCK,
    "transfer.sent/1": _STOCK,
    "transfer.received/1": _STOCK,
    "item.used/1": _USE,
    "item.tested/1": _USE,
    "item.aliquoted/1": _USE,
    "item.derived/1": _USE,
    "item.pooled/1": _USE,
    "item.propagated/1": _USE,
    "item.inactivated/1": _USE,
    "sale.recorded/1": _USE,
    "item.destroyed/1": _USE,
    "waste.handed-over/1": _WASTE,
    "waste.certified/1": _WASTE,
}
"""Of which sorts a kind's statements are records; those of other kinds no rule that was read speaks of."""


@dataclass(frozen=True, slots=True)
class Term:
    """How long one rule keeps a record.

    begins: the day from which it runs; None: not yet, the release or the end of the activity is still to come.
    until: the last day; None: it has no end yet. set_by: the statement that set it; None: the rule pack.
    """

    sort: Retained
    begins: date | None
    until: date | None
    clause: str
    verified: bool
    set_by: StatementId | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """A record and how long it is kept.

    terms: of every rule that holds for it. until: the last day of the longest; None: one of them has no end yet.
    holds: the cases of the legal holds that keep it now, whatever its terms.
    """

    statement: StatementId
    kind: str
    position: int
    terms: tuple[Term, ...]
    holds: tuple[str, ...]

    @property
    def until(self) -> date | None:
        """Return the last day of the longest term; None: one of them has no end yet."""
        return longest(self.terms)


def longest(terms: Iterable[Term]) -> date | None:
    """Return the last day of the longest of some terms, at least one; None: one of them has no end yet."""
    ends = [one.until for one in terms]
    known = [one for one in ends if one is not None]
    return max(known) if len(known) == len(ends) else None


def retention(events: Iterable[Event[Any]], editions: Editions) -> tuple[Kept, ...]:
    """Return the records that some rule speaks of, oldest first, each with how long it is kept.

    editions: each record is asked by the edition that it was judged by; of one whose edition is not here nothing is
        told.
    """
    record, rows = Record(events), []
    for event in record.of_kinds(*SORTS):
        rules = editions.by_name(event.rules)
        terms = () if rules is None else tuple(_terms(record, event, rules))
        if terms:
            rows.append(Kept(event.said.id, event.said.kind, event.position, terms, _holds(record, event)))
    return tuple(rows)


def ending(events: Iterable[Event[Any]], editions: Editions, first: date, last: date) -> tuple[Kept, ...]:
    """Return the records whose retention ends from one day to another, both included, by the day on which it ends."""
    rows = [one for one in retention(events, editions) if one.until is not None and first <= one.until <= last]
    return tuple(sorted(rows, key=lambda one: (str(one.until), one.position)))


def _terms(record: Record, event: Event[Any], rules: RulePack) -> Iterator[Term]:
    items = sorted(ItemId(tag) for tag in event.tags if type_of(tag) == "item")
    sorts = SORTS[event.said.kind]
    for sort in sorts:
        if (years := rules.retention_years.get(sort)) is not None and _holds_for(record, sort, items, rules):
            begins = _begins(record, sort, event, rules)
            until = None if begins is None else retained_until(begins, years)
            yield Term(sort, begins, until, years.clause, years.verified)
    for other in record.of_kinds("retention.set/1"):
        body = other.said.body
        if body.record in sorts and _about(body) & event.tags:
            yield Term(body.record, body.since, body.until, "", verified=True, set_by=other.said.id)


def _about(body: Any) -> frozenset[Any]:  # noqa: ANN401  the body of a retention
    return frozenset({*body.items, body.approval, body.consignment} - {None})


def _holds_for(record: Record, sort: Retained, items: list[ItemId], rules: RulePack) -> bool:
    match sort:
        case Retained.HIGH_PATHOGENIC_FILES:
            return high_pathogenic(record.world, items, rules)
        case Retained.HAZARDOUS_INVENTORY:
            return any(agents_of(record.world, item) for item in items)
        case _:
            return True


def _begins(record: Record, sort: Retained, event: Event[Any], rules: RulePack) -> date | None:
    local = rules.working_days.local_date
    if sort is Retained.CUSTOMS_PAPERS:
        named = [tag for tag in event.tags if type_of(tag) == "consignment"] or _under(record, event)
        goods = [record.world.consignment(ConsignmentId(tag)) for tag in named]
        released = [one.released_on for one in goods if one.released_on is not None]
        return local(max(released)) if released and len(released) == len(goods) else None
    if sort is Retained.HIGH_PATHOGENIC_FILES:
        return _activity_ended(record, event, rules)
    return local(event.said.occurred_at)


def _under(record: Record, event: Event[Any]) -> list[Tag]:
    """Return the consignments that were announced under the approvals that a record is of."""
    goods = ((tag, record.world.consignment(ConsignmentId(tag))) for tag in record.of_type("consignment"))
    return [tag for tag, one in goods if not event.tags.isdisjoint(approval for approval, _ in one.lines)]


def _activity_ended(record: Record, event: Event[Any], rules: RulePack) -> date | None:
    """Return the day on which the activity ended that a record is of; of one of no project, its own day."""
    project = getattr(event.said.body, "project", None)
    if project is None:
        return rules.working_days.local_date(event.said.occurred_at)
    site = event.said.body.laboratory
    ends = [
        one.said.occurred_at
        for one in record.of_kinds("activity.ended/1")
        if (one.said.body.project, one.said.body.site) == (project, site)
    ]
    return rules.working_days.local_date(max(ends)) if ends else None


def _holds(record: Record, event: Event[Any]) -> tuple[str, ...]:
    world, found = record.world, set[str]()
    for tag in event.tags:
        match type_of(tag):
            case "item":
                found |= {word for _, word in placed_on(world, ItemId(tag), world.now)}
            case "consignment" | "approval":
                subject: Any = world.subjects[tag]
                found |= {ground_of(one.case, one.asked) for one in subject.reaches if one.stands(world.now)}
            case _:
                pass
    return tuple(sorted({one.partition("/")[0] for one in found if keeps(one)}))
