"""What a subject's own statements say is owed, for a page: each with what is told of it, as on the worklist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from api.telling.obligations import number_of
from ledger.domain.duties.obligation import UNENDED
from ledger.domain.duties.steps import Told
from ledger.domain.fold import effective
from ledger.statement.catalogue import KINDS
from projections.asked.supervision.owed import own_obligations
from projections.obligations import begun, row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.console.telling import Teller
    from api.telling.histories import History
    from ledger.ids import Tag
    from projections.obligations import ObligationRow


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed. pairs: what is told of it, by what each is called. number: which one of its case it is, or ""."""

    row: ObligationRow
    pairs: list[tuple[str, str]]
    number: str


def owed_of(teller: Teller, history: History, tag: Tag) -> Iterator[Owed]:
    """Yield what is owed by the statements of a history about a subject, and has not ended."""
    reads, now = teller.reads, teller.reads.record.world.now
    for one in own_obligations(Told(effective(history.events), KINDS), tag, begun(reads.packs, now)):
        if (state := one.state_at(now)) in UNENDED:
            row = row_of(one, state, now)
            yield Owed(row, teller.owed(row), number_of(row, teller.today))
