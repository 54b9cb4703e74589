"""What was applied before: the events of one subject, read again where its state is not in memory.

They are found by rows of tags, which somebody could have taken away. So of each subject is noted how many events were
applied, and their running hash, as the log's own index has them: what is read again must be those.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Protocol

from ledger.domain.fold import kinds_for
from ledger.errors import IntegrityFailed
from ledger.ids import type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.entries.entry import leaf_of
from ledger.tlog.index import NO_EVENTS, TagState, advance
from projections.reading import event_at
from projections.views.catalogue import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Collection

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from ledger.store.port import Store

FOLDED: Final[Mapping[str, frozenset[str]]] = {of: kinds_for(of, KINDS) for of in SUBJECTS}
"""By the type of a subject the kinds whose events it is folded from."""

CHANGED: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(of for of in SUBJECTS if kind in FOLDED[of]) for kind in KINDS
}
"""By kind the types of subjects that are folded from its events."""


class Noted(Protocol):
    """What is noted beside the rows, up to the position that they stand at."""

    def seen(self, tags: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return how many events of some subjects were applied, and their running hash; none of one without any."""
        ...


class Nothing:
    """What is noted where views are made anew: nothing before the first event."""

    def seen(self, _: Collection[Tag]) -> Mapping[Tag, TagState]:
        """Return none."""
        return {}


def events_of(store: Store, tag: Tag, upto: int, seen: TagState) -> list[Event[Any]]:
    """Return the events that a subject is folded from, oldest first.

    upto: the last position that counts. seen: what was applied of it up to there.

    Raises IntegrityFailed: what the rows of tags lead to is not what was applied.
    """
    found, state = [], NO_EVENTS
    for recorded in store.about(tag, kinds=FOLDED[type_of(tag)]):
        if recorded.position > upto:
            break
        found.append(event_at(recorded))
        state = advance(state, recorded.position, leaf_of(recorded.entry))
    if state != seen:
        raise IntegrityFailed(
            f"{tag}: the views note {seen.count} events of it up to position {upto}, and the log's rows of tags lead "
            "to others: one of the two was changed; run `vialog views rebuild`, and if it stops too, "
            "`vialog log verify`"
        )
    return found
