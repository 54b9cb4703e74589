"""Which breaches stand in the record of a period: what was told to the signers of a statement, and acknowledged.

Part of "compliance history between two dates": of whoever, and of breaches alone. As entries tell it: what is found
to break a rule by what was told since is asked elsewhere, and what was corrected or voided is told and said to be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ledger.domain.fold import effective

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from ledger.breach import Breach
    from ledger.domain.judging import Event


@dataclass(frozen=True, slots=True)
class BreachRow:
    """A breach of a statement. counts: whether the statement does, or was corrected or voided since.

    reason: a code, by which its signers say why; None: they say nothing.
    """

    event: Event[Any]
    breach: Breach
    counts: bool

    @property
    def reason(self) -> str | None:
        """Return why the rule was broken, as the signers say."""
        return (self.event.said.acknowledged or {}).get(self.breach.rule)


def breaches(events: Iterable[Event[Any]], period: tuple[datetime, datetime]) -> tuple[BreachRow, ...]:
    """Return the breaches of statements whose acts occurred in a period, both ends included, in the order of the acts.

    events: oldest first; of those that break a rule also what corrects or voids them, and so on.
    """
    told, (since, until) = tuple(events), period
    counting = {event.said.id for event in effective(told)}
    broken = (event for event in told if event.breaches and since <= event.said.occurred_at <= until)
    return tuple(
        BreachRow(event, breach, event.said.id in counting)
        for event in sorted(broken, key=lambda event: (event.said.occurred_at, event.position))
        for breach in event.breaches
    )
