"""The log as somebody may read it, for what says that it shows a part: of what they do not see whole, what they may.

What is in part is decided by what they may see of a subject, and never by what is recorded about it: so that a bundle
made from it is the same whether or not more was said than they may read. Of a key all has to be read, or there is none:
without its whole history no signature can be checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.access.entire import Entire
from ledger.evidence.bundle.manifest import ListedWithheld
from ledger.ids import type_of
from ledger.statement.entries.entry import leaf_of, parse_entry

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from api.access.rights.seeing import Looking
    from api.access.shown import Shown
    from ledger.ids import Tag
    from ledger.store.port import Readable, Recorded


class InPart(Entire):
    """A log for one reader: every entry about a subject that they see whole, as ``Entire``; of others what is shown."""

    def __init__(self, store: Readable, shown: Shown, most: int, looking: Looking) -> None:
        """Read nothing yet. looking: with the eyes of the same reader; the others as ``Entire`` has them."""
        super().__init__(store, shown, most)
        self._looking = looking

    def is_part(self, tag: Tag) -> bool:
        """Say whether the reader does not see a subject whole, whatever is recorded about it."""
        return type_of(tag) != "key" and not self._looking.sight(tag).whole

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the events that bear a tag, oldest first; of a subject in part those shown. Raises Withheld."""
        if not self.is_part(tag):
            return super().about(tag, after, kinds)
        return self._checked(self._shown.about(tag, after, kinds))

    def first(self, tag: Tag, kinds: Collection[str]) -> ListedWithheld | None:
        """Return the first event of a subject, of its status where kinds are named; None: none, or it is shown.

        Nothing of it leaves this but its position and its hash, which the tiles of the log show to everybody.
        """
        found = self._store.about(tag, kinds=kinds)
        one = next((one for one in found if not kinds or tag in parse_entry(one.entry).status), None)
        if one is None or one.position > self.head() or self._shown.shows(one):
            return None
        return ListedWithheld(one.position, leaf_of(one.entry).hex())
