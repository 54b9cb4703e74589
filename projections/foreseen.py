"""What a statement would do to what is owed, before it is recorded: the obligations that it would open, and end.

The same fold as that of all obligations, over the subjects that the statement reaches alone: twice, without the
statement and with it. Costs what the record says of those subjects, never what the log is long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.duties.obligation import State
from ledger.domain.duties.steps import Fetched
from ledger.domain.fold import kinds_for, rewritten
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.statement.duties import ABOUT, DUTIES, HEARD, own
from projections.claims.basis import lineage
from projections.obligations import begun, row_of
from projections.reading import read_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from ledger.domain.duties.duty import Editions
    from ledger.domain.duties.obligation import Obligation
    from ledger.domain.judging import Event
    from ledger.rulepacks.load import RulePacks
    from ledger.store.port import Store
    from projections.obligations import ObligationRow

    Key = tuple[int, str, Tag, str]
    Record = Callable[[Tag, Collection[str]], Iterable[Event[Any]]]
    """Gives the events that bear a tag and are of some kinds, oldest first."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a statement would do. ends: with how each stands then; one that counts no more, as it stood."""

    opens: tuple[ObligationRow, ...] = ()
    ends: tuple[ObligationRow, ...] = ()


def foresee(record: Record, packs: RulePacks, event: Event[Any]) -> Foreseen:
    """Return the obligations that an event opens and ends in all chains that it reaches, in the order of their opening.

    record: what is on record before it. event: one that would be the next. One that had ended is opened again where
    the statement that ended it counts no more.
    """
    told = _Read(record, event)
    tags, editions = _reached(event, told), begun(packs, event.recorded)
    before = _owed(Fetched(told.before, KINDS), tags, editions)
    after = _owed(Fetched(told.about, KINDS), tags, editions)
    opened = [one for key, one in after.items() if _unended(one) > _unended(before.get(key)) or key not in before]
    ended = [after.get(key, one) for key, one in before.items() if _unended(one) > _unended(after.get(key))]
    return Foreseen(_rows(opened, event), _rows(ended, event))


def foresee_in(store: Store, packs: RulePacks, event: Event[Any] | None) -> Foreseen:
    """Return what an event would do in a log; nothing where there is none. Raises IntegrityFailed, TooOld."""
    return Foreseen() if event is None else foresee(_record_before(store, event.position), packs, event)


def _record_before(store: Store, position: int) -> Record:
    """Return what a log has on record before a position."""

    def about(tag: Tag, kinds: Collection[str]) -> Iterator[Event[Any]]:
        recorded = store.about(tag, kinds=kinds)
        return (read_checked(one) for one in recorded if one.position < position)

    return about


def _rows(found: list[Obligation], event: Event[Any]) -> tuple[ObligationRow, ...]:
    return tuple(row_of(one, one.state_at(event.recorded) or State.OPEN, event.recorded) for one in found)


def _unended(one: Obligation | None) -> bool:
    return one is not None and one.met is None and one.lapsed is None


def _owed(told: Fetched, tags: Sequence[Tag], editions: Editions) -> dict[Key, Obligation]:
    for tag in tags:  # so that who looks at all of them finds them
        told.changes(tag)
    found = [one for tag in tags for one in own(told, tag, editions, DUTIES.values())]
    return {one.order: one for one in sorted(found, key=lambda one: one.order)}


class _Read:
    """The events that duties look at, each subject's read once; and those with the one that is foreseen behind them."""

    def __init__(self, record: Record, event: Event[Any]) -> None:
        self._record = record
        self._event = event
        self._known: dict[Tag, Sequence[Event[Any]]] = {}

    def before(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return what is on record of a subject, oldest first."""
        if tag not in self._known:
            self._known[tag] = tuple(self._record(tag, _LOOKED_AT[type_of(tag)]))
        return self._known[tag]

    def about(self, tag: Tag) -> Sequence[Event[Any]]:
        """Return the same, and the event if it bears the tag."""
        return [*self.before(tag), self._event] if tag in self._event.tags else self.before(tag)

    ruling = later = about

    def fetch(self, whole: Collection[Tag], ruled: Collection[Tag] = ()) -> None:
        """Do nothing: each is read when it is asked for, before the statement and with it."""


def _reached(event: Event[Any], told: _Read) -> list[Tag]:
    """Return the subjects in whose chains the event could open or end something: its own, and those that hear of it."""
    found = set(event.tags)
    if event.said.kind in _SPREADING or rewritten(event.said) is not None:
        beside = {tag for one in event.tags for other in told.about(one) for tag in other.tags}
        found |= {tag for tag in beside if type_of(tag) in ABOUT}
        for tag in beside:
            found |= lineage(tag, told).whole if type_of(tag) == "item" else set()
    return sorted(tag for tag in found if type_of(tag) in _LOOKED_AT)


def _looked_at() -> Mapping[str, frozenset[str]]:
    """Return by the type of a subject the kinds of those of its events that any duty looks at."""
    types = ("approval", "case", "consignment", "item", "key", "party", "permit", "site")
    return {of: HEARD.union(kinds_for(of, KINDS), *(duty.kinds for duty in ABOUT.get(of, ()))) for of in types}


_LOOKED_AT: Final = _looked_at()
_SPREADING: Final = HEARD.union(*(duty.kinds for duty in ABOUT["case"] if "item" in duty.spans))
"""The kinds that reach subjects which they do not name."""
