"""A whole log of which a duty looks at many subjects: those that its matter can be about, and not at all there are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.duties.steps import Told
from ledger.domain.fold import BEGINNING, initial
from ledger.domain.states.subjects import Item
from ledger.ids import Tag, type_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Set

    from ledger.domain.judging import Event
    from ledger.domain.kind import Kind

ORIGINS: Final = frozenset({"item", "approval", "consignment"})
"""The types of what items hear of: whatever they are made of and came in under."""


class Spanning(Told):
    """The events of a whole log.

    While it is asked for a matter, who looks at all subjects of a world sees the items that the matter names, and those
    that came in under what it names or were made of these: what is held is named, or below what is named.
    """

    def __init__(self, events: Iterable[Event[Any]], kinds: Mapping[str, Kind[Any]]) -> None:
        """Take the events, oldest first: all that the log has."""
        super().__init__(events, kinds)
        self._about: Tag | None = None
        self._candidates: list[Tag] | None = None
        self._made: Mapping[Tag, Set[Tag]] | None = None

    def ask_for(self, matter: Tag) -> None:
        """Take that worlds are looked at for a matter from now on."""
        self._about, self._candidates = matter, None

    @property
    def subjects(self) -> list[Tag]:
        """Return the subjects that something is told of, or of a matter the items that it can be about; sorted."""
        if self._about is None:
            return super().subjects
        if self._candidates is None:
            named = {tag for event in self._of.get(self._about, ()) for tag in event.tags if type_of(tag) in ORIGINS}
            self._candidates = sorted(self.below(named))
        return self._candidates

    def below(self, tags: Set[Tag]) -> set[Tag]:
        """Return the items among some subjects, with all that came in under these or was made of them.

        By whatever any statement says, corrected and voided ones too: never fewer than what counts.
        """
        made = self._made_of()
        found, pending = set[Tag](), set(tags)
        while pending:
            found |= pending
            pending = {one for tag in pending for one in made.get(tag, ())} - found
        return {tag for tag in found if type_of(tag) == "item"}

    def _made_of(self) -> Mapping[Tag, Set[Tag]]:
        if self._made is None:
            made: defaultdict[Tag, set[Tag]] = defaultdict(set)
            for tag, events in self._of.items():
                if type_of(tag) == "item":
                    for event in events:
                        for one in self._origins(tag, event):
                            made[one].add(tag)
            self._made = made
        return self._made

    def _origins(self, item: Tag, event: Event[Any]) -> set[Tag]:
        """Return what an event says that an item was made of, or came in under; of most events none."""
        if event.said.kind not in BEGINNING[Item]:
            return set()
        made = self.kinds[event.said.kind].evolve(initial(item), event)
        if not isinstance(made, Item) or not made.known:
            return set()
        return {Tag(one) for one in (*made.parents, made.consignment, made.approval) if one is not None}
