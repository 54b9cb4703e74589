"""What a statement is about, for whoever asks who may read it: what it names, takes back, and where it stands. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from ledger.domain.acts import Place
from ledger.domain.fold import VOIDED, rewritten
from ledger.ids import PartyId, Tag, type_of
from ledger.statement.form import tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ledger.domain.judging import Event
    from ledger.ids import StatementId

_MATTERS: Final = frozenset({"item", "approval", "consignment", "permit", "case"})
"""The types of subjects whose statements are read by whoever may see the subject."""
_DERIVED: Final = frozenset({"approval", "consignment"})


class Recorded(Protocol):
    """Where statements are found by their ids."""

    def find(self, statement: StatementId) -> Event[Any] | None:
        """Return the event of a statement; None where it is not recorded."""
        ...


def named_by(event: Event[Any]) -> frozenset[Tag]:
    """Return the ids that the body of a statement names: as ``ids_in`` finds them, of which each is a tag of its event.

    For a rack of a hundred aliquots that is a hundredth of the time that it takes to look at each text of the body.
    """
    body = msgspec.json.encode(event.said.body)
    return frozenset(tag for tag in event.tags if b'"%b"' % tag.encode() in body)


def ids_in(said: object) -> frozenset[Tag]:
    """Return the ids that stand anywhere in a value that JSON can write, in its lists too, however many."""
    return tags.ids_in(msgspec.json.decode(msgspec.json.encode(said)))


def concerned(event: Event[Any], named: frozenset[Tag]) -> Iterator[Tag]:
    """Yield the subjects by which a statement is seen. named: those that it names, or what it takes back.

    Its further tags are of approvals and consignments that its items came in with: whose these are does not see
    everything that is done with the items.
    """
    for tag in event.tags:
        if type_of(tag) in _MATTERS and (tag in named or type_of(tag) not in _DERIVED):
            yield tag


def taken_back_by(event: Event[Any], record: Recorded) -> list[Event[Any]]:
    """Return a statement, what it corrects or voids, and so on to what was said first."""
    found = [event]
    while (target := rewritten(found[-1].said)) is not None:
        before = record.find(target)
        if before is None:
            break
        found.append(before)
    return found


def place_among(taken_back: Sequence[Event[Any]]) -> Place:
    """Return where a statement stands in the order of the acts: one that takes another back where that stood."""
    last, first = taken_back[0].said, taken_back[-1]
    dated = last if last.kind != VOIDED else taken_back[min(1, len(taken_back) - 1)].said
    return Place(dated.occurred_at, first.position)


@dataclass(frozen=True, slots=True)
class Read:
    """A statement that somebody wants to read, with all that it takes back.

    parties: that signed it. named: the ids in it. concerned: the subjects by which it is seen. place: where it stands.
    """

    parties: frozenset[PartyId]
    named: frozenset[Tag]
    concerned: tuple[Tag, ...]
    place: Place

    @classmethod
    def of(cls, event: Event[Any], record: Recorded) -> Read:
        """Return an event as somebody wants to read it."""
        taken_back = taken_back_by(event, record)
        named = frozenset[Tag]().union(*map(named_by, taken_back))
        parties = frozenset[PartyId]().union(*(one.said.parties for one in taken_back))
        return cls(parties, named, tuple(sorted(concerned(event, named))), place_among(taken_back))
