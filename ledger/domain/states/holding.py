"""Reaches: how a case holds items, themselves or through what they came in under, and so all that is made of them.

A hold is a word on an item, or a reach on its consignment or its approval; which of them bar an act is judged where the
act is (``work/holds.py``). Of a reach its instants are kept, because of an approval the past is asked by instant. Pure
types and lookups.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

import msgspec
from msgspec.structs import replace

from ledger.domain.bodies.printed import name_key
from ledger.domain.states.matter import Matter
from ledger.ids import CaseId, ItemId, PartyId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.domain.states.subjects import Item


class Asked(StrEnum):
    """What a case asks of the items that it holds; to keep them bars their disposal and nothing else."""

    HOLD = "hold"
    RETURN = "return"
    DESTROY = "destroy"
    KEEP = "keep"


_OF_A_CASE: Final = "case:"


class Reach(msgspec.Struct, frozen=True):
    """A hold of a case on all that came in under an approval or with a consignment.

    lot, donor: of these items only those of a lot, or of a donor by the commitment to his or her code; None: of any.
    since, until: when it was placed and lifted; until is None while it stands.
    """

    case: CaseId
    asked: Asked
    since: datetime
    until: datetime | None = None
    lot: str | None = None
    donor: str | None = None

    def stands(self, instant: datetime) -> bool:
        """Say whether it held at an instant."""
        return self.since <= instant and (self.until is None or instant < self.until)


class Holding(Matter, frozen=True, kw_only=True):
    """What a case that holds items has: a recall, a legal hold, a withdrawn consent.

    asked, lot, donor: as of its reaches. free: whether it has let go of the approval or consignment that it held.
    confirmed: the parties that have confirmed what they have of it. named: all items that they named in that.
    """

    asked: Asked
    lot: str | None = None
    donor: str | None = None
    free: bool = False
    confirmed: frozenset[PartyId] = frozenset()
    named: frozenset[ItemId] = frozenset()


def is_of(item: Item, lot: str | None, donor: str | None) -> bool:
    """Say whether an item is of a lot and a donor; None: of any. What nobody stated of an item, it is not of."""
    same_lot = lot is None or (item.lot is not None and name_key(item.lot) == name_key(lot))
    return same_lot and donor in (None, item.sample.donor)


def ground_of(case: CaseId, asked: Asked) -> str:
    """Return the word that stands among the holds of an item."""
    return f"{case}/{asked}"


def bars(ground: str, executing: str | None, doing: Asked | None) -> bool:
    """Say whether a hold bars an act.

    ground: a word among the holds of an item. executing: the case that the act carries out. doing: what the act is,
        where a case may ask for just that.
    """
    case, _, asked = ground.partition("/")
    if not case.startswith(_OF_A_CASE):
        return True  # of customs at the border, or after an excursion: no act is what they ask for
    return case != executing and asked not in {Asked.KEEP, doing}


def keeps(ground: str) -> bool:
    """Say whether a hold bars disposal alone."""
    return ground.startswith(_OF_A_CASE) and ground.endswith(f"/{Asked.KEEP}")


def grounds(reaches: Iterable[Reach], item: Item, instant: datetime) -> Iterator[str]:
    """Yield the words of the reaches that hold an item at an instant, of those on what it came in under."""
    for one in reaches:
        if one.stands(instant) and is_of(item, one.lot, one.donor):
            yield ground_of(one.case, one.asked)


def lifted(reaches: tuple[Reach, ...], case: CaseId, instant: datetime) -> tuple[Reach, ...]:
    """Return reaches with those of a case lifted."""
    return tuple(replace(one, until=instant) if one.case == case and one.until is None else one for one in reaches)
