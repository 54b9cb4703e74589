"""The chain of one subject, made in one go: forward where all is told in its order, and else put in order."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import BY_POSITION
from ledger.domain.fold import changes, initial, rewrites
from ledger.ids import type_of
from ledger.statement.catalogue import KINDS
from projections.views.catalogue import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.domain.kind import Kind
    from ledger.domain.states.subjects import Subject
    from ledger.ids import Tag
    from projections.folding.others import Chain

_CHANGING: Final = {of: {name: kind for name, kind in KINDS.items() if kind.changes(of)} for of in SUBJECTS}
"""By the type of a subject the kinds that change one."""

_FIRST: Final = datetime.min.replace(tzinfo=UTC)


def chain_of(tag: Tag, events: Sequence[Event[Any]]) -> Chain:
    """Return the events of a subject in the order in which they count, with its states before and after each.

    events: all that it is folded from, oldest first.
    """
    none = initial(tag)
    chain = _forward(none, events, _CHANGING[type_of(tag)]) if _is_in_order(none, events) else None
    return list(changes(tag, events, KINDS)) if chain is None else chain


def _is_in_order(none: Subject, events: Iterable[Event[Any]]) -> bool:
    """Say whether events count one after the other as they were told. none: the subject before its first event."""
    dated, newest = type(none) not in BY_POSITION, _FIRST
    for event in events:
        if rewrites(event) or (dated and event.said.occurred_at < newest):
            return False
        newest = event.said.occurred_at
    return True


def _forward(none: Subject, events: Iterable[Event[Any]], changing: Mapping[str, Kind[Any]]) -> Chain | None:
    """Return the chain, each event looked at once; None where one is to be put before others all the same."""
    state, chain = none, list[Any]()
    for event in events:
        before = state
        if (kind := changing.get(event.said.kind)) is not None:
            state = kind.evolve(before, event)
            if chain and state.known and not before.known:  # what brings it into being counts before all else
                return None
        chain.append((event, before, state))
    return chain
