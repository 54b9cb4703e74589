"""Duties of whoever runs a site: its accreditation does not end while items stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

from ledger.domain.duties.duty import Duty, Owed, When, Who
from ledger.domain.states.site import Site
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from ledger.domain.duties.duty import Step

_STATED: Final = frozenset({"site.registered/1", "site.changed/1"})
_STANDING: Final = frozenset(kind.name for kind in KINDS.values() if kind.site is not None) - _STATED


def _last_day(site: Site) -> date | None:
    """Return the last day of a certificate that something rests on; None: there is none, or nothing stands there."""
    return site.certificate_to if site.active and site.places else None


def _certified(step: Step) -> Iterator[Owed]:
    before, after = _last_day(cast("Site", step.before)), _last_day(cast("Site", step.after))
    if (due := step.end_of(after)) is not None and after != before:
        yield Owed(str(after), debtor=cast("Site", step.after).party, due=due)


def _renewed(step: Step, owed: Owed) -> bool:
    last = cast("Site", step.after).certificate_to
    return last is not None and str(last) > owed.key


def _rests_no_more(step: Step, owed: Owed) -> bool:
    last = _last_day(cast("Site", step.after))
    return last is None or str(last) < owed.key


REGISTRY: Final[tuple[Duty, ...]] = (
    Duty(
        id="renew-site-certificate",
        says="A laboratory's accreditation is renewed before it ends, or nothing stands there any more.",
        about=Site,
        owed_by=Who.HOLDER,
        owed_to=Who.HEALTH_AUTHORITY,
        opens=_STATED | _STANDING,
        owed=_certified,
        stated=True,
        closes=When(frozenset({"site.changed/1"}), _renewed),
        lapses=When(_STATED | _STANDING, _rests_no_more),
        missed="GAT-13",
        clause="State Council Order 424 Arts 18-21",
    ),
)
