"""Pages of lists: from the views, where these have the list and lack nothing, and else folded from the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from api.logs.wiring import look_at_views
from ledger.errors import Unavailable
from projections.listed import LARGEST, LISTED, listed
from projections.lists import folded
from projections.running.looking import look

if TYPE_CHECKING:
    from api.settings import Settings
    from api.telling.labels import Labels
    from ledger.store.port import Store
    from projections.database.tables import Tables
    from projections.lists import Listing, Page, Part, Where
    from projections.running.looking import Look

Row = TypeVar("Row")

_PATIENCE: Final = 5.0
"""Seconds that the views may take to answer before the log is folded."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages of lists come from: the views where they have them and lack nothing, and else the log."""

    settings: Settings
    store: Store
    labels: Labels

    def page(self, listing: Listing[Row], where: Where, part: Part) -> tuple[Page[Row], str]:
        """Return a page, and where it comes from. Raises IntegrityFailed: the views and the log are not of one mind."""
        stand: int | None = None
        if listing.id_type in LISTED and where.text is None and part.limit <= LARGEST:
            with look_at_views(self.settings, _PATIENCE) as tables:
                found = self._looked(tables)
                if found is not None and found.state == "current":
                    with tables.still() as still:
                        page = listed(listing, still, self.store, where, part)
                        position = still.standing.position
                    return page, f"From the views, position {position}, lag 0; each row is folded from the log again."
                stand = None if found is None or found.state == "none" else found.position
        source = self.labels.source
        told = f"Folded from the log, position {source.position}."
        if stand is not None:
            told = f"Folded from the log, position {source.position}; the views stand at position {stand}."
        return folded(listing, source, where, part), told

    def _looked(self, tables: Tables) -> Look | None:
        """Return how the views stand; None where nobody keeps any, or they do not answer: the log does."""
        try:
            return look(tables, self.store.head())
        except Unavailable:
            return None
