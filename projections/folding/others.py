"""Other subjects, as what is owed for one of them may rest on them: read when they are asked for, and noted.

What is noted is of whom, and as of when at the latest: what happens there later changes nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.duties.spanning import ORIGINS
from ledger.domain.duties.steps import Fetched
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Set

    from ledger.domain.acts import Place
    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject

    Chain = list[tuple[Event[Any], Subject, Subject]]

ANEW: Final = datetime.min.replace(tzinfo=UTC)
"""As of when whatever was made anew changes what rests on it: ever since."""


class Others(Fetched):
    """The subjects of a log up to a position, each read when it is asked for, and who was asked for."""

    def __init__(
        self,
        read: Callable[[Tag], list[Event[Any]]],
        now: Callable[[Tag, Place | None], Subject | None],
        below: Callable[[Set[Tag]], Collection[Tag]],
        spoken: Callable[[Tag], bool],
        chain: Callable[[Tag], Chain | None] = lambda _: None,
    ) -> None:
        """Ask for nobody yet.

        read: all events of a subject, oldest first. now: a subject as it is now, if that is what it was at a place.
        below: the items that came in under some subjects or were made of them. spoken: whether anything was said of a
        subject that others hear of. chain: a subject's events as they count, if they stand folded somewhere.
        """
        super().__init__(read, KINDS)
        self._now = now
        self._below = below
        self._spoken = spoken
        self._chain = chain
        self._about: Tag | None = None
        self._lying_below: dict[frozenset[Tag], list[Tag]] = {}
        self.asked: dict[Tag, datetime] = {}

    def ask_for(self, subject: Tag, asked: dict[Tag, datetime]) -> None:
        """Note from now on whom a subject's obligations ask for. asked: what is noted already, which grows."""
        self._about, self.asked, self._lying_below = subject, asked, {}

    def at(self, tag: Tag, place: Place | None) -> Subject | None:
        """Return a subject as it was at a place, and note that it was asked for."""
        # As it is now is asked for who is heard of, which follows from the subject's own events and its lineage.
        if place is not None and tag != self._about:
            self.asked[tag] = max(place.instant, self.asked.get(tag, ANEW))
        return self._at(tag, place)

    def looked_through(self, place: Place | None) -> list[Tag]:
        """Return the items that a matter could be about at a place: what it had named, and what was below that.

        All items of the log are looked at by no duty: what is held is named, or below what is named. What came into
        being later is not asked for, so nothing rests on it: that goes by positions, whenever it is said to have been.
        """
        named = frozenset(self._named(place))
        if named not in self._lying_below:
            self._lying_below[named] = sorted(self._below(named))
        below = self._lying_below[named]
        return below if place is None else [tag for tag in below if tag in named or self._is_known(tag, place)]

    def _named(self, place: Place | None) -> set[Tag]:
        about = () if self._about is None else self.changes(self._about)
        told = (event for event, _, _ in about if place is None or place_of(event) < place)
        return {tag for event in told for tag in event.tags if type_of(tag) in ORIGINS}

    def _is_known(self, tag: Tag, place: Place) -> bool:
        found = self._at(tag, place)
        return found is not None and found.known

    def _at(self, tag: Tag, place: Place | None) -> Subject | None:
        found = self._now(tag, place)
        return super().at(tag, place) if found is None else found

    def changes(self, tag: Tag) -> Chain:
        """Return the events of a subject in the order in which they count, with its states before and after each."""
        if (known := self._changes.get(tag)) is not None:
            return known
        if (folded := self._chain(tag)) is not None:
            self._changes[tag] = folded
        return super().changes(tag)

    def _said(self, tag: Tag, kinds: frozenset[str]) -> list[Event[Any]]:
        return super()._said(tag, kinds) if self._spoken(tag) else []
