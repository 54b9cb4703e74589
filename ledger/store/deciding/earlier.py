"""The record as it was: what has changed since is folded anew from the log, once, and only where somebody asks.

What lies behind a judgement about an earlier time. Under the head's lock, by the thread that holds it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import fold, kinds_for, sequence
from ledger.domain.judging import Event
from ledger.errors import IntegrityFailed, Malformed, unreadable
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import parse_entry
from ledger.statement.quick import read_quickly
from ledger.statement.reading import read_event

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from ledger.domain.acts import Place
    from ledger.domain.states.subjects import Subject
    from ledger.ids import StatementId
    from ledger.store.port import LockedLog, Recorded

ID_TYPES: Final = ("case", "item", "permit", "consignment", "key", "approval", "site", "party")
"""The least spoken of first."""
KINDS_FOR: Final = {id_type: kinds_for(id_type, KINDS) for id_type in ID_TYPES}
"""By the type of a subject the kinds that it is folded from."""


def event_of(recorded: Recorded, *, vouched: bool = False) -> Event[Any]:
    """Read the event of a stored statement: fast where its bytes are vouched for, and else closely.

    vouched: whoever asks has held its bytes against its leaf hash.

    Raises IntegrityFailed: it is not one that this ledger recorded. TooOld: this program does not know what it says.
    """
    event = read_quickly(recorded.entry) if vouched or recorded.vouched else None
    try:
        event = event or read_event(parse_entry(recorded.entry))
    except Malformed as error:
        raise unreadable(recorded.position, error) from error
    if not is_stored_as(recorded, event):
        raise IntegrityFailed(f"position {recorded.position}: {_differing(recorded, event)}")
    return event


def is_stored_as(recorded: Recorded, event: Event[Any]) -> bool:
    """Say whether the columns beside an entry say what its event does: who looks for it goes by them."""
    return (recorded.position, recorded.kind, recorded.recorded, recorded.statement) == (
        event.position,
        event.said.kind,
        event.recorded,
        event.said.id,
    )


def _differing(recorded: Recorded, event: Event[Any]) -> str:
    if (recorded.position, recorded.kind) != (event.position, event.said.kind):
        return f"it is stored as {recorded.kind}, but is {event.said.kind} of position {event.position}"
    if recorded.recorded != event.recorded:
        return f"the column recorded says {recorded.recorded}, the entry {event.recorded}"
    return f"the column statement says {recorded.statement}, the entry {event.said.id}"


class Past:
    """The events of subjects, read once and folded as often as asked."""

    def __init__(self, log: LockedLog, unwritten: Iterable[Event[Any]] = ()) -> None:
        """Read from a log. unwritten: events that follow in it and are not in it yet."""
        self._log = log
        self._unwritten = tuple(unwritten)
        self._read: dict[Tag, list[Event[Any]]] = {}

    def read(self, tags: Collection[Tag]) -> None:
        """Read what concerns some subjects, in one query."""
        wanted = {tag: KINDS_FOR[type_of(tag)] for tag in tags if tag not in self._read}
        if not wanted:
            return
        found: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
        for event in (*map(event_of, self._log.concerning(wanted)), *self._unwritten):
            for tag in event.tags & wanted.keys():
                if event.said.kind in wanted[tag]:
                    found[tag].append(event)
        self._read |= {tag: found[tag] for tag in wanted}

    def folded(
        self,
        tag: Tag,
        before: Place | int | None = None,
        *,
        more: Iterable[Event[Any]] = (),
        without: StatementId | None = None,
    ) -> Subject:
        """Return a subject. before, without: as for ``fold``. more: events behind the last one, of any subjects."""
        return fold(tag, self._of(tag, more), KINDS, before=before, without=without)

    def sequence(self, tag: Tag) -> list[Event[Any]]:
        """Return the events of a subject that count, in the order in which they count."""
        return sequence(tag, self._of(tag), KINDS)

    def _of(self, tag: Tag, more: Iterable[Event[Any]] = ()) -> list[Event[Any]]:
        self.read((tag,))
        return [*self._read[tag], *(event for event in more if tag in event.tags)]


class Earlier(Mapping[Tag, "Subject"]):
    """Subjects as they were: each is looked at once, when it is asked for."""

    def __init__(self, present: Mapping[Tag, Subject], then: Callable[[Tag, Subject | None], Subject]) -> None:
        """Answer by what ``then`` makes of a subject and of what it is now; None: nobody has asked for it yet."""
        self._present = present
        self._then = then
        self._found: dict[Tag, Subject] = {}

    def __getitem__(self, tag: Tag) -> Subject:
        """Return a subject as it was."""
        if tag not in self._found:
            self._found[tag] = self._then(tag, self._present.get(tag))
        return self._found[tag]

    def __iter__(self) -> Iterator[Tag]:
        """Iterate over what there is now."""
        return iter(self._present)

    def __len__(self) -> int:
        """Return how many subjects there are now."""
        return len(self._present)
