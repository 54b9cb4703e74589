"""Answers about the hands that an item went through, and the range of temperature that it left, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.domain.custody.carriage import Decision
from ledger.ids import ItemId, PartyId, SiteId
from projections.asked.question import Celsius, KindName, Why
from projections.asked.reasons import by_rule, on_record
from projections.questions.goods.custody_chain import custody_chain
from projections.questions.goods.excursions import excursions, used_after

if TYPE_CHECKING:
    from projections.asked.question import Asked
    from projections.questions.goods.custody_chain import LinkRow, MeasuredRow
    from projections.questions.goods.excursions import ExcursionRow

_DECIDES = ("excursion.dispositioned/1",)


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A change of hands, or a record of temperatures on the way, of an item or of what it was made of.

    has: who had it afterwards. gap: that it was taken though nobody had handed it over. seals: those recorded before;
    seen: those looked at now. temperature: of the package, or the lowest and the highest that a logger recorded, in °C.
    """

    item: ItemId
    kind: KindName
    at: datetime
    giver: PartyId | None
    taker: PartyId | None
    has: PartyId | None
    site: SiteId | None
    gap: bool
    seals: tuple[str, ...]
    seen: tuple[str, ...]
    temperature: tuple[Celsius, ...]
    why: Why


def chain_of(asked: Asked) -> tuple[ChainRow, ...]:
    """Return the chain of custody of an item, with what was measured on the way, in the order of the acts."""
    found = custody_chain(asked.counting, ItemId(str(asked.subject)))
    rows = [_link(asked, one) for one in found.links] + [_measured(asked, one) for one in found.measured]
    return tuple(sorted(rows, key=lambda row: (row.at, row.why.position or 0, row.item)))


def _link(asked: Asked, one: LinkRow) -> ChainRow:
    event = asked.by_statement.get(one.statement)
    return ChainRow(
        item=one.item,
        kind=KindName(one.kind),
        at=one.at,
        giver=one.giver,
        taker=one.taker,
        has=one.has,
        site=one.site,
        gap=one.gap,
        seals=one.seals,
        seen=one.seen or (),
        temperature=() if one.temperature is None else (Celsius(one.temperature),),
        why=by_rule("CUS-09", event, asked) if one.gap else on_record(event),
    )


def _measured(asked: Asked, one: MeasuredRow) -> ChainRow:
    event = asked.by_statement.get(one.statement)
    return ChainRow(
        item=one.item,
        kind=KindName("temperature.recorded/1"),
        at=one.end,
        giver=None,
        taker=None,
        has=None,
        site=None,
        gap=False,
        seals=(),
        seen=(),
        temperature=(Celsius(one.minimum), Celsius(one.maximum)),
        why=by_rule("CAR-07", event, asked) if one.out else on_record(event),
    )


@dataclass(frozen=True, slots=True)
class OutOfRangeRow:
    """A record of temperatures by which an item left its range, in °C. decision: None: nobody has decided.

    began, ended: of the record; how long of that it was out of its range is not on record.
    """

    item: ItemId
    began: datetime
    ended: datetime
    lowest: Celsius
    highest: Celsius
    low: Celsius | None
    high: Celsius | None
    quarantined: datetime | None
    decision: Decision | None
    decided: datetime | None
    why: Why


def out_of_range(asked: Asked) -> tuple[OutOfRangeRow, ...]:
    """Return what left its range of temperature, with what was decided."""
    return tuple(
        OutOfRangeRow(
            item=one.item,
            began=one.start,
            ended=one.end,
            lowest=Celsius(one.minimum),
            highest=Celsius(one.maximum),
            low=None if one.low is None else Celsius(one.low),
            high=None if one.high is None else Celsius(one.high),
            quarantined=one.quarantined_at,
            decision=one.decision,
            decided=one.decided_at,
            why=_of_excursion(asked, one),
        )
        for one in excursions(asked.counting, used=False)
    )


@dataclass(frozen=True, slots=True)
class UsedAfterRow:
    """A work on, or a sale of, what had left its range, or was made of that since, before its use was allowed."""

    item: ItemId
    kind: KindName
    at: datetime
    warmed: ItemId
    began: datetime
    why: Why


def used_unfit(asked: Asked) -> tuple[UsedAfterRow, ...]:
    """Return what was used after an excursion before somebody had decided that it may be."""
    return tuple(
        UsedAfterRow(
            item=use.item,
            kind=KindName(use.kind),
            at=use.at,
            warmed=one.item,
            began=one.start,
            why=by_rule("GAT-09", asked.by_statement.get(use.statement), asked),
        )
        for one in used_after(asked.counting)
        for use in one.used
        if not use.cleared
    )


def _of_excursion(asked: Asked, one: ExcursionRow) -> Why:
    return by_rule("CAR-07", asked.by_statement.get(one.statement), asked, closed_by=_DECIDES if one.open else ())
