"""Deposit: what went to a depository by a transfer is receipted there, which ends the duty to destroy or deposit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ledger.domain.bodies.vocabulary import Body, CaseRef, Digest, Items, Number
from ledger.domain.custody import transfer
from ledger.domain.judging import Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.law.rules import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

DEPOSITORY: Final = "depository"
"""The code of the list of uses of a site."""

# Body


class DepositReceipted(Body, frozen=True):
    """A depository issues its receipt for items that were sent to it by a transfer and have arrived.

    receipt: its number. evidence: the digest of the paper.
    """

    case: CaseRef
    items: Items
    receipt: Number
    evidence: Digest | None = None


# Rules

BY_DEPOSITORY = Rule(
    "DEP-01",
    "A receipt of deposit is given by who runs the depository, for items that have arrived there with a transfer.",
    Answer.REFUSAL,
    "State Council Order 424 Arts 14-16",
    Confidence.V,
)

RULES = (BY_DEPOSITORY,)

# Judge


def judge_deposit_receipted(world: World, said: Signed[DepositReceipted], rules: RulePack) -> Iterator[Breach]:
    """Judge a receipt of deposit. Raises Refused: DEP-01."""
    body = said.body
    case = world.case(body.case)
    if case.matter != transfer.MATTER or case.site is None or case.receiver != said.party:
        raise BY_DEPOSITORY.refuse(f"{body.case} is no transfer to {said.party}")
    if world.site(case.site).use != DEPOSITORY:
        raise BY_DEPOSITORY.refuse(f"{case.site} is no depository")
    if not case.done.issuperset(body.items) or len(set(body.items)) < len(body.items):
        raise BY_DEPOSITORY.refuse(f"not all of the items have arrived with {body.case}, or one is named twice")
    yield from ()
