"""By which edition of the rules an approval was judged, and what would be otherwise by another one.

"Which rule-pack version judged approval A; what changes if judged under today's rules." What was judged stays judged:
the answer tells, and changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import effective
from ledger.domain.judging import World
from ledger.domain.states.border import Approval
from ledger.domain.status import STATUS
from ledger.ids import Tag
from projections.questions.record import Record
from projections.questions.work.again import judged

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ledger.breach import Breach
    from ledger.domain.judging import Event
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ApprovalId, StatementId
    from ledger.rulepacks.load import RulePacks


@dataclass(frozen=True, slots=True)
class JudgedRow:
    """One statement that establishes, limits or ends an approval, and how it was judged.

    rules: the edition that its entry names. breaches: what its signers were told and acknowledged.
    """

    position: int
    statement: StatementId
    kind: str
    rules: str
    breaches: tuple[Breach, ...]


@dataclass(frozen=True, slots=True)
class RejudgedRow:
    """What of such a statement would be otherwise by another edition.

    by: that edition. refused: the rule by which it would be refused; None: it would not.
    added, gone: the breaches of its kind's own rules that it would have besides, and no more.
    known: False where the edition that judged it is not at hand: then nothing is compared.
    """

    judged: JudgedRow
    by: str
    refused: str | None
    added: tuple[Breach, ...]
    gone: tuple[Breach, ...]
    known: bool

    @property
    def differs(self) -> bool:
        """Say whether anything would be otherwise, as far as that is known."""
        return bool(self.refused or self.added or self.gone)


def judged_by(events: Iterable[Event[Any]], approval: ApprovalId) -> tuple[JudgedRow, ...]:
    """Return how the statements about an approval were judged, oldest first, as they count now.

    events: oldest first; all that bear the approval's tag.
    """
    return tuple(_row(event) for event in _about(events, approval))


def rejudged(
    events: Iterable[Event[Any]], approval: ApprovalId, by: RulePack, packs: RulePacks
) -> tuple[RejudgedRow, ...]:
    """Return what would be otherwise had another edition judged an approval, statement by statement.

    events: oldest first; all of the approval, and of every subject that these name or are signed by.
    by: the edition, such as today's. packs: where the editions that judged are looked up.

    A statement is judged in the record as it was told before it, by the rules of its kind: not who may speak, and when.
    """
    told = list(events)
    return tuple(_rejudged(told, event, by, packs) for event in _about(told, approval))


def _about(events: Iterable[Event[Any]], approval: ApprovalId) -> list[Event[Any]]:
    return [
        event
        for event in effective(event for event in events if Tag(approval) in event.tags)
        if event.said.kind in STATUS[Approval] and getattr(event.said.body, "approval", None) == approval
    ]


def _row(event: Event[Any]) -> JudgedRow:
    return JudgedRow(event.position, event.said.id, event.said.kind, event.rules, event.breaches)


def _rejudged(events: list[Event[Any]], event: Event[Any], by: RulePack, packs: RulePacks) -> RejudgedRow:
    then = packs.by_name(event.rules)
    if then is None:
        return RejudgedRow(_row(event), by.name, None, (), (), known=False)
    told = Record(one for one in events if one.position < event.position)
    before = World(told.world.subjects, event.recorded, event.position - 1)
    was, would_be = judged(before, event, then), judged(before, event, by)
    if isinstance(would_be, str):
        return RejudgedRow(_row(event), by.name, would_be, (), (), known=True)
    old = () if isinstance(was, str) else was
    added, gone = tuple(one for one in would_be if one not in old), tuple(one for one in old if one not in would_be)
    return RejudgedRow(_row(event), by.name, None, added, gone, known=True)
