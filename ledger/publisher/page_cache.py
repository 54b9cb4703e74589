"""Pages of the index as a publisher reads them: from its own changes, from memory, then from the store.

A page in memory is believed no more than one from the store: whoever reads it checks it against the page above.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from ledger.tlog.pages import PageReader

_MOST_PAGES: Final = 50_000  # of at most 1,169 bytes


class PageCache:
    """The pages used last, all of one index; the least recently used are forgotten first."""

    def __init__(self, capacity: int = _MOST_PAGES) -> None:
        """Hold at most some number of pages."""
        self._capacity = capacity
        self._pages: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def settle(self, size: int) -> None:
        """Forget all pages unless they are those of the index at a published size."""
        if size != self._size:
            self._pages.clear()
            self._size = size

    def advance(self, size: int, changed: Mapping[str, bytes]) -> None:
        """Take in the pages that changed up to a newly published size."""
        self._size = size
        self.keep(changed)

    def keep(self, pages: Mapping[str, bytes]) -> None:
        """Hold some pages."""
        for path, page in pages.items():
            self._pages[path] = page
            self._pages.move_to_end(path)
        while len(self._pages) > self._capacity:
            self._pages.popitem(last=False)

    def find(self, paths: Collection[str]) -> dict[str, bytes]:
        """Return those of some pages that are held."""
        found = {path: self._pages[path] for path in paths if path in self._pages}
        for path in found:
            self._pages.move_to_end(path)
        return found


class ChangingPages:
    """A PageReader over a stored index and the changes made to it since, which it holds until they are published."""

    def __init__(self, stored: PageReader, cache: PageCache) -> None:
        """Read from a store through a cache."""
        self._stored = stored
        self._cache = cache
        self.changed: Final[dict[str, bytes]] = {}

    def read(self, paths: Collection[str], /) -> Mapping[str, bytes]:
        """Return the pages that exist among some paths."""
        found = {path: self.changed[path] for path in paths if path in self.changed}
        found |= self._cache.find([path for path in paths if path not in found])
        if missing := [path for path in paths if path not in found]:
            stored = self._stored.read(missing)
            self._cache.keep(stored)
            found |= stored
        return found
