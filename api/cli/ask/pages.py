"""Pages of lists: from the views, where these have the list and lack nothing, and else folded from the log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from api.logs.served import open_service
from api.logs.wiring import look_at_views
from ledger.errors import Unavailable
from projections import obligations, worklist
from projections.listed import LARGEST, listed
from projections.lists import folded
from projections.running.looking import look

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.client.transport import Transport
    from api.settings import Settings
    from api.telling.labels import Labels
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Readable
    from projections.database.tables import Still, Tables
    from projections.lists import Listing, Page, Part, Where
    from projections.obligations import Asked, ObligationRow
    from projections.obligations import Part as Owed
    from projections.running.looking import Look

Row = TypeVar("Row")

_PATIENCE: Final = 5.0
"""Seconds that the views may take to answer before the log is folded."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages of lists come from: the views where they have them and lack nothing, and else the log."""

    settings: Settings
    store: Readable
    labels: Labels

    def page(self, listing: Listing[Row], where: Where, part: Part) -> tuple[Page[Row], str]:
        """Return a page of a list, and where it comes from.

        Raises IntegrityFailed: the views and the log are not of one mind.
        """
        if self.settings.url is not None:
            # Loaded here: who has the log here needs no network.
            from api.cli.ask.served import listed_there

            return self._served(lambda service: listed_there(service, listing, where, part))
        return self._page(
            (lambda still: listed(listing, still, self.store, where, part)) if part.limit <= LARGEST else None,
            lambda: folded(listing, self.labels.source, where, part),
        )

    def owed(self, packs: RulePacks, asked: Asked, part: Owed) -> tuple[Page[ObligationRow], str]:
        """Return a page of what is owed, and where it comes from; raises as ``page``."""
        if self.settings.url is not None:
            # Loaded here: as above.
            from api.cli.ask.served import owed_there

            return self._served(lambda service: owed_there(service, asked, part))
        return self._page(
            (lambda still: worklist.listed(still, self.store, packs, asked, part)) if part.limit <= LARGEST else None,
            lambda: obligations.folded(self.labels.source, packs, asked, part),
        )

    def _served(self, there: Callable[[Transport], tuple[Page[Row], int]]) -> tuple[Page[Row], str]:
        """Return a page as a service lists it, and that it does."""
        with open_service(self.settings) as service:
            page, position = there(service)
        return page, f"As {self.settings.url} lists it for you, position {position}."

    def _page(
        self, from_views: Callable[[Still], Page[Row] | None] | None, from_log: Callable[[], Page[Row]]
    ) -> tuple[Page[Row], str]:
        """Return a page from the views, where these have it and lack nothing, and else from the log."""
        stand: int | None = None
        if from_views is not None:
            with look_at_views(self.settings, _PATIENCE) as tables:
                found = self._looked(tables)
                if found is not None and found.state == "current":
                    with tables.still() as still:
                        if (page := from_views(still)) is not None:
                            position = still.standing.position
                            told = f"From the views, position {position}, lag 0; each row is folded from the log again."
                            return page, told
                stand = None if found is None or found.state == "none" else found.position
        position = self.labels.source.position
        told = f"Folded from the log, position {position}."
        if stand is not None:
            told = f"Folded from the log, position {position}; the views stand at position {stand}."
        return from_log(), told

    def _looked(self, tables: Tables) -> Look | None:
        """Return how the views stand; None where nobody keeps any, or they do not answer: the log does."""
        try:
            return look(tables, self.store.head())
        except Unavailable:
            return None
