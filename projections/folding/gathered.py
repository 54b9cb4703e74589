"""What is kept in memory while a whole log is folded: its events, and each subject's as they count, with its states.

So what is made anew, or at the end, is read nowhere again and folded once. Of a log that is longer than fits, what lies
behind is read where it stands.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import BY_POSITION, place_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from ledger.domain.judging import Event
    from ledger.ids import Tag
    from projections.folding.others import Chain
    from projections.folding.past import Kept
    from projections.views.view import Change

MOST: Final = 200_000
"""How many events are kept."""


class Gathered:
    """The first events of a log, and behind them those that are elsewhere."""

    def __init__(self, kept: Kept, most: int = MOST) -> None:
        """Have gathered nothing yet. kept: where all of them are. most: how many to keep."""
        self._kept = kept
        self._left = most
        self._upto = 0
        self._of: defaultdict[Tag, list[tuple[Event[Any], bytes]]] = defaultdict(list)
        self._chains: dict[Tag, Chain | None] = {}
        """None: of one that is to be folded again."""

    def gather(self, event: Event[Any], leaf: bytes) -> None:
        """Keep an event, if there is room left. leaf: the hash of its entry."""
        if not self._left:
            return
        self._left, self._upto = self._left - 1, event.position
        one = event, leaf
        for tag in event.tags:
            self._of[tag].append(one)

    def about(self, tag: Tag, kinds: Collection[str], after: int = 0) -> Iterator[tuple[Event[Any], bytes]]:
        """Yield events of a subject as ``Kept`` says."""
        for one in self._of.get(tag, ()):
            if one[0].said.kind in kinds and one[0].position > after:
                yield one
        if not self._left:
            yield from self._kept.about(tag, kinds, max(after, self._upto))

    def go_on(self, event: Event[Any], changes: Sequence[Change]) -> None:
        """Take an event that comes in its order for some subjects, each before and after it, changed or not."""
        for change in changes:
            chain = self._chains.setdefault(change.tag, [])
            if chain is None or not self._left or (chain and not _is_next(chain, change, event)):
                self._chains[change.tag] = None
            else:
                chain.append((event, change.before, change.after))

    def made_anew(self, chains: Mapping[Tag, Chain]) -> None:
        """Take the events of some subjects as they count now."""
        self._chains |= chains

    def chain_of(self, tag: Tag) -> Chain | None:
        """Return the events of a subject as they count, with its states before and after each; None: not known."""
        return self._chains.get(tag)


def _is_next(chain: Chain, change: Change, event: Event[Any]) -> bool:
    """Say whether an event counts behind all of a chain: one that changes nothing may be dated before others."""
    return type(change.after) in BY_POSITION or place_of(chain[-1][0]) < place_of(event)
