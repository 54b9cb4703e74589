"""Applying: events of the log, one after the other, become rows of the views while it is followed.

What comes in its order goes forward: each subject that it changes is evolved, and a view sees the step. What corrects,
voids, or is told behind later acts makes the rows of its subjects anew from their events as they count now, and those
of all that was made of them. A log that is taken whole comes to the same rows another way (``whole``).
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import is_behind
from ledger.domain.fold import changes, fold, initial, rewrites
from ledger.domain.states.subjects import Item
from ledger.errors import IntegrityFailed
from ledger.ids import ItemId, Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import HEARD
from ledger.tlog.index import advance
from projections.folding.around import Around
from projections.folding.calling import Calling
from projections.folding.descents import Descents, is_birth
from projections.folding.owing import Owing
from projections.folding.past import Past
from projections.folding.reached import changed_by
from projections.folding.rows import Rows
from projections.folding.stating import put_stated
from projections.reading import is_event, read_checked
from projections.views.catalogue import OF
from projections.views.view import Change, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.store.port import Recorded
    from ledger.tlog.index import TagState
    from projections.folding.editions import Begun
    from projections.folding.others import Chain
    from projections.folding.past import Kept, Noted
    from projections.views.view import Whence

_OF_STEPS: Final = {
    of: {
        kind: tuple(
            (one, one.steps) for one in views if one.steps is not None and (one.kinds is None or kind in one.kinds)
        )
        for kind in KINDS
    }
    for of, views in OF.items()
}
"""By the type of a subject, and by kind, the views whose rows say what a statement did to it."""

_CAPACITY: Final = 50_000
"""How many subjects stay folded between two batches; who comes back is folded again from its own events."""


@dataclass(frozen=True, slots=True)
class Noting:
    """What a batch leaves to be written: rows, and what is noted beside them."""

    rows: Rows
    seen: Mapping[Tag, TagState]


class Applying:
    """Applies events behind one position. One thread uses it."""

    def __init__(self, kept: Kept, noted: Noted, editions: Begun, position: int = 0) -> None:
        """Go on behind a position.

        kept: where the events are. noted: what was noted there. editions: those that had begun when the last event was
        recorded that will be taken.
        """
        self.position = position
        self._past = Past(kept, noted)
        self._subjects: OrderedDict[Tag, Subject] = OrderedDict()
        self._around = Around(self._past, self._subjects, position)
        self._owing = Owing(self._around, editions)
        self._calling = Calling(self._around)
        self._descents = Descents(lambda tag: self._chain(tag, self._around.upto))
        self._rows = Rows()
        self._stepped: set[Tag] = set()

    def take(self, batch: Sequence[Recorded]) -> None:
        """Apply the next events.

        Raises IntegrityFailed: one is not the next, its bytes are not those of its leaf, or it cannot be read. TooOld:
        this program does not know its kind or its form.
        """
        told = [read_entry(one) for one in batch]
        changed = [[] if event is None else changed_by(event) for event in told]
        self._past.look_up({tag for tags in changed for tag in tags})  # in one go, for the whole batch
        for recorded, event, tags in zip(batch, told, changed, strict=True):
            if recorded.position != self.position + 1:
                raise IntegrityFailed(f"position {self.position + 1}: the entry is missing")
            if event is not None:
                self.apply(event, tags, recorded.leaf)
            self.position = recorded.position

    def noting(self) -> Noting:
        """Return what there is to be written."""
        for tag in self._stepped:
            self._put_state(tag, self._subjects[tag])
        self._stepped.clear()
        self._owing.settle(self._rows)
        self._calling.settle(self._rows)
        return Noting(self._rows, self._past.seen)

    def written(self) -> None:
        """Begin anew: what there was to be written is written. Forgets the subjects that were not used for longest."""
        self._rows = Rows()
        while len(self._subjects) > _CAPACITY:
            self._subjects.popitem(last=False)
        self._descents.forget(_CAPACITY)
        self._past.written(self._subjects, 2 * _CAPACITY)
        self._owing.written(self._subjects)

    def apply(self, event: Event[Any], tags: Sequence[Tag], leaf: bytes) -> None:
        """Apply an event that was read. tags: whom it changes. leaf: the hash of its entry."""
        self._around.upto = event.position
        kind = KINDS[event.said.kind]
        put_stated(event, self._rows)
        rewriting = rewrites(event)
        before = {} if rewriting else {tag: self._subject(tag) for tag in tags}  # before the event is noted as seen
        anew = set(tags) if rewriting else {tag for tag in tags if self._is_out_of_order(before[tag], tag, event)}
        for tag in tags:
            self._past.seen[tag] = advance(self._past.seen_of(tag), event.position, leaf)
        if anew:
            if any(type_of(tag) == "item" for tag in anew):
                anew |= {tag for tag in tags if type_of(tag) == "item"}  # what is made is made of what it is made from
            anew = self._make_anew(anew, event.position)
        changes = [Change(tag, before[tag], kind.evolve(before[tag], event)) for tag in tags if tag not in anew]
        self._forward(event, [change for change in changes if change.after is not change.before])
        if event.said.kind in HEARD:
            self._around.speak_of(event.tags)
        if anew:
            self._owing.made_anew(event, anew)
            self._calling.made_anew(anew)
        self._calling.take(event, changes, self._rows)
        self._owing.take(event, changes, self._rows)

    def _is_out_of_order(self, before: Subject, tag: Tag, event: Event[Any]) -> bool:
        """Say whether an event counts before some that a subject is folded from; what brings it into being does."""
        if is_behind(before, event):
            return True
        born = not before.known and self._past.seen_of(tag).count > 0
        return born and KINDS[event.said.kind].evolve(before, event).known

    def _forward(self, event: Event[Any], stepped: Sequence[Change]) -> None:
        if not stepped:
            return
        for change in stepped:
            self._subjects[change.tag] = change.after
            self._stepped.add(change.tag)
        for change in stepped:
            if isinstance(change.after, Item) and is_birth(change.before, change.after):
                self._descents.born(event, change.after, {one.tag: (one.before, one.after) for one in stepped})
        for change in stepped:
            put_steps(change.tag, [(event, change.before, change.after)], self._descents.of, self._rows)

    def _put_state(self, tag: Tag, subject: Subject) -> None:
        for view in OF[type_of(tag)]:
            row = view.state(subject, self._descents.of) if subject.known and view.state is not None else None
            if row is not None:
                self._rows.put(view, row)
            elif view.state is not None:
                self._rows.clear(view, tag)

    # What is made anew

    def _make_anew(self, tags: Collection[Tag], upto: int) -> set[Tag]:
        """Make the rows of some subjects anew, and of what was made of them. Returns whose."""
        told = self._past.made_of({tag for tag in tags if type_of(tag) == "item"}, upto)
        items = sorted(told)
        told |= {tag: self._past.events_of(tag, upto) for tag in sorted(tags) if tag not in told}
        chains = {tag: list(changes(tag, events, KINDS)) for tag, events in told.items()}
        for tag, chain in chains.items():
            self._subjects[tag] = chain[-1][2] if chain else initial(tag)
            self._stepped.add(tag)
        self._descents.make_anew(set(map(ItemId, items)), chains)
        for tag, chain in chains.items():
            for view in OF[type_of(tag)]:
                self._rows.clear(view, tag)
            put_steps(tag, chain, self._descents.of, self._rows)
        return set(chains)

    def _chain(self, tag: Tag, upto: int) -> Chain:
        return list(changes(tag, self._past.events_of(tag, upto), KINDS))

    # What is known of before

    def _subject(self, tag: Tag) -> Subject:
        if tag in self._subjects:
            self._subjects.move_to_end(tag)
            return self._subjects[tag]
        seen = self._past.seen_of(tag)
        found = fold(tag, self._past.events_of(tag, self.position), KINDS) if seen.count else initial(tag)
        self._subjects[tag] = found
        return found


def put_steps(tag: Tag, chain: Iterable[tuple[Event[Any], Subject, Subject]], whence: Whence, rows: Rows) -> None:
    """Put what events did to a subject, where they changed it. chain: each with the subject before and after it."""
    views = _OF_STEPS[type_of(tag)]
    for event, before, after in chain:
        if after is not before and (telling := views[event.said.kind]):
            step = Step(event, tag, before, after, whence)
            for view, told in telling:
                for row in told(step):
                    rows.put(view, row)


def read_entry(recorded: Recorded) -> Event[Any] | None:
    """Return the event of an entry that was checked; None of a state entry, which has none."""
    return read_checked(recorded) if is_event(recorded) else None
