"""The log as somebody may read it, for what has to be whole: an entry that they may not read ends it.

What proves that nothing is missing cannot leave anything out, and is never made with a hole in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from api.access.shown import Shown
    from ledger.ids import StatementId, Tag
    from ledger.store.port import Readable, Recorded


class Withheld(Exception):
    """Something has to be whole, and whoever asks may not read all of it, or it is more than is read for one answer."""


class TooLarge(Withheld):
    """It is more than is read for one answer, whatever of it may be read."""


class Entire:
    """A log for one reader, every entry of which they are shown or the reading ends with ``Withheld``."""

    def __init__(self, store: Readable, shown: Shown, most: int) -> None:
        """Read nothing yet. shown: the same log, as they are shown it. most: bytes of entries that are read in all."""
        self._store = store
        self._shown = shown
        self._left = most

    @property
    def origin(self) -> str:
        """Return the log's name."""
        return self._store.origin

    def head(self) -> int:
        """Return the position up to which is told."""
        return self._shown.head()

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Recorded]:
        """Yield the entries after a position. Raises Withheld."""
        return self._checked(self._store.read(after, limit))

    def about(self, tag: Tag, after: int = 0, kinds: Collection[str] = ()) -> Iterator[Recorded]:
        """Yield the events that bear a tag, oldest first; of some kinds only where any are named. Raises Withheld."""
        return self._checked(self._store.about(tag, after, kinds))

    def about_any(self, wanted: Mapping[Tag, Collection[str]], after: int = 0) -> Iterator[Recorded]:
        """Yield the events that bear one of some tags, each once, oldest first, as the port says. Raises Withheld."""
        return self._checked(self._store.about_any(wanted, after))

    def find(self, statement: StatementId) -> Recorded | None:
        """Return the event of a statement; None if it is not recorded. Raises Withheld."""
        found = self._store.find(statement)
        return None if found is None else next(self._checked((found,)), None)

    def find_any(self, statements: Collection[StatementId]) -> Iterator[Recorded]:
        """Yield the events of some statements, oldest first, as the port says. Raises Withheld."""
        return self._checked(self._store.find_any(statements))

    def disclosures(self, _: StatementId) -> Sequence[str]:
        """Return nothing: what a statement discloses is handed out by its own party."""
        return ()

    def _checked(self, recorded: Iterable[Recorded]) -> Iterator[Recorded]:
        for one in recorded:
            if one.position > self.head():
                return
            self._left -= len(one.entry)
            if self._left < 0:
                raise TooLarge("it is larger than what is handed out here; the log's own operator can export it")
            if not self._shown.shows(one):
                raise Withheld("it needs statements that you may not read")
            yield one
