"""Questions that begin at statements: which these are the views say, and what else rows rest on these statements name.

What corrects or voids one of them is read with it. So each is told as it counts, at whatever time, and to whoever is
told a part of the log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.ending.waste import WASTE
from ledger.ids import StatementId, Tag
from projections.asked.question import Asked
from projections.asked.reasons import period_of
from projections.asked.telling import Telling
from projections.claims.basis import Needs, basis, beside, lineages
from projections.views.breaches import BREACHES
from projections.views.corrections import CORRECTIONS
from projections.views.leads import LATE_FROM, LEADS, Lead
from projections.views.states.cases import CASES

if TYPE_CHECKING:
    from ledger.domain.judging import Event


def leads(telling: Telling, *sorts: Lead, hours: int = -1) -> tuple[Event[Any], ...]:
    """Return the statements that are leads of some sorts, oldest first, with all that corrects or voids them.

    hours: those that were told so many hours after their acts at least; -1: whenever. Raises TooMany, IntegrityFailed.
    """
    rows = telling.still.ask(LEADS, "of_sort", sorts=[one.value for one in sorts], hours=hours)
    rows = telling.still.ask(CORRECTIONS, "of_statements", statements=[row[0] for row in rows])
    return telling.stated({StatementId(row[0]) for row in rows})


def _items(found: Iterable[Event[Any]]) -> frozenset[Tag]:
    """Return the items that some statements name; what voids one names none."""
    return frozenset(Tag(one) for event in found for one in getattr(event.said.body, "items", ()))


def _sampled(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about samples: with what says that some were taken, and the goods whose inspections tell."""
    found = leads(telling, Lead.SAMPLED)
    goods = {Tag(one.said.body.consignment) for one in found if one.said.kind == "consignment.sampled/1"}
    return telling.with_last(asked, basis(Needs(frozenset(goods)), telling.of(frozenset()), found))


def _warmed(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about excursions: with the records by which a range was left, and what was decided."""
    return replace(asked, events=leads(telling, Lead.WARMED))


def _excluded(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about what left scope: with what says so, and all that is told of the goods it names."""
    found = leads(telling, Lead.EXCLUDED)
    goods = _items(found)
    return telling.with_last(asked, basis(Needs(goods), telling.of(goods), found))


def _left_over(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about ended activities: with what was left of each, and all that was made of that."""
    found, told = leads(telling, Lead.ENDED), telling.of(frozenset())
    whole = lineages(_items(found), told, "approval").whole
    return telling.with_last(asked, basis(Needs(whole, beside(whole, told, "site").whole - whole), told, found))


def _unproved(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about disposals: with those that do not show how, and what went by open manifests."""
    found, told = leads(telling, Lead.UNPROVED), telling.of(frozenset())
    now = telling.whole and asked.until is None
    manifests = telling.named(CASES, "open_of_matters" if now else "of_matters", matters=[WASTE])
    return telling.with_last(asked, basis(beside(manifests, told, "item"), told, found))


def _late(asked: Asked, telling: Telling) -> Asked | None:
    """Return what is asked about late entries: with these; None: of fewer hours than the views note."""
    hours = asked.hours or 0
    if timedelta(hours=hours) < LATE_FROM:
        return None
    return replace(asked, events=leads(telling, Lead.LATE, hours=hours))


def _broken(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about breaches: with the statements of the period, and all that corrects or voids any."""
    since, until = period_of(asked)
    found = {StatementId(row[0]) for row in telling.still.ask(BREACHES, "between", since=since, until=until)}
    return replace(asked, events=telling.stated(found | _corrected(telling)))


def _amended(asked: Asked, telling: Telling) -> Asked:
    """Return what is asked about corrections: with the statements that correct or void others, and these."""
    return replace(asked, events=telling.stated(_corrected(telling)))


def _corrected(telling: Telling) -> set[StatementId]:
    """Return the statements that correct or void others, with these."""
    return {StatementId(one) for row in telling.still.ask(CORRECTIONS, "pairs") for one in row}


FROM_STATEMENTS: Final[Mapping[str, Callable[[Asked, Telling], Asked | None]]] = {
    "breaches": _broken,
    "corrections": _amended,
    "excursions": _warmed,
    "late-entries": _late,
    "left-over": _left_over,
    "left-scope": _excluded,
    "samples": _sampled,
    "unproved-disposals": _unproved,
}
"""By question how what is asked is read. Each raises TooMany: it costs less to read the whole log."""
