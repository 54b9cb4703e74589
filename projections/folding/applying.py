"""Applying: events of the log, one after the other, become rows of the views. One engine for following and rebuilding.

What comes in its order goes forward: each subject that it changes is evolved, and a view sees the step. What corrects,
voids, or is told behind later acts makes the rows of its subjects anew from their events as they count now, and those
of all that was made of them.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import is_behind
from ledger.domain.fold import changes, fold, initial, rewrites
from ledger.domain.states.subjects import Item
from ledger.errors import IntegrityFailed
from ledger.ids import ItemId, Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entry import leaf_of
from ledger.statement.state_entry import STATE_KIND
from ledger.tlog.index import TagState, advance
from projections.folding.past import FOLDED, event_at, events_of
from projections.folding.rows import Rows
from projections.views.catalogue import OF
from projections.views.descent import NO_DESCENT, descent_at_birth
from projections.views.view import Change, Step

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from ledger.store.port import Recorded, Store
    from projections.folding.past import Noted
    from projections.views.descent import Descent

_CAPACITY: Final = 50_000
"""How many subjects stay folded between two batches; who comes back is folded again from its own events."""


@dataclass(frozen=True, slots=True)
class Noting:
    """What a batch leaves to be written: rows, and what is noted beside them."""

    rows: Rows
    seen: Mapping[Tag, TagState]
    descents: Mapping[ItemId, Descent | None]


class Applying:
    """Applies events behind one position. One thread uses it."""

    def __init__(self, store: Store, noted: Noted, position: int = 0, capacity: int | None = _CAPACITY) -> None:
        """Go on behind a position.

        noted: what was noted there. capacity: None: keep every subject.
        """
        self._store = store
        self._noted = noted
        self._capacity = capacity
        self.position = position
        self._subjects: OrderedDict[Tag, Subject] = OrderedDict()
        self._kept: dict[ItemId, Descent] = {}
        self._begin()

    def _begin(self) -> None:
        self._rows = Rows()
        self._seen: dict[Tag, TagState] = {}
        self._descents: dict[ItemId, Descent | None] = {}
        self._children: defaultdict[ItemId, set[ItemId]] = defaultdict(set)

    def take(self, recorded: Recorded) -> bytes:
        """Apply the next event, and return the leaf hash of its bytes.

        Raises IntegrityFailed: it is not the next one, its bytes are not those of its leaf, or it cannot be read.
        TooOld: this program does not know its kind or its form.
        """
        if recorded.position != self.position + 1:
            raise IntegrityFailed(f"position {self.position + 1}: the entry is missing")
        leaf = leaf_of(recorded.entry)
        if leaf != recorded.leaf:
            raise IntegrityFailed(
                f"position {recorded.position}, {recorded.kind}: the stored entry is not the one of its leaf hash"
            )
        if recorded.kind != STATE_KIND:
            self._apply(event_at(recorded), leaf)
        self.position = recorded.position
        return leaf

    def noting(self) -> Noting:
        """Return what there is to be written."""
        return Noting(self._rows, self._seen, self._descents)

    def written(self, noted: Noted | None = None) -> None:
        """Begin anew: what there was to be written is written. Forgets the subjects that were not used for longest.

        noted: where it is noted from now on, if elsewhere.
        """
        self._noted = noted or self._noted
        self._begin()
        while self._capacity is not None and len(self._subjects) > self._capacity:
            self._subjects.popitem(last=False)
        if self._capacity is not None and len(self._kept) > self._capacity:
            self._kept.clear()

    def _apply(self, event: Event[Any], leaf: bytes) -> None:
        kind = KINDS[event.said.kind]
        tags = [tag for tag in sorted(event.tags) if kind.name in FOLDED.get(type_of(tag), ())]
        rewriting = rewrites(event)
        before = {} if rewriting else {tag: self._subject(tag) for tag in tags}  # before the event is noted as seen
        anew = set(tags) if rewriting else {tag for tag in tags if self._is_out_of_order(before[tag], tag, event)}
        for tag in tags:
            self._seen[tag] = advance(self._seen_of(tag), event.position, leaf)
        if any(type_of(tag) == "item" for tag in anew):
            anew |= {tag for tag in tags if type_of(tag) == "item"}  # what is made is made of what it is made from
        if anew:
            self._make_anew(anew, event.position)
        stepped = [
            Change(tag, before[tag], after)
            for tag in tags
            if tag not in anew and (after := kind.evolve(before[tag], event)) is not before[tag]
        ]
        self._forward(event, stepped)

    def _is_out_of_order(self, before: Subject, tag: Tag, event: Event[Any]) -> bool:
        """Say whether an event counts before some that a subject is folded from; what brings it into being does."""
        if before.known or not self._seen_of(tag).count:
            return is_behind(before, event)
        return KINDS[event.said.kind].evolve(before, event).known

    def _forward(self, event: Event[Any], stepped: Sequence[Change]) -> None:
        if not stepped:
            return
        for change in stepped:
            self._subjects[change.tag] = change.after
        pairs = {change.tag: (change.before, change.after) for change in stepped}
        for change in stepped:
            if _is_birth(change.before, change.after):
                self._descend(event, change.after, pairs)
        self._show(Step(event, tuple(stepped), self.descent_of))

    def _descend(self, event: Event[Any], born: Subject, pairs: Mapping[Tag, tuple[Subject, Subject]]) -> None:
        """Note where an item comes from. pairs: of what the event changed, before and after it."""
        if isinstance(born, Item):
            parents = [pairs[Tag(parent)] for parent in born.parents if Tag(parent) in pairs]
            both = [(old, new) for old, new in parents if isinstance(old, Item) and isinstance(new, Item)]
            self._note(born.id, descent_at_birth(event.said.kind, born, both, self.descent_of))

    def _show(self, step: Step) -> None:
        for of in {type_of(change.tag) for change in step.changes}:
            for view in OF[of]:
                for row in view.rows(step):
                    self._rows.put(view, row)

    # What is made anew

    def _make_anew(self, tags: Collection[Tag], upto: int) -> None:
        items = self._with_offspring({ItemId(tag) for tag in tags if type_of(tag) == "item"})
        anew = [*(Tag(one) for one in sorted(items)), *sorted(tag for tag in tags if type_of(tag) != "item")]
        chains = {tag: self._chain(tag, upto) for tag in anew}
        for tag, chain in chains.items():
            self._subjects[tag] = chain[-1][2] if chain else initial(tag)
        self._descend_anew(items, chains, upto)
        for tag, chain in chains.items():
            for view in OF[type_of(tag)]:
                self._rows.clear(view, tag)
            for event, before, after in chain:
                if after is not before:
                    self._show(Step(event, (Change(tag, before, after),), self.descent_of))

    def _chain(self, tag: Tag, upto: int) -> list[tuple[Event[Any], Subject, Subject]]:
        return list(changes(tag, events_of(self._store, tag, upto, self._seen_of(tag)), KINDS))

    def _descend_anew(
        self, items: set[ItemId], chains: dict[Tag, list[tuple[Event[Any], Subject, Subject]]], upto: int
    ) -> None:
        """Note anew where items come from: parents before what was made of them."""
        told = dict(chains)
        births = {item: next((step for step in chains[Tag(item)] if _is_birth(*step[1:])), None) for item in items}
        pending = set(items)
        while pending:
            ready = {item for item in pending if not pending.intersection(_parents(births[item]))} or pending
            for item in sorted(ready):
                birth = births[item]
                if birth is None:
                    self._note(item, None)
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
                self._descend(event, born, pairs)
            pending -= ready

    def _with_offspring(self, items: set[ItemId]) -> set[ItemId]:
        found, pending = set(items), set(items)
        while pending:
            made = self._noted.children(pending).union(*(self._children.get(one, set()) for one in pending))
            pending = made - found
            found |= pending
        return found

    # What is known of before

    def _subject(self, tag: Tag) -> Subject:
        if tag in self._subjects:
            self._subjects.move_to_end(tag)
            return self._subjects[tag]
        seen = self._seen_of(tag)
        found = fold(tag, events_of(self._store, tag, self.position, seen), KINDS) if seen.count else initial(tag)
        self._subjects[tag] = found
        return found

    def _seen_of(self, tag: Tag) -> TagState:
        return self._seen[tag] if tag in self._seen else self._noted.seen(tag)

    def descent_of(self, item: ItemId) -> Descent:
        """Return where an item comes from; of one that is not on record nothing."""
        if item in self._descents:
            return self._descents[item] or NO_DESCENT
        if item not in self._kept:
            self._kept[item] = self._noted.descent(item) or NO_DESCENT
        return self._kept[item]

    def _note(self, item: ItemId, descent: Descent | None) -> None:
        self._descents[item] = descent
        self._kept[item] = descent or NO_DESCENT
        for parent in () if descent is None else descent.parents:
            self._children[parent].add(item)


def _is_birth(before: Subject, after: Subject) -> bool:
    return not before.known and after.known


def _parents(birth: tuple[Event[Any], Subject, Subject] | None) -> tuple[ItemId, ...]:
    born = None if birth is None else birth[2]
    return born.parents if isinstance(born, Item) else ()
