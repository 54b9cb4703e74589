"""How many of a subject's events count at a place, found without looking at each of them.

Nearly always these are the first ones, in the order in which they count; then the state after them is known already.
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, Protocol

from ledger.domain.acts import BY_POSITION, By, Place, place_of
from ledger.domain.fold import counted_by, initial, is_beginning
from ledger.domain.states.border import Consignment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.domain.kind import Kind
    from ledger.ids import Tag

_FIRST: Final = Place(datetime.min.replace(tzinfo=UTC), 0)
_LAST: Final = Place(datetime.max.replace(tzinfo=UTC), 0)
_NEVER: Final = 2**63

_MIXED: Final = BY_POSITION | {Consignment}
"""Of whom not only what brings them into being counts by its position."""


class Prefix(Protocol):
    """The events of one subject, in the order in which they count."""

    def until(self, place: Place) -> int | None:
        """Return how many count at a place, if they are the first ones; None: they are not."""
        ...


def prefix_of(tag: Tag, events: Sequence[Event[Any]], kinds: Mapping[str, Kind[Any]]) -> Prefix:
    """Take the events of a subject, in the order in which they count; each is looked at once."""
    none = initial(tag)
    if type(none) in _MIXED:
        return _Mixed([(event, counted_by(none, event, kinds)) for event in events])
    beginning = [is_beginning(none, event, kinds) for event in events]
    begun = sum(beginning)
    if all(beginning[:begun]):
        return _InOrder(events[:begun], events[begun:])
    return _Mixed([(event, counted_by(none, event, kinds)) for event in events])


class _InOrder:
    """Those of an item, a case or a site: what brings it into being, by position, and then its acts, by their time.

    Both are in that order.
    """

    def __init__(self, begun: Sequence[Event[Any]], acts: Sequence[Event[Any]]) -> None:
        self._begun = begun
        self._acts = acts

    def until(self, place: Place) -> int | None:
        begun = bisect_left(self._begun, place.position, key=lambda event: event.position)
        acts = bisect_left(self._acts, place, key=place_of)
        if begun == len(self._begun):
            return begun + acts
        return None if acts else begun


class _Mixed:
    """Those of others: some count by their time, some by position, some everywhere."""

    def __init__(self, told: Sequence[tuple[Event[Any], By]]) -> None:
        acts = [place_of(event) if by is By.ACT else None for event, by in told]
        positions = [event.position if by is By.POSITION else None for event, by in told]
        # Those that count everywhere, as the history of an approval, are counted: none of them may be behind the rest.
        always = [-1 if by is By.ALWAYS else _NEVER for _, by in told]
        self._count = len(acts)
        self._acts = [*accumulate((one or _FIRST for one in acts), max, initial=_FIRST)]
        self._positions = [*accumulate((one or 0 for one in positions), max, initial=0)]
        self._acts_left = [*accumulate((one or _LAST for one in reversed(acts)), min, initial=_LAST)]
        behind = zip((_NEVER if one is None else one for one in positions), always, strict=True)
        self._positions_left = [*accumulate(map(min, reversed([*behind])), min, initial=_NEVER)]

    def until(self, place: Place) -> int | None:
        found = bisect_left(range(1, self._count + 1), 1, key=lambda count: 1 - self._all_count(count, place))
        rest = self._count - found
        behind = self._acts_left[rest] < place or self._positions_left[rest] < place.position
        return None if behind else found

    def _all_count(self, count: int, place: Place) -> bool:
        return self._acts[count] < place and self._positions[count] < place.position
