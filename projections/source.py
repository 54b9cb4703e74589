"""Where answers come from: today the log itself, folded whenever somebody asks.

Whoever asks knows this module's class and the functions that take it, and nothing of what is behind them.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from ledger.domain.fold import VOIDED, fold
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import KINDS_FOR
from projections.names import KINDS_READ, NAMING, Names
from projections.questions.folded import subjects_of
from projections.reading import check_stored, of_kinds, read_checked, told_about

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.ids import StatementId
    from ledger.store.port import Readable, Recorded


@runtime_checkable
class Distant(Protocol):
    """A log behind a service: what would be many questions on the way is one there."""

    def read_kinds(self, kinds: Collection[str]) -> Iterator[Recorded]:
        """Yield the entries of some kinds, oldest first."""
        ...

    def bearing(self, text: str, id_type: str | None) -> Sequence[Tag]:
        """Return the subjects of which a name, or a part of one, is this text; of a type, or of any."""
        ...

    def known_at(self, instant: datetime) -> int:
        """Return the last position that was recorded up to an instant; 0: none was."""
        ...

    def seen_by(self) -> str:
        """Return the party by whose rights is read: of what it may not read nothing is told."""
        ...


class Source:
    """The log up to a position.

    position: the last one that is taken in.
    """

    def __init__(
        self, store: Readable, position: int | None = None, decode: Callable[[Recorded], Event[Any]] = read_checked
    ) -> None:
        """Answer from a store. position: the head's if left out. decode: makes an event of an entry."""
        self._store = store
        self._decode = decode
        self.position = store.head() if position is None else position
        self._naming: dict[Tag, list[Event[Any]]] = {}

    @cached_property
    def names(self) -> Names:
        """Return what everything is called; made once, by one pass over the log.

        All entries are read from the store, and those of the kinds that give names are decoded: time as the log is
        long, memory as it has names.
        """
        return Names(self.events(KINDS_READ))

    def named(self, text: str, id_type: str | None) -> Names:
        """Return what everything is called that may be meant by a text, or by what looks like it.

        Costs a pass over the log, once; behind a service what that costs there, and the events of what is found.
        """
        if not isinstance(self._store, Distant):
            return self.names
        found = {one.position: one for tag in self._store.bearing(text, id_type) for one in self.about(tag)}
        return Names(found[position] for position in sorted(found))

    def position_of(self, statement: StatementId) -> int | None:
        """Return where a statement is recorded; None where it is not. Raises IntegrityFailed, TooOld."""
        recorded = self._store.find(statement)
        if recorded is None or recorded.position > self.position:
            return None
        check_stored(recorded)
        return recorded.position

    def events(self, kinds: Collection[str]) -> Iterator[Event[Any]]:
        """Yield the events of some kinds, oldest first. Raises IntegrityFailed, TooOld: one of them cannot be read."""
        if isinstance(self._store, Distant):
            told = self._store.read_kinds(kinds)
            return (self._decode(one) for one in told if one.position <= self.position)
        return map(self._decode, of_kinds(self._store.read(limit=self.position), kinds))

    def about(self, tag: Tag) -> Iterator[Event[Any]]:
        """Yield the events of one subject that may name it, oldest first; costs what these are, once if fetched."""
        return iter(self._naming[tag]) if tag in self._naming else self._told(tag, _naming(tag))

    def fetch(self, tags: Collection[Tag]) -> None:
        """Read in one go what may name some subjects, for whoever asks what they are called one by one."""
        wanted = {tag: _naming(tag) for tag in tags if tag not in self._naming}
        if wanted:
            self._naming |= told_about(self._store, wanted, self.position, self._decode)

    def subject(self, tag: Tag) -> Subject:
        """Return one subject; costs what its own events do. Not ``known`` where the log says nothing of it."""
        return fold(tag, self._told(tag, KINDS_FOR[type_of(tag)]), KINDS)

    def _told(self, tag: Tag, kinds: Collection[str]) -> Iterator[Event[Any]]:
        """Yield the events of one subject that are of some kinds, oldest first."""
        recorded = self._store.about(tag, kinds=kinds)
        return (self._decode(one) for one in recorded if one.position <= self.position)

    def subjects(self, id_type: str) -> list[Subject]:
        """Return all subjects of a type, in the order of their ids; costs time and memory as the log is long."""
        return list(subjects_of(self.events(KINDS_FOR[id_type]), id_type).values())


def _naming(tag: Tag) -> frozenset[str]:
    return NAMING.get(type_of(tag), KINDS_READ) | {VOIDED}
