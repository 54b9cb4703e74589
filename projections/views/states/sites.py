"""Sites: who runs each, what it is used for, until when it is accredited, and how many items stand there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.views.view import View

if TYPE_CHECKING:
    from ledger.domain.states.site import Site
    from projections.views.view import Row, Whence


def row(one: Site, _: Whence) -> Row:
    """Return the row of a site."""
    return (
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
    state=row,
)
