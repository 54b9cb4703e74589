"""Duties of who holds a permit: it is renewed before it ends, while something stands on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.duties.duty import Duty, Owed, When, Who
from ledger.domain.permit_state import Permit, PermitStatus

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.domain.duties.duty import Step

_KINDS: Final = frozenset({"permit.recorded/1", "permit.linked/1", "permit.changed/1", "permit.drawn/1"})


def _last_day(permit: Permit) -> date | None:
    """Return the last day of a permit that something stands on; None: nothing does, or it has no end."""
    rests = permit.approvals or permit.items
    return permit.valid_to if rests and permit.status is not PermitStatus.ENDED else None


def _stood_on(step: Step) -> Iterator[Owed]:
    before, after = cast("Permit", step.before), cast("Permit", step.after)
    last = _last_day(after)
    if (due := step.end_of(last)) is not None and last != _last_day(before):
        yield Owed(str(last), tuple(sorted(after.links)), after.holder, after.issuer, due=due)


def _renewed(step: Step, owed: Owed) -> bool:
    last = cast("Permit", step.after).valid_to
    return last is None or str(last) > owed.key


def _ended(step: Step, owed: Owed) -> bool:
    permit = cast("Permit", step.after)
    return permit.status is PermitStatus.ENDED or (permit.valid_to is not None and str(permit.valid_to) < owed.key)


AUTHORISATION: Final[tuple[Duty, ...]] = (
    Duty(
        id="renew-permit",
        says="A permit is renewed before it ends while approvals or items stand on it.",
        about=Permit,
        owed_by=Who.HOLDER,
        owed_to=Who.AUTHORITY,
        opens=_KINDS,
        owed=_stood_on,
        stated=True,
        closes=When(frozenset({"permit.changed/1"}), _renewed),
        lapses=When(frozenset({"permit.ended/1", "permit.changed/1"}), _ended),
    ),
)
