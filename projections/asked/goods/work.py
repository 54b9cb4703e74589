"""Answers about work on items, judged again by the record as it counts now, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.domain.work.gates import LEVEL
from ledger.ids import ApprovalId, ItemId, PartyId, SiteId, StatementId, Tag, type_of
from projections.asked.question import KindName, Why
from projections.asked.reasons import by_rule, on_record
from projections.questions.work.laboratories import below_level, items_of, sites
from projections.questions.work.permissions import beyond_purpose, too_early

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.asked.question import Asked
    from projections.questions.work.again import BrokenRow, JudgedAgain


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """A receipt or a work, and an approval of its items. named: whether that named the site; None: it names none."""

    kind: KindName
    at: datetime
    party: PartyId
    site: SiteId
    approval: ApprovalId
    items: tuple[ItemId, ...]
    named: bool | None
    why: Why


def places(asked: Asked) -> tuple[PlaceRow, ...]:
    """Return every receipt and work with whether the approvals of its items named the site."""
    rows = []
    for one in sites(asked.counting):
        event = asked.by_statement.get(one.statement)
        given = {"approval": one.approval, "site": one.site}
        rows.append(
            PlaceRow(
                kind=KindName(one.kind),
                at=one.at,
                party=one.party,
                site=one.site,
                approval=one.approval,
                items=one.items,
                named=one.named,
                why=by_rule("GAT-11", event, asked, given=given) if one.named is False else on_record(event),
            )
        )
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class BrokenWorkRow:
    """A work or a sale that breaks a rule, or of which nobody can say it. judged: whether it could be judged again.

    refused: the rule by which today's record would refuse it, and so says nothing more of it.
    signers_told: whether its signers were told of the rule then.
    """

    kind: KindName
    at: datetime
    items: tuple[ItemId, ...]
    statement: StatementId
    judged: bool
    refused: str | None
    signers_told: bool | None
    why: Why


def before_free(asked: Asked) -> tuple[BrokenWorkRow, ...]:
    """Return what was worked on or sold before it was released or consented to."""
    return _rows(asked, too_early(asked.counting, asked.editions))


def off_purpose(asked: Asked) -> tuple[BrokenWorkRow, ...]:
    """Return what was used or sold beyond what its approvals and permits allow."""
    return _rows(asked, beyond_purpose(asked.counting, asked.editions))


@dataclass(frozen=True, slots=True)
class LevelRow:
    """A work below the level that it asks for, or of which nobody can say which that is.

    level: of the laboratory; None: none is on record. required: None: of the items no agent is stated, or none that the
    edition lists with such work.
    """

    kind: KindName
    at: datetime
    items: tuple[ItemId, ...]
    site: SiteId
    level: int | None
    required: int | None
    statement: StatementId
    why: Why


def too_low(asked: Asked) -> tuple[LevelRow, ...]:
    """Return the works below the level that they ask for, then those that nobody can say that of."""
    answer = below_level(asked.counting, asked.editions)
    below = [_below(asked, one) for one in answer.judged.broken]
    unknown = [
        LevelRow(
            kind=KindName(one.kind),
            at=one.at,
            items=(one.item,),
            site=one.site,
            level=one.level,
            required=None,
            statement=one.statement,
            why=by_rule(LEVEL.id, asked.by_statement.get(one.statement), asked),
        )
        for one in answer.unknown
    ]
    return (*below, *unknown)


def _below(asked: Asked, one: BrokenRow) -> LevelRow:
    given = one.breach.given
    level, required = given.get("level"), given.get("required")
    return LevelRow(
        kind=KindName(one.kind),
        at=one.at,
        items=_items(one),
        site=SiteId(str(given["site"])),
        level=level if isinstance(level, int) else None,
        required=required if isinstance(required, int) else None,
        statement=one.statement,
        why=by_rule(one.breach.rule, asked.by_statement.get(one.statement), asked, given=given),
    )


def _rows(asked: Asked, found: JudgedAgain) -> tuple[BrokenWorkRow, ...]:
    return (*_broken(asked, found), *_unjudged(asked, found))


def _broken(asked: Asked, found: JudgedAgain) -> Iterator[BrokenWorkRow]:
    for one in found.broken:
        event = asked.by_statement.get(one.statement)
        yield BrokenWorkRow(
            kind=KindName(one.kind),
            at=one.at,
            items=_items(one),
            statement=one.statement,
            judged=True,
            refused=None,
            signers_told=one.told,
            why=by_rule(one.breach.rule, event, asked, given=one.breach.given),
        )


def _unjudged(asked: Asked, found: JudgedAgain) -> Iterator[BrokenWorkRow]:
    for one in found.unjudged:
        event = asked.by_statement.get(one.statement)
        yield BrokenWorkRow(
            kind=KindName(one.kind),
            at=one.at,
            items=() if event is None else items_of(event),
            statement=one.statement,
            judged=False,
            refused=one.refused,
            signers_told=None,
            why=on_record(event),
        )


def _items(one: BrokenRow) -> tuple[ItemId, ...]:
    return tuple(ItemId(tag) for tag in one.breach.subjects if type_of(Tag(tag)) == "item")
