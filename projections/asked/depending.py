"""What runs out: which permits and accreditations do so soon the views say, and the log what depends on them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ledger.statement.duties import DUTIES
from projections.claims.basis import Needs, basis, beside, lineages, rested
from projections.views.obligations import OBLIGATIONS
from projections.views.states.approvals import APPROVALS
from projections.views.states.permits import PERMITS

if TYPE_CHECKING:
    from projections.asked.question import Asked
    from projections.asked.telling import Telling


def expiring(asked: Asked, telling: Telling) -> Asked | None:
    """Return what is asked about what runs out: with these permits, what rests on them, and sites with their approvals.

    Of an earlier time the log says what ran out then, and so it does to who is shown a part of it. Raises TooMany.
    """
    if asked.until is not None or not telling.whole:
        return None
    last = asked.day + timedelta(days=asked.days or 0)
    ending = telling.named(PERMITS, "running_out", first=asked.day, last=last)
    said = {"duty": "renew-site-certificate", "at": asked.at, "first": asked.day, "last": last}
    sites = telling.named(OBLIGATIONS, "owed_by_then", **said)
    permits, found = ending, ending
    while found:
        found = telling.named(PERMITS, "resting_on", permits=sorted(found)) - permits
        permits |= found
    approvals = telling.named(APPROVALS, "naming", sites=sorted(sites))
    roots = beside(permits, telling.of(permits), "approval", "item").whole
    told = telling.of(roots)
    needs = rested(ending | sites, told, asked.editions, (DUTIES["renew-permit"], DUTIES["renew-site-certificate"]))
    whole = lineages(roots, told).whole | approvals | sites | needs.whole
    return telling.with_last(asked, basis(Needs(whole, needs.ruled - whole), told))
