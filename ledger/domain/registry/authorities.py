"""Where an authority belongs: its department, its district and the office inside it, as the operator states them.

Rights to read and the right to decide follow from these facts, so they stand on record. They may change: each
statement holds from its own time on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from ledger.domain.bodies.vocabulary import SPEAKS_AS, Body, Department, District, Name, PartyRef
from ledger.domain.judging import Event, Signed, World
from ledger.domain.law.rule import Answer, Rule
from ledger.domain.states.party import Assignment, Party

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ledger.breach import Breach
    from ledger.domain.law.rules import RulePack

# Bodies


class AuthorityAssigned(Body, frozen=True):
    """The operator states of which department and district an authority is, and which office in it, from now on.

    district: left out of an authority that supervises none, such as a ministry.
    office: the subordinate office that acts, such as a customs house; left out of the district's own.
    """

    party: PartyRef
    department: Department
    district: District | None = None
    office: Name | None = None


# Rules

IN_ITS_ROLE = Rule(
    "REG-08", "An authority is of a department in whose role it may speak, and is registered.", Answer.REFUSAL
)
OFFICE_INSIDE = Rule("REG-09", "An office lies in a district.", Answer.REFUSAL)

RULES = (IN_ITS_ROLE, OFFICE_INSIDE)

# Judge


def judge_authority_assigned(world: World, said: Signed[AuthorityAssigned], rules: RulePack) -> Iterator[Breach]:
    """Judge where an authority is said to belong. Raises Refused: REG-08, REG-09."""
    body = said.body
    if SPEAKS_AS[body.department] not in world.party(body.party).roles:
        raise IN_ITS_ROLE.refuse(f"{body.party} does not hold the role {SPEAKS_AS[body.department]}")
    if body.office is not None and body.district is None:
        raise OFFICE_INSIDE.refuse(f"{body.office} is in no district")
    yield from ()


# Effect


def authority_assigned(party: Party, event: Event[AuthorityAssigned]) -> Party:
    """Return the party with where it belongs from the statement's time on."""
    body = event.said.body
    if party.id != body.party:
        return party
    assigned = Assignment(event.said.occurred_at, body.department, body.district, body.office)
    return replace(party, assignments=tuple(sorted((*party.assignments, assigned), key=lambda one: one.since)))
