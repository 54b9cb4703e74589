"""The worlds that statements are judged in: folded subjects, kept between batches and read forward under the lock.

A cache of subjects folded up to one position. Under the head's lock nothing else can be appended, so what is folded up
to the head is exact; what other processes appended since is read once, forward. A hot approval costs its new events,
never its history; only what is told out of the order of the acts is folded anew. One thread uses it: the committer's.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import Place, advances, as_of, is_behind, newest_of, place_of
from ledger.domain.amends.consequences import Since
from ledger.domain.fold import VOIDED, is_spoken_of, rewrites, standing
from ledger.domain.judging import Event, World
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.store.deciding.earlier import ID_TYPES, Earlier, Past, event_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from ledger.domain.states.subjects import Subject
    from ledger.ids import StatementId
    from ledger.store.port import LockedLog

_MOST_FORWARD: Final = 5_000  # beyond this it is cheaper to forget and to read what is needed


class Worlds:
    """Folded subjects up to one position of one log."""

    def __init__(self, capacity: int = 50_000) -> None:
        """Keep at most some number of subjects, the least recently used forgotten first."""
        self._capacity = capacity
        self._subjects: OrderedDict[Tag, Subject] = OrderedDict()
        self._followed: set[Tag] = set()  # loaded with all that they are linked to; an event links to its own tags only
        self._unwritten: list[Event[Any]] = []  # taken in, and perhaps not in the log yet
        self._newest: datetime | None = None  # nothing that was ever taken in here is dated later
        self._upto = 0

    @property
    def upto(self) -> int:
        """Return the position up to which everything is taken in; 0 when nothing is."""
        return self._upto

    def forget(self) -> None:
        """Drop everything: after a batch that was not committed nothing folded can be trusted."""
        self._subjects.clear()
        self._followed.clear()
        self._unwritten.clear()
        self._newest = None
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
        self._unwritten.clear()
        self._upto = log.head

    def advance(self, event: Event[Any]) -> None:
        """Take in the next event; if that fails nothing is changed.

        A subject that the event rewrites, or for which it counts before acts that are folded in, is dropped: it is
        folded anew when it is next needed.
        """
        known, instant = [tag for tag in event.tags if tag in self._subjects], event.said.occurred_at
        if rewrites(event):
            changed, dropped = {}, known
        else:
            evolve = KINDS[event.said.kind].evolve
            dropped = (
                [tag for tag in known if is_behind(self._subjects[tag], event)] if self.acted_since(instant) else []
            )
            changed = {tag: evolve(self._subjects[tag], event) for tag in known if tag not in dropped}
        if dropped:
            self._followed.clear()
        for tag in dropped:
            del self._subjects[tag]
        self._subjects.update(changed)
        self._passed(instant)
        self._unwritten.append(event)
        self._upto = event.position

    def load(self, log: LockedLog, tags: Iterable[Tag]) -> None:
        """Fold the subjects of some tags, and all that they are linked to, in one query for each distance."""
        wanted = set(tags) - self._followed
        while wanted:
            folded = self._folded(log, [tag for tag in wanted if tag not in self._subjects])
            self._subjects.update(folded)
            self._passed(newest_of(folded.values()))
            for tag in wanted:
                self._subjects.move_to_end(tag)
            self._followed |= wanted
            wanted = _links(self._subjects[tag] for tag in wanted) - self._followed

    def acted_since(self, instant: datetime) -> bool:
        """Say whether anything that was ever folded here may be dated later than an instant: one comparison."""
        return self._newest is not None and instant < self._newest

    def world(self, now: datetime, target: Event[Any] | None = None) -> World:
        """Return what the record says about all that is loaded; it changes with what is loaded and taken in later.

        target: what a correction or voiding names, if it stands.
        """
        return World(subjects=self._subjects, now=now, size=self._upto, target=target)

    def at(self, log: LockedLog, instant: datetime, present: World) -> World:
        """Return the world at an instant, by all that is told of it now; where nothing acted later, the present one.

        present: that of now, of whose lineages some are followed already.
        """
        if not self.acted_since(instant):
            return present
        past, place = self.past(log), Place(instant, self._upto + 1)

        def then(tag: Tag, subject: Subject | None) -> Subject:
            if subject is None:
                return past.folded(tag, place)
            return as_of(subject, instant, lambda: past.folded(tag, place))

        return World(subjects=Earlier(self._subjects, then), now=present.now, size=self._upto, target=present.target)

    def before(self, past: Past, place: Place | int, target: Event[Any]) -> World:
        """Return the world at the place of an event: all that counts before it, as it counts now.

        place: of the event, or of one that takes its place; a position: all that was told before.
        """
        subjects = Earlier(self._subjects, lambda tag, _: past.folded(tag, place))
        return World(subjects=subjects, now=target.recorded, size=target.position - 1)

    def after(self, log: LockedLog, event: Event[Any], tags: Collection[Tag]) -> World:
        """Return the world as it would be after an event that rewrites an earlier one, or is put in before others.

        tags: the subjects that it changes otherwise than the next event does.
        """
        anew = self._folded(log, tags, more=[event])
        self.load(log, _links(anew.values()))
        return World(subjects={**self._subjects, **anew}, now=event.recorded, size=event.position)

    def without(
        self, log: LockedLog, target: Event[Any], tags: Collection[Tag], instant: datetime, now: datetime
    ) -> World:
        """Return the world at an instant as it would be if a statement had not been made.

        target: that statement. tags: the subjects that it or what is asked for is about.
        """
        past, place = self.past(log), Place(instant, self._upto + 1)
        past.read(tags)
        anew = {tag: past.folded(tag, place, without=target.said.id) for tag in tags}
        self.load(log, _links(anew.values()))
        return World(subjects={**self._subjects, **anew}, now=now, size=self._upto)

    def since(
        self, log: LockedLog, event: Event[Any], tags: Collection[Tag], after: Place, target: Event[Any] | None = None
    ) -> list[Since]:
        """Return the acts in the chains of some subjects after a place, each with and without an event put in there.

        event: at the place by its own time. target: what it corrects.
        """
        past = self.past(log)
        past.read(tags)
        acts = {
            one.said.id: one
            for tag in tags
            for one in past.sequence(tag)
            if place_of(one) > after and advances(self._subjects[tag], one.said.kind)
        }
        if target is not None:
            acts.pop(target.said.id, None)
        return [
            Since(one, KINDS[one.said.kind], self._around(past, one), self._around(past, one, event))
            for one in acts.values()
        ]

    def past(self, log: LockedLog) -> Past:
        """Return the events of the log, those included that are taken in and not written yet."""
        self._unwritten = [event for event in self._unwritten if event.position > log.head]
        return Past(log, self._unwritten)

    def trim(self) -> None:
        """Forget the least recently used subjects beyond the capacity; between batches, never inside one."""
        if len(self._subjects) > self._capacity:
            self._followed.clear()
        while len(self._subjects) > self._capacity:
            self._subjects.popitem(last=False)

    def _around(self, past: Past, act: Event[Any], put_in: Event[Any] | None = None) -> World:
        """Return the world in which a recorded act happened, or would have with an event put in."""
        place, more = place_of(act), () if put_in is None else (put_in,)

        def then(tag: Tag, subject: Subject | None) -> Subject:
            touched = put_in is not None and tag in put_in.tags
            if touched or subject is None or (subject.acted_at is not None and subject.acted_at >= place.instant):
                return past.folded(tag, place, more=more, without=act.said.id)
            return subject

        return World(subjects=Earlier(self._subjects, then), now=act.recorded, size=act.position - 1)

    def _folded(self, log: LockedLog, tags: Collection[Tag], more: Iterable[Event[Any]] = ()) -> dict[Tag, Subject]:
        """Fold subjects from the log. more: events behind its end."""
        if not tags:
            return {}
        past = self.past(log)
        past.read(tags)
        return {tag: past.folded(tag, more=more) for tag in tags}

    def _passed(self, instant: datetime | None) -> None:
        if instant is not None and (self._newest is None or instant > self._newest):
            self._newest = instant


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
    tag = min(root.tags, key=lambda one: (ID_TYPES.index(type_of(one)), one))
    return standing(map(event_of, log.concerning({tag: [root.said.kind, VOIDED]})), statement)


def _links(subjects: Iterable[Subject]) -> set[Tag]:
    return set[Tag]().union(*(subject.links for subject in subjects))
