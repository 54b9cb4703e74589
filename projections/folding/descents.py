"""Where items come from: told at their birth, of parents before what was made of them, and kept for who asks again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.domain.states.subjects import Item
from ledger.ids import ItemId, Tag
from projections.views.descent import NO_DESCENT, descent_at_birth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from projections.folding.others import Chain
    from projections.views.descent import Descent


class Descents:
    """The descents of items. No row says one: one that somebody changed would go on into all that is made of the item.

    One thread uses it.
    """

    def __init__(self, chain: Callable[[Tag], Chain]) -> None:
        """Know of no item yet. chain: gives the events of one as they count, with its states before and after each."""
        self._chain = chain
        self._found: dict[ItemId, Descent] = {}

    def of(self, item: ItemId) -> Descent:
        """Return where an item comes from, by its events and those of its ancestors; of one not on record nothing."""
        if item not in self._found:
            self._trace(item)
        return self._found[item]

    def born(self, event: Event[Any], born: Item, pairs: Mapping[Tag, tuple[Subject, Subject]]) -> None:
        """Take that an event makes an item. pairs: what the event changed, before and after it."""
        self._found[born.id] = self._at_birth(event, born, pairs)

    def make_anew(self, items: Iterable[ItemId], chains: Mapping[Tag, Chain]) -> None:
        """Tell anew where some items come from. chains: theirs, and of others perhaps."""
        told, births = dict(chains), {item: _birth(chains[Tag(item)]) for item in items}
        self._found |= dict.fromkeys(births, NO_DESCENT)  # of what a lying log makes of itself nothing is told
        pending = set(births)
        while pending:
            ready = {item for item in pending if not pending.intersection(_parents(births[item]))} or pending
            for item in sorted(ready):
                self._tell(births[item], told)
            pending -= ready

    def forget(self, most: int) -> None:
        """Forget all, if they are more than so many."""
        if len(self._found) > most:
            self._found.clear()

    def _tell(self, birth: tuple[Event[Any], Subject, Subject] | None, told: dict[Tag, Chain]) -> None:
        """Tell where an item comes from, those that it is made of being told. told: chains, which become more."""
        if birth is None or not isinstance(birth[2], Item):
            return
        event, born = birth[0], birth[2]
        for parent in map(Tag, born.parents):
            if parent not in told:
                told[parent] = self._chain(parent)
        pairs = {
            parent: (old, new)
            for parent in map(Tag, born.parents)
            for one, old, new in told[parent]
            if one.said.id == event.said.id
        }
        self.born(event, born, pairs)

    def _trace(self, item: ItemId) -> None:
        birth = _birth(self._chain(Tag(item)))
        if self._found.keys() >= {*_parents(birth)}:  # nearly always
            self._found[item] = NO_DESCENT
            self._tell(birth, {})
            return
        pending, chains = {item}, dict[Tag, Any]()
        while pending:
            one = pending.pop()
            chains[Tag(one)] = self._chain(Tag(one))
            parents = _parents(_birth(chains[Tag(one)]))
            pending |= {parent for parent in parents if Tag(parent) not in chains and parent not in self._found}
        self.make_anew({ItemId(tag) for tag in chains}, chains)

    def _at_birth(self, event: Event[Any], born: Item, pairs: Mapping[Tag, tuple[Subject, Subject]]) -> Descent:
        parents = [pairs[Tag(parent)] for parent in born.parents if Tag(parent) in pairs]
        both = [(old, new) for old, new in parents if isinstance(old, Item) and isinstance(new, Item)]
        return descent_at_birth(event.said.kind, born, both, self.of)


def is_birth(before: Subject, after: Subject) -> bool:
    """Say whether a subject comes into being between two of its states."""
    return not before.known and after.known


def _birth(chain: Chain) -> tuple[Event[Any], Subject, Subject] | None:
    return next((step for step in chain if is_birth(*step[1:])), None)


def _parents(birth: tuple[Event[Any], Subject, Subject] | None) -> tuple[ItemId, ...]:
    born = None if birth is None else birth[2]
    return born.parents if isinstance(born, Item) else ()
