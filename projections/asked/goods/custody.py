"""Answers about custody and stock, as rows of cells: hand-overs, what is checked out, what counts found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.states.subjects import ItemStatus
from ledger.ids import ItemId, PartyId, SiteId, StatementId, Tag
from ledger.quantity import format_decimal
from projections.asked.question import Amount, Why, Word
from projections.asked.reasons import begun_by, by_duty, by_rule, last_change
from projections.questions.goods.both_sides import both_sides
from projections.questions.goods.handovers import TAKEN_BY, one_sided
from projections.questions.goods.stock import not_counted, not_returned, variances

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from projections.asked.question import Asked
    from projections.questions.goods.stock import OwedRow as Owed

_TAKES: Final = tuple(sorted(TAKEN_BY))
"""The kinds by which somebody takes an item over."""

_OFFERED: Final = attrgetter("receiver")


@dataclass(frozen=True, slots=True)
class UnansweredRow:
    """A hand-over whose receiver has neither taken nor refused the item."""

    item: ItemId
    giver: PartyId
    receiver: PartyId
    since: datetime
    due: datetime | None
    overdue: bool
    why: Why


def unanswered(asked: Asked) -> tuple[UnansweredRow, ...]:
    """Return the hand-overs that nobody has answered."""
    owed = asked.standing("answer-handover")
    rows = []
    for one in one_sided(asked.counting).unanswered:
        owing = owed.get(Tag(one.where.item))
        rows.append(
            UnansweredRow(
                item=one.where.item,
                giver=one.giver,
                receiver=one.receiver,
                since=one.since,
                due=None if owing is None else owing.due,
                overdue=owing is not None and owing.overdue_at(asked.at),
                why=by_rule("CUS-09", last_change(asked, Tag(one.where.item), _OFFERED), asked, closed_by=_TAKES)
                if owing is None
                else by_duty(owing, asked),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class UngivenRow:
    """An item that a party took though nobody handed it over. had: who had it; None: nobody yet."""

    item: ItemId
    taker: PartyId
    had: PartyId | None
    at: datetime
    why: Why


def ungiven(asked: Asked) -> tuple[UngivenRow, ...]:
    """Return what was taken without a hand-over."""
    return tuple(
        UngivenRow(
            item=one.item,
            taker=one.taker,
            had=one.had,
            at=one.at,
            why=by_rule("CUS-09", asked.by_statement.get(one.statement), asked, closed_by=("custody.handed-over/1",)),
        )
        for one in one_sided(asked.counting).ungiven
    )


@dataclass(frozen=True, slots=True)
class NobodysRow:
    """An item that is in nobody's hands and not over."""

    item: ItemId
    status: ItemStatus
    site: SiteId | None
    place: str | None
    why: Why


def nobodys(asked: Asked) -> tuple[NobodysRow, ...]:
    """Return what nobody has."""
    return tuple(
        NobodysRow(
            item=one.item,
            status=one.status,
            site=one.site,
            place=one.place,
            why=by_rule("CUS-09", _left_by(asked, one.item), asked, closed_by=_TAKES),
        )
        for one in one_sided(asked.counting).nobodys
    )


def _left_by(asked: Asked, item: ItemId) -> Event[Any] | None:
    """Return the act by which an item came out of somebody's hands; of one that nobody had, that which begins it."""
    return last_change(asked, Tag(item), attrgetter("custodian")) or begun_by(asked, Tag(item))


@dataclass(frozen=True, slots=True)
class OwedRow:
    """An item that is to be put back, or to be counted, and by whom."""

    item: ItemId
    owed_by: PartyId | None
    site: SiteId | None
    place: str | None
    since: datetime
    due: datetime | None
    overdue: bool
    why: Why


def checked_out(asked: Asked) -> tuple[OwedRow, ...]:
    """Return what is checked out."""
    return _owed(asked, "return-checkout", not_returned(asked.counting, asked.editions, asked.at))


def uncounted(asked: Asked) -> tuple[OwedRow, ...]:
    """Return what was not counted in time."""
    return _owed(asked, "count-stock", not_counted(asked.counting, asked.editions, asked.at))


def _owed(asked: Asked, duty: str, found: tuple[Owed, ...]) -> tuple[OwedRow, ...]:
    owed = asked.standing(duty)
    return tuple(
        OwedRow(
            item=one.where.item,
            owed_by=one.by,
            site=one.where.site,
            place=one.where.place,
            since=one.since,
            due=one.due,
            overdue=one.overdue,
            why=by_duty(owed[Tag(one.where.item)], asked),
        )
        for one in found
    )


@dataclass(frozen=True, slots=True)
class VarianceRow:
    """What a count found otherwise than recorded. answered: whether a later statement answers for it."""

    item: ItemId
    counted: datetime
    site: SiteId
    recorded_at: SiteId | None
    recorded: Amount | None
    found: Amount | None
    unit: str | None
    answered: bool
    why: Why


def counted_otherwise(asked: Asked) -> tuple[VarianceRow, ...]:
    """Return what counts found otherwise than recorded."""
    rows = []
    for one in variances(asked.counting):
        found, recorded = one.found.counted, one.recorded
        unit = found.unit if found is not None else None if recorded is None else recorded.unit
        rows.append(
            VarianceRow(
                item=one.found.item,
                counted=one.at,
                site=one.site,
                recorded_at=one.recorded_at,
                recorded=None if recorded is None else Amount(format_decimal(recorded.value)),
                found=None if found is None else Amount(found.value),
                unit=unit,
                answered=one.answered_by is not None,
                why=by_rule(
                    "STK-07",
                    asked.by_statement.get(one.count),
                    asked,
                    closed_by=() if one.answered_by else ("discrepancy.recorded/1", "loss.reported/1"),
                ),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class SidesRow:
    """A hand-over or a transfer as its two sides tell it.

    taken: how many statements answer it. missing: what was given and not taken. differing: what is stated otherwise.
    """

    giver: PartyId
    receiver: PartyId
    given: StatementId
    taken: int
    agree: bool
    missing: tuple[ItemId, ...]
    differing: tuple[Word, ...]
    why: Why


def sides(asked: Asked) -> tuple[SidesRow, ...]:
    """Return the hand-overs and transfers as both sides tell them."""
    return tuple(
        SidesRow(
            giver=one.giver,
            receiver=one.receiver,
            given=one.given,
            taken=len(one.taken),
            agree=one.agree,
            missing=tuple(sorted(one.missing)),
            differing=tuple(map(Word, one.differing)),
            why=by_rule(
                "CUS-09",
                asked.by_statement.get(one.given),
                asked,
                closed_by=() if one.agree else ("custody.accepted/1", "transfer.received/1", "discrepancy.recorded/1"),
            ),
        )
        for one in both_sides(asked.counting)
    )
