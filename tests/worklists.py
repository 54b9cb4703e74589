"""What is owed, from the views and from the log, held against each other."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING, Final

from ledger.rulepacks.load import load_packs
from projections import obligations, worklist
from projections.obligations import Asked, Part, Standing
from projections.source import Source
from tests.authors import START

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.ids import Tag
    from projections.lists import Page
    from projections.obligations import ObligationRow
    from tests.viewed import Viewed

SOON: Final = START + timedelta(days=20)
"""After all that tests tell, and before another edition of the rules begins."""


def page_of(views: Viewed, asked: Asked, part: Part) -> Page[ObligationRow] | None:
    """Return a page from the views; None: they cannot say."""
    with views.tables.still() as still:
        return worklist.listed(still, views.store, load_packs(), asked, part)


def check_worklist(views: Viewed, *about: Collection[Tag], district: str | None = None) -> int:
    """Compare pages of what is owed, whole and two rows at a time, however it stands. Returns how many rows it were."""
    source, packs, count = Source(views.store), load_packs(), 0
    for standing, subjects in product((None, *Standing), about):
        asked = Asked(SOON, subjects, standing, district=district)
        whole = obligations.folded(source, packs, asked, Part(1_000))
        assert page_of(views, asked, Part(1_000)) == whole
        after, told = None, list[object]()
        while (page := page_of(views, asked, Part(2, after))) is not None and page.rows:
            assert page == obligations.folded(source, packs, asked, Part(2, after))
            told += page.rows
            after = page.rows[-1].place
        assert tuple(told) == whole.rows
        count += len(told)
    return count
