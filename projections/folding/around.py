"""What is around a chain of duties: subjects that the runner has in memory, and what the log says beside and below."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.ids import Tag, type_of
from ledger.statement.duties import HEARD
from projections.folding.past import FOLDED, MAKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Set
    from datetime import datetime

    from ledger.domain.judging import Event
    from ledger.domain.states.subjects import Subject
    from projections.folding.past import Past


class Around:
    """As ``owing.Folded`` says. upto: the position of the event at hand, which is applied."""

    def __init__(self, past: Past, subjects: Mapping[Tag, Subject], position: int) -> None:
        """Go on behind a position. subjects: those in memory, as they are now."""
        self.upto = position
        self._past = past
        self._subjects = subjects
        self._from_first = position == 0
        self._spoken: dict[Tag, bool] = {}

    def now(self, tag: Tag) -> Subject | None:
        """Return a subject as it is now; None where it is not in memory."""
        return self._subjects.get(tag)

    def is_first(self, tag: Tag) -> bool:
        """Say whether the event at hand is the first of a subject."""
        return self._past.seen_of(tag).count == 1

    def events_of(self, tag: Tag) -> list[Event[Any]]:
        """Return all events that a subject is folded from, oldest first."""
        return self._past.events_of(tag, self.upto)

    def below(self, tags: Set[Tag]) -> set[Tag]:
        """Return the items that came in under some subjects, or were made of these or of them."""
        items = {tag for tag in tags if type_of(tag) == "item"}
        items |= self._past.named_with(tags - items, "item", MAKING, self.upto)
        return set(self._past.made_of(items, self.upto))

    def beside(self, tag: Tag, of: str) -> set[Tag]:
        """Return the subjects of a type that events of a subject name."""
        return self._past.named_with((tag,), of, FOLDED[of], self.upto)

    def speak_of(self, tags: Collection[Tag]) -> None:
        """Take that a statement of ``HEARD`` bears some tags."""
        self._spoken |= dict.fromkeys(tags, True)

    def is_spoken_of(self, tag: Tag) -> bool:
        """Say whether a statement of ``HEARD`` bears a tag, as far as is applied; asked of the log once for each."""
        if tag not in self._spoken:
            told = () if self._from_first else self._past.kept.about({tag: HEARD})
            self._spoken[tag] = any(event.position <= self.upto for event, _ in told)
        return self._spoken[tag]

    def resting_on(self, changed: Mapping[Tag, datetime]) -> Collection[Tag]:
        """Return whose obligations rest on some subjects as they were at an instant or later, by the rows written."""
        return self._past.noted.resting_on(changed) if changed else ()
