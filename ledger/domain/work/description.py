"""What a sample is: its type, when and from whom it was collected, how it is to be kept, how often it was thawed.

Whoever brings an item onto the record states what is known of it; what is not known is left out and stays unknown. An
aliquot, or a pool, is what it was made of; what is derived or grown is described anew by the statement that makes it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.conditions import SampleType, StorageCondition
from ledger.domain.bodies.vocabulary import Body, Commitment, Country
from ledger.domain.dating import check_past
from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.subjects import Item, Sample

if TYPE_CHECKING:
    from ledger.domain.law.rules import RulePack
    from ledger.ids import ItemId

# Bodies

Thaws = Annotated[int, Meta(ge=0, le=1000, description="How often it had been thawed before.")]


class Described(Body, frozen=True):
    """What is known of a sample.

    collected_on: the day of its collection, or the first day of a period that ends with collected_until.
    donor: commits to the donor's code, which stands outside the log. Items with one commitment are of one donor.
    donor_origin: the country that the donors, as a population, are from. Where that would tell who a donor is, it
        stands in the disclosure with the code and not here.
    storage: how it is to be kept.
    """

    type: SampleType | None = None
    collected_on: date | None = None
    collected_until: date | None = None
    donor: Commitment | None = None
    donor_origin: Country | None = None
    storage: StorageCondition | None = None
    thaws: Thaws | None = None


# Rules

PERIOD = Rule("SMP-03", "A collection begins on a stated day and ends no earlier.", Answer.REFUSAL)
COMMITTED = Rule("SMP-04", "A donor's code stands in a disclosure of the statement.", Answer.REFUSAL)

RULES = (PERIOD, COMMITTED)

_Step: TypeAlias = "tuple[ItemId, datetime | None]"
"""An item, and until when what happened to it counts; None: until now."""

# Judging


def check_described(stated: Described, said: Signed[Any], rules: RulePack) -> None:
    """Check what a statement says of a sample. Raises Refused: SMP-01, SMP-03, CON-22, SMP-04, SMP-02."""
    if stated.type is not None:
        rules.samples.check_type(stated.type)
    if stated.collected_until is not None and (
        stated.collected_on is None or stated.collected_until < stated.collected_on
    ):
        raise PERIOD.refuse(f"collected until {stated.collected_until}, from {stated.collected_on or 'no day'} on")
    for member, day in (("collected_on", stated.collected_on), ("collected_until", stated.collected_until)):
        if day is not None:
            check_past(member, day, said, rules)
    if stated.donor is not None and stated.donor not in said.commits:
        raise COMMITTED.refuse(f"{stated.donor} is the digest of none of the statement's disclosures")
    if stated.storage is not None:
        rules.samples.check_condition(stated.storage)


def described(world: World, item: ItemId) -> tuple[Item, ...]:
    """Return the items whose descriptions hold for an item, each once: its own, or those of what it is a part of."""
    found: dict[ItemId, Item] = {}
    seen: set[ItemId] = set()
    pending = [item]
    for name in pending:
        one = world.item(name)
        if name in seen:
            continue
        seen.add(name)
        if is_described(one):
            found[name] = one
        else:
            pending.extend(one.parents)
    return tuple(found.values())


def is_described(item: Item) -> bool:
    """Say whether an item is described by itself: it was made of nothing on record, or as another material."""
    return not item.parents or item.sample.type is not None


def types_of(world: World, item: ItemId) -> frozenset[str | None]:
    """Return the types that an item is of; of a pool there may be several. None: of a part nobody stated it."""
    return frozenset(one.sample.type for one in described(world, item))


def thaws_of(world: World, item: ItemId) -> tuple[int, bool]:
    """Return how often an item was thawed as far as the record knows, and whether that is all.

    It is not all where nobody stated how often it had been thawed before. Of what was pooled the most counts, and of an
    ancestor what came before the making.
    """
    counts: dict[_Step, tuple[int, bool]] = {}
    begun: set[_Step] = set()
    pending: list[_Step] = [(item, None)]
    while pending:
        step = pending[-1]
        one = world.item(step[0])
        above = [] if is_described(one) else [(parent, one.made_at) for parent in one.parents]
        waiting = [parent for parent in above if parent not in counts]
        if waiting and step not in begun:
            begun.add(step)
            pending.extend(waiting)
            continue
        pending.pop()
        counts[step] = _counted(one, step[1], [counts.get(parent, (0, False)) for parent in above])
    return counts[item, None]


def _counted(item: Item, until: datetime | None, before: list[tuple[int, bool]]) -> tuple[int, bool]:
    own = sum(until is None or instant <= until for instant in item.thawed_at)
    if before:
        return own + max(count for count, _ in before), all(known for _, known in before)
    return own + (item.sample.thaws or 0), bool(item.parents) or item.sample.thaws is not None


# Effects


def sample_of(stated: Described) -> Sample:
    """Return a sample as a statement describes it."""
    return Sample(
        type=stated.type,
        collected_on=stated.collected_on,
        collected_until=stated.collected_until,
        donor=stated.donor,
        donor_origin=stated.donor_origin,
        storage=stated.storage,
        thaws=stated.thaws,
    )


def thawed(item: Item, said: Signed[Any]) -> Item:
    """Return an item after an act that thawed it, if its statement says so."""
    return replace(item, thawed_at=(*item.thawed_at, said.occurred_at)) if said.body.thawed else item
