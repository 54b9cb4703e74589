"""Answers about what is owed in one matter, as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from ledger.domain.duties.obligation import State
from ledger.domain.duties.steps import Told
from ledger.ids import PartyId, Tag
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import DUTIES, own
from projections.asked.question import Why
from projections.asked.reasons import by_duty

if TYPE_CHECKING:
    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from projections.asked.question import Asked


@dataclass(frozen=True, slots=True)
class OwedRow:
    """What is or was owed in the matter that is asked about.

    concerns: what else it is about. owed_by, owed_to: the parties, where the record says which.
    ended: when it was met or lapsed. overdue: at the instant asked for.
    """

    concerns: tuple[Tag, ...]
    owed_by: PartyId | None
    owed_to: PartyId | None
    state: State
    since: datetime
    due: datetime | None
    overdue: bool
    ended: datetime | None
    why: Why


def owed_for(asked: Asked) -> tuple[OwedRow, ...]:
    """Return what is or was owed in one matter, as it arose: what its own statements open, and end."""
    if asked.subject is None:
        return ()
    found = own_obligations(Told(asked.counting, KINDS), asked.subject, asked.editions)
    return tuple(
        OwedRow(
            concerns=one.owed.concerns,
            owed_by=one.owed.debtor,
            owed_to=one.owed.creditor,
            state=state,
            since=one.since,
            due=one.due,
            overdue=one.overdue_at(asked.at),
            ended=_ended(one, state),
            why=by_duty(one, asked),
        )
        for one in found
        if (state := one.state_at(asked.at)) is not None
    )


def own_obligations(told: Told, subject: Tag, editions: Editions) -> list[Obligation]:
    """Return the obligations that a subject's own chain opens, and what it hears of others, in that order."""
    found = own(told, subject, editions, DUTIES.values())
    return sorted(found, key=lambda one: one.order)


def _ended(one: Obligation, state: State) -> datetime | None:
    act = one.met if state is State.MET else one.lapsed if state is State.LAPSED else None
    return None if act is None else act.at
