"""The worlds that statements are judged in: folded subjects, kept between batches and read forward under the lock.

A cache of subjects folded up to one position. Under the head's lock nothing else can be appended, so what is folded up
to the head is exact; what other processes appended since is read once, forward. A hot approval costs its new events,
never its history. One thread uses it: the committer's.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.fold import VOIDED, fold, initial, is_spoken_of, kinds_for, rewrites, standing
from ledger.domain.judging import Event, World
from ledger.errors import Malformed, unreadable
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entry import parse_entry
from ledger.statement.reading import read_event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import datetime

    from ledger.domain.state import Subject
    from ledger.ids import StatementId
    from ledger.store.port import LockedLog, Recorded

_MOST_FORWARD: Final = 5_000  # beyond this it is cheaper to forget and to read what is needed
_ID_TYPES: Final = ("case", "item", "consignment", "key", "approval", "site", "party")  # the least spoken of first
_KINDS_FOR: Final = {id_type: kinds_for(id_type, KINDS) for id_type in _ID_TYPES}


def event_of(recorded: Recorded) -> Event[Any]:
    """Read the event of a stored statement.

    Raises IntegrityFailed: it is not one that this ledger recorded. TooOld: this program does not know what it says.
    """
    try:
        return read_event(parse_entry(recorded.entry))
    except Malformed as error:
        raise unreadable(recorded.position, error) from error


class Worlds:
    """Folded subjects up to one position of one log."""

    def __init__(self, capacity: int = 50_000) -> None:
        """Keep at most some number of subjects, the least recently used forgotten first."""
        self._capacity = capacity
        self._subjects: OrderedDict[Tag, Subject] = OrderedDict()
        self._followed: set[Tag] = set()  # loaded with all that they are linked to; an event links to its own tags only
        self._upto = 0

    @property
    def upto(self) -> int:
        """Return the position up to which everything is taken in; 0 when nothing is."""
        return self._upto

    def forget(self) -> None:
        """Drop everything: after a batch that was not committed nothing folded can be trusted."""
        self._subjects.clear()
        self._followed.clear()
        self._upto = 0

    def catch_up(self, log: LockedLog) -> None:
        """Bring the cache up to the head, by what other processes appended since the last batch."""
        behind = log.head - self._upto
        if not 0 <= behind <= _MOST_FORWARD:  # below: the log was put back behind our back
            self.forget()
        elif behind and self._subjects:
            self._followed.clear()
            for recorded in log.since(self._upto, behind):
                if recorded.kind in KINDS:
                    self.advance(event_of(recorded))
        self._upto = log.head

    def advance(self, event: Event[Any]) -> None:
        """Take in the next event; if that fails nothing is changed.

        A subject that the event rewrites is dropped: what was folded counts no more, and it is folded anew from the
        log when it is next needed. The event must be in the log by then.
        """
        known = [tag for tag in event.tags if tag in self._subjects]
        if rewrites(event):
            self._followed.clear()
            for tag in known:
                del self._subjects[tag]
        else:
            evolve = KINDS[event.said.kind].evolve
            self._subjects.update([(tag, evolve(self._subjects[tag], event)) for tag in known])
        self._upto = event.position

    def load(self, log: LockedLog, tags: Iterable[Tag]) -> None:
        """Fold the subjects of some tags, and all that they are linked to, in one query for each distance.

        All events taken in that concern subjects not loaded yet must be in the log.
        """
        wanted = set(tags) - self._followed
        while wanted:
            self._subjects.update(_folded(log, [tag for tag in wanted if tag not in self._subjects]))
            for tag in wanted:
                self._subjects.move_to_end(tag)
            self._followed |= wanted
            wanted = _links(self._subjects[tag] for tag in wanted) - self._followed

    def world(self, now: datetime, target: Event[Any] | None = None) -> World:
        """Return what the record says about all that is loaded; it changes with what is loaded and taken in later.

        target: what a correction or voiding names, if it stands.
        """
        return World(subjects=self._subjects, now=now, size=self._upto, target=target)

    def after(self, log: LockedLog, event: Event[Any]) -> World:
        """Return the world as it would be after an event that rewrites an earlier one."""
        anew = _folded(log, event.tags, more=[event])
        self.load(log, _links(anew.values()))
        return World(subjects={**self._subjects, **anew}, now=event.recorded, size=event.position)

    def without(self, log: LockedLog, target: Event[Any], tags: Collection[Tag], now: datetime) -> World:
        """Return the world as it would be if a statement had not been made.

        target: that statement. tags: the subjects that it or what is asked for is about.
        """
        anew = _folded(log, tags, without=target.said.id)
        self.load(log, _links(anew.values()))
        return World(subjects={**self._subjects, **anew}, now=now, size=self._upto)

    def trim(self) -> None:
        """Forget the least recently used subjects beyond the capacity; between batches, never inside one."""
        if len(self._subjects) > self._capacity:
            self._followed.clear()
        while len(self._subjects) > self._capacity:
            self._subjects.popitem(last=False)


def world_before(log: LockedLog, target: Event[Any], tags: Collection[Tag]) -> World:
    """Return the world at the place of an event: all that counts at earlier positions, as it counts now.

    tags: the subjects that are asked about; what they are linked to is there too.
    """
    subjects: dict[Tag, Subject] = {}
    wanted = set(tags)
    while wanted:
        found = _folded(log, wanted, before=target.position)
        subjects |= found
        wanted = _links(found.values()) - subjects.keys()
    return World(subjects=subjects, now=target.recorded, size=target.position - 1)


def spoken_of(log: LockedLog, tags: Collection[Tag], target: Event[Any]) -> frozenset[Tag]:
    """Return those of some subjects, which a statement brought into being, that other statements rest on."""
    if not tags:
        return frozenset()
    events = [event_of(recorded) for recorded in log.concerning(dict.fromkeys(tags, KINDS.keys()))]
    return frozenset(tag for tag in tags if is_spoken_of([one for one in events if tag in one.tags], target))


def standing_event(log: LockedLog, statement: StatementId) -> Event[Any] | None:
    """Return the event by which a statement counts now, at the place of what it first corrected.

    None: it is not on record, or it is corrected or voided.
    """
    first: StatementId | None = statement
    root = None
    while first is not None and (recorded := log.named([first]).get(first)) is not None and recorded.kind in KINDS:
        root = event_of(recorded)
        first = root.said.corrects
    if root is None:
        return None
    # Whatever corrects or voids it bears all its tags: any one finds them, that of a busy party only slowly.
    tag = min(root.tags, key=lambda one: (_ID_TYPES.index(type_of(one)), one))
    return standing(map(event_of, log.concerning({tag: [root.said.kind, VOIDED]})), statement)


def _links(subjects: Iterable[Subject]) -> set[Tag]:
    return set[Tag]().union(*(subject.links for subject in subjects))


def _folded(
    log: LockedLog,
    tags: Collection[Tag],
    *,
    more: Iterable[Event[Any]] = (),
    before: int | None = None,
    without: StatementId | None = None,
) -> Mapping[Tag, Subject]:
    """Fold subjects from the log.

    more: events behind its end. before: a position, to fold only what counts at earlier ones. without: a statement to
        leave out.
    """
    if not tags:
        return {}
    by_tag: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
    wanted = {tag: _KINDS_FOR[type_of(tag)] for tag in tags}
    for event in (*map(event_of, log.concerning(wanted)), *more):
        for tag in event.tags & wanted.keys():
            by_tag[tag].append(event)
    return {
        tag: fold(tag, by_tag[tag], KINDS, before=before, without=without) if tag in by_tag else initial(tag)
        for tag in tags
    }
