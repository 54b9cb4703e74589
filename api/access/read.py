"""What one answer is made of that is data of others: gathered while it is made, by party and right. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from api.access.rights.showing import Right
from ledger.domain.fold import VOIDED
from ledger.ids import Tag, type_of
from ledger.statement.catalogue import KINDS
from ledger.words.given import GIVEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from api.access.rights.showing import Showing
    from ledger.domain.judging import Event
    from ledger.ids import CaseId, PartyId

    _Key = tuple[PartyId, Right, CaseId | None]

MOST_PARTS: Final = 500
"""Parts of one read; data of more parties is said to be of all."""

MOST_SUBJECTS: Final = 500
"""Ids in one part; where there are several, they share them."""

_LEAST_SUBJECTS: Final = 10
_NAMING: Final = frozenset(GIVEN) | {VOIDED}
REGISTERED: Final = frozenset({"party", "site"})
"""The types of subjects of which the register tells everybody, and which many statements name."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was read of one party by one right.

    party: None: of all parties. grant: the case of the audit, of one.
    statements: how many of its statements; first, last: the positions between which these stand.
    subjects: what they are about, in the order of their ids; more: how many further ones there are.
    """

    party: PartyId | None
    right: Right
    grant: CaseId | None
    statements: int
    first: int
    last: int
    subjects: tuple[Tag, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class _Statements:
    positions: set[int] = field(default_factory=set)
    subjects: set[Tag] = field(default_factory=set)

    def add(self, position: int, subjects: frozenset[Tag]) -> None:
        self.positions.add(position)
        self.subjects.update(subjects)

    def part(self, key: _Key, most: int) -> Part:
        """Return what these are as a part. most: ids in it."""
        told = tuple(sorted(self.subjects)[:most])
        first, last = min(self.positions), max(self.positions)
        return Part(*key, len(self.positions), first, last, told, len(self.subjects) - len(told))


class ReadOfOthers:
    """The statements of others of which one answer is made. For one request, and for one thread at a time."""

    def __init__(self) -> None:
        """Know of none yet."""
        self._read: list[tuple[Event[Any], Showing]] = []
        self._told: frozenset[Tag] | None = None
        self._named: frozenset[Tag] = frozenset()
        self._statements: frozenset[int] = frozenset()
        self._closed = False

    def add(self, event: Event[Any], showing: Showing) -> None:
        """Take in that a statement was shown, if it is another's data.

        Raises RuntimeError: the answer is on its way, and what it is made of is in the log already.
        """
        if self._closed:
            raise RuntimeError("an answer that is on its way reads no more")
        if showing.right is not None:
            self._read.append((event, showing))

    def tells(self, subjects: Collection[Tag], statements: Collection[int] = (), named: Collection[Tag] = ()) -> None:
        """Say that the answer tells of these subjects alone, whatever else was read to find them.

        statements: positions of those that it tells besides, whatever they are about. named: subjects of which it tells
        what they are called, and no more.
        """
        self._told = frozenset(subjects) | (self._told or frozenset())
        self._named |= frozenset(tag for tag in named if type_of(tag) not in REGISTERED)
        self._statements |= frozenset(statements)

    def close(self) -> tuple[Part, ...]:
        """Return what was read, by party and right, in their order; from here on nothing more is."""
        self._closed = True
        found: dict[_Key, _Statements] = defaultdict(_Statements)
        for event, showing in self._read:
            if showing.right is not None and self._tells(event):
                subjects = self._subjects(showing)
                for party in showing.whose:
                    found[party, showing.right, showing.grant].add(event.position, subjects)
        share = max(_LEAST_SUBJECTS, MOST_SUBJECTS // max(1, len(found)))
        parts = tuple(one.part(key, share) for key, one in sorted(found.items(), key=lambda item: _order(item[0])))
        return parts if len(parts) <= MOST_PARTS else (_of_all(found.values()),)

    def _tells(self, event: Event[Any]) -> bool:
        """Say whether what is told may rest on an event: of a party or a site only on what changes these."""
        if self._told is None or event.position in self._statements:
            return True
        told = self._told | self._named if event.said.kind in _NAMING else self._told
        types = {type_of(tag) for tag in told & event.tags}
        return any(one not in REGISTERED or KINDS[event.said.kind].changes(one) for one in types)

    def _subjects(self, showing: Showing) -> frozenset[Tag]:
        """Return what a statement is about: never more than it says, so that whose it is may be told."""
        concerned = showing.named.intersection(showing.concerned)
        narrowed = concerned if self._told is None else concerned & (self._told | self._named)
        return narrowed or concerned or frozenset(tag for tag in showing.named if type_of(tag) in REGISTERED)


def _order(key: _Key) -> tuple[str, ...]:
    return tuple(map(str, key))


def _of_all(found: Iterable[_Statements]) -> Part:
    positions = frozenset[int]().union(*(one.positions for one in found))
    return Part(None, Right.AUTHORITY, None, len(positions), min(positions), max(positions))
