"""Acts judged again: by the record as it counts now, at the place of each, and by an edition of the rules.

A breach stands in an entry as it was told then. What was corrected, told late or taken back since changes what an act
broke, and no entry: here it shows. What was judged stays judged.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.breach import merged
from ledger.domain.acts import place_of
from ledger.errors import Refused
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.duties.duty import Editions
    from ledger.domain.judging import Event, World
    from ledger.domain.law.rules import RulePack
    from ledger.ids import PartyId, StatementId
    from projections.questions.record import Record


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A rule that an act breaks.

    by: the edition that it was judged by again. told: whether the act's signers were told of that rule then.
    """

    position: int
    statement: StatementId
    kind: str
    at: datetime
    party: PartyId
    breach: Breach
    by: str
    told: bool


@dataclass(frozen=True, slots=True)
class UnjudgedRow:
    """An act that cannot be judged again.

    refused: the rule by which it would be refused now, because what it rests on was corrected or taken back; None: the
        edition that judged it is not here.
    """

    position: int
    statement: StatementId
    kind: str
    at: datetime
    refused: str | None


@dataclass(frozen=True, slots=True)
class JudgedAgain:
    """What acts break by the record as it counts now, in their order, and those of which nobody can say it."""

    broken: tuple[BrokenRow, ...]
    unjudged: tuple[UnjudgedRow, ...]


def judged_again(
    record: Record,
    kinds: Collection[str],
    rules: Collection[str],
    editions: Editions,
    by: RulePack | None = None,
) -> JudgedAgain:
    """Return which of some rules the acts of some kinds break.

    by: the edition that is asked for, such as today's; None: each by the one that judged it.
    """
    broken: list[BrokenRow] = []
    unjudged: list[UnjudgedRow] = []
    for event in record.acts(*kinds):
        edition = by or editions.by_name(event.rules)
        if edition is None:
            unjudged.append(_unjudged(event, None))
            continue
        found = judged(record.at(place_of(event)), event, edition)
        if isinstance(found, str):
            unjudged.append(_unjudged(event, found))
        else:
            broken += [_broken(event, one, edition) for one in found if one.rule in rules]
    return JudgedAgain(tuple(broken), tuple(unjudged))


def judged(world: World, event: Event[Any], rules: RulePack) -> tuple[Breach, ...] | str:
    """Return the breaches of a statement by its kind's own rules, or the rule by which it is refused."""
    try:
        return merged(KINDS[event.said.kind].judge(world, event.said, rules))
    except Refused as refusal:
        return refusal.rule


def _unjudged(event: Event[Any], refused: str | None) -> UnjudgedRow:
    return UnjudgedRow(event.position, event.said.id, event.said.kind, event.said.occurred_at, refused)


def _broken(event: Event[Any], breach: Breach, rules: RulePack) -> BrokenRow:
    said = event.said
    told = any(one.rule == breach.rule for one in event.breaches)
    return BrokenRow(event.position, said.id, said.kind, said.occurred_at, said.party, breach, rules.name, told)
