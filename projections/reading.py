"""Reading events of the log for answers: fast, from bytes that are those of their leaf hash.

Their form was checked when they were recorded and is not checked again; an entry that was changed since is not that of
its leaf hash, and stops whoever reads it.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import VOIDED, initial
from ledger.domain.status import STATUS
from ledger.errors import IntegrityFailed
from ledger.statement.entries.entry import leaf_of
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.store.borne import borne_by, entry_of
from ledger.store.columns import plainly_holds
from ledger.store.deciding.earlier import event_of, is_stored_as

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.store.port import Readable, Recorded

_LATELY: Final = 5_000
"""How many events are kept at most for whoever asks for them again."""


class Once:
    """Reads events, each once however often it comes: one that names a hundred items is asked for by each of them."""

    def __init__(self) -> None:
        """Have read nothing yet."""
        self._read: dict[bytes, Event[Any]] = {}

    def read(self, recorded: Recorded) -> tuple[Event[Any], bytes]:
        """Return the event of an entry with the hash of its bytes, for whoever compares that with what is noted.

        Raises IntegrityFailed, TooOld: as ``event_at``.
        """
        leaf = leaf_of(recorded.entry)
        return self._event(recorded, leaf), leaf

    def checked(self, recorded: Recorded) -> Event[Any]:
        """Return an event as ``read_checked`` does. Raises IntegrityFailed, TooOld."""
        check_leaf(recorded)
        return self._event(recorded, recorded.leaf)

    def _event(self, recorded: Recorded, leaf: bytes) -> Event[Any]:
        event = self._read.get(leaf)
        if event is None or not is_stored_as(recorded, event):
            if len(self._read) >= _LATELY:
                self._read.clear()
            event = self._read[leaf] = event_at(recorded)
        return event


def told_about(
    store: Readable, wanted: Mapping[Tag, Collection[str]], position: int, read: Callable[[Recorded], Event[Any]]
) -> dict[Tag, list[Event[Any]]]:
    """Return by subject its events up to a position, oldest first; all are read in one go.

    wanted: by subject the kinds that are asked for; all, where none is named. read: makes an event of an entry.
    """
    recorded = takewhile(lambda one: one.position <= position, store.about_any(wanted))
    return by_subject(map(read, recorded), wanted)


def by_subject(events: Iterable[Event[Any]], wanted: Mapping[Tag, Collection[str]]) -> dict[Tag, list[Event[Any]]]:
    """Return by subject those of some events that bear it, in their order. wanted: as ``told_about`` has it."""
    found: dict[Tag, list[Event[Any]]] = {tag: [] for tag in wanted}
    for event in events:
        for tag in event.tags & wanted.keys():
            if not wanted[tag] or event.said.kind in wanted[tag]:
                found[tag].append(event)
    return found


def told_ruling(
    store: Readable, tags: Collection[Tag], position: int, read: Callable[[Recorded], Event[Any]]
) -> dict[Tag, list[Event[Any]]]:
    """Return by subject the events up to a position that count for its status, oldest first, as ``told_about`` does."""
    told = told_about(store, {tag: _ruling_kinds(tag) for tag in tags}, position, read)
    return {tag: [event for event in events if tag in event.status] for tag, events in told.items()}


def _ruling_kinds(tag: Tag) -> frozenset[str]:
    none = initial(tag)
    return frozenset({VOIDED}).union(*(kinds for subject, kinds in STATUS.items() if isinstance(none, subject)))


def read_checked(recorded: Recorded) -> Event[Any]:
    """Return the event of a stored statement, once its bytes are those of its leaf hash.

    Raises IntegrityFailed: they are not, or it cannot be read. TooOld: this program does not know its kind or its form.
    """
    check_leaf(recorded)
    return event_at(recorded)


def check_leaf(recorded: Recorded) -> None:
    """Check that an entry's bytes are those of its leaf hash. Raises IntegrityFailed."""
    if leaf_of(recorded.entry) != recorded.leaf:
        raise IntegrityFailed(
            f"position {recorded.position}, {recorded.kind}: the stored entry is not the one of its leaf hash"
        )


def is_event(recorded: Recorded) -> bool:
    """Say whether an entry is that of an event; a state entry, of which nobody is told anything, is none.

    Raises IntegrityFailed: what is stored as a state entry is none by its bytes; and as ``check_leaf``. TooOld: this
    program does not know its form.
    """
    if recorded.kind != STATE_KIND:
        return True
    check_leaf(recorded)
    borne_by(recorded, entry_of(recorded))
    return False


def check_stored(recorded: Recorded) -> None:
    """Check that an entry is that of its leaf hash, and that the columns beside it say what it says itself.

    For whoever goes by a column, or tells it, of an entry that nobody decodes. Raises IntegrityFailed, TooOld.
    """
    if not plainly_holds(recorded):
        borne_by(recorded, entry_of(recorded))


def of_kinds(recorded: Iterable[Recorded], kinds: Collection[str]) -> Iterator[Recorded]:
    """Yield those of some entries that are of some kinds, and pass over no other that is only stored as another.

    What is yielded is held against its bytes by whoever reads it. Raises IntegrityFailed, TooOld: as ``check_stored``.
    """
    for one in recorded:
        if one.kind in kinds:
            yield one
        else:
            check_stored(one)


def event_at(recorded: Recorded) -> Event[Any]:
    """Read an event whose bytes are those of its leaf hash: fast, and closely where that is not enough.

    Raises IntegrityFailed: it is not one that this ledger recorded. TooOld: this program does not know what it says.
    """
    return event_of(recorded, vouched=True)
