"""Applying: events of the log, one after the other, become rows of the views. One engine for following and rebuilding.

What comes in its order goes forward: each subject that it changes is evolved, and a view sees the step. What corrects,
voids, or is told behind later acts makes the rows of its subjects anew from their events as they count now, and those
of all that was made of them.
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
from ledger.statement.entries.state_entry import STATE_KIND
from ledger.tlog.index import advance
from projections.folding.around import Around
from projections.folding.calling import Calling
from projections.folding.gathered import MOST, Gathered
from projections.folding.owing import Owing
from projections.folding.past import CHANGED, Past
from projections.folding.rows import Rows
from projections.reading import check_leaf, read_checked
from projections.views.catalogue import OF
from projections.views.corrections import CORRECTIONS
from projections.views.corrections import row as correction
from projections.views.descent import NO_DESCENT, descent_at_birth
from projections.views.view import Change, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.store.port import Recorded
    from ledger.tlog.index import TagState
    from projections.folding.editions import Begun
    from projections.folding.past import Kept, Noted
    from projections.views.descent import Descent

    Chain = list[tuple[Event[Any], Subject, Subject]]

_OF_STEPS: Final = {of: [(one, one.steps) for one in views if one.steps is not None] for of, views in OF.items()}
"""By the type of a subject the views whose rows say what happened to it."""

_CAPACITY: Final = 50_000
"""How many subjects stay folded between two batches; who comes back is folded again from its own events."""


@dataclass(frozen=True, slots=True)
class Noting:
    """What a batch leaves to be written: rows, and what is noted beside them."""

    rows: Rows
    seen: Mapping[Tag, TagState]


class Applying:
    """Applies events behind one position. One thread uses it."""

    def __init__(
        self,
        kept: Kept,
        noted: Noted,
        editions: Begun,
        position: int = 0,
        *,
        capacity: int | None = _CAPACITY,
        most: int = MOST,
    ) -> None:
        """Go on behind a position.

        kept: where the events are. noted: what was noted there. editions: those that had begun when the last event was
        recorded that will be taken.
        capacity: None: keep every subject, and of the events the first ``most``; for who begins with the first one.
        """
        self._capacity = capacity
        self.position = position
        self._gathered = Gathered(kept, most) if capacity is None else None
        self._past = Past(self._gathered or kept, noted)
        self._subjects: OrderedDict[Tag, Subject] = OrderedDict()
        self._around = Around(self._past, self._subjects, position, self._gathered)
        self._owing = Owing(self._around, editions, at_end=capacity is None)
        self._calling = Calling(self._around)
        self._descents: dict[ItemId, Descent] = {}
        self._rows = Rows()
        self._stepped: set[Tag] = set()

    def take(self, batch: Sequence[Recorded]) -> None:
        """Apply the next events.

        Raises IntegrityFailed: one is not the next, its bytes are not those of its leaf, or it cannot be read. TooOld:
        this program does not know its kind or its form.
        """
        told = [_read(one) for one in batch]
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

    def written(self, noted: Noted | None = None) -> None:
        """Begin anew: what there was to be written is written. Forgets the subjects that were not used for longest.

        noted: where it is noted from now on, if elsewhere.
        """
        capacity, self._rows = self._capacity, Rows()
        while capacity is not None and len(self._subjects) > capacity:
            self._subjects.popitem(last=False)
        if capacity is not None and len(self._descents) > capacity:
            self._descents.clear()
        self._past.written(noted, self._subjects, None if capacity is None else 2 * capacity)
        self._owing.written(None if capacity is None else self._subjects)

    def apply(self, event: Event[Any], tags: Sequence[Tag], leaf: bytes) -> None:
        """Apply an event that was read. tags: whom it changes. leaf: the hash of its entry."""
        self._around.upto = event.position
        if self._gathered is not None:
            self._gathered.gather(event, leaf)
        kind = KINDS[event.said.kind]
        if rewriting := rewrites(event):
            self._rows.put(CORRECTIONS, correction(event))
        before = {} if rewriting else {tag: self._subject(tag) for tag in tags}  # before the event is noted as seen
        anew = set(tags) if rewriting else {tag for tag in tags if self._is_out_of_order(before[tag], tag, event)}
        for tag in tags:
            self._past.seen[tag] = advance(self._past.seen_of(tag), event.position, leaf)
        if anew:
            if any(type_of(tag) == "item" for tag in anew):
                anew |= {tag for tag in tags if type_of(tag) == "item"}  # what is made is made of what it is made from
            anew = self._make_anew(anew, event.position)
        changes = [Change(tag, before[tag], kind.evolve(before[tag], event)) for tag in tags if tag not in anew]
        if self._gathered is not None:
            self._gathered.go_on(event, changes)
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
        if before.known or not self._past.seen_of(tag).count:
            return is_behind(before, event)
        return KINDS[event.said.kind].evolve(before, event).known

    def _forward(self, event: Event[Any], stepped: Sequence[Change]) -> None:
        if not stepped:
            return
        for change in stepped:
            self._subjects[change.tag] = change.after
            self._stepped.add(change.tag)
        for change in stepped:
            if isinstance(change.after, Item) and _is_birth(change.before, change.after):
                pairs = {one.tag: (one.before, one.after) for one in stepped}
                self._descents[change.after.id] = self._descended(event, change.after, pairs)
        self._put_steps(Step(event, tuple(stepped), self.descent_of))

    def _put_steps(self, step: Step) -> None:
        for of in {type_of(change.tag) for change in step.changes}:
            for view, rows in _OF_STEPS[of]:
                for row in rows(step):
                    self._rows.put(view, row)

    def _put_state(self, tag: Tag, subject: Subject) -> None:
        for view in OF[type_of(tag)]:
            row = view.state(subject, self.descent_of) if subject.known and view.state is not None else None
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
        if self._gathered is not None:
            self._gathered.made_anew(chains)
        for tag, chain in chains.items():
            self._subjects[tag] = chain[-1][2] if chain else initial(tag)
            self._stepped.add(tag)
        self._descend(set(map(ItemId, items)), chains, upto)
        for tag, chain in chains.items():
            for view in OF[type_of(tag)]:
                self._rows.clear(view, tag)
            for event, before, after in chain:
                if after is not before:
                    self._put_steps(Step(event, (Change(tag, before, after),), self.descent_of))
        return set(chains)

    def _chain(self, tag: Tag, upto: int) -> Chain:
        return list(changes(tag, self._past.events_of(tag, upto), KINDS))

    # Where items come from

    def descent_of(self, item: ItemId) -> Descent:
        """Return where an item comes from, by its events and those of its ancestors; of one not on record nothing.

        No row says it: one that somebody changed would go on into all that is made of the item.
        """
        if item not in self._descents:
            self._trace(item)
        return self._descents[item]

    def _trace(self, item: ItemId) -> None:
        upto, pending = self._around.upto, {item}
        chains: dict[Tag, Chain] = {}
        while pending:
            one = pending.pop()
            chains[Tag(one)] = self._chain(Tag(one), upto)
            parents = _parents(_birth(chains[Tag(one)]))
            pending |= {parent for parent in parents if Tag(parent) not in chains and parent not in self._descents}
        self._descend({ItemId(tag) for tag in chains}, chains, upto)

    def _descend(self, items: set[ItemId], chains: Mapping[Tag, Chain], upto: int) -> None:
        """Tell where items come from: parents before what was made of them. chains: theirs, and of others perhaps."""
        told = dict(chains)
        births = {item: _birth(chains[Tag(item)]) for item in items}
        self._descents |= dict.fromkeys(items, NO_DESCENT)  # of what a lying log makes of itself nothing is told
        pending = set(items)
        while pending:
            ready = {item for item in pending if not pending.intersection(_parents(births[item]))} or pending
            for item in sorted(ready):
                birth = births[item]
                if birth is None:
                    continue
                for parent in map(Tag, _parents(birth)):
                    if parent not in told:
                        told[parent] = self._chain(parent, upto)
                event, _, born = birth
                pairs = {
                    parent: (old, new)
                    for parent in map(Tag, _parents(birth))
                    for one, old, new in told[parent]
                    if one.said.id == event.said.id
                }
                if isinstance(born, Item):
                    self._descents[item] = self._descended(event, born, pairs)
            pending -= ready

    def _descended(self, event: Event[Any], born: Item, pairs: Mapping[Tag, tuple[Subject, Subject]]) -> Descent:
        """Return where an item comes from that an event makes. pairs: of what it changed, before and after it."""
        parents = [pairs[Tag(parent)] for parent in born.parents if Tag(parent) in pairs]
        both = [(old, new) for old, new in parents if isinstance(old, Item) and isinstance(new, Item)]
        return descent_at_birth(event.said.kind, born, both, self.descent_of)

    # What is known of before

    def _subject(self, tag: Tag) -> Subject:
        if tag in self._subjects:
            self._subjects.move_to_end(tag)
            return self._subjects[tag]
        seen = self._past.seen_of(tag)
        found = fold(tag, self._past.events_of(tag, self.position), KINDS) if seen.count else initial(tag)
        self._subjects[tag] = found
        return found


def _read(recorded: Recorded) -> Event[Any] | None:
    """Return the event of an entry that was checked; None of a state entry, which has none."""
    if recorded.kind != STATE_KIND:
        return read_checked(recorded)
    check_leaf(recorded)
    return None


def changed_by(event: Event[Any]) -> list[Tag]:
    """Return the subjects that are folded from an event, sorted."""
    types = CHANGED[event.said.kind]
    return sorted(tag for tag in event.tags if type_of(tag) in types) if types else []


def _is_birth(before: Subject, after: Subject) -> bool:
    return not before.known and after.known


def _birth(chain: Chain) -> tuple[Event[Any], Subject, Subject] | None:
    return next((step for step in chain if _is_birth(*step[1:])), None)


def _parents(birth: tuple[Event[Any], Subject, Subject] | None) -> tuple[ItemId, ...]:
    born = None if birth is None else birth[2]
    return born.parents if isinstance(born, Item) else ()
