"""Scenes: for each duty a small history that opens it, what does not end it, and what does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from ledger.domain.amends.corrections import StatementVoided
from ledger.domain.approval.changes import ApprovalWithdrawn, OrderOnWithdrawal
from ledger.ids import new_statement_id
from ledger.statement.duties import DUTIES, obligations
from tests.spec.world import events_of, packs, said

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event, Signed
    from ledger.ids import ApprovalId
    from ledger.rulepacks.load import RulePacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A history of one duty.

    given: what comes before. opens: what opens it; count: how many obligations. due: of the first; None: no date.
    wrong: statements that look like its end and are none. closes: what meets the first one.
    pauses, resumes: what stops its clock and lets it go on; moves: what gives it the date ``moved``; extends: what
    draws its term out to ``extended``.
    lapses: what ends it unmet, each by itself. approval: one that stands behind it, to be withdrawn.
    """

    duty: str
    given: Sequence[Signed[Any]]
    opens: Signed[Any]
    due: datetime | None = None
    count: int = 1
    wrong: Sequence[Signed[Any]] = ()
    closes: Signed[Any] | None = None
    pauses: Signed[Any] | None = None
    resumes: Signed[Any] | None = None
    moves: Signed[Any] | None = None
    moved: datetime | None = None
    extends: Signed[Any] | None = None
    extended: datetime | None = None
    lapses: Sequence[Signed[Any]] = ()
    approval: ApprovalId | None = None

    @property
    def opened(self) -> list[Signed[Any]]:
        """Return the history up to what opens it."""
        return [*self.given, self.opens]


ELSEWHERE: Final = {"report-loss-in-writing": "US"}
"""Duties that no Chinese edition has, with a jurisdiction that has them."""


def told(given: Sequence[Signed[Any]], duty: str = "") -> list[Event[Any]]:
    """Return statements as events, each recorded under the edition that was in force where a duty is known."""
    where = ELSEWHERE.get(duty, "CN")
    return [replace(event, rules=packs().at_instant(where, event.recorded).name) for event in events_of(given)]


def owed(given: Sequence[Signed[Any]], duty: str, editions: RulePacks | None = None) -> list[Obligation]:
    """Return the obligations of a duty after some statements."""
    return obligations(told(given, duty), editions or packs(), duties=(DUTIES[duty],))


def opened_by(scene: Scene, given: Sequence[Signed[Any]]) -> list[Obligation]:
    """Return the obligations that the scene's opening statement opens, after some statements."""
    position = len(scene.given) + 1
    return [one for one in owed(given, scene.duty) if one.opened.position == position]


def voided(statement: Signed[Any], at: datetime) -> Signed[Any]:
    """Return the voiding of a statement by its signers."""
    return said(StatementVoided(statement=statement.id, ground="entered-twice"), *statement.signers, at=at)


def moved_to(statement: Signed[Any], at: datetime) -> Signed[Any]:
    """Return a correction of a statement by which it happened at another time."""
    return replace(statement, id=new_statement_id(at), occurred_at=at, corrects=statement.id, reason="wrong-time")


def withdrawn(approval: ApprovalId, by: Any, at: datetime) -> Signed[Any]:  # noqa: ANN401  a signer
    """Return the withdrawal of an approval."""
    body = ApprovalWithdrawn(approval=approval, ground="fraud", order=OrderOnWithdrawal.NONE)
    return said(body, by, at=at)


MINUTE: Final = timedelta(minutes=1)
YEARS: Final = timedelta(days=3650)
