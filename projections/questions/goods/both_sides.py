"""What giver and taker say of the same hand-over or the same transfer, and whether they agree.

"Two organisations' books on the same transfer: do they agree." Within one log: what stands in another one's is compared
by whoever has both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ledger.domain.acts import place_of
from ledger.domain.bodies.printed import name_key
from ledger.meaning import Meaning
from projections.questions.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ledger.domain.judging import Event
    from ledger.ids import ItemId, PartyId, StatementId, Tag

_SEEN: Final = ("count", "packaging", "seals", "temperature")
"""What each side of a hand-over states for itself."""
_KINDS: Final = ("custody.handed-over/1", "custody.accepted/1", "transfer.sent/1", "transfer.received/1")


@dataclass(frozen=True, slots=True)
class SidesRow:
    """A hand-over or a transfer, as its two sides tell it.

    given, taken: their statements; the same where both signed one; taken empty: nobody says that anything was taken.
    missing: what was given and not taken. differing: what they state otherwise, where both state it.

    Of a hand-over that is taken in parts nothing is compared but the items.
    """

    giver: PartyId
    receiver: PartyId
    given: StatementId
    taken: tuple[StatementId, ...]
    missing: frozenset[ItemId]
    differing: tuple[str, ...]

    @property
    def agree(self) -> bool:
        """Say whether all was taken as it was given."""
        return not self.missing and not self.differing


def both_sides(events: Iterable[Event[Any]]) -> tuple[SidesRow, ...]:
    """Return the hand-overs and transfers of a log with what their receivers say, oldest first by their acts."""
    acts = Record(events).acts(*_KINDS)
    about: defaultdict[Tag, list[Event[Any]]] = defaultdict(list)
    for event in acts:
        for tag in event.tags:
            about[tag].append(event)
    rows = []
    for event in acts:
        if event.said.kind == "custody.handed-over/1":
            rows.append(_handed_over(event, _later(event, about, event.said.body.items)))
        elif event.said.kind == "transfer.sent/1":
            rows.append(_sent(event, _later(event, about, (event.said.body.case,))))
    return tuple(rows)


def _later(event: Event[Any], about: Mapping[Tag, list[Event[Any]]], tags: Iterable[Tag]) -> list[Event[Any]]:
    """Return the acts about some subjects that follow one, oldest first; costs what these are, not all that follow."""
    found = {one.position: one for tag in tags for one in about[tag] if place_of(one) > place_of(event)}
    return sorted(found.values(), key=place_of)


def _handed_over(event: Event[Any], later: list[Event[Any]]) -> SidesRow:
    said, body = event.said, event.said.body
    if any(one.party == body.receiver and one.meaning == Meaning.RECEIVED for one in said.signers):
        return SidesRow(said.party, body.receiver, said.id, (said.id,), frozenset(), ())
    taken, found = _answers(event, later), frozenset[Any]()
    for one in taken:
        found |= frozenset(one.said.body.items)
    whole = [one.said.body for one in taken if frozenset(one.said.body.items) == frozenset(body.items)]
    differing = tuple(name for name in _SEEN if any(_differ(body, one, name) for one in whole))
    ids = tuple(one.said.id for one in taken)
    return SidesRow(said.party, body.receiver, said.id, ids, frozenset(body.items) - found, differing)


def _answers(given: Event[Any], later: list[Event[Any]]) -> list[Event[Any]]:
    """Return the acceptances that answer a hand-over: each the receiver's next of items that are not answered yet."""
    left, found = frozenset[Any](given.said.body.items), []
    for one in later:
        body = one.said.body
        if one.said.kind == "custody.accepted/1" and one.said.party == given.said.body.receiver:
            if not left.isdisjoint(body.items):
                found.append(one)
            left -= frozenset(body.items)
        elif one.said.kind == "custody.handed-over/1":
            left -= frozenset(body.items)  # given anew: what follows answers that hand-over
    return found


def _differ(given: object, taken: object, name: str) -> bool:
    one, other = getattr(given, name), getattr(taken, name)
    if one is None or other is None:
        return False
    if name == "seals":
        return set(map(name_key, one)) != set(map(name_key, other))
    return bool(one != other)


def _sent(event: Event[Any], later: list[Event[Any]]) -> SidesRow:
    said, body = event.said, event.said.body
    arrived = [one for one in later if one.said.kind == "transfer.received/1" and one.said.body.case == body.case]
    found = frozenset(item for one in arrived for item in one.said.body.items)
    elsewhere = any(one.said.body.site != body.to_site for one in arrived)
    ids = tuple(one.said.id for one in arrived)
    differing = ("site",) if elsewhere else ()
    return SidesRow(said.party, body.receiver, said.id, ids, frozenset(body.items) - found, differing)
