"""Obligations: what each subject's chain makes somebody owe, how it stands by what is told, and until when.

Whether one is overdue, or has lapsed with its time, is asked at an instant and stands in no row. Made of no step of one
subject alone, as what is owed may rest on others: the runner keeps these rows (``projections.folding.owing``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.duties.obligation import Obligation
    from projections.views.view import Row


def row(one: Obligation) -> Row:
    """Return the row of an obligation.

    about: the subject, what else it is about, and the parties. settled_at: nothing that is told of it happened later.
    """
    ended, owed = one.met or one.lapsed, one.owed
    last = one.pauses[-1] if one.pauses else None
    acts = [one.opened, ended]
    for pause in one.pauses:
        acts += (pause.begun, pause.ended)
    about = {one.subject, *owed.concerns, owed.debtor, owed.creditor} - {None}
    return (
        one.subject,
        one.duty.id,
        one.opened.position,
        owed.key,
        tuple(sorted(map(str, about))),
        owed.concerns,
        owed.debtor,
        owed.creditor,
        one.opened.at,
        one.since,
        one.due,
        owed.until,
        one.edition,
        one.estimate,
        None if last is None or last.ended is not None else last.begun.at,
        None if ended is None else ("met" if one.met is not None else "lapsed"),
        None if ended is None else ended.at,
        None if ended is None else ended.position,
        max(act.at for act in acts if act is not None),
    )


OBLIGATIONS = View(
    name="obligation",
    of="",
    columns=(
        *("subject", "duty", "opened_by", "key", "about", "concerns", "debtor", "creditor"),
        *("opened_at", "since", "due", "until", "edition", "estimate"),
        *("paused_since", "ended", "ended_at", "ended_by", "settled_at"),
    ),
    key=4,
)

RESTING = View(
    name="resting",
    of="",
    columns=("subject", "rests_on", "until"),
    key=2,
)
"""As of which instant the states of other subjects were asked for; what happens there later changes nothing here."""
