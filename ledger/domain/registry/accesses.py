"""Digests of the access log: who read what of whom stands beside the log, and what the operator states here binds it.

Each covers the entries behind those of the digest before it, so that none can be left out, put in or changed later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from msgspec import Meta
from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import Body, Count, Digest
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.party import Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

EntryNumber = Annotated[int, Meta(ge=1, le=2**53 - 1, description="The number of an entry of the access log.")]

# Bodies


class AccessDigested(Body, frozen=True):
    """The operator states the digest of the next entries of the access log: none of them is changed later, or left out.

    first: the number of the first of them; it follows that of the last one of the digest before.
    entries: how many they are; 0 where nothing was read since.
    root: the root of the tree over them, oldest first, as RFC 6962 makes it.
    """

    first: EntryNumber
    entries: Count
    root: Digest


# Rules

IN_A_ROW = Rule(
    "ACC-01", "A digest of the access log covers the entries behind those of the digest before it.", Answer.REFUSAL
)

RULES = (IN_A_ROW,)

# Judge


def judge_access_digested(world: World, said: Signed[AccessDigested], rules: RulePack) -> Iterator[Breach]:
    """Judge a digest of the access log. Raises Refused: ACC-01."""
    covered = world.party(said.party).accesses
    if said.body.first != covered + 1:
        raise IN_A_ROW.refuse(f"digests cover {covered} entries, and this one begins with {said.body.first}")
    yield from ()


# Effect


def access_digested(party: Party, event: Event[AccessDigested]) -> Party:
    """Return the operator with so many entries of its access log covered."""
    body = event.said.body
    return replace(party, accesses=body.first - 1 + body.entries) if party.id == event.said.party else party
