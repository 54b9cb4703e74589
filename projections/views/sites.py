"""Sites: who runs each, what it is used for, until when it is accredited, and how many items stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.domain.states.site import Site
from projections.views.view import View

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.views.view import Row, Step


def rows(step: Step) -> Iterator[Row]:
    """Yield the sites that an event changes, as they are after it."""
    for change in step.changes:
        one = change.after
        if not isinstance(one, Site) or not one.known:
            continue
        yield (
            one.id,
            one.party,
            one.use,
            one.level,
            one.active,
            one.district,
            one.certificate_to,
            sum(map(len, one.places.values())),
        )


SITES = View(
    name="site",
    of="site",
    columns=("site", "party", "use", "level", "active", "district", "certificate_to", "items"),
    key=1,
    rows=rows,
)
