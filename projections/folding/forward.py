"""The chain of one subject, made in one go: forward where all is told in its order, and else put in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import BY_POSITION
from ledger.domain.fold import changes, initial, rewrites
from ledger.ids import type_of
from ledger.statement.catalogue import KINDS
from projections.views.catalogue import SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from projections.folding.others import Chain

_CHANGING: Final = {of: {name: kind for name, kind in KINDS.items() if kind.changes(of)} for of in SUBJECTS}
"""By the type of a subject the kinds that change one."""


def chain_of(tag: Tag, events: Sequence[Event[Any]]) -> Chain:
    """Return the events of a subject in the order in which they count, with its states before and after each.

    events: all that it is folded from, oldest first.
    """
    return _forward(tag, events) or list(changes(tag, events, KINDS))


def _forward(tag: Tag, events: Sequence[Event[Any]]) -> Chain | None:
    """Return the same, each event looked at once; None where one is to be put before others, or takes their place."""
    state, chain, changing = initial(tag), list[Any](), _CHANGING[type_of(tag)]
    dated, newest = type(state) not in BY_POSITION, None
    for event in events:
        said = event.said
        if rewrites(event) or (dated and newest is not None and said.occurred_at < newest):
            return None
        newest, before = said.occurred_at, state
        if (kind := changing.get(said.kind)) is not None:
            state = kind.evolve(before, event)
            if chain and state.known and not before.known:  # what brings it into being counts before all else
                return None
        chain.append((event, before, state))
    return chain
