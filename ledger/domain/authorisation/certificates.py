"""Exit certificates: material of donors of the country itself leaves it under one, for the first time or again.

That is asked where the edition in force asks it: of what was recorded under an earlier one nothing else is said now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence, RulePack
from ledger.domain.law.schemes import Scheme
from ledger.domain.states.subjects import Item, ItemStatus
from ledger.domain.work.description import described
from ledger.domain.work.gates import about
from ledger.domain.work.permitted import is_under

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ledger.breach import Breach
    from ledger.ids import ItemId

# Rules

CERTIFIED = Rule(
    "PMT-24",
    "Human material of donors from the country itself leaves it under an exit certificate that is in force.",
    Answer.BREACH,
    "HGR Regulations Art. 27; Biosecurity Law Art. 56",
    Confidence.V,
    (),
    lambda pack, _: pack.exit_certificate_needed,
)

RULES = (CERTIFIED,)

# Judging


def uncertified(world: World, said: Signed[Any], items: Iterable[ItemId], rules: RulePack) -> Iterator[Breach]:
    """Yield PMT-24 for items of the country's own donors that leave without a certificate, if the pack asks for one."""
    needed = rules.exit_certificate_needed
    if needed is None or not needed.value:
        return
    lacking = [
        item
        for item in items
        if is_of_own_donors(world, item, rules.jurisdiction)
        and not is_under(world, said, item, Scheme.HGR_EXIT_CERTIFICATE, rules)
    ]
    yield from about(CERTIFIED, lacking)


def is_of_own_donors(world: World, item: ItemId, country: str) -> bool:
    """Say whether an item, or a part of it, is said to be of donors from a country."""
    return any(one.sample.donor_origin == country for one in described(world, item))


# Asked of the record, not of a statement


def left_uncertified(world: World, country: str) -> tuple[ItemId, ...]:
    """Return the items of a country's own donors that have left it again and were never under an exit certificate."""
    gone = sorted(
        one.id for one in world.subjects.values() if isinstance(one, Item) and one.status is ItemStatus.RE_EXPORTED
    )
    return tuple(
        item
        for item in gone
        if is_of_own_donors(world, item, country)
        and not any(one.scheme is Scheme.HGR_EXIT_CERTIFICATE for one in world.permits_of(item))
    )
