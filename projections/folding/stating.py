"""What a statement leaves in the views by itself, whatever subjects it changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.domain.fold import rewrites
from projections.views.breaches import BREACHES
from projections.views.breaches import rows as breaches
from projections.views.corrections import CORRECTIONS
from projections.views.corrections import row as correction
from projections.views.leads import LEADS
from projections.views.leads import rows as leads

if TYPE_CHECKING:
    from ledger.domain.judging import Event
    from projections.folding.rows import Rows


def put_stated(event: Event[Any], rows: Rows) -> None:
    """Put what it corrects or voids, the breaches that its entry tells, and what it is a lead to."""
    if rewrites(event):
        rows.put(CORRECTIONS, correction(event))
    for row in breaches(event):
        rows.put(BREACHES, row)
    for row in leads(event):
        rows.put(LEADS, row)
